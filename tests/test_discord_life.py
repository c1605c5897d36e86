"""What becomes of channels on Discord: told of once, in order, with what people can do about it."""

from dataclasses import replace

import pytest

from bot.adapters.base import ChatChange, RefusedError
from core.blocks import Message, Paragraph, Post, Text
from core.i18n import Phrase, catalog
from core.subscription import Target
from tests.discord_adapter import Bot, running, until
from tests.emulators.discord_permissions import Permission
from tests.emulators.discord_world import NEWS, TEXT, Channel

GREETING = Post("", "en", Message("note", "Hello", "", (Paragraph((Text("I bring papers."),)),)))
ALL = "VIEW_CHANNEL SEND_MESSAGES EMBED_LINKS ATTACH_FILES READ_MESSAGE_HISTORY"
THREADS = "CREATE_PUBLIC_THREADS SEND_MESSAGES_IN_THREADS"


def target_of(channel: Channel) -> Target:
    if channel.is_thread and channel.parent:
        return Target("discord", str(channel.parent.id), str(channel.id))
    return Target("discord", str(channel.id))


async def told(bot: Bot, count: int) -> list[ChatChange]:
    """The changes so far, once there are so many, and no other behind them."""
    await until(lambda: len(bot.told.changes) >= count)
    # An answer to a command comes behind all events before it.
    await (
        await bot.server.command("digest", channel=bot.server.direct(bot.server.reader))
    ).answer()
    assert len(bot.told.changes) == count, bot.told.changes
    return bot.told.changes


def left(channel: Channel, reason: str) -> ChatChange:
    return ChatChange("left", target_of(channel), Phrase(f"pause.discord.{reason}"), language="en")


def opened(channel: Channel) -> ChatChange:
    return ChatChange("open", target_of(channel), language="en")


def said(change: ChatChange, language: str = "en") -> str:
    assert change.reason
    return catalog(language).text(change.reason)


async def test_a_server_that_invites_the_bot_is_greeted_where_newcomers_are() -> None:
    async with running(connect=True) as bot:
        bot.told.greeting = GREETING
        guild = bot.server.world.add_guild("New", bot.server.reader, "ko", int(Permission(0)))
        first = bot.server.world.add_channel(guild, "rules", TEXT)
        second = bot.server.world.add_channel(guild, "welcome", TEXT)
        guild.system_channel = second.id
        bot.server.outage(guild, over=True)
        await bot.server.wait_for(lambda: bot.server.messages(second))
        (message,) = bot.server.messages(second)
        assert message.embeds[0]["description"] == "I bring papers."
        assert message.flags & 1 << 12
        assert bot.server.messages(first) == []
        assert [c.kind for c in await told(bot, 3)] == ["joined", "open", "open"]
        assert bot.told.changes[0] == ChatChange("joined", target_of(second), language="ko")


async def test_the_greeting_goes_to_the_first_channel_the_bot_may_write_in() -> None:
    async with running(connect=True) as bot:
        bot.told.greeting = GREETING
        world = bot.server.world
        guild = world.add_guild("New", bot.server.reader, "en-GB", int(Permission(0)))
        closed, open_ = (world.add_channel(guild, name, TEXT) for name in ("closed", "open"))
        guild.system_channel = closed.id
        closed.denied[world.bot.id] = int(Permission.SEND_MESSAGES)
        bot.server.outage(guild, over=True)
        assert await told(bot, 2) == [
            ChatChange("joined", target_of(open_), language="en"),
            opened(open_),
        ]


async def test_servers_of_before_the_start_and_after_an_outage_are_not_greeted() -> None:
    async with running(connect=True) as bot:
        bot.server.outage(bot.server.home)
        bot.server.outage(bot.server.home, over=True)
        await bot.server.gateway.invalidate()
        await bot.server.wait_for(lambda: len(bot.server.gateway.identifies) == 2)
        await told(bot, 0)


async def test_a_server_that_takes_the_bot_out_is_told_of_channel_by_channel() -> None:
    async with running(connect=True) as bot:
        bot.server.remove_bot(bot.server.home)
        channels = (bot.server.text, bot.server.news, bot.server.forum)
        assert await told(bot, 3) == [left(channel, "server_gone") for channel in channels]
        bot.server.invite_bot(bot.server.home)
        changes = (await told(bot, 7))[3:]
        assert changes == [
            ChatChange("joined", target_of(bot.server.text), language="en"),
            *map(opened, channels),
        ]


async def test_a_server_lost_or_joined_while_nobody_listened_is_told_of_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.adapters.discord_client._FIRST_WAIT", 0.01)
    monkeypatch.setattr("bot.adapters.discord_client._INVALID", (0, 0))
    monkeypatch.setattr("bot.adapters.discord_sessions._APART", 0)
    async with running(connect=True) as bot:
        other = bot.server.add_guild("Other", bot.server.reader)
        await told(bot, 0)
        channel = bot.server.add_channel(other, "other")
        await told(bot, 0)
        await bot.server.gateway.accept(accepting=False)
        await bot.server.gateway.disconnect()
        # The session is forgotten meanwhile.
        bot.server.gateway.sessions.clear()
        bot.server.remove_bot(other)
        new = bot.server.add_guild("New", bot.server.reader)
        place = bot.server.add_channel(new, "place")
        await bot.server.gateway.accept()
        assert await told(bot, 3) == [
            left(channel, "server_gone"),
            ChatChange("joined", target_of(place), language="en"),
            opened(place),
        ]


async def test_a_channel_that_is_deleted_is_told_of() -> None:
    async with running(connect=True) as bot:
        bot.server.delete_channel(bot.server.news)
        assert await told(bot, 1) == [left(bot.server.news, "channel_gone")]


async def test_a_permission_taken_and_given_back_is_told_of_in_the_reader_s_words() -> None:
    async with running(connect=True) as bot:
        bot.server.forbid(bot.server.text, "ATTACH_FILES CREATE_PUBLIC_THREADS")
        (change,) = await told(bot, 1)
        assert (change.kind, change.target) == ("left", bot.channel)
        assert said(change) == (
            "I may not attach charts in this channel. Please allow the role ‘Paperround’: "
            "‘Attach Files’, ‘Create Public Threads’."
        )
        bot.server.permit(bot.server.text, "ATTACH_FILES")
        change = (await told(bot, 2))[1]
        assert said(change, "ko") == (
            "이 채널에서 스레드를 만들 권한이 없습니다. 역할 ‘Paperround’에 "
            "‘공개 스레드 만들기’를 허용해 주십시오."
        )
        bot.server.permit(bot.server.text, "CREATE_PUBLIC_THREADS")
        assert (await told(bot, 3))[2] == opened(bot.server.text)


async def test_what_changes_nothing_for_posts_is_not_told_of() -> None:
    async with running(connect=True) as bot:
        bot.server.forbid(bot.server.text, "ADD_REACTIONS")
        bot.server.forbid(bot.server.text, "READ_MESSAGE_HISTORY")
        bot.server.forbid(bot.server.forum, "CREATE_PUBLIC_THREADS")
        bot.server.forbid(bot.server.text, "SEND_MESSAGES", bot.server.reader)
        await told(bot, 0)


@pytest.mark.parametrize("how", ["role", "everyone", "member", "deleted"])
async def test_roles_that_change_are_told_of_for_every_channel(how: str) -> None:
    async with running(connect=True) as bot:
        server, world = bot.server, bot.server.world
        server.set_everyone(server.home, "ADD_REACTIONS")
        own = server.home.members[world.bot.id]
        channels = [target_of(c) for c in (server.text, server.news, server.forum)]
        # The bot's own role allows it still.
        assert [c.kind for c in await told(bot, 3)] == ["open"] * 3
        if how == "role":
            server.set_permissions(server.home, world.bot, "VIEW_CHANNEL")
        elif how == "everyone":
            server.set_permissions(server.home, world.bot, "ADD_REACTIONS")
        elif how == "member":
            server.set_roles(server.home, world.bot, [])
        else:
            server.delete_role(server.home, own[0])
        changes = (await told(bot, 6))[3:]
        assert [(c.kind, c.target) for c in changes] == [("left", channel) for channel in channels]
        if how == "everyone":
            server.set_everyone(server.home, f"{ALL} {THREADS}")
        elif how == "role":
            server.set_permissions(server.home, world.bot, f"{ALL} {THREADS}")
        else:
            role = world.join(server.home, server.reader, 0)
            del server.home.members[server.reader.id][-1]
            world.emit(
                "GUILD_ROLE_CREATE",
                {
                    "guild_id": str(server.home.id),
                    "role": role_json_of(role.id, f"{ALL} {THREADS}"),
                },
                server.home,
            )
            server.set_roles(server.home, world.bot, [role.id])
        changes = (await told(bot, 9))[6:]
        assert [(c.kind, c.target) for c in changes] == [("open", channel) for channel in channels]


def role_json_of(number: int, names: str) -> dict[str, object]:
    from tests.emulators.discord_payloads import role_json  # noqa: PLC0415
    from tests.emulators.discord_permissions import bits  # noqa: PLC0415
    from tests.emulators.discord_world import Role  # noqa: PLC0415

    return role_json(Role(number, "given", bits(names)))


async def test_a_channel_of_another_kind_goes_on_as_it_is() -> None:
    async with running(connect=True) as bot:
        bot.server.convert(bot.server.text, NEWS)
        assert await told(bot, 1) == [opened(bot.server.text)]
        await bot.post(bot.channel)
        (thread,) = bot.server.threads(bot.server.text)
        assert len(bot.server.messages(thread)) == 2


async def test_a_locked_thread_is_a_pause_until_it_is_opened_and_an_archived_one_is_none() -> None:
    async with running(connect=True) as bot:
        sent = await bot.post(bot.channel)
        (thread,) = bot.server.threads(bot.server.text)
        bot.server.change_thread(thread, archived=True)
        await told(bot, 0)
        bot.server.change_thread(thread, locked=True)
        bot.server.change_thread(thread, locked=True)
        assert await told(bot, 1) == [left(thread, "thread_locked")]
        bot.server.change_thread(thread, archived=False, locked=False)
        assert (await told(bot, 2))[1] == opened(thread)
        bot.server.change_thread(thread, archived=True)
        await bot.post(target_of(thread), subscription=18)
        assert not thread.archived
        assert sent[0].message_id == str(thread.id)
        bot.server.delete_channel(thread)
        await until(lambda: left(thread, "thread_gone") in bot.told.changes)


async def test_who_manages_threads_writes_in_locked_ones() -> None:
    async with running(connect=True) as bot:
        bot.server.permit(bot.server.text, "MANAGE_THREADS")
        await bot.post(bot.channel)
        (thread,) = bot.server.threads(bot.server.text)
        bot.server.change_thread(thread, locked=True)
        assert await told(bot, 1) == [opened(thread)]
        await bot.post(target_of(thread), subscription=18)


async def test_a_refused_send_gives_the_same_reasons() -> None:
    async with running() as bot:
        bot.server.forbid(bot.server.text, "CREATE_PUBLIC_THREADS")
        with pytest.raises(RefusedError) as caught:
            await bot.post(bot.channel)
        assert catalog("ko").text(caught.value.phrase) == (
            "이 채널에서 스레드를 만들 권한이 없습니다. 역할 ‘Paperround’에 "
            "‘공개 스레드 만들기’, ‘스레드에서 메시지 보내기’를 허용해 주십시오."
        )
        bot.server.remove_bot(bot.server.home)
        with pytest.raises(RefusedError) as caught:
            await bot.post(bot.channel)
        assert caught.value.phrase.key == "pause.discord.allow"


@pytest.mark.parametrize("language", ["en", "ko", "ja", "zh"])
def test_every_permission_has_its_sentence_and_its_name(language: str) -> None:
    from bot.adapters import discord_permissions as rules  # noqa: PLC0415

    words = catalog(language)
    for name in {*rules._IN_CHANNEL, *rules._OF_POSTS.values()}:
        sentence = words.text(rules.allowing([name, "view_channel"], "Paperround"))
        assert words.template(f"permission.{name}") in sentence
        assert words.template("permission.view_channel") in sentence


async def test_one_that_cannot_be_greeted_is_no_trouble(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with running("status:400,method=POST,path=*/messages", connect=True) as bot:
        bot.told.greeting = GREETING
        guild = bot.server.world.add_guild("New", bot.server.reader, "en-US", int(Permission(0)))
        bot.server.world.add_channel(guild, "place", TEXT)
        bot.server.outage(guild, over=True)
        await told(bot, 2)
        assert "nothing could be said there" in capsys.readouterr().out


async def test_a_reply_whose_thread_was_deleted_ends_alone_and_the_next_day_has_its_own() -> None:
    async with running(connect=True) as bot:
        sent = await bot.post(bot.channel)
        bot.server.delete_channel(bot.server.threads(bot.server.text)[0])
        with pytest.raises(Exception, match="was deleted"):
            await bot.adapter.send(replace(sent[1], issue=3))
        await bot.post(bot.channel, issue=2)
        (thread,) = bot.server.threads(bot.server.text)
        assert len(bot.server.messages(thread)) == 2
