import zoneinfo
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.due import next_due, previous_due
from core.subscription import EVERY_DAY, Wish

ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"})
ODD = (
    "Africa/Casablanca America/Havana America/Nuuk America/Sao_Paulo America/St_Johns"
    " Antarctica/Troll Asia/Kathmandu Asia/Pyongyang Australia/Lord_Howe Europe/Paris"
    " Pacific/Apia Pacific/Fakaofo"
).split()

wishes = st.builds(
    Wish,
    language=st.just("en"),
    at=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    zone=st.sampled_from(ODD) | st.sampled_from(ZONES),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
APIA = Wish("en", time(11), "Pacific/Apia")
NUUK = Wish("en", time(23, 30), "America/Nuuk")


def at_changes(draw: st.DrawFn, zone: str) -> datetime:
    """A moment near one of the zone's clock changes, where there is one in the year drawn."""
    start = datetime(draw(st.integers(2000, 2036)), 1, 1, tzinfo=UTC)
    days = [start + timedelta(days=n) for n in range(366)]
    offsets = [day.astimezone(ZoneInfo(zone)).utcoffset() for day in days]
    changes = [days[n] for n in range(365) if offsets[n] != offsets[n + 1]]
    return draw(st.sampled_from(changes or days)) - timedelta(hours=draw(st.integers(0, 60)))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Wish, datetime]:
    wish = draw(wishes)
    return wish, draw(moments) if draw(st.booleans()) else at_changes(draw, wish.zone)


def run(wish: Wish, after: datetime, times: int = 10) -> list[datetime]:
    found = []
    for _ in range(times):
        after = next_due(wish, after)
        found.append(after)
    return found


def local(wish: Wish, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(wish.zone))


def minutes_of(day: date, zone: str) -> list[datetime]:
    """Every minute that the zone's clocks show on this date, in the order it is lived through."""
    start = datetime.combine(day, time(), UTC) - timedelta(hours=16)
    lived = (start + timedelta(minutes=n) for n in range(60 * 60))
    return [m for m in lived if m.astimezone(ZoneInfo(zone)).date() == day]


@PATIENT
@given(cases())
@example((APIA, datetime(2011, 12, 27, tzinfo=UTC)))
@example((NUUK, datetime(2024, 3, 28, tzinfo=UTC)))
def test_due_times_go_on_and_never_come_twice_within_a_local_date(
    case: tuple[Wish, datetime],
) -> None:
    wish, after = case
    dues = run(wish, after)
    assert dues[0] > after
    for earlier, later in pairwise(dues):
        assert earlier < later
        assert local(wish, earlier).date() < local(wish, later).date()
    assert {due.tzinfo for due in dues} == {UTC}
    assert all(local(wish, due).weekday() in wish.weekdays for due in dues)


@PATIENT
@given(cases())
@example((APIA, datetime(2011, 12, 27, tzinfo=UTC)))
@example((NUUK, datetime(2024, 3, 28, tzinfo=UTC)))
@example((replace(APIA, weekdays=frozenset({4})), datetime(2011, 12, 24, tzinfo=UTC)))
def test_every_wanted_local_date_that_exists_has_its_due_time(case: tuple[Wish, datetime]) -> None:
    wish, after = case
    first, second = run(wish, after, 2)
    day = local(wish, first).date() + timedelta(days=1)
    while day < local(wish, second).date():
        assert day.weekday() not in wish.weekdays or not minutes_of(day, wish.zone)
        day += timedelta(days=1)


@PATIENT
@given(cases())
@example((NUUK, datetime(2024, 3, 30, 12, tzinfo=UTC)))
def test_the_local_time_is_the_wanted_one_wherever_the_clocks_show_it_and_then_the_first(
    case: tuple[Wish, datetime],
) -> None:
    wish, after = case
    due = next_due(wish, after)
    shown = [
        minute
        for minute in minutes_of(local(wish, due).date(), wish.zone)
        if local(wish, minute).time() == wish.at
    ]
    assert not shown or due == shown[0]


@PATIENT
@given(cases())
def test_the_previous_due_time_is_the_one_the_next_follows(case: tuple[Wish, datetime]) -> None:
    wish, moment = case
    before, after = previous_due(wish, moment), next_due(wish, moment)
    assert before <= moment < after
    assert next_due(wish, before) == after
    assert previous_due(wish, before) == before
    assert previous_due(wish, after - timedelta(microseconds=1)) == before


@pytest.mark.parametrize(
    ("zone", "at", "after", "due"),
    [
        # An hour that does not exist: 02:30 is 03:30.
        ("Europe/Paris", time(2, 30), "2025-03-30T00:00+00:00", "2025-03-30T03:30+02:00"),
        # Half an hour that does not exist: 02:10 is 02:40.
        ("Australia/Lord_Howe", time(2, 10), "2025-10-04T00:00+00:00", "2025-10-05T02:40+11:00"),
        # An hour that comes twice counts the first time, and only once.
        ("Europe/Paris", time(2, 30), "2025-10-25T12:00+00:00", "2025-10-26T02:30+02:00"),
        ("Europe/Paris", time(2, 30), "2025-10-26T02:30+02:00", "2025-10-27T02:30+01:00"),
        # A gap that ends at midnight does not push a due time onto the next date.
        ("America/Nuuk", time(23, 30), "2024-03-30T12:00+00:00", "2024-03-30T22:30-02:00"),
        ("America/Nuuk", time(23, 30), "2024-03-30T22:30-02:00", "2024-03-31T23:30-01:00"),
        # A date that the calendar skips has none.
        ("Pacific/Apia", time(11), "2011-12-29T11:00-10:00", "2011-12-31T11:00+14:00"),
        ("Asia/Kathmandu", time(9), "2025-01-01T03:14+00:00", "2025-01-01T09:00+05:45"),
        ("Asia/Kathmandu", time(9), "2025-01-01T03:15+00:00", "2025-01-02T09:00+05:45"),
    ],
)
def test_the_nights_of_a_clock_change_are_as_people_expect(
    zone: str, at: time, after: str, due: str
) -> None:
    wish = Wish("en", at, zone)
    assert next_due(wish, datetime.fromisoformat(after)) == datetime.fromisoformat(due)


def test_a_friday_that_the_calendar_skips_is_waited_out_for_two_weeks() -> None:
    fridays = replace(APIA, weekdays=frozenset({4}))
    before = datetime(2011, 12, 24, tzinfo=UTC)
    assert local(fridays, next_due(fridays, before)).date() == date(2012, 1, 6)
    after = datetime(2012, 1, 6, tzinfo=ZoneInfo("Pacific/Apia"))
    assert local(fridays, previous_due(fridays, after)).date() == date(2011, 12, 23)


@pytest.mark.parametrize("weekdays", [frozenset[int](), frozenset({7})])
def test_a_wish_without_weekdays_is_never_due(weekdays: frozenset[int]) -> None:
    wish = Wish("en", time(9), "UTC", weekdays=weekdays)
    now = datetime(2025, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="weekday"):
        next_due(wish, now)
    with pytest.raises(ValueError, match="weekday"):
        previous_due(wish, now)


def test_a_moment_without_a_zone_is_refused() -> None:
    wish = Wish("en", time(9), "UTC", weekdays=EVERY_DAY)
    with pytest.raises(ValueError, match="no time zone"):
        next_due(wish, datetime(2025, 1, 1))  # noqa: DTZ001 - what is refused
