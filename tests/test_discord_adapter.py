"""Posts on their way to Discord: threads, pictures, repeats, refusals and being found again."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.adapters.base import Adapter, RefusedError, SendError, TransientError
from bot.delivery import Sender
from core.blocks import BarChart, DayChart
from core.subscription import Target
from tests.discord_adapter import PNG, POST, Bot, running
from tests.emulators.discord_faults import Fault
from tests.emulators.discord_world import Channel, Message

MESSAGES = "method=POST,path=*/messages"


def thread_of(bot: Bot) -> Channel:
    (thread,) = bot.server.threads(bot.server.text)
    return thread


def titles(messages: list[Message]) -> list[str]:
    return [message.embeds[0]["title"] for message in messages]


async def test_a_daily_post_is_a_parent_with_its_chart_and_a_thread_of_categories() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel)
        (parent,) = bot.server.messages(bot.server.text)
        assert sent[0].message_id == str(parent.id)
        assert parent.embeds[0]["description"] == "4 papers \\@everyone"
        assert parent.embeds[0]["footer"]["text"] == "2025-07-15 · parent · 1/1"
        assert parent.files[0].content == PNG
        assert parent.files[0].description == "Papers: 4"
        assert parent.embeds[0]["image"]["width"] == 4
        thread = thread_of(bot)
        assert (thread.id, thread.name) == (parent.id, "2025-07-15 · 4 AI papers")
        replies = bot.server.messages(thread)
        assert titles(replies) == ["cv · 4", "llm · 4"]
        assert [m.files[0].content for m in replies] == [PNG, PNG]
        assert [d.message_id for d in sent[1:]] == [str(m.id) for m in replies]
        assert bot.server.pings == []
        assert [type(chart) for chart in bot.draw.asked] == [BarChart, DayChart, DayChart]


async def test_only_the_parent_makes_a_sound() -> None:
    async with running() as bot:
        await bot.post(bot.channel)
        (parent,) = bot.server.messages(bot.server.text)
        silent = 1 << 12
        assert not parent.flags & silent
        assert all(m.flags & silent for m in bot.server.messages(thread_of(bot)))


async def test_a_chart_is_drawn_once_for_all_who_get_it() -> None:
    async with running() as bot:
        await asyncio.gather(bot.post(bot.channel), bot.post(bot.channel, issue=2))
        assert len(bot.draw.asked) == 3


async def test_a_post_whose_chart_cannot_be_drawn_comes_without_it() -> None:
    async with running() as bot:
        bot.draw.fails = True
        await bot.post(bot.channel)
        (parent,) = bot.server.messages(bot.server.text)
        assert parent.files == []
        assert "image" not in parent.embeds[0]


async def test_the_same_delivery_twice_is_one_message() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel)
        assert [await bot.adapter.send(delivery) for delivery in sent] == [
            delivery.message_id for delivery in sent
        ]
        assert len(bot.server.messages(bot.server.text)) == 1
        assert len(bot.server.messages(thread_of(bot))) == 2


async def test_a_thread_that_a_crash_left_unmade_is_made_with_the_reply() -> None:
    async with running() as bot:
        parent, first, _ = bot.owed(bot.channel)
        number = await bot.adapter.send(parent)
        assert bot.server.threads(bot.server.text) == []
        # Made, but the answer lost: it exists when it is asked for again.
        bot.server.faults.append(Fault.parse("drop_after,path=*/threads,first=1"))
        reply = replace(first, reply_to=number)
        with pytest.raises(TransientError, match="Discord does not answer"):
            await bot.adapter.send(reply)
        await bot.adapter.send(reply)
        assert titles(bot.server.messages(thread_of(bot))) == ["cv · 4"]


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
async def test_a_lost_answer_is_asked_for_again_and_the_message_stands_once(fault: str) -> None:
    async with running(f"{fault},{MESSAGES},first=2") as bot:
        parent = bot.owed(bot.channel)[0]
        number = await bot.adapter.send(parent)
        assert [str(m.id) for m in bot.server.messages(bot.server.text)] == [number]


async def test_an_answer_lost_again_and_again_leaves_it_in_doubt_and_then_found() -> None:
    async with running(f"drop_after,{MESSAGES}") as bot:
        parent = bot.owed(bot.channel)[0]
        with pytest.raises(Exception, match="disconnected") as caught:
            await bot.adapter.send(parent)
        assert not isinstance(caught.value, SendError)
        (message,) = bot.server.messages(bot.server.text)
        assert await bot.adapter.find(parent) == str(message.id)


async def test_an_answer_that_never_comes_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.adapters.discord_rest._SECONDS", 0.2)
    async with running(f"stall_after,{MESSAGES},first=1") as bot:
        await bot.adapter.send(bot.owed(bot.channel)[0])
        assert len(bot.server.messages(bot.server.text)) == 1


async def test_a_server_error_leaves_it_in_doubt_and_passes() -> None:
    async with running(f"status:503,{MESSAGES},first=1") as bot:
        parent = bot.owed(bot.channel)[0]
        with pytest.raises(Exception, match="503") as caught:
            await bot.adapter.send(parent)
        assert not isinstance(caught.value, SendError)
        assert await bot.adapter.find(parent) is None
        await bot.adapter.send(parent)


async def test_a_single_500_is_asked_again_at_once() -> None:
    async with running(f"status:500,{MESSAGES},first=1") as bot:
        await bot.adapter.send(bot.owed(bot.channel)[0])


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        ("status:429,retry_after=200,scope=shared", timedelta(seconds=200)),
        ("banned", timedelta(minutes=1)),
    ],
)
async def test_a_long_rate_limit_is_waited_out_by_the_sender(fault: str, wait: timedelta) -> None:
    async with running(f"{fault},{MESSAGES},first=1") as bot:
        parent = bot.owed(bot.channel)[0]
        with pytest.raises(TransientError, match="too many requests") as caught:
            await bot.adapter.send(parent)
        assert caught.value.retry_after == wait


async def test_a_slow_thread_creation_is_waited_out_too() -> None:
    async with running("status:429,retry_after=250,scope=shared,path=*/threads,first=1") as bot:
        with pytest.raises(TransientError) as caught:
            await bot.post(bot.channel)
        assert caught.value.retry_after == timedelta(seconds=250)
        assert len(bot.server.messages(bot.server.text)) == 1


async def test_an_announcement_channel_has_its_thread_too() -> None:
    async with running() as bot:
        await bot.post(Target("discord", str(bot.server.news.id)))
        (thread,) = bot.server.threads(bot.server.news)
        assert len(bot.server.messages(thread)) == 2


async def test_an_archived_thread_takes_its_replies() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel)
        bot.server.change_thread(thread_of(bot), archived=True)
        await bot.adapter.send(replace(sent[1], issue=2))
        assert len(bot.server.messages(thread_of(bot))) == 3


async def test_in_a_thread_the_replies_are_plain_messages_there() -> None:
    async with running() as bot:
        await bot.post(bot.channel)
        thread = thread_of(bot)
        target = Target("discord", str(bot.server.text.id), str(thread.id))
        sent = await bot.post(target, subscription=18)
        found = bot.server.messages(thread)[2:]
        assert titles(found) == ["AI paper digest", "cv · 4", "llm · 4"]
        assert [m.reference for m in found] == [None, found[0].id, found[0].id]
        assert [m.mentions for m in found] == [[], [], []]
        assert [await bot.adapter.find(d) for d in sent] == [str(m.id) for m in found]


async def test_without_the_right_to_read_replies_in_a_thread_come_unlinked() -> None:
    async with running() as bot:
        await bot.post(bot.channel)
        thread = thread_of(bot)
        bot.server.forbid(bot.server.text, "READ_MESSAGE_HISTORY")
        await bot.post(Target("discord", str(bot.server.text.id), str(thread.id)), issue=2)
        assert len(bot.server.messages(thread)) == 5


async def test_a_person_gets_one_message_with_buttons() -> None:
    async with running() as bot:
        assert bot.adapter.is_private(bot.person)
        (sent,) = await bot.post(bot.person)
        (message,) = bot.server.messages(bot.server.direct(bot.server.reader))
        assert sent.message_id == str(message.id)
        assert [b["label"] for b in message.components[0]["components"]] == ["cv · 4", "llm · 4"]
        assert await bot.adapter.find(sent) == sent.message_id


@pytest.mark.parametrize("how", ["blocks", "left"])
async def test_a_person_who_takes_no_messages_refuses(how: str) -> None:
    async with running() as bot:
        if how == "blocks":
            bot.server.block(bot.server.reader)
        else:
            bot.server.remove_bot(bot.server.home)
        with pytest.raises(RefusedError, match="person"):
            await bot.post(bot.person)


async def test_nobody_is_a_person_that_is_gone() -> None:
    async with running() as bot:
        with pytest.raises(RefusedError, match="no such person"):
            await bot.post(Target("discord", "@1"))


async def test_an_opened_conversation_whose_answer_is_lost_is_opened_again() -> None:
    async with running("drop_after,path=/users/@me/channels,first=1") as bot:
        with pytest.raises(TransientError):
            await bot.post(bot.person)
        await bot.post(bot.person)


async def test_a_server_that_is_gone_is_out_of_reach() -> None:
    async with running() as bot:
        parent = bot.owed(bot.channel)[0]
        await bot.server.stop()
        # The connection from before may have taken the message with it.
        with pytest.raises(Exception, match=r".") as caught:
            await bot.adapter.send(parent)
        assert not isinstance(caught.value, RefusedError)
        with pytest.raises(TransientError, match="out of reach") as caught:
            await bot.adapter.send(parent)
        assert caught.value.retry_after


async def test_the_token_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with running(f"drop_after,{MESSAGES},first=1", connect=True) as bot:
        await bot.post(bot.channel)
        await (await bot.server.command("digest")).answer()
        assert bot.server.token not in caplog.text
        assert caplog.text


async def test_the_adapter_is_what_a_sender_needs() -> None:
    async with running() as bot:
        adapter: Adapter = bot.adapter
        unused: Any = None
        assert Sender(unused, adapter, unused).adapter.at_once == 10
        assert adapter.platform == "discord"
        assert len(adapter.freeze(POST, private=False)) == 3


async def test_where_there_can_be_no_thread_replies_are_linked() -> None:
    async with running() as bot:
        direct = bot.server.direct(bot.server.reader)
        parent, *replies = await bot.post(Target("discord", str(direct.id)))
        found = bot.server.messages(direct)
        assert [str(m.reference) for m in found[1:]] == [parent.message_id] * 2
        assert [await bot.adapter.find(d) for d in replies] == [d.message_id for d in replies]
