"""Messages that a crash left in doubt, recognised in what Discord has."""

from dataclasses import replace

import pytest

from bot.adapters.base import TransientError, UnknowableError
from core.subscription import Target
from tests.discord_adapter import embed_of, running
from tests.emulators.discord_faults import Fault


async def test_a_message_is_found_long_after_its_nonce_is_forgotten() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel)
        bot.server.clock.advance(bot.server.world.nonce_window + 3600)
        for n in range(250):
            bot.server.say(bot.server.text, bot.server.reader, f"talk {n}")
        assert [await bot.adapter.find(d) for d in sent] == [d.message_id for d in sent]


async def test_what_was_not_sent_is_not_found() -> None:
    async with running() as bot:
        parent, first, second = bot.owed(bot.channel)
        assert await bot.adapter.find(parent) is None
        number = await bot.adapter.send(parent)
        assert await bot.adapter.find(replace(first, reply_to=number)) is None
        await bot.adapter.send(replace(first, reply_to=number))
        assert await bot.adapter.find(replace(second, reply_to=number)) is None


async def test_another_issue_and_another_s_message_are_not_taken_for_it() -> None:
    async with running() as bot:
        parent = bot.owed(bot.channel)[0]
        number = await bot.adapter.send(parent)
        again = replace(parent, issue=2)
        assert await bot.adapter.find(again, {number}) is None
        second = await bot.adapter.send(again)
        assert second != number
        assert await bot.adapter.find(again, {number}) == second
        assert await bot.adapter.find(parent, {second}) == number
        other = bot.server.say(bot.server.news, bot.server.owner, "")
        other.embeds = [embed_of(parent)]
        news = replace(parent, target=Target("discord", str(bot.server.news.id)))
        assert await bot.adapter.find(news) is None


async def test_a_history_that_may_not_be_read_says_nothing() -> None:
    async with running() as bot:
        parent = bot.owed(bot.channel)[0]
        bot.server.forbid(bot.server.text, "READ_MESSAGE_HISTORY")
        assert await bot.adapter.find(parent) is None
        await bot.adapter.send(parent)
        with pytest.raises(UnknowableError, match="Read Message History"):
            await bot.adapter.find(parent)


@pytest.mark.parametrize("fault", ["drop_before", "status:503", "banned"])
async def test_what_cannot_be_read_now_is_looked_for_later(fault: str) -> None:
    async with running() as bot:
        (sent, *_) = await bot.post(bot.channel)
        # A dropped question is asked again by the library underneath, once.
        count = 2 if fault == "drop_before" else 1
        bot.server.faults.append(Fault.parse(f"{fault},method=GET,path=*/messages,first={count}"))
        with pytest.raises(TransientError):
            await bot.adapter.find(sent)
        assert await bot.adapter.find(sent) == sent.message_id
