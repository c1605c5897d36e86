"""Posts in forums: a thread of their own each day, tagged, and found again without a nonce."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.adapters.base import InDoubtError, RefusedError, TransientError, UnknowableError
from bot.adapters.discord_forum import tags_of
from bot.adapters.discord_places import Place, Tag
from core.category import default_taxonomy
from core.subscription import Target, Wish
from storage.database import open_store
from tests.discord_adapter import PNG, POST, Bot, Draw, Told, adapter_of, category, running
from tests.emulators.discord_faults import Fault
from tests.emulators.discord_server import DiscordServer
from tests.emulators.discord_world import MEDIA, Channel
from tests.program import chats

POSTS = "method=POST,path=*/threads"
MANY = replace(
    POST, replies=tuple(category(slug) for slug in ("cv", "llm", "nlp", "rl", "audio", "theory"))
)


def target_of(channel: Channel) -> Target:
    return Target("discord", str(channel.id))


def names_of(forum: Channel, post: Channel) -> list[str]:
    by_id = {int(tag["id"]): tag["name"] for tag in forum.tags}
    return [by_id[tag] for tag in post.applied_tags]


@pytest.mark.parametrize("connect", [True, False])
@pytest.mark.parametrize("media", [True, False])
async def test_each_day_is_a_post_of_its_own_with_its_replies(media: bool, connect: bool) -> None:  # noqa: FBT001
    async with running(connect=connect) as bot:
        forum = bot.server.forum
        if media:
            forum = bot.server.add_forum(bot.server.home, "media", kind=MEDIA)
        sent = await bot.post(target_of(forum))
        later = [replace(d, issue=2) for d in await bot.post(target_of(forum), issue=2)]
        first, second = bot.server.threads(forum)
        assert (first.name, second.name) == ("2025-07-15 · 4 AI papers",) * 2
        assert [str(m.id) for m in bot.server.messages(first)] == [d.message_id for d in sent]
        assert [str(m.id) for m in bot.server.messages(second)] == [d.message_id for d in later]
        parent, *replies = bot.server.messages(first)
        assert parent.id == first.id
        assert parent.files[0].content == PNG
        assert parent.nonce is None
        assert [bool(m.flags & 1 << 12) for m in (parent, *replies)] == [False, True, True]
        assert bot.server.pings == []


async def test_a_post_bears_the_tags_that_name_its_categories() -> None:
    async with running() as bot:
        tags = (
            "news",
            "강화학습",
            "CS.CL",
            "computer-vision",
            "Speech & Audio",
            "llm",
            "이론",
            "cv",
        )
        forum = bot.server.add_forum(bot.server.home, "tagged", tags)
        await bot.post(target_of(forum), MANY)
        (post,) = bot.server.threads(forum)
        # By slug, name in any language, alias and arXiv's code; at most five.
        assert names_of(forum, post) == ["computer-vision", "cv", "llm", "CS.CL", "강화학습"]


async def test_where_a_tag_must_be_and_none_names_a_category_there_is_one() -> None:
    async with running() as bot:
        tags = ("rules", "daily", "else")
        for forum, expected in (
            (bot.server.add_forum(bot.server.home, "free", tags), []),
            (bot.server.add_forum(bot.server.home, "strict", tags, tag_required=True), ["rules"]),
            (
                bot.server.add_forum(
                    bot.server.home, "guarded", tags, tag_required=True, moderated=("rules",)
                ),
                ["daily"],
            ),
        ):
            await bot.post(target_of(forum))
            (post,) = bot.server.threads(forum)
            assert names_of(forum, post) == expected
        closed = bot.server.add_forum(
            bot.server.home, "closed", ("rules",), tag_required=True, moderated=("rules",)
        )
        with pytest.raises(RefusedError, match="asks every post for a tag"):
            await bot.post(target_of(closed))


def test_a_moderated_tag_is_set_by_who_manages_threads() -> None:
    tags = (Tag("1", "cv", moderated=True), Tag("2", "llm"))
    taxonomy = default_taxonomy()
    assert tags_of(Place(15, "9", tags), ["cv", "llm"], taxonomy) == [tags[1]]
    assert tags_of(Place(15, "9", tags, manages=True), ["cv", "llm"], taxonomy) == list(tags)


async def lose_answer(bot: Bot, forum: Channel, fault: str) -> None:
    """Whatever becomes of one send, the sender's way through it leaves one post."""
    parent = bot.owed(target_of(forum))[0]
    bot.server.faults[:] = [Fault.parse(f"{fault},{POSTS},first=1")]
    with pytest.raises(InDoubtError):
        await bot.adapter.send(parent)
    found = await bot.adapter.find(parent)
    if found is None:
        found = await bot.adapter.send(parent)
    assert [str(post.id) for post in bot.server.threads(forum)] == [found]
    assert await bot.adapter.find(parent) == found


@pytest.mark.parametrize(
    "fault", ["drop_after", "drop_before", "status:500", "status:502", "status:503", "stall_after"]
)
async def test_a_lost_answer_leaves_one_post(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.discord_rest._SECONDS", 0.2 if "stall" in fault else 20)
    async with running() as bot:
        await lose_answer(bot, bot.server.forum, fault)


async def test_a_post_made_in_spite_of_an_error_is_not_made_again() -> None:
    async with running() as bot:
        # Made, and then the answer says that something went wrong.
        bot.server.faults.append(Fault.parse(f"status_after:500,{POSTS}"))
        parent = bot.owed(target_of(bot.server.forum))[0]
        with pytest.raises(InDoubtError):
            await bot.adapter.send(parent)
        assert len(bot.server.threads(bot.server.forum)) == 1
        assert await bot.adapter.find(parent) == str(bot.server.threads(bot.server.forum)[0].id)


async def test_a_rate_limit_on_posts_is_waited_out_by_the_sender() -> None:
    async with running(f"status:429,retry_after=200,{POSTS},first=1") as bot:
        with pytest.raises(TransientError) as caught:
            await bot.post(target_of(bot.server.forum))
        assert caught.value.retry_after == timedelta(seconds=200)
        assert bot.server.threads(bot.server.forum) == []


@pytest.mark.parametrize("archived", [True, False])
async def test_a_post_is_found_among_many_open_or_archived(archived: bool) -> None:  # noqa: FBT001
    async with running() as bot:
        forum = bot.server.forum
        sent = await bot.post(target_of(forum))
        again = (await bot.post(target_of(forum), issue=2))[0]
        await bot.post(bot.channel)
        for n in range(120):
            other = bot.server.open_post(forum, bot.server.reader, f"talk {n}")
            bot.server.change_thread(other, archived=n % 2 == 0)
        for post in bot.server.threads(forum):
            if post.owner_id == bot.server.world.bot.id:
                bot.server.change_thread(post, archived=archived)
        assert await bot.adapter.find(sent[0]) == sent[0].message_id
        assert await bot.adapter.find(again, {sent[0].message_id}) == again.message_id
        assert await bot.adapter.find(sent[0], {again.message_id}) == sent[0].message_id
        assert await bot.adapter.find(sent[1]) == sent[1].message_id
        assert await bot.adapter.find(replace(sent[2], part="rl", body=other_body(sent[2]))) is None


def other_body(delivery: object) -> str:
    body = json.loads(delivery.body)  # type: ignore[attr-defined]
    body["embed"]["footer"]["text"] = "2025-07-15 · rl · 1/1"
    return json.dumps(body)


async def test_a_post_that_was_never_made_is_not_found() -> None:
    async with running() as bot:
        other = bot.server.open_post(
            bot.server.forum, bot.server.reader, "2025-07-15 · 4 AI papers"
        )
        assert await bot.adapter.find(bot.owed(target_of(bot.server.forum))[0]) is None
        assert other.owner_id == bot.server.reader.id


async def test_posts_that_may_not_be_read_say_nothing() -> None:
    async with running() as bot:
        parent = bot.owed(target_of(bot.server.forum))[0]
        await bot.adapter.send(parent)
        bot.server.forbid(bot.server.forum, "READ_MESSAGE_HISTORY")
        with pytest.raises(UnknowableError, match="Read Message History"):
            await bot.adapter.find(parent)


@pytest.mark.parametrize("connect", [True, False])
@pytest.mark.parametrize(
    ("permission", "said"),
    [
        ("VIEW_CHANNEL", "View Channel"),
        ("SEND_MESSAGES", "Create Posts"),
        ("EMBED_LINKS", "Embed Links"),
        ("ATTACH_FILES", "Attach Files"),
        ("SEND_MESSAGES_IN_THREADS", "Send Messages in"),
    ],
)
async def test_what_is_missing_in_a_forum_is_named_as_there(
    permission: str,
    said: str,
    connect: bool,  # noqa: FBT001
) -> None:
    async with running(connect=connect) as bot:
        forum = bot.server.forum
        bot.server.forbid(forum, permission)
        async with asyncio.timeout(10):
            while connect and not await bot.adapter.missing_permissions(target_of(forum)):  # noqa: ASYNC110 - Discord tells when it likes
                await asyncio.sleep(0.01)
        with pytest.raises(RefusedError, match=f"the role ‘Paperround’: .*‘{said}"):
            await bot.post(target_of(forum))


async def test_a_deleted_post_ends_its_replies_and_no_subscription() -> None:
    async with running() as bot:
        sent = await bot.post(target_of(bot.server.forum))
        bot.server.delete_channel(bot.server.threads(bot.server.forum)[0])
        with pytest.raises(UnknowableError, match="deleted"):
            await bot.adapter.send(sent[1])
        await bot.post(target_of(bot.server.forum), issue=2)
        assert len(bot.server.threads(bot.server.forum)) == 1


async def test_a_command_in_a_post_tells_of_its_forum() -> None:
    async with running(connect=True) as bot:
        await bot.post(target_of(bot.server.forum))
        await bot.post(bot.channel)
        (post,) = bot.server.threads(bot.server.forum)
        (thread,) = bot.server.threads(bot.server.text)
        for channel in (post, thread, bot.server.text):
            await (await bot.server.command("digest", channel=channel)).answer()
        first, *others = bot.told.requests
        assert first.target == Target("discord", str(bot.server.forum.id), str(post.id))
        assert first.forum == target_of(bot.server.forum)
        assert [request.forum for request in others] == [None, None]


@pytest.mark.parametrize("fault", ["stall", "stall_after"])
async def test_killed_while_a_post_is_made_there_is_one(tmp_path: Path, fault: str) -> None:
    async with chats(tmp_path) as here:
        forum = here.discord.forum
        await here.program.start("2025-07-15T00:30")
        await here.program.stop()
        async with open_store(f"sqlite+aiosqlite:///{tmp_path / 'paperround.db'}") as store:
            due = datetime(2025, 7, 15, 2, tzinfo=UTC)
            wish = Wish("en", time(2), "UTC")
            await store.subscriptions.add(target_of(forum), wish, due, "", due - timedelta(days=1))
        here.discord.faults.append(Fault.parse(f"{fault},{POSTS}"))
        await here.program.start("2025-07-15T02:00:05")
        made = 1 if fault == "stall_after" else 0
        await here.discord.wait_for(
            lambda: (
                any(asked.path.endswith(f"{forum.id}/threads") for asked in here.discord.requests)
                and len(here.discord.threads(forum)) == made
            ),
            "the post on its way",
        )
        assert here.program.process
        here.program.process.kill()
        await here.program.process.wait()
        here.discord.faults.clear()
        await here.program.start("2025-07-15T02:00:30")
        await here.discord.wait_for(
            lambda: [len(here.discord.messages(p)) for p in here.discord.threads(forum)] == [3],
            "one whole post",
        )
        await here.program.stop()
        assert len(here.discord.threads(forum)) == 1


async def test_who_sends_alone_needs_no_gateway_for_a_forum() -> None:
    async with DiscordServer(channel_limit=None, global_limit=None) as server:
        adapter = adapter_of(server, Draw())
        await adapter.start(None)
        bot = Bot(adapter, server, Told(), Draw())
        await bot.post(target_of(server.forum))
        assert server.gateway.identifies == []
        await adapter.stop()
