"""What publishing owes when settings, wishes, sources or platforms change under it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.app import subscribe_console
from bot.due import next_due
from bot.publish import Publisher
from bot.settings import Settings
from core.blocks import Post
from core.delivery import Frozen
from core.i18n import Phrase
from core.ports import Batch
from core.subscription import Subscription, Target, Wish
from tests.factories import make_paper
from tests.service import FakeChat, Service, World, service

DAY = date(2025, 3, 4)
# Noon in Seoul: the listing is out, and the post is due.
NOON = datetime(2025, 3, 4, 3, tzinfo=UTC)
WISH = Wish("en", time(12), "Asia/Seoul")


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Service]:
    async with service(World(NOON), tmp_path / "paperround.db") as running:
        await running.collector.collect(DAY, NOON)
        yield running


async def subscribe(parts: Service, chat: str = "a", platform: str = "fake") -> Subscription:
    target = Target(platform, chat)
    return await parts.store.subscriptions.add(target, WISH, NOON, "", NOON)


async def owed(parts: Service) -> list[str]:
    return sorted(delivery.key for delivery in await parts.store.deliveries.recent(1000))


async def test_a_post_made_by_hand_is_not_added_to_when_the_wish_has_changed_since(
    parts: Service,
) -> None:
    subscription = await subscribe(parts)
    narrow = replace(WISH, categories=("cv",))
    await parts.store.subscriptions.change(subscription.id, narrow, NOON)
    changed = replace(subscription, wish=narrow)
    assert await parts.publisher.publish_now(DAY, changed, NOON, again=False) == 1
    before = await owed(parts)
    await parts.store.subscriptions.change(subscription.id, WISH, NOON)
    await parts.publisher.publish_due(NOON)
    assert await owed(parts) == before
    moved = await parts.store.subscriptions.get(subscription.id)
    assert moved
    assert moved.next_due == NOON + timedelta(days=1)


async def test_a_subscription_whose_platform_has_no_token_stays_due_and_holds_up_nobody(
    parts: Service,
) -> None:
    absent = await subscribe(parts, platform="telegram")
    await subscribe(parts)
    await parts.publisher.publish_due(NOON)
    assert {key.split("/")[2] for key in await owed(parts)} == {"2"}
    assert await parts.store.subscriptions.get(absent.id) == absent


async def test_one_subscription_that_cannot_be_served_does_not_starve_the_others(
    parts: Service,
) -> None:
    class Breaking(FakeChat):
        def freeze(self, post: Post, *, private: bool) -> Sequence[Frozen]:
            if post.language == "ko":
                raise ValueError("a Korean post")
            return super().freeze(post, private=private)

    parts.publisher.adapters = {"fake": Breaking(parts.world)}
    broken = await subscribe(parts)
    await parts.store.subscriptions.change(broken.id, replace(WISH, language="ko"), NOON)
    await subscribe(parts, "b")
    await parts.publisher.publish_due(NOON)
    assert {key.split("/")[2] for key in await owed(parts)} == {"2"}


async def test_more_than_one_page_of_waiting_subscriptions_holds_up_nobody(
    parts: Service,
) -> None:
    for number in range(1200):
        await subscribe(parts, str(number), platform="telegram")
    await subscribe(parts)
    await parts.publisher.publish_due(NOON)
    assert {key.split("/")[2] for key in await owed(parts)} == {"1201"}


async def test_a_time_that_was_changed_meanwhile_is_kept(parts: Service) -> None:
    subscription = await subscribe(parts)
    later = NOON + timedelta(hours=7)

    due = await parts.store.subscriptions.due(NOON)
    publication = await parts.publisher._publications(due[0], NOON)
    await parts.store.subscriptions.change(subscription.id, WISH, later)
    assert publication
    await parts.store.deliveries.publish(publication, NOON)
    kept = await parts.store.subscriptions.get(subscription.id)
    assert kept
    assert (kept.next_due, kept.last_edition) == (later, DAY)


async def test_after_a_long_absence_each_missed_post_is_noted_and_the_newest_comes(
    parts: Service,
) -> None:
    subscription = await subscribe(parts)
    back = NOON + timedelta(days=42, hours=1)
    await parts.collector.collect((NOON + timedelta(days=42)).date(), back)
    await parts.publisher.publish_due(back)
    missed = await parts.store.deliveries.missed(1000)
    assert [m.due for m in missed][::-1] == [NOON + timedelta(days=n) for n in range(42)]
    moved = await parts.store.subscriptions.get(subscription.id)
    assert moved
    assert moved.next_due == next_due(WISH, back)
    assert await owed(parts) != []


async def test_waiting_is_counted_from_the_first_look_whatever_restarts_come_between(
    tmp_path: Path,
) -> None:
    # On this day arXiv announces nothing, which may mean that it is late.
    world = World(NOON, holiday=DAY)
    async with service(world, tmp_path / "paperround.db") as parts:
        await subscribe(parts)
        for minutes in range(0, 60, 20):
            rules = replace(parts.publisher.rules, catch_up=timedelta(0))
            restarted = Publisher(
                parts.store, parts.publisher.shelf, parts.publisher.adapters, rules
            )
            await restarted.publish_due(NOON + timedelta(minutes=minutes))
            assert await owed(parts) == []
        await restarted.publish_due(NOON + timedelta(minutes=60))
        assert await owed(parts) != []
        assert await parts.store.deliveries.missed() == []


async def test_an_hour_that_was_moved_costs_no_edition(parts: Service) -> None:
    subscription = await subscribe(parts)
    await parts.publisher.publish_due(NOON)
    # The next listing comes at nine in Seoul; the new hour has passed already when it is wished.
    now = datetime(2025, 3, 5, 1, 30, tzinfo=UTC)
    earlier = replace(WISH, at=time(10))
    await parts.store.subscriptions.change(subscription.id, earlier, next_due(earlier, now))
    parts.world.now = now + timedelta(days=1)
    for day in (date(2025, 3, 5), date(2025, 3, 6)):
        await parts.collector.collect(day, parts.world.now)
    await parts.publisher.publish_due(parts.world.now)
    editions = {key[:10] for key in await owed(parts)}
    assert editions == {"2025-03-04", "2025-03-05", "2025-03-06"}


async def test_what_was_due_already_stays_due_when_the_terminal_s_settings_change(
    parts: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    korean = Settings(digest_time=time(11), digest_language="ko")
    english = Settings(digest_time=time(11), digest_language="en")
    before = NOON - timedelta(hours=3)
    await subscribe_console(parts.store, korean, before)
    await subscribe_console(parts.store, english, NOON)
    (console,) = await parts.store.subscriptions.of(Target("console", "terminal"))
    assert console.wish.language == "en"
    assert console.next_due <= NOON
    assert console.next_due == next_due(console.wish, before)


async def test_of_two_that_publish_at_once_only_one_says_that_it_did(parts: Service) -> None:
    subscription = await subscribe(parts)
    now = parts.publisher.publish_now
    said = await asyncio.gather(*(now(DAY, subscription, NOON, again=True) for _ in range(3)))
    assert sorted(issue for issue in said if issue) == [1]


FILE = Batch("day.jsonl", "ok", (make_paper(1),))
SPOILT = Batch("spoilt.jsonl", "failed")


@pytest.mark.parametrize(
    ("batches", "ready"),
    [
        ([], False),
        ([Batch("arXiv", "ok", (make_paper(1),))], True),
        ([Batch("arXiv", "failed")], False),
        ([Batch("arXiv", "quiet")], False),
        ([FILE], False),
        ([FILE, Batch("arXiv", "failed")], True),
        ([SPOILT, Batch("arXiv", "failed")], False),
        ([SPOILT, Batch("arXiv", "ok", (make_paper(1),))], True),
        ([FILE, SPOILT, Batch("arXiv", "quiet")], True),
    ],
    ids=lambda value: (
        "+".join(f"{b.source} {b.status}" for b in value) if isinstance(value, list) else None
    ),
)
async def test_a_listing_is_ready_when_arxiv_gave_it_or_a_file_did_after_arxiv_was_asked(
    batches: list[Batch], tmp_path: Path, *, ready: bool
) -> None:
    async with service(World(NOON), tmp_path / "paperround.db") as parts:
        for batch in batches:
            await parts.store.papers.take_in(DAY, batch, DAY, NOON)
        assert await parts.publisher.shelf.ready(DAY) is ready


async def test_what_nobody_was_asked_for_yet_is_not_sealed_empty_though_nothing_is_waited_for(
    tmp_path: Path,
) -> None:
    async with service(World(NOON), tmp_path / "paperround.db") as parts:
        rules = replace(parts.publisher.rules, wait=timedelta(0))
        publisher = replace(parts.publisher, rules=rules)
        await subscribe(parts)
        await publisher.publish_due(NOON)
        assert await owed(parts) == []
        await parts.collector.collect(DAY, NOON)
        await publisher.publish_due(NOON + timedelta(minutes=1))
        assert len(await owed(parts)) > 1
        edition = await parts.store.editions.sealed(DAY)
        assert edition is not None
        assert edition.count == 3


async def test_where_nobody_can_be_asked_the_post_comes_all_the_same(tmp_path: Path) -> None:
    async with service(World(NOON), tmp_path / "paperround.db") as parts:
        rules = replace(parts.publisher.rules, wait=timedelta(0))
        publisher = replace(parts.publisher, rules=rules)
        await subscribe(parts)
        await publisher.publish_due(NOON)
        await publisher.publish_due(NOON + timedelta(minutes=4))
        assert len(await owed(parts)) == 1


async def test_a_day_of_which_only_an_empty_file_tells_can_be_posted(parts: Service) -> None:
    quiet = DAY + timedelta(days=4)
    empty = Batch("empty.jsonl", "quiet", note=Phrase("file.empty", file="empty.jsonl", day=quiet))
    await parts.store.papers.take_in(quiet, empty, quiet, NOON)
    subscription = await subscribe(parts)
    assert await parts.publisher.publish_now(quiet, subscription, NOON, again=False) == 1
