"""What every store promises of messages that are shown anew after they were sent."""

from collections.abc import Sequence
from dataclasses import replace
from operator import eq

from core.delivery import Amendment, Delivery, Frozen, State
from core.i18n import Phrase
from core.subscription import Target
from storage.database import open_store
from storage.store import Store
from tests import stores
from tests.factories import DAY
from tests.stores import CHAT, NOW, later, publication, subscribe

database_url, store = stores.database_url, stores.store

OTHER = Target("telegram", "-200")
PARTS = ("parent", "parent/2", "cv", "cv/2", "llm")
REFUSED = Phrase("pause.told", reason="gone")


async def published(store: Store, target: Target = CHAT, *parts: str) -> int:
    subscription = await subscribe(store, target)
    await store.deliveries.publish([publication(subscription.id, *parts or PARTS)], NOW)
    return subscription.id


async def send(store: Store, *failing: str, most: int = 100) -> None:
    """Sends what there is, message ids being the parts; those named fail."""
    for _ in range(most):
        claimed = await store.deliveries.claim("telegram", NOW, 1)
        if not claimed:
            return
        (delivery,) = claimed
        if delivery.part in failing:
            await store.deliveries.failed(delivery.id, "too long", NOW)
        else:
            await store.deliveries.sent(delivery.id, f"m-{delivery.part}", NOW)


async def due(store: Store, now: object = NOW, limit: int = 10) -> list[Amendment]:
    return await store.amendments.due("telegram", now, limit)  # type: ignore[arg-type]


async def make_all(store: Store) -> list[str]:
    """Makes all amendments; the parts in their order."""
    made = []
    while found := await due(store):
        for amendment in found:
            await store.amendments.done(amendment)
            made.append(amendment.delivery.part)
    return made


async def test_once_all_replies_have_ended_the_parent_leads_to_those_that_were_sent(
    store: Store,
) -> None:
    await published(store)
    await send(store, most=len(PARTS) - 1)
    assert await due(store) == []
    await send(store, "llm")
    (first,) = await due(store)
    assert first.delivery.part == "parent"
    assert (first.delivery.message_id, first.delivery.body) == ("m-parent", "{}")
    assert (first.links, first.due, first.tries) == ({"cv": "m-cv", "cv/2": "m-cv/2"}, NOW, 0)
    assert await store.amendments.waiting(["telegram"]) == 2
    assert await store.amendments.waiting(["discord"]) == 0
    assert await make_all(store) == ["parent", "parent/2"]
    assert await store.amendments.waiting(["telegram"]) == 0


async def test_whatever_became_of_the_last_and_of_the_others(store: Store) -> None:
    for failing in ("cv", "llm", "parent/2"):
        await published(store)
        await send(store, failing)
        assert "parent" in await make_all(store)


async def test_a_parent_that_leads_nowhere_stays_as_it_is(store: Store) -> None:
    await published(store, CHAT, "parent")
    await send(store)
    await published(store, CHAT, "parent", "parent/2")
    await send(store)
    await published(store, CHAT, "parent", "cv", "llm")
    await send(store, "cv", "llm")
    await published(store)
    await send(store, "parent")
    assert await due(store) == []


async def test_no_chat_is_amended_while_something_is_to_be_sent_there(store: Store) -> None:
    await published(store)
    await published(store, OTHER, "parent", "cv")
    await send(store)
    again = await published(store, OTHER, "parent")
    assert [a.delivery.target for a in await due(store)] == [CHAT]
    (claimed,) = await store.deliveries.claim("telegram", NOW, 1)
    assert claimed.subscription == again
    assert [a.delivery.target for a in await due(store)] == [CHAT]
    await store.deliveries.sent(claimed.id, "m", NOW)
    assert {a.delivery.target for a in await due(store)} == {CHAT, OTHER}


async def test_of_each_chat_the_oldest_comes_first_and_alone(store: Store) -> None:
    numbers = [await published(store, target) for target in (CHAT, OTHER, CHAT)]
    await send(store)
    assert [(a.delivery.subscription, a.delivery.part) for a in await due(store)] == [
        (numbers[0], "parent"),
        (numbers[1], "parent"),
    ]
    assert len(await due(store, limit=1)) == 1


async def test_what_is_put_off_comes_again_at_its_time_and_counts_where_it_was_a_try(
    store: Store,
) -> None:
    await published(store, CHAT, "parent", "cv")
    await send(store)
    (amendment,) = await due(store)
    await store.amendments.retry(amendment, later(seconds=30))
    assert await due(store, later(seconds=29)) == []
    (again,) = await due(store, later(seconds=30))
    assert (again.tries, again.due) == (1, later(seconds=30))
    await store.amendments.retry(again, later(seconds=60), counted=False)
    (last,) = await due(store, later(seconds=60))
    assert last.tries == 1


async def test_nothing_is_lost_by_a_crash_in_between(store: Store, database_url: str) -> None:
    await published(store, CHAT, "parent", "cv")
    await send(store)
    (amendment,) = await due(store)
    async with open_store(database_url) as restarted:
        assert await due(restarted) == [amendment]
        await restarted.amendments.done(amendment)
    assert await due(store) == []


# --- corrections


async def outdated(store: Store, correction: int = 1, after: int = 0) -> list[int]:
    found = await store.amendments.outdated(DAY, correction, after, 10)
    return [issue.subscription for issue in found]


async def correct(
    store: Store, *bodies: str, correction: int = 1, parts: Sequence[str] = PARTS
) -> None:
    """Corrects what is outdated; the bodies are those of the parent's parts."""
    found = await store.amendments.outdated(DAY, correction, 0, 10)
    messages = [Frozen(part, body) for part, body in zip(parts, bodies, strict=False)]
    await store.amendments.correct(
        DAY, correction, [(issue, messages) for issue in found], later(hours=1)
    )


async def parents(store: Store) -> list[Delivery]:
    found = (await store.deliveries.recent(100))[::-1]
    return [delivery for delivery in found if delivery.part.startswith("parent")]


async def test_a_sent_parent_gets_its_new_body_and_is_amended_once(store: Store) -> None:
    number = await published(store)
    await send(store)
    await make_all(store)
    (issue,) = await store.amendments.outdated(DAY, 1, 0, 10)
    assert (issue.subscription, issue.number, issue.parts) == (number, 1, PARTS)
    await correct(store, "new", "new too")
    assert [d.body for d in await parents(store)] == ["new", "new too"]
    assert await outdated(store) == []
    assert await due(store) == []
    (first,) = await due(store, later(hours=1))
    assert (first.delivery.body, first.links["llm"]) == ("new", "m-llm")
    await correct(store, "newer", "newer too")
    assert [d.body for d in await parents(store)] == ["new", "new too"]


async def test_of_a_parent_only_the_messages_that_differ_are_amended(store: Store) -> None:
    await published(store)
    await send(store)
    await make_all(store)
    await correct(store, "{}", "new")
    assert [a.delivery.part for a in await due(store, later(hours=1))] == ["parent/2"]


async def test_a_parent_not_yet_sent_goes_out_corrected(store: Store) -> None:
    await published(store)
    await correct(store, "new", "new too")
    assert await due(store, later(hours=1)) == []
    assert await outdated(store) == []
    (claimed,) = await store.deliveries.claim("telegram", NOW, 1)
    assert claimed.body == "new"


async def test_a_parent_that_is_being_sent_is_left_for_later(store: Store) -> None:
    await published(store)
    (claimed,) = await store.deliveries.claim("telegram", NOW, 1)
    await correct(store, "new", "new too")
    assert [d.body for d in await parents(store)] == ["{}", "{}"]
    await store.deliveries.sent(claimed.id, "m", NOW)
    (second,) = await store.deliveries.claim("telegram", NOW, 1)
    await correct(store, "new", "new too")
    assert [d.body for d in await parents(store)] == ["{}", "{}"]
    assert len(await outdated(store)) == 1
    await store.deliveries.sent(second.id, "m", NOW)
    await correct(store, "new", "new too")
    assert [d.body for d in await parents(store)] == ["new", "new too"]
    assert await outdated(store) == []


async def test_corrected_between_its_messages_a_parent_is_amended_when_all_are_sent(
    store: Store,
) -> None:
    await published(store, CHAT, "parent", "cv", "llm")
    await send(store, most=2)
    await correct(store, "new")
    assert await due(store, later(hours=1)) == []
    await send(store, "llm")
    (amendment,) = await due(store, later(hours=1))
    assert (amendment.delivery.body, amendment.links) == ("new", {"cv": "m-cv"})
    await store.amendments.done(amendment)
    assert await due(store, later(hours=1)) == []


async def test_what_is_corrected_while_it_is_amended_is_amended_again(store: Store) -> None:
    await published(store, CHAT, "parent", "cv")
    await send(store)
    (under_way,) = await due(store)
    found = await store.amendments.outdated(DAY, 1, 0, 10)
    await store.amendments.correct(DAY, 1, [(found[0], [Frozen("parent", "new")])], NOW)
    await store.amendments.done(under_way)
    (again,) = await due(store)
    assert again.delivery.body == "new"


async def test_an_issue_that_cannot_be_corrected_counts_as_corrected(store: Store) -> None:
    await published(store)
    await send(store)
    await make_all(store)
    await correct(store)
    assert await outdated(store) == []
    assert await due(store, later(hours=1)) == []
    assert len(await outdated(store, correction=2)) == 1


async def test_what_failed_or_was_made_since_is_not_outdated(store: Store) -> None:
    await published(store)
    await send(store, "parent")
    known = await subscribe(store, OTHER)
    made = replace(publication(known.id), correction=1)
    await store.deliveries.publish([made], NOW)
    assert await outdated(store) == []
    assert await outdated(store, correction=2) == [known.id]


async def test_what_is_outdated_comes_in_pages(store: Store) -> None:
    numbers = [await published(store, Target("telegram", str(chat))) for chat in range(5)]
    first = await store.amendments.outdated(DAY, 1, 0, 3)
    second = await store.amendments.outdated(DAY, 1, first[-1].parent, 3)
    assert [issue.subscription for issue in first + second] == numbers
    assert all(issue.parts == PARTS for issue in first + second)


# --- chats that end or move


async def test_where_a_chat_is_out_of_reach_nothing_is_amended(store: Store) -> None:
    await published(store)
    await send(store)
    await published(store, OTHER)
    await send(store, most=3)
    for target in (CHAT, OTHER):
        await store.subscriptions.pause_all(target, REFUSED, NOW, threads=True)
    assert await due(store) == []
    assert (await store.deliveries.totals())[State.FAILED] == 2


async def test_a_chat_that_moved_keeps_its_old_messages_under_its_old_id(store: Store) -> None:
    await published(store, CHAT, "parent", "cv")
    await send(store, most=1)
    await store.subscriptions.move(CHAT, OTHER, eq)
    await send(store)
    (amendment,) = await due(store)
    assert (amendment.delivery.target, amendment.links) == (CHAT, {"cv": "m-cv"})


async def test_with_a_forgotten_chat_go_its_amendments(store: Store) -> None:
    await published(store)
    await send(store)
    await store.subscriptions.forget(CHAT)
    assert await store.amendments.waiting(["telegram"]) == 0
    assert await due(store) == []
