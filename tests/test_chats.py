"""The whole way of a day: the real program between both chats, over real sockets."""

import re
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.emulators.discord_faults import Fault as DiscordFault
from tests.emulators.discord_world import Message as DiscordMessage
from tests.emulators.telegram_world import Chat, User
from tests.program import Chats, chats
from tests.test_live import run

# Half past nine in Seoul: the listing is out since nine, the post is due at eleven.
MORNING = "2025-07-15T00:30"
DUE = "2025-07-15T02:00:05"
LATER = "2025-07-15T02:30"
PNG = b"\x89PNG"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Chats]:
    async with chats(tmp_path) as found:
        yield found


class People:
    """Who lives in the Telegram chats."""

    def __init__(self, here: Chats) -> None:
        world = here.telegram.world
        self.mina: User = world.user("Mina", language_code="en")
        self.alone: Chat = world.private(self.mina)
        self.group: Chat = world.group("Papers", members=[self.mina], admins=[self.mina])


def rows(here: Chats, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(here.program.folder / "paperround.db")) as database:
        return database.execute(query).fetchall()


def words(message: DiscordMessage) -> str:
    """What an answer says, its Markdown escapes taken away."""
    said = " ".join(f"{e.get('title', '')} {e.get('description', '')}" for e in message.embeds)
    return re.sub(r"\\(?=\W)", "", said)


def footers(messages: list[DiscordMessage]) -> list[str]:
    return [embed["footer"]["text"] for m in messages for embed in m.embeds]


async def subscribed(here: Chats, people: People) -> None:
    """A channel, a group and a private chat subscribe by their commands."""
    made = await here.discord.command("subscribe", {"language": "en"}, user=here.discord.owner)
    assert "gets the digest every day at 11:00" in words(await made.answer())
    for chat in (people.group, people.alone):
        await here.telegram.say(chat, people.mina, "/subscribe language=en")
        await here.telegram.wait_for(partial(here.telegram.messages, chat))
        assert "Subscribed" in here.telegram.messages(chat)[-1].text


async def test_the_hour_comes_and_both_chats_have_their_thread(here: Chats) -> None:
    people = People(here)
    await here.start(MORNING)
    await subscribed(here, people)
    await here.program.stop()
    await here.start(DUE)
    (thread,) = await here.discord.wait_for(
        lambda: here.discord.threads(here.discord.text), "a thread"
    )
    await here.discord.wait_for(lambda: len(here.discord.messages(thread)) == 2, "the categories")
    replies = here.discord.messages(thread)
    (parent,) = here.discord.messages(here.discord.text)
    assert "12 new papers" in words(parent)
    assert parent.files[0].content.startswith(PNG)
    assert [line.split(" · ", 1)[1] for line in footers(replies)] == [
        "2025-07-15 · cv · 1/1",
        "2025-07-15 · robotics · 1/1",
    ]
    assert "Sources" in words(replies[0])
    assert here.discord.pings == []
    await here.telegram.wait_for(lambda: len(here.telegram.messages(people.group)) == 4)
    _, photo, *silent = here.telegram.messages(people.group)
    assert photo.photo
    assert not photo.silent
    assert [m.silent for m in silent] == [True, True]
    assert [m.reply_to for m in silent] == [photo.id, photo.id]
    assert "Image segmentation" in silent[0].text
    await here.telegram.wait_for(lambda: len(here.telegram.messages(people.alone)) == 2)
    await here.program.stop()
    assert rows(here, "SELECT DISTINCT state FROM deliveries") == [("sent",)]


async def test_a_private_chat_gets_one_message_and_a_press_brings_the_category(
    here: Chats,
) -> None:
    people = People(here)
    await here.start(MORNING)
    await here.telegram.say(people.alone, people.mina, "/subscribe language=en")
    await here.telegram.wait_for(lambda: here.telegram.messages(people.alone))
    await here.program.stop()
    await here.start(DUE)
    await here.telegram.wait_for(lambda: len(here.telegram.messages(people.alone)) == 2)
    post = here.telegram.messages(people.alone)[-1]
    assert post.photo
    labels = [button["text"] for button in post.buttons]
    assert [label.split()[-1] for label in labels[:2]] == ["papers", "papers"]
    press = here.telegram.press(post, labels[0], people.mina)
    await press.answered()
    await here.telegram.wait_for(lambda: len(here.telegram.messages(people.alone)) == 3)
    category = here.telegram.messages(people.alone)[-1]
    assert "Image segmentation" in category.text
    assert here.telegram.messages(people.alone)[1].buttons == post.buttons
    await here.program.stop()


async def test_a_command_is_acknowledged_and_answered_with_its_sources(here: Chats) -> None:
    await here.start(LATER)
    asked = await here.discord.command("digest", {"category": "vision"})
    assert await asked.acknowledged() == 5
    answer = await asked.answer()
    assert answer.ephemeral
    assert "Computer Vision" in words(answer)
    assert "https://arxiv.org/" in words(answer)
    choices = await here.discord.autocomplete("digest", "category", "rob")
    found = await choices.choices()
    assert found[0]["value"] == "robotics"
    unknown = await here.discord.command("digest", {"category": "vison xyz"})
    offered = await unknown.answer()
    assert "There is no category" in words(offered)
    pressed = await here.discord.press(offered, offered.components[0]["components"][0]["label"])
    assert (await pressed.answer()).embeds
    await here.program.stop()


async def test_who_subscribes_gets_the_next_post_and_who_ends_it_does_not(here: Chats) -> None:
    await here.start(LATER)
    discord = here.discord
    await (await discord.command("subscribe", {"categories": "cv"}, user=discord.owner)).answer()
    posted = await discord.command("post", user=discord.owner)
    assert "on its way" in words(await posted.answer())
    await discord.wait_for(lambda: discord.threads(discord.text), "the thread")
    ended = await discord.command("unsubscribe", user=discord.owner)
    assert "ended" in words(await ended.answer())
    again = await discord.command("post", {"again": True}, user=discord.owner)
    assert "no subscription" in words(await again.answer())
    assert len(discord.messages(discord.text)) == 1
    await here.program.stop()


async def test_a_restart_keeps_everything_and_repeats_nothing(here: Chats) -> None:
    people = People(here)
    await here.start(MORNING)
    await subscribed(here, people)
    await here.program.stop()
    await here.start(DUE)
    await here.telegram.wait_for(lambda: len(here.telegram.messages(people.alone)) == 2)
    await here.telegram.wait_for(lambda: len(here.telegram.messages(people.group)) == 4)
    await here.discord.wait_for(
        lambda: (
            here.discord.threads(here.discord.text)
            and len(here.discord.messages(here.discord.threads(here.discord.text)[0])) == 2
        ),
        "the categories",
    )
    await here.program.stop()
    await here.start(LATER)
    listed = await here.discord.command("subscriptions", user=here.discord.owner)
    assert "Subscription #1" in words(await listed.answer())
    assert len(here.discord.messages(here.discord.text)) == 1
    assert len(here.telegram.messages(people.group)) == 4
    assert len(here.telegram.messages(people.alone)) == 2
    await here.program.stop()


async def test_only_managers_change_what_a_group_gets(here: Chats) -> None:
    people = People(here)
    guest = here.telegram.world.user("Guest", language_code="ko")
    people.group.members[guest.id] = here.telegram.world.group("x", members=[guest]).members[
        guest.id
    ]
    await here.start(LATER)
    await here.telegram.say(people.group, guest, "/subscribe cv")
    await here.telegram.wait_for(lambda: here.telegram.messages(people.group))
    assert "관리자만" in here.telegram.messages(people.group)[-1].text
    assert rows(here, "SELECT count(*) FROM subscriptions WHERE platform = 'telegram'") == [(0,)]
    await here.program.stop()


async def test_either_token_may_be_missing_and_a_bad_one_leaves_the_other_at_work(
    here: Chats,
) -> None:
    await here.program.start(LATER, TELEGRAM_TOKEN="")
    assert '"setting": "TELEGRAM_TOKEN"' in here.program.log
    await here.program.stop()
    await here.program.start(LATER, TELEGRAM_TOKEN="654321:WRONG")
    await here.discord.ready()
    assert "TELEGRAM_TOKEN: Telegram does not know this token" in here.program.log
    asked = await here.discord.command("digest", {"category": "cv"})
    assert (await asked.answer()).embeds
    await here.program.stop()
    await here.program.start(LATER, DISCORD_TOKEN="wrong")
    assert "DISCORD_TOKEN: Discord does not know this token" in here.program.log
    await here.program.stop()
    for secret in ("654321:WRONG", "123456:TEST", here.discord.token):
        assert secret not in here.program.log


async def test_a_channel_that_may_not_be_written_pauses_with_words_and_stops_nothing(
    here: Chats,
) -> None:
    people = People(here)
    await here.start(MORNING)
    await subscribed(here, people)
    await here.program.stop()
    here.discord.forbid(here.discord.text, "SEND_MESSAGES")
    here.telegram.remove_bot(people.group, people.mina)
    await here.start(DUE)
    await here.telegram.wait_for(lambda: len(here.telegram.messages(people.alone)) == 2)
    paused = "SELECT platform FROM subscriptions WHERE paused <> '' ORDER BY platform"
    await here.discord.wait_for(lambda: True, "nothing")
    await here.telegram.wait_for(lambda: True)
    await here.program.stop()
    assert rows(here, paused) == [("discord",), ("telegram",)]
    assert here.program.events("beat failed") == 0


async def test_garbage_is_answered_and_the_service_goes_on(here: Chats) -> None:
    people = People(here)
    await here.start(LATER)
    garbage = [
        "/digest =",
        "/digest \u202e@everyone <b>",
        "/subscribe time=99:99",
        "/nothing",
        "/why x=y",
    ]
    for text in garbage:
        await here.telegram.say(people.alone, people.mina, text)
    await here.telegram.wait_for(lambda: len(here.telegram.messages(people.alone)) == len(garbage))
    await here.telegram.say(people.alone, people.mina, "/digest cv")
    await here.telegram.wait_for(
        lambda: "Computer Vision" in here.telegram.messages(people.alone)[-1].text
    )
    assert "Traceback" not in here.program.log
    await here.program.stop()


async def test_missing_permissions_are_named_when_somebody_subscribes(here: Chats) -> None:
    await here.start(LATER)
    here.discord.forbid(here.discord.text, "CREATE_PUBLIC_THREADS ATTACH_FILES")
    made = await here.discord.command("subscribe", user=here.discord.owner)
    said = words(await made.answer())
    assert "Create Public Threads" in said
    assert "Attach Files" in said
    assert "#papers gets the digest" in said
    await here.program.stop()


async def test_bad_tokens_are_told_before_anything_is_written(here: Chats) -> None:
    people = People(here)
    await here.start(MORNING)
    await subscribed(here, people)
    await here.program.stop()
    settings = {**here.program.settings, "DISCORD_TOKEN": "bad", "TELEGRAM_TOKEN": "1:bad"}
    done = await run(
        *(sys.executable, "-m", "bot", "post", "--date", "2025-07-15", "--again"),
        folder=here.program.folder,
        **settings,
    )
    assert done.code == 2
    assert done.err.startswith("paperround: DISCORD_TOKEN: Discord does not know this token")
    assert rows(here, "SELECT count(*) FROM deliveries") == [(0,)]


async def test_two_that_say_the_same_in_one_channel_are_told_apart_after_a_crash(
    here: Chats,
) -> None:
    await here.start(MORNING)
    for exclude in ("", "zzzz"):
        options = {"language": "en", "exclude": exclude} if exclude else {"language": "en"}
        asked = await here.discord.command("subscribe", options, user=here.discord.owner)
        await asked.answer()
    await here.program.stop()
    # The second parent's send hangs: nothing is accepted.
    here.discord.faults.append(DiscordFault.parse("stall,nth=4,method=POST,path=*/messages"))
    await here.program.start(DUE)
    sending = "SELECT count(*) FROM deliveries WHERE state = 'sending'"
    await here.discord.wait_for(
        lambda: sum(r.path.endswith("/messages") for r in here.discord.requests) >= 4, "the fourth"
    )
    assert here.program.process
    here.program.process.kill()
    await here.program.process.wait()
    assert rows(here, sending) != [(0,)]
    here.discord.faults.clear()
    await here.program.start(DUE)
    await here.discord.wait_for(
        lambda: (
            [
                len(here.discord.messages(thread))
                for thread in here.discord.threads(here.discord.text)
            ]
            == [2, 2]
        ),
        "two whole threads",
    )
    assert len(here.discord.messages(here.discord.text)) == 2
    await here.program.stop()
