"""The life of a chat: what becomes of its subscriptions, and who is told what."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.adapters.base import ChatChange, RefusedError, Reply, SendError
from bot.answers.desk import Desk
from bot.commands import CommandTable
from bot.delivery import Sender
from bot.due import next_due
from bot.settings import Settings
from bot.telling import Teller, pause_post
from core.blocks import Post
from core.delivery import Delivery, State
from core.i18n import Phrase, catalog, languages
from core.subscription import Subscription, Target, Wish
from tests.service import FakeChat, Service, World, service
from tests.test_commands import actions, ask, words

NOON = datetime(2025, 3, 4, 3, tzinfo=UTC)
GROUP, TOPIC = Target("fake", "-100"), Target("fake", "-100", "7")
PERSON = Target("fake", "@mina")
OTHER, OTHERS_TOPIC = Target("fake", "-200"), Target("fake", "-200", "7")
REMOVED = Phrase("pause.told", reason="I was removed from there.")
CLOSED = Phrase("pause.fake.topic_closed")
WISH = Wish("en", time(12), "Asia/Seoul")


@dataclass
class House(FakeChat):
    """A chat platform some of whose people cannot be written to."""

    unreachable: tuple[str, ...] = ()
    refuses: bool = False

    async def send(self, delivery: Delivery) -> str:
        if self.refuses:
            raise RefusedError(REMOVED)
        self.sent.append((self.world.now, delivery))
        return str(len(self.sent))

    async def tell(self, person: str, post: Post) -> None:
        if person in self.unreachable:
            raise SendError("they closed their messages")
        await super().tell(person, post)


async def no_time() -> None:
    pass


@dataclass
class Here:
    parts: Service
    chat: House
    commands: CommandTable
    teller: Teller

    async def subscribe(
        self, target: Target = GROUP, author: str = "7", place: str = "", **wish: object
    ) -> Subscription:
        wished = replace(WISH, **wish)  # type: ignore[arg-type]
        now = self.parts.world.now
        return await self.parts.store.subscriptions.add(
            target, wished, next_due(wished, now), author, now, place
        )

    async def change(
        self,
        kind: str,
        target: Target = GROUP,
        reason: Phrase | None = None,
        to: Target | None = None,
        language: str = "en",
        *,
        alone: bool = False,
    ) -> Reply | None:
        change = ChatChange(kind, target, reason, to, language, alone)  # type: ignore[arg-type]
        said = await self.commands.changed(change)
        await self.teller.settle()
        return said

    async def left(self, target: Target = GROUP, reason: Phrase = REMOVED) -> None:
        assert await self.change("left", target, reason) is None

    async def paused(self) -> list[int]:
        return [one.id for one in await self.parts.store.subscriptions.all_paused()]

    @property
    def told(self) -> Sequence[tuple[str, str]]:
        return [(person, words(post)) for person, post in self.chat.told]


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def] # noqa: ANN201
    monkeypatch.chdir(tmp_path)
    for language in languages():
        monkeypatch.setitem(catalog(language)._forms, CLOSED.key, "The topic is closed.")
    async with service(World(NOON), tmp_path / "paperround.db") as parts:
        chat = House(parts.world)
        parts.publisher.adapters = {"fake": chat}
        settings = Settings(digest_language="en", digest_time=time(11))
        clock = lambda: parts.world.now  # noqa: E731
        desk = Desk(
            parts.store, parts.publisher.shelf, parts.collector, parts.publisher, settings, clock
        )
        teller = Teller(parts.publisher.adapters, no_time)
        parts.sender = Sender(parts.store, chat, clock, teller.tell)
        yield Here(parts, chat, CommandTable(desk, tell=teller.tell), teller)
        await teller.close()


# --- left


async def test_where_we_are_out_all_is_paused_and_its_author_told_once_why(here: Here) -> None:
    one = await here.subscribe(place="#papers")
    await here.left()
    await here.left()
    assert await here.paused() == [one.id]
    ((person, said),) = here.told
    assert person == "7"
    assert said == (
        "Posts have stopped #papers: I was removed from there. They go on by themselves as soon"
        " as I may write there again. You can also send /subscribe there."
    )


async def test_a_chat_speaks_for_its_topics_and_a_topic_for_itself(here: Here) -> None:
    group, topic = await here.subscribe(), await here.subscribe(TOPIC, language="ko")
    other = await here.subscribe(OTHER)
    await here.left(TOPIC, CLOSED)
    assert await here.paused() == [topic.id]
    await here.left()
    assert await here.paused() == [group.id, topic.id]
    kept = await here.parts.store.subscriptions.get(topic.id)
    assert kept
    assert kept.paused == CLOSED
    assert await here.parts.store.subscriptions.all_active() == [other]


async def test_what_was_owed_there_ends_with_the_reason_and_is_tried_no_more(here: Here) -> None:
    await here.parts.collector.collect(NOON.date(), NOON)
    one = await here.subscribe()
    await here.parts.publisher.publish_now(NOON.date(), one, NOON, again=False)
    await here.left()
    await here.parts.sender.drain()
    owed = await here.parts.store.deliveries.recent(100)
    assert {(d.state, d.error) for d in owed} == {(State.FAILED, "I was removed from there.")}
    assert here.chat.sent == []


async def test_nobody_is_told_what_they_did_themselves(here: Here) -> None:
    blocked = await here.subscribe(PERSON, "@mina")
    await here.left(PERSON)
    assert await here.paused() == [blocked.id]
    assert here.told == []


async def test_an_author_who_is_gone_or_cannot_be_written_to_keeps_nothing_from_its_course(
    here: Here,
) -> None:
    here.chat.unreachable = ("gone",)
    await here.subscribe(author="gone")
    await here.subscribe(author="", language="ko")
    await here.subscribe(author="8", language="ja")
    await here.left()
    assert [person for person, _ in here.told] == ["8"]
    assert len(await here.paused()) == 3
    assert await here.change("open") is not None
    assert await here.paused() == []


async def test_whose_author_is_gone_a_subscription_goes_on(here: Here) -> None:
    here.chat.unreachable = ("gone",)
    one = await here.subscribe(author="gone")
    here.parts.world.now = one.next_due
    await here.parts.collector.collect(one.next_due.date(), one.next_due)
    await here.parts.publisher.publish_due(one.next_due)
    await here.parts.sender.drain()
    assert len(here.chat.sent) > 1


async def test_a_telling_that_breaks_stops_no_other(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = House.tell

    async def breaking(chat: House, person: str, post: Post) -> None:
        if person == "7":
            raise KeyError(person)
        await tell(chat, person, post)

    monkeypatch.setattr(House, "tell", breaking)
    await here.subscribe(author="7")
    await here.subscribe(author="8", language="ko")
    await here.left()
    assert [person for person, _ in here.told] == ["8"]


async def test_one_message_tells_a_person_of_all_their_chats(here: Here) -> None:
    rooms = [Target("fake", f"-{number}") for number in range(14)]
    for room in rooms:
        await here.subscribe(room, "7", f"#room{room.chat}")
    await here.subscribe(rooms[3], "7", "#room-3", language="ko")
    all_said = asyncio.Event()
    here.teller.gather = all_said.wait  # type: ignore[assignment]
    for room in rooms:
        await here.commands.changed(ChatChange("left", room, REMOVED))
    all_said.set()
    await here.teller.settle()
    ((_, said),) = here.told
    assert said.count("I was removed") == 10
    assert "and 4 more chats" in said


async def test_the_chat_is_named_as_it_was_when_somebody_subscribed_it(here: Here) -> None:
    await ask(here.commands, "subscribe", "cv", target=GROUP, place="#papers")
    await here.left()
    assert "#papers: I was removed from there." in here.told[0][1]


async def test_a_reason_that_is_not_known_is_a_sentence_all_the_same(here: Here) -> None:
    await here.subscribe()
    assert await here.change("left") is None
    assert "A chat where you subscribed: I cannot write there any more." in here.told[0][1]


async def test_a_chat_that_nobody_subscribed_is_no_matter(here: Here) -> None:
    await here.left()
    assert await here.change("open") is None
    assert await here.change("moved", to=OTHER) is None
    assert here.told == []


# --- refused


async def test_a_refusal_is_told_like_being_put_out_and_ends_like_it(here: Here) -> None:
    await here.parts.collector.collect(NOON.date(), NOON)
    one = await here.subscribe(place="#papers")
    here.chat.refuses = True
    for _ in range(3):
        await here.parts.publisher.publish_now(NOON.date(), one, NOON, again=True)
        await here.parts.sender.drain()
    await here.teller.settle()
    assert [person for person, _ in here.told] == ["7"]
    assert "#papers: I was removed from there." in here.told[0][1]
    assert await here.change("open") is not None
    assert await here.paused() == []


# --- open


async def test_where_we_may_write_again_posts_go_on_and_that_is_said_in_a_line(
    here: Here,
) -> None:
    one = await here.subscribe()
    await here.left()
    here.parts.world.now += timedelta(days=3)
    said = await here.change("open")
    assert said
    assert words(said.post).strip() == (
        "The subscription goes on. Next post: Sat, 8 March 2025 12:00 (Asia/Seoul)"
    )
    kept = await here.parts.store.subscriptions.get(one.id)
    assert kept
    assert (kept.paused, kept.next_due) == (None, next_due(WISH, here.parts.world.now))
    assert await here.change("open") is None


@pytest.mark.parametrize("kind", ["open", "joined"])
async def test_that_posts_go_on_is_said_in_their_language(here: Here, kind: str) -> None:
    await here.subscribe(language="ko")
    await here.left()
    said = await here.change(kind, language="en")
    assert said
    assert said.post.language == "ko"
    assert "멈췄던 소식을 다시 보냅니다" in words(said.post)


async def test_a_closed_topic_stays_paused_until_it_is_opened_itself(here: Here) -> None:
    topic = await here.subscribe(TOPIC)
    group = await here.subscribe()
    await here.left(TOPIC, CLOSED)
    await here.left()
    assert await here.change("open") is not None
    assert await here.paused() == [topic.id]
    assert await here.change("joined") is not None
    assert await here.paused() == [topic.id]
    assert await here.change("open", TOPIC) is not None
    assert await here.paused() == []
    assert len(await here.parts.store.subscriptions.within(GROUP)) == 2
    assert group.target == GROUP


async def test_a_forum_s_first_topic_is_closed_and_opened_without_the_others(here: Here) -> None:
    first, topic = await here.subscribe(), await here.subscribe(TOPIC)
    await here.change("left", reason=CLOSED, alone=True)
    assert await here.paused() == [first.id]
    await here.left(TOPIC, CLOSED)
    assert await here.change("open", alone=True) is not None
    assert await here.paused() == [topic.id]


async def test_what_was_paused_before_goes_on_for_one_chat_alone(here: Here) -> None:
    one, other = await here.subscribe(), await here.subscribe(OTHER)
    await here.left()
    await here.left(OTHER)
    await here.change("open")
    assert await here.paused() == [other.id]
    assert one.id != other.id


# --- joined


@pytest.mark.parametrize("language", sorted(languages()))
async def test_a_new_chat_is_greeted_in_its_language_with_a_button(
    here: Here, language: str
) -> None:
    said = await here.change("joined", language=language)
    assert said
    assert not said.private
    assert said.post.language == language
    assert catalog(language).say("chat.begin") in words(said.post)
    assert [action.command for action in actions(said.post)] == ["subscribe"]


async def test_a_language_that_we_do_not_speak_is_answered_in_the_operator_s(here: Here) -> None:
    said = await here.change("joined", language="fi")
    assert said
    assert said.post.language == "en"


async def test_who_takes_us_in_again_hears_that_posts_go_on(here: Here) -> None:
    await here.subscribe()
    await here.subscribe(TOPIC, at=time(8))
    await here.left()
    said = await here.change("joined")
    assert said
    assert "Next post: Wed, 5 March 2025 08:00 (Asia/Seoul)" in words(said.post)
    assert actions(said.post) == []
    assert await here.paused() == []


# --- moved


async def test_a_chat_that_moves_takes_its_topics_along_and_what_it_is_owed(here: Here) -> None:
    await here.parts.collector.collect(NOON.date(), NOON)
    one, topic = await here.subscribe(), await here.subscribe(TOPIC)
    for subscription in (one, topic):
        await here.parts.publisher.publish_now(NOON.date(), subscription, NOON, again=False)
    assert await here.change("moved", to=OTHER) is None
    await here.parts.sender.drain()
    assert {d.target for _, d in here.chat.sent} == {OTHER, OTHERS_TOPIC}
    assert await here.parts.store.subscriptions.within(GROUP) == []


async def test_where_the_same_comes_already_a_chat_that_moves_doubles_nothing(
    here: Here,
) -> None:
    one = await here.subscribe(categories=("cv", "llm"))
    korean = await here.subscribe(language="ko")
    await here.subscribe(OTHER, categories=("llm", "cv"))
    await here.change("moved", to=OTHER)
    await here.change("moved", to=OTHER)
    kept = [s.id for s in await here.parts.store.subscriptions.of(OTHER)]
    assert kept == [one.id, korean.id]


async def test_a_chat_that_was_said_to_be_lost_before_it_moved_goes_on(here: Here) -> None:
    await here.subscribe()
    await here.left()
    await here.change("moved", to=OTHER)
    assert await here.paused() == []


# --- what goes wrong


async def test_nothing_that_breaks_comes_out(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(type(here.parts.store.subscriptions), "pause_all", broken)
    monkeypatch.setattr(type(here.parts.store.subscriptions), "within", broken)
    for kind in ("left", "open", "joined"):
        assert await here.change(kind) is None


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_language_says_where_why_and_what_to_do(language: str) -> None:
    wish = replace(WISH, language=language)
    one = Subscription(1, GROUP, wish, NOON, paused=Phrase("pause.out"), author="7")
    said = words(pause_post([one, replace(one, place="#papers")]))
    reason = catalog(language).say("pause.out")
    assert said.count(reason) == 2
    assert "#papers" in said
    assert "/subscribe" in said


@pytest.mark.parametrize(
    "reason",
    [
        *("discord.channel_gone", "discord.thread_gone"),
        *("telegram.deleted", "telegram.topic_deleted"),
    ],
)
def test_nobody_is_told_that_posts_go_on_where_nothing_is_left(reason: str) -> None:
    gone = Subscription(1, GROUP, WISH, NOON, paused=Phrase(f"pause.{reason}"), author="7")
    again = catalog("en").say("chat.again")
    assert again not in words(pause_post([gone]))
    assert again in words(pause_post([gone, replace(gone, paused=Phrase("pause.out"))]))
