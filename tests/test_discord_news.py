"""Announcement channels: threads under posts, and posts published to those who follow."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.adapters.base import TransientError
from bot.settings import Settings
from core.subscription import Target
from tests.discord_adapter import Bot, running, until
from tests.emulators.discord_world import CROSSPOSTED, NEWS_THREAD


def news(bot: Bot) -> Target:
    return Target("discord", str(bot.server.news.id))


def published(bot: Bot) -> list[bool]:
    return [bool(m.flags & CROSSPOSTED) for m in bot.server.messages(bot.server.news)]


def asked(bot: Bot) -> int:
    return sum(one.path.endswith("/crosspost") for one in bot.server.requests)


async def settled(bot: Bot) -> None:
    """Return when nothing is being published any more."""
    await until(lambda: not bot.adapter._courier._publishing)


@pytest.mark.parametrize("connect", [True, False])
async def test_the_parent_is_published_once_and_its_replies_stay_in_their_thread(
    connect: bool,  # noqa: FBT001
) -> None:
    async with running(connect=connect, crosspost=True) as bot:
        await bot.post(news(bot))
        await settled(bot)
        assert published(bot) == [True]
        assert asked(bot) == 1
        (thread,) = bot.server.threads(bot.server.news)
        assert thread.type == NEWS_THREAD
        assert len(bot.server.messages(thread)) == 2


async def test_nothing_is_published_unless_the_operator_says_so() -> None:
    async with running() as bot:
        await bot.post(news(bot))
        await settled(bot)
        assert published(bot) == [False]
    assert Settings.model_fields["discord_crosspost"].default == "no"


async def test_other_channels_have_nothing_to_publish() -> None:
    async with running(crosspost=True) as bot:
        for target in (bot.channel, bot.person, Target("discord", str(bot.server.forum.id))):
            await bot.post(target)
        await settled(bot)
        assert asked(bot) == 0


async def test_a_post_found_after_a_crash_is_published_and_never_twice() -> None:
    async with running(crosspost=True) as bot:
        bot.adapter._courier._crosspost = False
        sent = (await bot.post(news(bot)))[0]
        bot.adapter._courier._crosspost = True
        assert await bot.adapter.find(sent) == sent.message_id
        await settled(bot)
        assert published(bot) == [True]
        assert await bot.adapter.find(sent) == sent.message_id
        await settled(bot)
        assert [one.status for one in bot.server.requests if "crosspost" in one.path] == [200, 400]


@pytest.mark.parametrize(
    "fault", ["status:403", "status:503", "status:429,retry_after=3000", "drop_before"]
)
async def test_what_cannot_be_published_is_a_line_in_the_log_and_holds_up_nothing(
    fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(f"{fault},path=*/crosspost", crosspost=True) as bot:
        await bot.post(news(bot))
        (thread,) = bot.server.threads(bot.server.news)
        assert len(bot.server.messages(thread)) == 2
        await settled(bot)
        assert published(bot) == [False]
        said = capsys.readouterr().out
        assert said.count("not published to followers") == 1
        assert "Traceback" not in said


async def test_a_limit_on_publishing_is_not_waited_for() -> None:
    async with running("stall,path=*/crosspost", crosspost=True) as bot:
        await bot.post(news(bot))
        (thread,) = bot.server.threads(bot.server.news)
        assert len(bot.server.messages(thread)) == 2


async def test_what_is_being_published_has_a_moment_when_the_bot_stops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.adapters.discord_send._LAST_WORDS", 0.05)
    async with running("stall,path=*/crosspost", crosspost=True) as bot:
        await bot.post(news(bot))
        before = len(asyncio.all_tasks())
        await bot.adapter.stop()
        assert len(asyncio.all_tasks()) < before
    async with running(crosspost=True) as bot:
        await bot.post(news(bot))
        await bot.adapter.stop()
        assert published(bot) == [True]


async def test_a_published_post_that_may_not_be_edited_now_is_edited_later() -> None:
    async with running(crosspost=True) as bot:
        sent = await bot.post(news(bot))
        await settled(bot)
        bot.server.world.published_edits = 1
        for papers in ("5", "6"):
            changed = replace(sent[0], body=sent[0].body.replace("4 papers", f"{papers} papers"))
            with suppress(TransientError):
                await bot.adapter.amend(changed, {})
        (parent,) = bot.server.messages(bot.server.news)
        assert parent.embeds[0]["description"].startswith("5 papers")
        with pytest.raises(TransientError) as caught:
            await bot.adapter.amend(changed, {})
        assert caught.value.retry_after
