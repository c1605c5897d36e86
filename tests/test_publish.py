"""What publishing owes when settings, wishes, sources or platforms change under it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.due import next_due
from core.blocks import Post
from core.delivery import Frozen
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
    parts.publisher.started = back
    await parts.collector.collect((NOON + timedelta(days=42)).date(), back)
    await parts.publisher.publish_due(back)
    missed = await parts.store.deliveries.missed(1000)
    assert [m.due for m in missed][::-1] == [NOON + timedelta(days=n) for n in range(42)]
    moved = await parts.store.subscriptions.get(subscription.id)
    assert moved
    assert moved.next_due == next_due(WISH, back)
    assert await owed(parts) != []


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
