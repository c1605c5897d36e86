"""A month of the service in a few seconds: outages, clock changes, weekends, a holiday, late lists.

The time is passed in. Every subscription and every due time is accounted for, by a reckoning that
shares nothing with the code under test but arXiv's calendar.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.due import next_due
from core.delivery import State
from core.sources.listing import announced_at, edition_day, has_listing
from core.subscription import EVERY_DAY, Target, Wish
from tests.factories import make_paper
from tests.service import CATCH_UP, PAPERS_A_DAY, WAIT, FakeChat, World, service

STEP = timedelta(minutes=30)
WISHES = {
    "seoul": Wish("ko", time(11), "Asia/Seoul"),
    "london": Wish("en", time(0, 30), "Europe/London"),
    "new york": Wish("en", time(2, 30), "America/New_York"),
    "los angeles": Wish("en", time(21), "America/Los_Angeles"),
    "lord howe": Wish("en", time(2), "Australia/Lord_Howe"),
    "seoul, early": Wish("ko", time(8), "Asia/Seoul", weekdays=frozenset(range(5))),
    "new york, late": Wish("en", time(21), "America/New_York", weekdays=frozenset(range(5))),
    "kathmandu": Wish("en", time(6, 15), "Asia/Kathmandu", weekdays=frozenset(range(5))),
    "apia": Wish("en", time(23, 45), "Pacific/Apia", weekdays=frozenset({0})),
}


def local_dues(wish: Wish, start: datetime, end: datetime) -> list[datetime]:
    """Every due time in a span, reckoned day by day on the wall."""
    zone = ZoneInfo(wish.zone)
    day, found = start.astimezone(zone).date() - timedelta(days=1), []
    while (due := datetime.combine(day, wish.at, zone).astimezone(UTC)) < end:
        if due > start and day.weekday() in wish.weekdays:
            found.append(due)
        day += timedelta(days=1)
    return found


def monday(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


# Each has both changes of the clock that the wishes' zones know, America's and Europe's.
@pytest.mark.parametrize(("start", "span"), [(monday(2025, 3, 3), 31), (monday(2025, 10, 20), 22)])
async def test_a_month_loses_no_post_and_repeats_none(
    start: datetime, span: int, tmp_path: Path
) -> None:
    end = start + timedelta(days=span)
    days = [start.date() + timedelta(days=n) for n in range(span)]
    listings = [day for day in days if has_listing(day)]
    world = World(
        start,
        down=(
            # Over the hour in Seoul, caught up; then longer than the patience; then a short one.
            (start + timedelta(days=3, hours=1), start + timedelta(days=3, hours=6)),
            (start + timedelta(days=9), start + timedelta(days=9, hours=20)),
            (start + timedelta(days=20, hours=2), start + timedelta(days=20, hours=2, minutes=30)),
        ),
        holiday=listings[5],
        late=listings[11],
        broken=listings[14],
    )
    ids: dict[str, int] = {}
    async with service(world, tmp_path / "month.db") as parts:
        for name, wish in WISHES.items():
            added = await parts.store.subscriptions.add(
                Target("fake", name), wish, next_due(wish, start), "", start
            )
            ids[name] = added.id
        while world.now < end + CATCH_UP:
            if not world.is_down():
                await parts.beat()
            world.now += STEP
        missed = {(m.subscription, m.due) for m in await parts.store.deliveries.missed(1000)}
        totals = await parts.store.deliveries.totals()
        listed = [n for day in listings if day != world.holiday for n in world.numbers(day)]
        editions = await parts.store.papers.edition_of([make_paper(n).id for n in listed])
    assert not totals.get(State.PENDING, 0)
    assert not totals.get(State.SENDING, 0)
    assert not totals.get(State.FAILED, 0)
    assert len(editions) == len(listed)
    check_posts(parts.chat, ids, missed, world, start, end)
    check_days(parts.chat, ids, world)


def check_posts(
    chat: FakeChat,
    ids: dict[str, int],
    missed: set[tuple[int, datetime]],
    world: World,
    start: datetime,
    end: datetime,
) -> None:
    """Each due time brought the newest edition once, or is noted as missed; nothing else came."""
    keys = [delivery.key for _, delivery in chat.sent]
    assert len(keys) == len(set(keys))
    for name, wish in WISHES.items():
        posts = {
            delivery.edition: at
            for at, delivery in chat.sent
            if delivery.subscription == ids[name] and delivery.part == "parent"
        }
        expected: set[date] = set()
        dues = local_dues(wish, start - timedelta(days=8), end)
        for before, due in pairwise(dues):
            if due <= start:
                continue
            up_again = next((e for s, e in world.down if s <= due < e), due)
            if up_again - due > CATCH_UP:
                assert (ids[name], due) in missed, (name, due)
                continue
            assert (ids[name], due) not in missed
            # A send that is put off may run into an outage.
            latest = up_again + WAIT + timedelta(hours=1)
            latest = max([latest, *(e + STEP for s, e in world.down if due <= s <= latest)])
            for day in wished(wish, before, due):
                if day in expected:
                    # The clocks went back between two due times: nothing newer has begun.
                    continue
                expected.add(day)
                assert day in posts, (name, day)
                assert due <= posts[day] <= latest, (name, day)
        # What was posted beyond that is an edition that a clock change put between two due times.
        extra = {day for day in posts if posts[day] < end} - expected
        assert len(extra) <= 1, (name, extra)


def wished(wish: Wish, before: datetime, due: datetime) -> list[date]:
    """What one due time should bring: every listing since the last for who wants working days."""
    newest = edition_day(due)
    if wish.weekdays >= EVERY_DAY:
        return [newest]
    span = [newest - timedelta(days=n) for n in range(9)][::-1]
    found = [day for day in span if has_listing(day) and before < announced_at(day) <= due]
    return (found if len(wish.weekdays) > 1 else found[-1:]) or [newest]


def check_days(chat: FakeChat, ids: dict[str, int], world: World) -> None:
    """What the posts said: quiet where nothing was announced, the gap named where it broke."""
    seoul = {
        delivery.edition: delivery.body
        for _, delivery in chat.sent
        if delivery.subscription == ids["seoul"] and delivery.part == "parent"
    }
    weekend = [day for day in seoul if not has_listing(day)]
    assert weekend
    assert all("발표가 없는 날" in seoul[day] for day in weekend)
    assert "논문이 없습니다" in seoul[world.holiday]
    assert "503" in seoul[world.broken]
    assert "받지 못한 논문 1편" in seoul[world.broken]
    assert f"논문 {PAPERS_A_DAY}편" in seoul[world.late]


async def test_a_late_paper_joins_the_next_edition_and_is_new_there_once(tmp_path: Path) -> None:
    start = datetime(2025, 3, 3, 6, tzinfo=UTC)
    world = World(start, broken=date(2025, 3, 4))
    wish = WISHES["seoul"]
    async with service(world, tmp_path / "late.db") as parts:
        await parts.store.subscriptions.add(
            Target("fake", "a"), wish, next_due(wish, start), "", start
        )
        while world.now < start + timedelta(days=4):
            await parts.beat()
            world.now += STEP
        late = make_paper(world.numbers(world.broken)[2]).id
        edition = await parts.store.papers.edition_of([late])
        sealed = await parts.store.editions.sealed(date(2025, 3, 5))
    assert edition == {late: date(2025, 3, 5)}
    assert sealed is not None
    assert late in {entry.paper.id for shelf in sealed.categories.values() for entry in shelf}


@pytest.mark.parametrize("catch_up", [timedelta(0), timedelta(hours=1)])
async def test_a_post_that_waits_for_its_list_is_never_too_late(
    catch_up: timedelta, tmp_path: Path
) -> None:
    start = datetime(2025, 3, 4, 1, 30, tzinfo=UTC)
    world = World(start, holiday=date(2025, 3, 4))
    wish = WISHES["seoul"]
    async with service(world, tmp_path / "wait.db") as parts:
        parts.publisher.rules = replace(parts.publisher.rules, catch_up=catch_up)
        target = Target("fake", "a")
        await parts.store.subscriptions.add(target, wish, next_due(wish, start), "", start)
        while world.now < start + timedelta(hours=3):
            await parts.beat()
            world.now += timedelta(minutes=1)
        missed = await parts.store.deliveries.missed()
    assert not missed
    assert [(d.edition, at) for at, d in parts.chat.sent] == [
        (date(2025, 3, 4), datetime(2025, 3, 4, 3, tzinfo=UTC))
    ]
