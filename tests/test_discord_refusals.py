"""What Discord refuses: named for those who can allow it, or given up alone."""

import asyncio
from dataclasses import replace

import pytest

from bot.adapters.base import RefusedError, UnknowableError
from core.delivery import Delivery
from core.subscription import Target
from tests.discord_adapter import Bot, running
from tests.test_discord_adapter import thread_of


@pytest.mark.parametrize(
    ("permission", "said"),
    [
        ("VIEW_CHANNEL", "View Channel"),
        ("SEND_MESSAGES", "Send Messages"),
        ("EMBED_LINKS", "Embed Links"),
        ("ATTACH_FILES", "Attach Files"),
        ("CREATE_PUBLIC_THREADS", "Create Public Threads"),
        ("SEND_MESSAGES_IN_THREADS", "Send Messages in Threads"),
    ],
)
@pytest.mark.parametrize("connect", [True, False])
async def test_a_missing_permission_is_named(permission: str, said: str, connect: bool) -> None:  # noqa: FBT001
    async with running(connect=connect) as bot:
        bot.server.forbid(bot.server.text, permission)
        if connect:
            await known(bot, 1)
        with pytest.raises(RefusedError, match=f"the role ‘Paperround’: .*‘{said}’"):
            await bot.post(bot.channel)


async def known(bot: Bot, count: int) -> None:
    """Wait until the adapter was told of the channel's permissions."""
    async with asyncio.timeout(10):
        while len(await bot.adapter.missing_permissions(bot.channel)) != count:  # noqa: ASYNC110 - Discord tells when it likes
            await asyncio.sleep(0.01)


async def test_missing_permissions_are_known_before_anything_is_sent() -> None:
    async with running(connect=True) as bot:
        await known(bot, 0)
        bot.server.forbid(bot.server.text, "CREATE_PUBLIC_THREADS ATTACH_FILES")
        await known(bot, 2)
        names = await bot.adapter.missing_permissions(bot.channel)
        assert names == ["Attach Files", "Create Public Threads"]
        bot.server.permit(bot.server.text, "CREATE_PUBLIC_THREADS ATTACH_FILES")
        await known(bot, 0)
        await bot.post(bot.channel)
        thread = Target("discord", str(bot.server.text.id), str(thread_of(bot).id))
        assert await bot.adapter.missing_permissions(thread) == []
        assert await bot.adapter.missing_permissions(bot.person) == []
        assert await bot.adapter.missing_permissions(Target("discord", "1")) == []


async def test_a_channel_that_is_gone_refuses() -> None:
    async with running() as bot:
        bot.server.delete_channel(bot.server.text)
        with pytest.raises(RefusedError, match="The channel is gone"):
            await bot.post(bot.channel)
        assert await bot.adapter.find(bot.owed(bot.channel)[0]) is None


async def lost(bot: Bot, delivery: Delivery, said: str) -> None:
    """The message is given up by itself: the sender finds that out by looking for it."""
    with pytest.raises(UnknowableError, match=said):
        await bot.adapter.send(delivery)
    with pytest.raises(UnknowableError, match=said):
        await bot.adapter.find(delivery)


async def test_what_people_deleted_is_not_brought_back_and_ends_no_subscription() -> None:
    async with running() as bot:
        parent, first, second = bot.owed(bot.channel)
        number = await bot.adapter.send(parent)
        bot.server.delete_message(bot.server.messages(bot.server.text)[0])
        await lost(bot, parent, "sent, and deleted since")
        await lost(bot, replace(first, reply_to=number), "the post was deleted")
        sent = await bot.post(bot.channel, issue=2)
        bot.server.delete_channel(thread_of(bot))
        await lost(bot, replace(second, reply_to=sent[0].message_id), "thread .* deleted")


async def test_a_locked_thread_ends_a_thread_s_subscription_and_else_one_message() -> None:
    async with running() as bot:
        sent = await bot.post(bot.channel)
        thread = thread_of(bot)
        bot.server.change_thread(thread, archived=True, locked=True)
        again = replace(sent[1], issue=2)
        await lost(bot, again, "locked")
        target = Target("discord", str(bot.server.text.id), str(thread.id))
        with pytest.raises(RefusedError, match="The thread is locked"):
            await bot.post(target)


async def test_a_message_that_discord_does_not_take_is_given_up_alone() -> None:
    async with running() as bot:
        parent = bot.owed(bot.channel)[0]
        spoilt = replace(parent, body=parent.body.replace("4 papers", "x" * 5000))
        await lost(bot, spoilt, "does not take this message")
