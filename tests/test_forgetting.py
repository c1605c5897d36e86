"""Forgetting: of a chat, or of a person, nothing is left in any table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import eq
from typing import Any

import pytest
from sqlalchemy import select

from bot.commands import CommandTable
from core.delivery import Delivery, Missed, State
from core.subscription import Target
from storage.schema import metadata
from storage.store import Store
from storage.subscriptions import Held
from tests import stores
from tests.factories import DAY
from tests.service import Service
from tests.stores import NOW, WISH, later, publication, subscribe
from tests.test_commands import CHAT, actions, ask, commands, parts, words

__all__ = ["commands", "parts"]

database_url, store = stores.database_url, stores.store

GROUP = Target("telegram", "-100777")
TOPIC = Target("telegram", "-100777", "9")
MINA = Target("telegram", "4242")
OTHER = Target("telegram", "-200")


async def everywhere(store: Store) -> list[str]:
    """Every value in every table, as text."""
    found = []
    async with store.papers._database.read() as connection:
        for table in metadata.sorted_tables:
            for row in await connection.execute(select(table)):
                found += [f"{table.name}: {value}" for value in row]
    return found


async def naming(store: Store, number: str) -> list[str]:
    return [value for value in await everywhere(store) if number in value]


async def live(store: Store, target: Target, author: str, body: str = "{}") -> int:
    """A chat that has been served for a while: sent, being sent, to be sent, missed."""
    made = await store.subscriptions.add(target, WISH, NOW, author, NOW)
    await store.deliveries.publish([publication(made.id, body=body)], NOW)
    for end in (True, False):
        (delivery,) = await store.deliveries.claim("telegram", NOW, 1)
        if end:
            await store.deliveries.sent(delivery.id, "m1", NOW)
    await store.deliveries.record_missed([Missed(made.id, NOW, "late")], DAY, later(days=1), NOW)
    return made.id


async def test_of_a_forgotten_group_no_row_of_any_table_knows(store: Store) -> None:
    await live(store, GROUP, "31337")
    await subscribe(store, TOPIC)
    assert await naming(store, "-100777")
    held = Held(subscriptions=2, deliveries=3, missed=1, named=0)
    assert await store.subscriptions.held(GROUP) == held
    assert await store.subscriptions.forget(GROUP) == held
    assert await naming(store, "-100777") == []
    assert await naming(store, "31337") == []
    assert await naming(store, "messages:") == []
    assert await naming(store, "missed:") == []
    assert await store.subscriptions.held(GROUP) == Held(0, 0, 0, 0)


async def test_of_a_forgotten_person_no_row_of_any_table_knows(store: Store) -> None:
    await live(store, MINA, "4242")
    elsewhere = await store.subscriptions.add(OTHER, WISH, NOW, "4242", NOW)
    assert (await store.subscriptions.held(MINA, "4242")).named == 1
    assert (await store.subscriptions.forget(MINA, "4242")).named == 1
    assert await naming(store, "4242") == []
    assert await store.subscriptions.of(OTHER) == [replace(elsewhere, author="")]


async def test_what_other_chats_have_stays_as_it_is(store: Store) -> None:
    await live(store, GROUP, "1", body="shared")
    kept = await live(store, OTHER, "2", body="shared")
    discord = await subscribe(store, Target("discord", GROUP.chat))
    before = [d for d in await store.deliveries.recent(100) if d.subscription == kept]
    await store.subscriptions.forget(GROUP, "1")
    assert await store.deliveries.recent(100) == before
    assert [s.author for s in await store.subscriptions.of(OTHER)] == ["2"]
    assert [m.subscription for m in await store.deliveries.missed()] == [kept]
    assert await store.subscriptions.of(discord.target) == [discord]


async def test_a_chat_that_moved_is_forgotten_under_its_old_id_too(store: Store) -> None:
    await live(store, OTHER, "1")
    await store.subscriptions.move(OTHER, GROUP, eq)
    assert await naming(store, "-200")
    await store.subscriptions.forget(GROUP)
    assert await naming(store, "-200") == []


async def test_of_a_subscription_that_was_ended_before_nothing_is_left_either(store: Store) -> None:
    ended = await live(store, GROUP, "1")
    await store.subscriptions.remove(ended)
    assert (await store.subscriptions.held(GROUP)).deliveries == 2
    await store.subscriptions.forget(GROUP)
    assert await naming(store, "-100777") == []
    assert await naming(store, "missed:") == []


async def test_an_empty_name_is_nobody_s(store: Store) -> None:
    await store.subscriptions.add(OTHER, WISH, NOW, "", NOW)
    assert await store.subscriptions.held(GROUP, "") == Held(0, 0, 0, 0)


async def test_it_asks_first_and_says_what_will_be_deleted(
    commands: CommandTable, parts: Service
) -> None:
    await ask(commands, "subscribe", "cv")
    await ask(commands, "post")
    owed = len(await parts.store.deliveries.recent(100))
    asked = await ask(commands, "forget")
    said = words(asked)
    assert "Delete what is stored about this chat?" in said
    assert f"Subscriptions: 1 Records of messages sent or to be sent: {owed} " in said
    assert len(await parts.store.subscriptions.of(CHAT)) == 1
    (button,) = actions(asked)
    assert (button.command, dict(button.arguments)) == ("forget", {"confirm": "yes"})
    done = await ask(commands, button.command, arguments=dict(button.arguments))
    assert "Deleted Subscriptions: 1" in words(done)
    assert await parts.store.deliveries.recent(100) == []
    assert "no subscription" in words(await ask(commands, "subscriptions"))


@pytest.mark.parametrize("line", ["confirm", "confirm=yes", "확인", "confirm=예"])
async def test_typing_that_it_is_meant_is_as_good_as_the_button(
    commands: CommandTable, parts: Service, line: str
) -> None:
    await ask(commands, "subscribe", "cv")
    await ask(commands, "forget", line)
    assert await parts.store.subscriptions.of(CHAT) == []


@pytest.mark.parametrize("line", ["", "please", "confirm=no", "confirm="])
async def test_anything_else_deletes_nothing(
    commands: CommandTable, parts: Service, line: str
) -> None:
    await ask(commands, "subscribe", "cv")
    await ask(commands, "forget", line)
    assert len(await parts.store.subscriptions.of(CHAT)) == 1


async def test_alone_a_person_is_forgotten_in_the_groups_too_and_a_manager_in_a_group_is_not(
    commands: CommandTable, parts: Service
) -> None:
    alone: dict[str, Any] = {"target": Target("fake", "@7"), "private": True, "manager": False}
    await ask(commands, "subscribe", "cv")
    group = Target("fake", "-200")
    await ask(commands, "subscribe", "llm", target=group)
    await ask(commands, "forget", "confirm", target=group)
    assert [s.author for s in await parts.store.subscriptions.of(CHAT)] == ["7"]
    asked = words(await ask(commands, "forget", **alone))
    assert "Delete what is stored about you?" in asked
    assert "subscriptions in other chats: 1" in asked
    await ask(commands, "forget", "confirm", **alone)
    assert [s.author for s in await parts.store.subscriptions.of(CHAT)] == [""]
    assert "Nothing is stored" in words(await ask(commands, "forget", **alone))


@pytest.mark.parametrize("line", ["", "confirm"])
async def test_in_a_group_only_managers_may(
    commands: CommandTable, parts: Service, line: str
) -> None:
    target = Target("telegram", "-5")
    await ask(commands, "subscribe", "cv", target=target)
    said = words(await ask(commands, "forget", line, target=target, manager=False))
    assert said.strip().startswith("Only ")
    assert len(await parts.store.subscriptions.of(target)) == 1


async def test_the_daily_post_does_not_come_to_a_chat_that_was_forgotten(
    commands: CommandTable, parts: Service
) -> None:
    for target in (CHAT, Target("fake", "-200")):
        await ask(commands, "subscribe", "cv", target=target)
    await ask(commands, "forget", "confirm")
    for _ in range(24):
        parts.world.now += timedelta(hours=1)
        await parts.beat()
    assert {delivery.target.chat for _, delivery in parts.chat.sent} == {"-200"}


async def test_what_is_being_sent_while_it_is_forgotten_ends_and_nothing_follows(
    commands: CommandTable, parts: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[datetime, Delivery]] = []

    async def send(delivery: Delivery) -> str:
        (row,) = await parts.store.deliveries.in_doubt("fake")
        assert row.state is State.SENDING
        await parts.store.subscriptions.forget(CHAT)
        sent.append((parts.world.now, delivery))
        return "m1"

    monkeypatch.setattr(parts.chat, "send", send)
    await ask(commands, "subscribe", "cv,llm")
    await ask(commands, "post")
    await parts.sender.drain()
    await parts.sender.drain()
    assert [delivery.part for _, delivery in sent] == ["parent"]
    assert await _deliveries(parts) == []


async def _deliveries(parts: Service) -> Sequence[Delivery]:
    return await parts.store.deliveries.recent(100)
