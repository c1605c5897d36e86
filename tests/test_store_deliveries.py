"""What every store promises of deliveries, whatever its engine."""

import asyncio
from datetime import timedelta

from core.delivery import Delivery, Missed, State
from core.subscription import Target
from storage.database import open_store
from storage.store import Store
from tests import stores
from tests.factories import DAY
from tests.stores import CHAT, NOW, PARTS, WISH, later, publication, subscribe

database_url, store = stores.database_url, stores.store

OTHER = Target("telegram", "-200")


async def published(store: Store, target: Target = CHAT, *parts: str) -> int:
    """A subscription of this target for which a post was just published; its number."""
    subscription = await subscribe(store, target)
    await store.deliveries.publish([publication(subscription.id, *parts)], NOW)
    return subscription.id


async def claim(store: Store, limit: int = 10, now: object = NOW) -> list[Delivery]:
    return await store.deliveries.claim("telegram", now, limit)  # type: ignore[arg-type]


async def send_all(store: Store) -> list[str]:
    """Sends all there is to send; the keys in the order of sending."""
    keys = []
    while claimed := await claim(store):
        for delivery in claimed:
            await store.deliveries.sent(delivery.id, f"m{delivery.id}", NOW)
            keys.append(delivery.key)
    return keys


async def test_what_is_published_is_owed_in_its_order(store: Store) -> None:
    subscription = await subscribe(store)
    items = [publication(subscription.id, body='{"text": "가"}')]
    assert await store.deliveries.publish(items, NOW) == 3
    owed = (await store.deliveries.recent())[::-1]
    assert [(d.part, d.position, d.state, d.attempts) for d in owed] == [
        (part, position, State.PENDING, 0) for position, part in enumerate(PARTS)
    ]
    assert {(d.target, d.body, d.edition, d.issue, d.subscription) for d in owed} == {
        (CHAT, '{"text": "가"}', DAY, 1, subscription.id)
    }


async def test_publishing_the_same_again_writes_nothing(store: Store) -> None:
    subscription = await subscribe(store)
    item = publication(subscription.id)
    assert await store.deliveries.publish([item, item], NOW) == 3
    await send_all(store)
    assert await store.deliveries.publish([item], later(hours=1)) == 0
    assert (await store.deliveries.totals())[State.SENT] == 3


async def test_another_issue_is_owed_anew(store: Store) -> None:
    subscription = await subscribe(store)
    assert await store.deliveries.next_issue(DAY, subscription.id) == 1
    assert not await store.deliveries.published(DAY, subscription.id)
    await store.deliveries.publish([publication(subscription.id)], NOW)
    assert await store.deliveries.published(DAY, subscription.id)
    assert await store.deliveries.next_issue(DAY, subscription.id) == 2
    assert not await store.deliveries.published(DAY + timedelta(days=1), subscription.id)
    assert await store.deliveries.publish([publication(subscription.id, issue=2)], NOW) == 3


async def test_publishing_moves_a_subscription_on_only_where_it_says_so(store: Store) -> None:
    due, asked = await subscribe(store), await subscribe(store, OTHER)
    items = [publication(due.id, next_due=later(days=1)), publication(asked.id)]
    await store.deliveries.publish(items, NOW)
    moved = await store.subscriptions.get(due.id)
    assert moved
    assert (moved.next_due, moved.last_edition) == (later(days=1), DAY)
    assert await store.subscriptions.get(asked.id) == asked


async def test_a_post_without_messages_moves_its_subscription_on(store: Store) -> None:
    due = await subscribe(store)
    item = publication(due.id, next_due=later(days=1))
    assert await store.deliveries.publish([type(item)(due.id, DAY, 1, (), later(days=1))], NOW) == 0
    assert await store.subscriptions.due(NOW) == []


async def test_a_subscription_that_is_gone_is_owed_nothing(store: Store) -> None:
    subscription = await subscribe(store)
    assert await store.deliveries.publish([publication(99), publication(subscription.id)], NOW) == 3
    assert await store.deliveries.publish([], NOW) == 0


async def test_a_claim_gives_the_parent_first_and_each_reply_only_when_it_is_sent(
    store: Store,
) -> None:
    await published(store)
    (parent,) = await claim(store)
    assert (parent.part, parent.state, parent.attempts) == ("parent", State.SENDING, 1)
    assert await claim(store) == []
    await store.deliveries.sent(parent.id, "m1", NOW)
    (reply,) = await claim(store)
    assert (reply.part, reply.reply_to) == ("cv", "m1")
    assert await claim(store) == []


async def test_a_claim_takes_one_delivery_of_each_chat_of_its_platform(store: Store) -> None:
    topic = Target("telegram", CHAT.chat, "7")
    for target in (CHAT, OTHER, topic, Target("discord", "1"), CHAT):
        await published(store, target)
    claimed = await claim(store)
    assert [d.target for d in claimed] == [CHAT, OTHER, topic]
    assert await claim(store) == []
    assert [d.target.platform for d in await store.deliveries.claim("discord", NOW, 1)] == [
        "discord"
    ]


async def test_a_claim_takes_no_more_than_its_limit_the_oldest_first(store: Store) -> None:
    for chat in range(5):
        await published(store, Target("telegram", str(chat)))
    assert [d.target.chat for d in await claim(store, limit=2)] == ["0", "1"]
    assert [d.target.chat for d in await claim(store, limit=2)] == ["2", "3"]


async def test_the_posts_of_one_chat_do_not_mix(store: Store) -> None:
    first, second = await published(store), await published(store)
    assert await send_all(store) == [
        f"{DAY}/1/{number}/{part}" for number in (first, second) for part in PARTS
    ]


async def test_what_is_to_be_retried_comes_again_at_its_time_and_holds_its_chat_till_then(
    store: Store,
) -> None:
    await published(store)
    (parent,) = await claim(store)
    await store.deliveries.retry(parent.id, later(seconds=30), "429: wait 30 s")
    assert await claim(store, now=later(seconds=29)) == []
    (again,) = await claim(store, now=later(seconds=30))
    assert (again.id, again.attempts, again.error) == (parent.id, 2, "429: wait 30 s")
    await store.deliveries.sent(again.id, "m1", NOW)
    newest = (await store.deliveries.recent())[-1]
    assert (newest.state, newest.message_id, newest.error) == (State.SENT, "m1", "")


async def test_a_parent_that_failed_fails_its_replies_and_frees_its_chat(store: Store) -> None:
    await published(store)
    other = await published(store)
    (parent,) = await claim(store)
    await store.deliveries.failed(parent.id, "the bot was blocked", NOW)
    ended = (await store.deliveries.recent())[::-1][:3]
    assert [(d.state, d.error) for d in ended] == [
        (State.FAILED, "the bot was blocked"),
        (State.FAILED, "the parent was not sent"),
        (State.FAILED, "the parent was not sent"),
    ]
    (following,) = await claim(store)
    assert following.subscription == other


async def test_a_reply_that_failed_fails_alone(store: Store) -> None:
    await published(store)
    (parent,) = await claim(store)
    await store.deliveries.sent(parent.id, "m1", NOW)
    (reply,) = await claim(store)
    await store.deliveries.failed(reply.id, "too long", NOW)
    assert [d.part for d in await claim(store)] == ["llm"]


async def test_what_has_ended_stays_as_it_is(store: Store) -> None:
    await published(store, CHAT, "parent")
    (parent,) = await claim(store)
    await store.deliveries.sent(parent.id, "m1", NOW)
    await store.deliveries.retry(parent.id, NOW, "late answer")
    await store.deliveries.failed(parent.id, "late answer", NOW)
    (kept,) = await store.deliveries.recent()
    assert (kept.state, kept.message_id, kept.error) == (State.SENT, "m1", "")


async def test_after_a_crash_what_was_being_sent_is_in_doubt(
    store: Store, database_url: str
) -> None:
    await published(store)
    (parent,) = await claim(store)
    async with open_store(database_url) as restarted:
        assert await restarted.deliveries.in_doubt("telegram") == [parent]
        assert await restarted.deliveries.in_doubt("discord") == []
        assert await claim(restarted) == []


async def test_two_stores_on_one_database_never_claim_the_same(
    store: Store, database_url: str
) -> None:
    for chat in range(60):
        await published(store, Target("telegram", str(chat)), "parent", "cv")
    taken: list[int] = []

    async def drain(opened: Store) -> None:
        while claimed := await claim(opened, limit=7):
            taken.extend(delivery.id for delivery in claimed)
            for delivery in claimed:
                await opened.deliveries.sent(delivery.id, "m", NOW)

    async with open_store(database_url) as other:
        await asyncio.gather(drain(store), drain(other), drain(store), drain(other))
        await drain(store)
    assert sorted(taken) == sorted(set(taken))
    assert (await store.deliveries.totals())[State.SENT] == len(taken) == 120


async def test_a_missed_post_is_noted_once_and_its_subscription_moves_on(store: Store) -> None:
    subscription = await subscribe(store)
    for _ in range(2):
        down = Missed(subscription.id, NOW, "down")
        await store.deliveries.record_missed([down], DAY, later(days=1), NOW)
    late = Missed(subscription.id, later(days=1), "late")
    await store.deliveries.record_missed([late], DAY, later(days=2), later(days=1))
    assert await store.deliveries.missed() == [
        Missed(subscription.id, later(days=1), "late"),
        Missed(subscription.id, NOW, "down"),
    ]
    moved = await store.subscriptions.get(subscription.id)
    assert moved
    assert (moved.next_due, moved.wish) == (later(days=2), WISH)


async def test_every_state_is_counted(store: Store) -> None:
    await published(store)
    await claim(store)
    assert await store.deliveries.totals() == {
        State.PENDING: 2,
        State.SENDING: 1,
        State.SENT: 0,
        State.FAILED: 0,
    }
    assert [d.part for d in await store.deliveries.recent(2)] == ["llm", "cv"]
