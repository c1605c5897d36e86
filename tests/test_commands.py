"""The commands, as any platform hands them in: what is answered, and to whom."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.adapters.base import Option, Request
from bot.answers.desk import Desk
from bot.arguments import parse_words
from bot.commands import TABLE, CommandTable
from bot.refusal import Refusal
from bot.settings import Settings
from core.blocks import Action, Actions, Heading, Image, Items, Paragraph, Post, Quote
from core.i18n import Phrase, catalog, languages
from core.subscription import Target
from tests.service import Service, World, service

NOON = datetime(2025, 3, 4, 3, tzinfo=UTC)
CHAT = Target("fake", "-100")
BLOCKED = Phrase("pause.told", reason="The bot was blocked.")


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Service]:
    async with service(World(NOON), tmp_path / "paperround.db") as running:
        yield running


@pytest.fixture
def commands(parts: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CommandTable:
    monkeypatch.chdir(tmp_path)
    settings = Settings(digest_language="en", digest_time=time(11))
    clock = lambda: parts.world.now  # noqa: E731
    return CommandTable(
        Desk(
            parts.store,
            parts.publisher.shelf,
            parts.collector,
            parts.publisher,
            settings,
            clock,
        )
    )


async def ask(commands: CommandTable, command: str, line: str = "", **fields: object) -> Post:
    request = Request(command, CHAT, "7", line=line, manager=True, place="#papers")
    request = replace(request, **fields)  # type: ignore[arg-type]
    return (await commands.answer(request)).post


def words(post: Post) -> str:
    """All that a post says, in one line."""
    return " ".join(" ".join(_said(m.title, m.blocks)) for m in post.messages)


def _said(title: str, blocks: tuple[object, ...]) -> Iterator[str]:
    yield title
    for block in blocks:
        match block:
            case Heading(text):
                yield text
            case Paragraph(spans):
                yield "".join(getattr(span, "text", f"[{span}]") for span in spans)
            case Items(lines) | Quote(lines):
                for line in lines:
                    yield "".join(getattr(span, "text", "[n]") for span in line)


def actions(post: Post) -> list[Action]:
    return [a for b in post.parent.blocks if isinstance(b, Actions) for a in b.actions]


async def test_the_digest_of_a_category_is_fetched_on_demand_with_sources_and_buttons(
    commands: CommandTable, parts: Service
) -> None:
    post = await ask(commands, "digest", "vision")
    assert post.parent.part == "cv"
    assert post.day == "2025-03-04"
    assert "Sources" in words(post)
    assert [(a.command, dict(a.arguments)) for a in actions(post)] == [
        ("digest", {"category": "cv", "date": "2025-03-03"}),
        ("subscribe", {"categories": "cv"}),
    ]
    assert await parts.store.editions.sealed(date(2025, 3, 4))


async def test_without_a_category_the_overview_comes_with_a_button_for_each(
    commands: CommandTable,
) -> None:
    post = await ask(commands, "digest")
    assert any(isinstance(block, Image) for block in post.parent.blocks)
    assert dict(actions(post)[0].arguments) == {"category": "cv", "date": "2025-03-04"}
    assert post.replies == ()


async def test_a_date_may_stand_before_or_behind_the_category(commands: CommandTable) -> None:
    for line in ("cv 어제", "yesterday cv", "category=cv date=2025-03-03", "2025-03-03 vision"):
        assert (await ask(commands, "digest", line)).day == "2025-03-03", line


async def test_an_unknown_category_offers_the_three_nearest_as_buttons(
    commands: CommandTable,
) -> None:
    post = await ask(commands, "digest", "vison xyz 2025-03-03")
    assert "There is no category ‘vison xyz’" in words(post)
    assert len(actions(post)) == 3
    assert all(dict(a.arguments)["date"] == "2025-03-03" for a in actions(post))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cv 2025-13-40", "‘2025-13-40’ is not a date"),
        ("cv 2030-01-01", "There is no edition of Tue, 1 January 2030 yet"),
        ("colour=red", "There is no option ‘colour’"),
        ("robotics", "no papers in Robotics"),
        ("cv 2020-01-07", "There is nothing of Tue, 7 January 2020 yet"),
    ],
)
async def test_what_cannot_be_answered_is_a_sentence(
    commands: CommandTable, line: str, said: str
) -> None:
    assert said in words(await ask(commands, "digest", line))


async def test_the_answer_is_in_the_reader_s_language(commands: CommandTable) -> None:
    assert "컴퓨터 비전" in words(await ask(commands, "digest", "cv", language="ko-KR"))
    assert "Computer Vision" in words(await ask(commands, "digest", "cv", language="xx"))


async def test_a_public_digest_is_for_all(commands: CommandTable) -> None:
    for line, private in (("cv", True), ("cv public", False), ("cv 공개", False)):
        reply = await commands.answer(Request("digest", CHAT, "7", line=line))
        assert reply.private is private


async def test_a_subscription_is_made_described_and_ended(
    commands: CommandTable, parts: Service
) -> None:
    line = 'cv,llm time=09:30 timezone=Paris language=ko exclude="survey"'
    post = await ask(commands, "subscribe", line)
    assert "#papers gets the digest every day at 09:30 (Europe/Paris)" in words(post)
    (made,) = await parts.store.subscriptions.of(CHAT)
    assert (made.wish.categories, made.wish.language, made.author) == (("cv", "llm"), "ko", "7")
    assert made.wish.exclude == ("survey",)
    listed = await ask(commands, "subscriptions")
    assert "Subscription #1" in words(listed)
    (ending,) = (a for a in actions(listed) if a.command == "unsubscribe")
    await ask(commands, ending.command, arguments=dict(ending.arguments))
    assert await parts.store.subscriptions.of(CHAT) == []


async def test_of_several_subscriptions_it_asks_which_shall_end(
    commands: CommandTable, parts: Service
) -> None:
    await ask(commands, "subscribe", "cv")
    await ask(commands, "subscribe", "llm")
    asked = await ask(commands, "unsubscribe")
    assert [dict(a.arguments)["number"] for a in actions(asked)] == ["1", "2"]
    assert len(await parts.store.subscriptions.of(CHAT)) == 2
    await ask(commands, "unsubscribe", "#2")
    assert [s.id for s in await parts.store.subscriptions.of(CHAT)] == [1]


async def test_nobody_ends_the_subscription_of_another_chat(
    commands: CommandTable, parts: Service
) -> None:
    await ask(commands, "subscribe", "cv")
    elsewhere = Target("fake", "-200")
    for line in ("1", ""):
        await ask(commands, "unsubscribe", line, target=elsewhere)
    assert len(await parts.store.subscriptions.of(CHAT)) == 1


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe", "subscriptions", "post", "status"])
@pytest.mark.parametrize("platform", ["discord", "telegram"])
async def test_in_a_group_only_those_who_manage_it_may(
    commands: CommandTable, parts: Service, command: str, platform: str
) -> None:
    target = Target(platform, "1")
    post = await ask(commands, command, manager=False, target=target)
    assert words(post).strip().startswith("Only ")
    assert await parts.store.subscriptions.of(target) == []
    alone = await ask(commands, command, manager=False, private=True, target=target)
    assert not words(alone).strip().startswith("Only ")


async def test_posting_by_hand_serves_this_chat_once_and_again_when_asked(
    commands: CommandTable, parts: Service
) -> None:
    assert "no subscription" in words(await ask(commands, "post"))
    await ask(commands, "subscribe", "cv")
    await ask(commands, "subscribe", "cv", target=Target("fake", "-200"))
    assert "on its way" in words(await ask(commands, "post"))
    before = await ask(commands, "post")
    assert "has come already" in words(before)
    again, *earlier = actions(before)
    assert [dict(a.arguments)["date"] for a in earlier] == [
        "2025-03-03",
        "2025-02-28",
        "2025-02-27",
    ]
    await ask(commands, again.command, arguments=dict(again.arguments))
    owed = await parts.store.deliveries.recent(100)
    assert {(d.target, d.issue) for d in owed} == {(CHAT, 1), (CHAT, 2)}


async def test_subscribing_again_ends_a_pause(commands: CommandTable, parts: Service) -> None:
    await ask(commands, "subscribe", "cv")
    await parts.store.subscriptions.pause(1, BLOCKED)
    listed = await ask(commands, "subscriptions")
    assert "Paused: The bot was blocked." in words(listed)
    paused = await ask(commands, "post")
    assert "Paused" in words(paused)
    for line in ("cv", ""):
        await parts.store.subscriptions.pause(1, BLOCKED)
        assert "Resumed" in words(await ask(commands, "subscribe", line))
        (only,) = await parts.store.subscriptions.of(CHAT)
        assert not only.paused
        assert only.next_due > NOON


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("command", ["subscriptions", "post", "status"])
async def test_why_nothing_comes_is_said_in_the_language_of_who_asks(
    commands: CommandTable, parts: Service, command: str, language: str
) -> None:
    await ask(commands, "subscribe", "cv")
    await parts.store.subscriptions.pause(1, Phrase("pause.out"))
    said = words(await ask(commands, command, language=language))
    assert catalog(language).say("pause.out") in said


async def test_while_arxiv_is_down_those_who_ask_together_wait_once(
    commands: CommandTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[date] = []

    async def break_off(_: object, day: date, __: datetime) -> None:
        asked.append(day)

    monkeypatch.setattr("bot.collect.Collector.collect", break_off)
    answers = await asyncio.gather(*(ask(commands, "digest", "cv") for _ in range(5)))
    assert all("There is nothing of" in words(post) for post in answers)
    assert asked == [date(2025, 3, 4)]


async def test_why_tells_the_way_of_the_papers_and_the_reasons_of_those_shown(
    commands: CommandTable,
) -> None:
    said = words(await ask(commands, "why", "cv"))
    assert "Listed: 3; received: 3" in said
    assert "Shown before: 0; new: 3" in said
    assert "3 of 3 are shown" in said


async def test_status_tells_of_this_chat_alone(commands: CommandTable) -> None:
    await ask(commands, "subscribe", "cv")
    await ask(commands, "post")
    assert "2025-03-04/1/1/parent" in words(await ask(commands, "status"))
    other = words(await ask(commands, "status", target=Target("fake", "-200")))
    assert "2025-03-04/1/1/parent" not in other


async def test_help_names_every_command_and_a_stranger_is_greeted(commands: CommandTable) -> None:
    for command in ("help", "start", "no such thing"):
        said = words(await ask(commands, command))
        assert all(f"/{entry.name} " in said for entry in TABLE)
    assert "every day at 11:00" in words(await ask(commands, "start", "payload"))


async def test_what_breaks_is_a_sentence_to_the_person_and_a_line_in_the_log(
    commands: CommandTable, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.shelf.Shelf.history", break_down)
    assert "I cannot answer now" in words(await ask(commands, "digest", "cv"))
    assert "no answer" in capsys.readouterr().out


def test_suggestions_complete_what_is_typed(commands: CommandTable) -> None:
    def values(option: Option, typed: str, language: str = "en") -> list[str]:
        return [s.value for s in commands.suggest(option, typed, language)]

    category = Option("category", "category")
    assert values(category, "vis")[0] == "cv"
    assert values(category, "비전", "ko") == ["cv"]
    assert len(values(category, "")) == 17
    assert values(Option("categories", "category"), "llm, robo") == ["llm,robotics"]
    assert values(Option("date", "date"), "")[:3] == ["2025-03-04", "2025-03-03", "2025-02-28"]
    assert values(Option("language", "language"), "한") == ["ko"]
    assert values(Option("time", "text"), "9") == []


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_command_and_option_has_its_words_within_discord_s_limits(language: str) -> None:
    said = catalog(language)
    for command in TABLE:
        assert 1 <= len(said.say(f"command.{command.name}.name")) <= 32
        assert 1 <= len(said.say(f"command.{command.name}.description")) <= 100
        names = [said.say(f"option.{option.name}.name") for option in command.options]
        assert len(names) == len(set(names))
        for option in command.options:
            assert 1 <= len(said.say(f"option.{option.name}.description")) <= 100


def test_words_without_options_are_passed_over() -> None:
    assert parse_words("hello there", {}) == {}
    assert parse_words("#3", {"number": "number"}) == {"number": "#3"}
    with pytest.raises(Refusal):
        parse_words("x=1", {"number": "number"})
