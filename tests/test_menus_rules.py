"""Who may change a subscription, where, how many there can be, and what a stale press is told."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from bot.commands import CommandTable
from bot.subscriptions import MAX_PER_PERSON
from bot.throttle import Throttle
from core.blocks import Action
from core.i18n import Phrase
from core.subscription import Subscription, Target, Wish
from tests.service import Service
from tests.test_commands import CHAT, NOON, actions, ask, commands, parts, words
from tests.test_menus import button, made, press, wish_of
from tests.test_throttle import FIVE_A_MINUTE

__all__ = ["commands", "made", "parts"]


@pytest.mark.parametrize("command", ["subscriptions", "unsubscribe"])
async def test_a_press_for_what_is_gone_is_answered_beside(
    commands: CommandTable, parts: Service, made: Subscription, command: str
) -> None:
    action = Action("", command, (("number", str(made.id)),))
    await ask(commands, "subscribe", "rl")
    await parts.store.subscriptions.remove(made.id)
    for _ in range(2):
        reply = await press(commands, action)
        assert reply.beside
        assert "does not exist any more" in words(reply.post)
        for one in await parts.store.subscriptions.of(CHAT):
            await parts.store.subscriptions.remove(one.id)


async def test_a_button_of_another_version_is_answered_beside(commands: CommandTable) -> None:
    reply = await press(commands, Action("", "vanished", (("x", "y"),)))
    assert reply.beside
    assert "earlier version" in words(reply.post)


async def test_a_press_of_somebody_who_may_not_changes_nothing(
    commands: CommandTable, parts: Service, made: Subscription
) -> None:
    target = Target("telegram", "-100")
    action = Action("", "subscriptions", (("number", "1"), ("time", "09:00")))
    reply = await press(commands, action, manager=False, target=target)
    assert reply.beside
    assert "Only administrators" in words(reply.post)
    assert await wish_of(parts, made) == made.wish


async def test_a_paused_subscription_can_be_resumed_or_ended_alone(
    commands: CommandTable, parts: Service, made: Subscription
) -> None:
    await parts.store.subscriptions.pause(
        made.id, Phrase("pause.told", reason="The bot was blocked.")
    )
    listed = await ask(commands, "subscriptions")
    assert "Paused: The bot was blocked." in words(listed)
    resume, ending = actions(listed)
    assert ending.command == "unsubscribe"
    assert "Resumed" in words((await press(commands, resume)).post)
    found = await parts.store.subscriptions.get(made.id)
    assert found
    assert not found.paused


async def test_in_a_forum_s_thread_the_forum_is_subscribed_or_the_thread_instead(
    commands: CommandTable, parts: Service
) -> None:
    forum, thread = Target("fake", "-300"), Target("fake", "-300", "5")
    there: dict[str, Any] = {"target": thread, "forum": forum}
    post = await ask(commands, "subscribe", "cv", **there)
    assert "This forum gets the digest" in words(post)
    assert [s.target for s in await parts.store.subscriptions.all_active()] == [forum]
    here = button(post, "In this thread instead")
    moved = (await press(commands, here, **there)).post
    assert "#papers gets the digest" in words(moved)
    (only,) = await parts.store.subscriptions.all_active()
    assert (only.target, only.wish.categories) == (thread, ("cv",))
    await ask(commands, "subscribe", "rl", **there)
    listed = await ask(commands, "subscriptions", **there)
    assert len(listed.messages) == 2
    await ask(commands, "subscribe", arguments={"categories": "llm", "place": "here"}, **there)
    assert len(await parts.store.subscriptions.of(thread)) == 2


async def test_where_the_bot_is_not_it_is_said_before_anything_is_subscribed(
    commands: CommandTable, parts: Service
) -> None:
    there: dict[str, Any] = {"elsewhere": True, "private": True}
    asked = await ask(commands, "subscribe", arguments={"categories": "cv"}, **there)
    assert "I am not in this channel" in words(asked)
    assert await parts.store.subscriptions.all_active() == []
    (to_me,) = actions(asked)
    assert "Subscribed" in words((await press(commands, to_me, **there)).post)
    (made,) = await parts.store.subscriptions.all_active()
    assert made.wish.categories == ("cv",)


async def test_one_person_makes_so_many_subscriptions_and_no_more(
    commands: CommandTable, parts: Service
) -> None:
    for number in range(MAX_PER_PERSON):
        target = Target("fake", f"-{number}")
        await parts.store.subscriptions.add(target, Wish("en", time(11), "UTC"), NOON, "7", NOON)
    assert f"You have made {MAX_PER_PERSON} subscriptions" in words(
        await ask(commands, "subscribe", "cv")
    )
    assert await parts.store.subscriptions.of(CHAT) == []
    assert "Subscribed" in words(await ask(commands, "subscribe", "cv", person="8"))


@pytest.mark.usefixtures("made")
async def test_in_a_menu_one_presses_faster_than_one_asks(commands: CommandTable) -> None:
    strict = CommandTable(
        commands.desk, Throttle([FIVE_A_MINUTE]), Throttle([replace(FIVE_A_MINUTE, requests=9)])
    )
    choosing = Action("", "subscriptions", (("number", "1"), ("categories", "+rl")))
    replies = [await press(strict, choosing) for _ in range(10)]
    assert [reply.beside for reply in replies] == [False] * 9 + [True]
    assert "rest" in words(replies[-1].post)
    assert "rest" not in words(await ask(strict, "digest", "cv"))
