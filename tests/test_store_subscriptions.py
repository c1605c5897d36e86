"""What every store promises of subscriptions, whatever its engine."""

from dataclasses import replace
from datetime import timedelta
from operator import eq

import pytest

from core.delivery import Delivery, Missed, State
from core.i18n import Phrase
from core.subscription import Subscription, Target
from storage.store import Store
from tests import stores
from tests.factories import DAY
from tests.stores import CHAT, NOW, WISH, later, publication, subscribe

database_url, store = stores.database_url, stores.store

OTHER = Target("telegram", "-200")
TOPIC = Target("telegram", "-100", "7")
BEFORE = Phrase("pause.told", reason="The topic is closed.")
REASON = Phrase("pause.told", reason="The bot was removed from the chat.")


async def deliveries(store: Store) -> list[Delivery]:
    return (await store.deliveries.recent(100))[::-1]


async def send_one(store: Store) -> None:
    (delivery,) = await store.deliveries.claim("telegram", NOW, 1)
    await store.deliveries.sent(delivery.id, "m1", NOW)


async def test_a_subscription_comes_back_as_it_was_added(store: Store) -> None:
    wish = replace(WISH, categories=("cv",), exclude=("survey",), weekdays=frozenset({0, 4}))
    added = await store.subscriptions.add(CHAT, wish, later(hours=1), "42", NOW)
    assert added == Subscription(added.id, CHAT, wish, later(hours=1), author="42")
    assert await store.subscriptions.get(added.id) == added
    assert await store.subscriptions.get(added.id + 1) is None


async def test_a_target_may_hold_several_and_its_topics_are_others(store: Store) -> None:
    korean = await subscribe(store)
    english = await subscribe(store, wish=replace(WISH, language="en"))
    await subscribe(store, TOPIC)
    assert await store.subscriptions.of(CHAT) == [korean, english]


async def test_a_changed_wish_is_kept_with_its_new_time(store: Store) -> None:
    one, other = await subscribe(store), await subscribe(store, OTHER)
    wish = replace(WISH, language="en")
    await store.subscriptions.change(one.id, wish, later(days=1))
    changed = await store.subscriptions.get(one.id)
    assert changed == replace(one, wish=wish, next_due=later(days=1))
    assert await store.subscriptions.get(other.id) == other


async def test_those_are_due_whose_time_has_come_the_longest_due_first(store: Store) -> None:
    now_due = await subscribe(store)
    long_due = await subscribe(store, next_due=later(hours=-1))
    await subscribe(store, next_due=later(seconds=1))
    assert await store.subscriptions.due(NOW) == [long_due, now_due]
    assert await store.subscriptions.due(NOW, limit=1) == [long_due]


async def test_a_paused_subscription_is_not_due_until_it_is_resumed(store: Store) -> None:
    one, other = await subscribe(store), await subscribe(store)
    await store.subscriptions.pause(one.id, REASON)
    paused = replace(one, paused=REASON)
    assert await store.subscriptions.of(CHAT) == [paused, other]
    assert await store.subscriptions.due(NOW) == [other]
    assert await store.subscriptions.all_active() == [other]
    assert await store.subscriptions.all_paused() == [paused]
    await store.subscriptions.resume(one.id, later(days=1))
    assert await store.subscriptions.all_active() == [replace(one, next_due=later(days=1)), other]


async def test_with_a_subscription_goes_what_was_not_sent_and_what_was_sent_stays(
    store: Store,
) -> None:
    one, other = await subscribe(store), await subscribe(store, OTHER)
    await store.deliveries.publish([publication(one.id), publication(other.id, "parent")], NOW)
    await send_one(store)
    await store.subscriptions.remove(one.id)
    assert [(d.subscription, d.state) for d in await deliveries(store)] == [
        (one.id, State.SENT),
        (other.id, State.PENDING),
    ]
    assert await store.subscriptions.all_active() == [other]


async def test_the_number_of_a_subscription_that_is_gone_is_never_given_again(
    store: Store,
) -> None:
    gone = await subscribe(store)
    await store.subscriptions.remove(gone.id)
    assert (await subscribe(store)).id > gone.id


async def test_a_group_that_moves_takes_its_subscriptions_and_what_is_unsent_along(
    store: Store,
) -> None:
    one, two = await subscribe(store), await subscribe(store)
    elsewhere = await subscribe(store, TOPIC)
    await store.deliveries.publish([publication(one.id)], NOW)
    await send_one(store)
    assert await store.subscriptions.move(CHAT, OTHER, eq) == 3
    assert [kept.id for kept in await store.subscriptions.of(OTHER)] == [one.id, two.id]
    topic = replace(TOPIC, chat=OTHER.chat)
    assert await store.subscriptions.of(topic) == [replace(elsewhere, target=topic)]
    assert await store.subscriptions.move(CHAT, OTHER, eq) == 0
    assert [(d.part, d.target) for d in await deliveries(store)] == [
        ("parent", CHAT),
        ("cv", OTHER),
        ("llm", OTHER),
    ]
    (reply,) = await store.deliveries.claim("telegram", NOW, 10)
    assert (reply.target, reply.reply_to) == (OTHER, "m1")


async def test_a_topic_that_moves_takes_nothing_of_its_chat_along(store: Store) -> None:
    chat, topic = await subscribe(store), await subscribe(store, TOPIC)
    await store.deliveries.publish([publication(chat.id), publication(topic.id)], NOW)
    new = replace(TOPIC, thread="8")
    assert await store.subscriptions.move(TOPIC, new, eq) == 1
    assert await store.subscriptions.within(CHAT) == [chat, replace(topic, target=new)]
    assert {d.target for d in await deliveries(store)} == {CHAT, new}


@pytest.mark.parametrize("newer", ["moved", "resident"])
async def test_a_chat_that_moves_to_where_the_same_is_wished_gets_it_once(
    store: Store, newer: str
) -> None:
    moved = await subscribe(store, CHAT)
    other = await subscribe(store, CHAT, replace(WISH, language="en"))
    resident = await subscribe(store, OTHER)
    had, not_had = (moved, resident) if newer == "moved" else (resident, moved)
    post = publication(had.id, "parent", next_due=later(days=1))
    await store.deliveries.publish([post], NOW)
    await send_one(store)
    await store.deliveries.publish([publication(not_had.id, issue=2)], NOW)
    assert await store.subscriptions.move(CHAT, OTHER, eq) == 2
    assert [kept.id for kept in await store.subscriptions.of(OTHER)] == sorted((had.id, other.id))
    assert [d.subscription for d in await deliveries(store)] == [had.id]


async def test_an_active_subscription_stays_before_a_paused_one_that_brings_the_same(
    store: Store,
) -> None:
    moved, resident = await subscribe(store, CHAT), await subscribe(store, OTHER)
    await store.deliveries.publish([publication(moved.id, next_due=later(days=1))], NOW)
    await store.subscriptions.pause(moved.id, REASON)
    await store.subscriptions.move(CHAT, OTHER, eq)
    assert await store.subscriptions.of(OTHER) == [resident]


async def test_a_chat_that_is_out_of_reach_is_paused_once_and_nothing_more_is_tried_there(
    store: Store,
) -> None:
    one, topic, other = [await subscribe(store, target) for target in (CHAT, TOPIC, OTHER)]
    paused_before = await subscribe(store)
    await store.subscriptions.pause(paused_before.id, BEFORE)
    items = [publication(made.id, "parent", "cv") for made in (one, topic, other)]
    await store.deliveries.publish(items, NOW)
    await send_one(store)
    paused = await store.subscriptions.pause_all(CHAT, REASON, later(hours=1), threads=True)
    assert paused == [replace(one, paused=REASON), replace(topic, paused=REASON)]
    assert await store.subscriptions.pause_all(CHAT, REASON, NOW, threads=True) == []
    ended = {(d.subscription, d.part): (d.state, d.error) for d in await deliveries(store)}
    failed = (State.FAILED, "The bot was removed from the chat.")
    pending = (State.PENDING, "")
    assert ended == {
        (one.id, "parent"): (State.SENT, ""),
        (one.id, "cv"): failed,
        (topic.id, "parent"): failed,
        (topic.id, "cv"): failed,
        (other.id, "parent"): pending,
        (other.id, "cv"): pending,
    }
    kept = await store.subscriptions.get(paused_before.id)
    assert kept
    assert kept.paused == BEFORE


async def test_a_refusal_of_a_chat_says_nothing_of_its_topics(store: Store) -> None:
    one, topic = await subscribe(store), await subscribe(store, TOPIC)
    paused = await store.subscriptions.pause_all(CHAT, REASON, NOW, threads=False)
    assert [found.id for found in paused] == [one.id]
    assert await store.subscriptions.all_active() == [topic]


async def test_what_a_pause_kept_away_is_not_made_up_for_when_it_ends(store: Store) -> None:
    one, fresh = await subscribe(store), await subscribe(store)
    await store.deliveries.publish([publication(one.id, next_due=later(days=1))], NOW)
    await store.subscriptions.begin_waiting([one.id, fresh.id], NOW)
    for made in (one, fresh):
        await store.subscriptions.pause(made.id, REASON)
        await store.subscriptions.resume(made.id, later(days=30))
    (first, second) = await store.subscriptions.of(CHAT)
    day = (DAY + timedelta(days=29), DAY)
    assert (first.settled, first.last_edition, first.waiting_since) == (*day, None)
    assert (second.settled, second.waiting_since) == (None, None)


async def test_a_reason_comes_back_as_it_was(store: Store) -> None:
    inner = Phrase("pause.told", reason='’ " {')
    kept = Phrase("pause.told", reason=inner, count=3, day=DAY)
    one = await subscribe(store)
    await store.subscriptions.pause(one.id, kept)
    assert await store.subscriptions.all_paused() == [replace(one, paused=kept)]


async def test_of_a_forgotten_chat_nothing_is_left_and_others_keep_all(store: Store) -> None:
    one, other = await subscribe(store), await subscribe(store, OTHER)
    await store.deliveries.publish(
        [
            publication(one.id, "parent", "you", body="for you alone"),
            publication(one.id, "parent", issue=2, body="shared"),
            publication(other.id, "parent", body="shared"),
        ],
        NOW,
    )
    for number in (one.id, other.id):
        missed = Missed(number, NOW, "late")
        await store.deliveries.record_missed([missed], DAY, later(days=1), NOW)
    await send_one(store)
    await store.subscriptions.forget(CHAT)
    assert await store.subscriptions.of(CHAT) == []
    assert [(d.subscription, d.body) for d in await deliveries(store)] == [(other.id, "shared")]
    assert [missed.subscription for missed in await store.deliveries.missed()] == [other.id]
    assert not await store.deliveries.published(DAY, one.id)
