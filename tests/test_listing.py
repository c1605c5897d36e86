"""arXiv's calendar over years, daylight saving included."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sources.listing import (
    announced_at,
    feed_built_at,
    has_listing,
    newest_listing,
    next_listing,
    submission_window,
)

EASTERN = ZoneInfo("America/New_York")
DAYS = st.dates(date(2007, 3, 12), date(2060, 1, 1))
LISTINGS = DAYS.filter(has_listing)
MOMENTS = st.builds(
    datetime.combine, st.dates(date(2008, 1, 1), date(2059, 1, 1)), st.times(), st.just(UTC)
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "begin", "end"),
    [
        # A week in July 2025, in summer time: 14:00 is 18:00 UTC.
        ("2025-07-14", "2025-07-10T18:00", "2025-07-11T18:00"),
        ("2025-07-15", "2025-07-11T18:00", "2025-07-14T18:00"),
        ("2025-07-16", "2025-07-14T18:00", "2025-07-15T18:00"),
        ("2025-07-17", "2025-07-15T18:00", "2025-07-16T18:00"),
        ("2025-07-18", "2025-07-16T18:00", "2025-07-17T18:00"),
        # Summer time begins on Sunday 9 March 2025 and ends on Sunday 2 November.
        ("2025-03-11", "2025-03-07T19:00", "2025-03-10T18:00"),
        ("2025-11-04", "2025-10-31T18:00", "2025-11-03T19:00"),
    ],
)
def test_a_listing_holds_what_arxivs_help_page_says(day: str, begin: str, end: str) -> None:
    assert submission_window(date.fromisoformat(day)) == (utc(begin), utc(end))


def test_the_feed_tells_of_a_listing_from_midnight_eastern_on() -> None:
    assert feed_built_at(date(2025, 7, 14)) == utc("2025-07-14T04:00")
    assert feed_built_at(date(2025, 1, 15)) == utc("2025-01-15T05:00")
    # The night in which summer time begins.
    assert feed_built_at(date(2025, 3, 9)) == utc("2025-03-09T05:00")


def test_a_listing_is_announced_at_eight_the_evening_before() -> None:
    assert announced_at(date(2025, 7, 14)) == utc("2025-07-14T00:00")
    assert announced_at(date(2025, 7, 15)) == utc("2025-07-15T00:00")
    assert announced_at(date(2025, 1, 15)) == utc("2025-01-15T01:00")


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2025-07-14T23:59:59", "2025-07-14"),
        ("2025-07-15T00:00:00", "2025-07-15"),
        ("2025-07-18T23:00:00", "2025-07-18"),
        ("2025-07-19T12:00:00", "2025-07-18"),
        ("2025-07-20T23:59:59", "2025-07-18"),
        ("2025-07-21T00:00:00", "2025-07-21"),
    ],
)
def test_the_newest_listing_changes_at_the_announcement(now: str, newest: str) -> None:
    assert newest_listing(utc(now)) == date.fromisoformat(newest)


def test_the_zone_of_now_does_not_matter() -> None:
    seoul = datetime(2025, 7, 15, 9, 0, tzinfo=ZoneInfo("Asia/Seoul"))
    assert newest_listing(seoul) == newest_listing(seoul.astimezone(UTC)) == date(2025, 7, 15)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        newest_listing(datetime(2025, 7, 15))  # noqa: DTZ001


@given(DAYS)
def test_weekdays_have_listings_and_weekends_do_not(day: date) -> None:
    assert has_listing(day) == (day.isoweekday() <= 5)


@given(DAYS.filter(lambda day: not has_listing(day)))
def test_a_day_without_a_listing_has_no_window_and_no_announcement(day: date) -> None:
    for ask in (submission_window, announced_at):
        with pytest.raises(ValueError, match="no listing"):
            ask(day)


@given(DAYS)
def test_the_next_listing_is_the_first_after_the_day(day: date) -> None:
    following = next_listing(day)
    assert has_listing(following)
    assert day < following
    between = [day + timedelta(days=n) for n in range(1, (following - day).days)]
    assert not any(map(has_listing, between))


@given(LISTINGS)
def test_windows_follow_each_other_without_gap_or_overlap(day: date) -> None:
    begin, end = submission_window(day)
    assert begin < end == submission_window(next_listing(day))[0]


@given(LISTINGS)
def test_every_cut_off_is_at_two_and_before_its_announcement_at_eight(day: date) -> None:
    begin, end = submission_window(day)
    assert {(t.astimezone(EASTERN).hour, t.minute) for t in (begin, end)} == {(14, 0)}
    local = announced_at(day).astimezone(EASTERN)
    assert (local.hour, local.minute, local.date()) == (20, 0, day - timedelta(days=1))
    assert timedelta(hours=5) < announced_at(day) - end <= timedelta(days=3)


@given(MOMENTS)
def test_the_newest_listing_is_announced_and_the_next_is_not(now: datetime) -> None:
    newest = newest_listing(now)
    assert has_listing(newest)
    assert announced_at(newest) <= now < announced_at(next_listing(newest))


@given(LISTINGS, st.timedeltas(timedelta(0), timedelta(hours=23)))
def test_a_listing_is_the_newest_from_its_announcement_on(day: date, later: timedelta) -> None:
    assert newest_listing(announced_at(day) + later) == day
