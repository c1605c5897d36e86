"""Posts that were sent, corrected, with their names leading to the replies."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.base import RefusedError, TransientError, UnknowableError
from core.blocks import Image, Items, Jump, Message, Paragraph, Post, Text
from core.delivery import Delivery
from core.subscription import Target
from tests.discord_adapter import CHART, POST, Bot, category, running
from tests.emulators.discord_faults import Fault
from tests.emulators.discord_world import Message as Sent

CONTENTS = Items(
    (
        (Text("✈️ "), Jump("Vision", "cv"), Text(" 4")),
        (Text("🥳 "), Jump("LLM", "llm"), Text(" 4")),
    )
)
PARENT = Message(
    "parent",
    "AI paper digest",
    "#5865f2",
    (Paragraph((Text("8 papers"),)), CONTENTS, Image("", "Papers: 4", CHART)),
)
LINKED = replace(POST, parent=PARENT, replies=(category("cv"), category("llm")))
EDITS = "method=PATCH,path=*/messages/*"


def links(sent: list[Delivery]) -> dict[str, str]:
    return {one.part: one.message_id for one in sent[1:]}


def standing(bot: Bot, parent: Delivery) -> Sent:
    for channel in bot.server.world.channels.values():
        if (found := channel.messages.get(int(parent.message_id))) and found.type != 21:
            return found
    raise AssertionError("it is gone")


def edits(bot: Bot) -> int:
    return sum(
        asked.method == "PATCH" and "/messages/" in asked.path for asked in bot.server.requests
    )


def corrected(parent: Delivery) -> Delivery:
    return replace(parent, body=parent.body.replace("8 papers", "9 papers"))


def description(*, guild: str, thread: str, sent: list[Delivery], papers: int = 8) -> str:
    at = f"https://discord.com/channels/{guild}/{thread}"
    return (
        f"{papers} papers\n\n✈️ [Vision]({at}/{sent[1].message_id}) 4\u2003"
        f"🥳 [LLM]({at}/{sent[2].message_id}) 4"
    )


@pytest.mark.parametrize("connect", [True, False])
@pytest.mark.parametrize("where", ["text", "news", "forum"])
async def test_each_name_leads_to_its_message_in_the_thread(where: str, connect: bool) -> None:  # noqa: FBT001
    async with running(connect=connect) as bot:
        sent = await bot.post(Target("discord", str(getattr(bot.server, where).id)), LINKED)
        assert (
            standing(bot, sent[0])
            .embeds[0]["description"]
            .startswith("8 papers\n\n✈️ Vision 4\u2003🥳")
        )
        files = list(standing(bot, sent[0]).files)
        await bot.adapter.amend(sent[0], links(sent))
        parent = standing(bot, sent[0])
        guild, thread = str(bot.server.home.id), sent[0].message_id
        assert parent.embeds[0]["description"] == description(guild=guild, thread=thread, sent=sent)
        # Files that are not named stay, and the picture is the one that was sent.
        assert parent.files == files
        assert parent.embeds[0]["image"]["url"] == files[0].url
        assert bot.server.pings == []


async def test_nothing_is_edited_that_reads_so_already() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel, LINKED)
        await bot.adapter.amend(sent[0], {})
        assert edits(bot) == 0
        await bot.adapter.amend(sent[0], links(sent))
        await bot.adapter.amend(sent[0], links(sent))
        assert edits(bot) == 1
        await bot.adapter.amend(sent[1], links(sent))
        assert edits(bot) == 1


async def test_a_corrected_line_is_shown_and_the_links_stay() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel, LINKED)
        await bot.adapter.amend(sent[0], links(sent))
        await bot.adapter.amend(corrected(sent[0]), links(sent))
        assert standing(bot, sent[0]).embeds[0]["description"] == description(
            guild=str(bot.server.home.id), thread=sent[0].message_id, sent=sent, papers=9
        )


async def test_a_name_without_a_message_stays_plain() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel, LINKED)
        await bot.adapter.amend(sent[0], {"cv": sent[1].message_id})
        assert standing(bot, sent[0]).embeds[0]["description"].endswith("🥳 LLM 4")


async def test_an_amended_post_is_still_found() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel, LINKED)
        await bot.adapter.amend(sent[0], links(sent))
        assert await bot.adapter.find(sent[0]) == sent[0].message_id


async def test_a_reply_in_its_thread_is_corrected_there() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel, LINKED)
        bot.server.change_thread(bot.server.threads(bot.server.text)[0], archived=True)
        changed = replace(sent[1], body=sent[1].body.replace("A method", "Another method"))
        await bot.adapter.amend(changed, {})
        assert "Another method" in standing(bot, sent[1]).embeds[0]["description"]


async def test_a_chart_that_was_never_sent_is_not_asked_for() -> None:
    async with running() as bot:
        bot.draw.fails = True
        sent = await bot.post(bot.channel, LINKED)
        await bot.adapter.amend(sent[0], links(sent))
        assert "image" not in standing(bot, sent[0]).embeds[0]


async def test_a_person_s_message_and_one_in_a_thread_are_corrected_where_they_are() -> None:
    async with running() as bot:
        (direct,) = await bot.post(bot.person, LINKED)
        await bot.adapter.amend(corrected(direct), {"cv": "1"})
        home = bot.server.direct(bot.server.reader).id
        assert (
            standing(bot, direct)
            .embeds[0]["description"]
            .startswith(f"9 papers\n\n✈️ [Vision](https://discord.com/channels/@me/{home}/1)")
        )
        await bot.post(bot.channel)
        thread = bot.server.threads(bot.server.text)[0]
        target = Target("discord", str(bot.server.text.id), str(thread.id))
        sent = await bot.post(target, LINKED, subscription=18)
        bot.server.change_thread(thread, archived=True)
        await bot.adapter.amend(sent[0], links(sent))
        assert standing(bot, sent[0]).embeds[0]["description"] == description(
            guild=str(bot.server.home.id), thread=str(thread.id), sent=sent
        )


async def test_what_may_not_be_read_is_edited_all_the_same() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel, LINKED)
        bot.server.forbid(bot.server.text, "READ_MESSAGE_HISTORY")
        await bot.adapter.amend(sent[0], links(sent))
        assert "](https://discord.com" in standing(bot, sent[0]).embeds[0]["description"]


async def test_what_is_deleted_or_locked_can_never_be_corrected() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel, LINKED)
        thread = bot.server.threads(bot.server.text)[0]
        bot.server.change_thread(thread, archived=True, locked=True)
        changed = replace(sent[1], body=sent[1].body.replace("A method", "Another method"))
        with pytest.raises(UnknowableError, match="archived"):
            await bot.adapter.amend(changed, {})
        bot.server.delete_message(standing(bot, sent[0]))
        with pytest.raises(UnknowableError, match="deleted"):
            await bot.adapter.amend(sent[0], links(sent))
        bot.server.delete_channel(bot.server.text)
        with pytest.raises(RefusedError, match="The channel is gone"):
            await bot.adapter.amend(sent[0], links(sent))


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        ("status:503", timedelta(seconds=30)),
        ("drop_after", timedelta(seconds=30)),
        ("status:429,retry_after=200", timedelta(seconds=200)),
    ],
)
async def test_an_edit_that_fails_is_to_be_made_later(fault: str, wait: timedelta) -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel, LINKED)
        bot.server.faults.append(Fault.parse(f"{fault},{EDITS},first=1"))
        with pytest.raises(TransientError) as caught:
            await bot.adapter.amend(sent[0], links(sent))
        assert caught.value.retry_after == wait
        await bot.adapter.amend(sent[0], links(sent))
        assert edits(bot) == (1 if fault == "drop_after" else 2)


async def test_a_body_of_before_there_were_links_is_left_plain() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel, LINKED)
        old = json.loads(sent[0].body)
        del old["jumps"]
        await bot.adapter.amend(replace(sent[0], body=json.dumps(old)), links(sent))
        assert edits(bot) == 0


async def test_a_person_is_told_without_a_sound() -> None:
    post = Post("", "en", Message("note", "T", "", (Paragraph((Text("It is paused."),)),)))
    async with running("drop_after,path=*/messages,first=1") as bot:
        await bot.adapter.tell(str(bot.server.reader.id), post)
        await bot.adapter.tell(str(bot.server.reader.id), post)
        (message,) = bot.server.messages(bot.server.direct(bot.server.reader))
        assert message.embeds[0]["description"] == "It is paused."
        assert message.flags & 1 << 12


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("blocked", (RefusedError, "takes no direct messages")),
        ("left", (RefusedError, "share no server")),
        ("status:503", (TransientError, "does not answer")),
        ("drop_after", (TransientError, "does not answer")),
        ("status:400", (UnknowableError, "does not take this message")),
    ],
)
async def test_a_person_who_cannot_be_told_is_said(
    trouble: str, said: tuple[type[Exception], str]
) -> None:
    post = Post("", "en", Message("note", "T", "", (Paragraph((Text("It is paused."),)),)))
    async with running() as bot:
        if trouble == "blocked":
            bot.server.block(bot.server.reader)
        elif trouble == "left":
            bot.server.remove_bot(bot.server.home)
        else:
            bot.server.faults.append(Fault.parse(f"{trouble},path=*/messages"))
        with pytest.raises(said[0], match=said[1]):
            await bot.adapter.tell(str(bot.server.reader.id), post)
    async with running() as bot:
        with pytest.raises(RefusedError, match="no such person"):
            await bot.adapter.tell("1", post)
