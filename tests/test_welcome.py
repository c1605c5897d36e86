"""What a new subscription gets at once, and that the daily post does not bring it again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.due import next_due
from core.subscription import Subscription, Target, Wish
from tests.service import Service, World, service

TUESDAY = date(2025, 3, 4)
# Noon in Seoul: Tuesday's listing is out since ten.
NOON = datetime(2025, 3, 4, 3, tzinfo=UTC)
WISH = Wish("en", time(11), "Asia/Seoul")
DAY = timedelta(days=1)


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Service]:
    async with service(World(NOON), tmp_path / "paperround.db") as running:
        yield running


async def collect(parts: Service, *days: date) -> None:
    for day in days:
        await parts.collector.collect(day, parts.world.now)


async def subscribe(parts: Service, wish: Wish = WISH) -> Subscription:
    now = parts.world.now
    return await parts.store.subscriptions.add(
        Target("fake", "a"), wish, next_due(wish, now), "", now
    )


async def owed(parts: Service) -> list[date]:
    """The editions owed, in the order in which they were owed."""
    found = (await parts.store.deliveries.recent(1000))[::-1]
    return [delivery.edition for delivery in found if delivery.part == "parent"]


async def due(parts: Service, subscription: Subscription) -> datetime:
    kept = await parts.store.subscriptions.get(subscription.id)
    assert kept
    return kept.next_due


async def days_pass(parts: Service, count: int) -> None:
    """Every minute at which something may be due, with the listings as they come."""
    for _ in range(count * 24):
        parts.world.now += timedelta(hours=1)
        async for _day in parts.collector.collect_if_needed(parts.world.now):
            pass
        await parts.publisher.publish_due(parts.world.now)


async def test_the_newest_edition_comes_at_once_and_the_next_one_at_its_time(
    parts: Service,
) -> None:
    await collect(parts, TUESDAY)
    subscription = await subscribe(parts)
    assert await parts.publisher.welcome(subscription, NOON) == TUESDAY
    assert await owed(parts) == [TUESDAY]
    assert await due(parts, subscription) == subscription.next_due
    await days_pass(parts, 1)
    assert await owed(parts) == [TUESDAY, TUESDAY + DAY]


async def test_who_is_due_in_a_minute_does_not_get_the_same_edition_twice(parts: Service) -> None:
    parts.world.now = NOON - timedelta(hours=1, minutes=1)
    await collect(parts, TUESDAY)
    subscription = await subscribe(parts)
    assert subscription.next_due == parts.world.now + timedelta(minutes=1)
    assert await parts.publisher.welcome(subscription, parts.world.now) == TUESDAY
    assert await due(parts, subscription) == subscription.next_due + DAY
    for _ in range(5):
        parts.world.now += timedelta(minutes=1)
        await parts.publisher.publish_due(parts.world.now)
    assert await owed(parts) == [TUESDAY]
    await days_pass(parts, 1)
    assert await owed(parts) == [TUESDAY, TUESDAY + DAY]


async def test_a_time_before_the_listing_comes_is_passed_over_once(parts: Service) -> None:
    await collect(parts, TUESDAY)
    early = replace(WISH, at=time(8))
    subscription = await subscribe(parts, early)
    await parts.publisher.welcome(subscription, NOON)
    # At eight on Wednesday Tuesday's edition is still the newest, and was had.
    assert await due(parts, subscription) == datetime(2025, 3, 5, 23, tzinfo=UTC)
    await days_pass(parts, 3)
    assert await owed(parts) == [TUESDAY, TUESDAY + DAY, TUESDAY + 2 * DAY]


async def test_an_edition_that_is_not_complete_is_neither_sealed_nor_brought(
    tmp_path: Path,
) -> None:
    async with service(World(NOON, broken=TUESDAY), tmp_path / "paperround.db") as parts:
        await collect(parts, TUESDAY)
        subscription = await subscribe(parts)
        assert await parts.publisher.welcome(subscription, NOON) is None
        assert await owed(parts) == []
        assert await parts.store.editions.sealed(TUESDAY) is None
        assert await parts.store.subscriptions.get(subscription.id) == subscription


async def test_where_today_s_is_not_complete_yesterday_s_comes_and_then_today_s(
    tmp_path: Path,
) -> None:
    morning = NOON - timedelta(hours=1, minutes=30)
    async with service(World(morning, broken=TUESDAY), tmp_path / "paperround.db") as parts:
        await collect(parts, TUESDAY - DAY, TUESDAY)
        subscription = await subscribe(parts)
        assert await parts.publisher.welcome(subscription, morning) == TUESDAY - DAY
        await days_pass(parts, 1)
        assert await owed(parts) == [TUESDAY - DAY, TUESDAY]


async def test_on_a_sunday_friday_s_edition_comes_and_no_quiet_days_after_it(
    parts: Service,
) -> None:
    sunday = date(2025, 3, 2)
    parts.world.now = NOON - 2 * DAY
    await collect(parts, sunday - 2 * DAY)
    subscription = await subscribe(parts)
    assert await parts.publisher.welcome(subscription, parts.world.now) == sunday - 2 * DAY
    await days_pass(parts, 1)
    assert await owed(parts) == [sunday - 2 * DAY, sunday + DAY]


async def test_a_holiday_s_listing_is_no_welcome(tmp_path: Path) -> None:
    async with service(World(NOON, holiday=TUESDAY), tmp_path / "paperround.db") as parts:
        await collect(parts, TUESDAY - DAY, TUESDAY)
        subscription = await subscribe(parts)
        assert await parts.publisher.welcome(subscription, NOON) == TUESDAY - DAY


async def test_what_lies_back_more_than_a_week_is_no_welcome(parts: Service) -> None:
    await collect(parts, TUESDAY - 7 * DAY)
    subscription = await subscribe(parts)
    assert await parts.publisher.welcome(subscription, NOON) is None


async def test_asked_twice_it_welcomes_once(parts: Service) -> None:
    await collect(parts, TUESDAY)
    subscription = await subscribe(parts)
    said = [await parts.publisher.welcome(subscription, NOON) for _ in range(2)]
    assert said == [TUESDAY, None]
    assert await owed(parts) == [TUESDAY]


async def test_a_subscription_ended_meanwhile_is_welcomed_with_nothing(parts: Service) -> None:
    await collect(parts, TUESDAY)
    subscription = await subscribe(parts)
    await parts.store.subscriptions.remove(subscription.id)
    assert await parts.publisher.welcome(subscription, NOON) is None
    assert await owed(parts) == []
