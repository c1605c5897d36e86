"""A subscription changed by menus, by questions and by arguments, as any platform hands them in."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.adapters.base import Reply, Request
from bot.commands import CommandTable
from core.blocks import Action, Actions, Choices, Items, Post
from core.subscription import EVERY_DAY, Subscription, Wish
from tests.service import Service
from tests.test_commands import CHAT, NOON, actions, ask, commands, parts, words

__all__ = ["commands", "parts"]


@pytest.fixture
async def made(commands: CommandTable, parts: Service) -> Subscription:
    await ask(commands, "subscribe", "cv,llm language=en exclude=survey")
    (found,) = await parts.store.subscriptions.of(CHAT)
    return found


async def press(commands: CommandTable, action: Action, said: str = "", **fields: object) -> Reply:
    """What a press brings, with what is said where it asks."""
    arguments = dict(action.arguments)
    if action.asks:
        arguments[action.asks.option] = said or action.asks.empty
    request = Request(action.command, CHAT, "7", arguments, manager=True, place="#papers")
    return await commands.answer(replace(request, pressed=True, **fields))  # type: ignore[arg-type]


async def choose(commands: CommandTable, menu: Choices, value: str) -> Post:
    arguments = (*menu.arguments, (menu.option, value))
    return (await press(commands, Action("", menu.command, arguments))).post


def button(post: Post, label: str) -> Action:
    return next(action for action in actions(post) if action.label == label)


def menus(post: Post) -> list[Choices]:
    return [block for block in post.parent.blocks if isinstance(block, Choices)]


def chosen(menu: Choices) -> set[str]:
    every = [*menu.choices, *([menu.none] if menu.none else [])]
    return {choice.value for choice in every if choice.chosen}


async def wish_of(parts: Service, subscription: Subscription) -> Wish:
    found = await parts.store.subscriptions.get(subscription.id)
    assert found
    return found.wish


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("ko", ["분야", "시간", "언어", "필터", "미리 보기", "해지"]),
        ("en", ["Categories", "Time", "Language", "Filters", "Preview", "Unsubscribe"]),
    ],
)
async def test_what_was_agreed_has_a_button_for_each_thing_to_change(
    commands: CommandTable, language: str, labels: list[str]
) -> None:
    made = await ask(commands, "subscribe", "cv", language=language)
    listed = await ask(commands, "subscriptions", language=language)
    assert [action.label for action in actions(made)] == labels
    assert [action.label for action in actions(listed)] == labels
    # A preview is a message of its own; everything else takes the place of this one.
    in_place = {action.label for action in actions(made) if action.in_place}
    assert in_place == {*labels} - {labels[4]}


async def test_each_subscription_stands_in_a_message_of_its_own(
    commands: CommandTable, made: Subscription
) -> None:
    await ask(commands, "subscribe", "rl")
    post = await ask(commands, "subscriptions")
    assert [m.title for m in post.messages] == ["Subscription #1", "Subscription #2"]
    for number, message in enumerate(post.messages, 1):
        (block,) = (block for block in message.blocks if isinstance(block, Actions))
        assert {dict(action.arguments)["number"] for action in block.actions} == {str(number)}
    assert made.id == 1


async def test_categories_are_chosen_all_at_once_or_one_after_another(
    commands: CommandTable, parts: Service, made: Subscription
) -> None:
    opened = (
        await press(commands, button(await ask(commands, "subscriptions"), "Categories"))
    ).post
    (menu,) = menus(opened)
    assert len(menu.choices) == 17
    assert chosen(menu) == {"cv", "llm"}
    for said, wanted in (
        ("cv,rl", ("cv", "rl")),
        ("+llm", ("cv", "rl", "llm")),
        ("-cv", ("rl", "llm")),
        ("+llm", ("rl", "llm")),
        ("all", ()),
        ("+cv", ("cv",)),
        ("-cv", ()),
    ):
        shown = await choose(commands, menu, said)
        assert (await wish_of(parts, made)).categories == wanted, said
        assert chosen(menus(shown)[0]) == (set(wanted) or {"all"})
    assert "Categories: all" in words(shown)


async def test_hours_and_days_are_chosen_and_the_next_time_is_told_anew(
    commands: CommandTable, parts: Service, made: Subscription
) -> None:
    opened = (await press(commands, button(await ask(commands, "subscriptions"), "Time"))).post
    hours, days = menus(opened)
    assert chosen(hours) == {"11:00"}
    assert chosen(days) == {"daily"}
    await choose(commands, hours, "09:00")
    shown = await choose(commands, days, "+sat")
    assert "at 09:00" in words(shown)
    assert "Next: Sat, 8 March at 09:00" in words(shown)
    found = await parts.store.subscriptions.get(made.id)
    assert found
    assert (found.wish.at, found.wish.weekdays) == (time(9), frozenset({5}))
    assert found.next_due == datetime(2025, 3, 8, 0, tzinfo=UTC)
    for said, wanted in (("+sun", {5, 6}), ("-sat", {6}), ("-sun", EVERY_DAY), ("mon,wed", {0, 2})):
        await choose(commands, days, said)
        assert (await wish_of(parts, made)).weekdays == wanted, said


async def test_what_is_written_is_asked_for_with_what_it_is_now(
    commands: CommandTable, parts: Service, made: Subscription
) -> None:
    filters = (await press(commands, button(await ask(commands, "subscriptions"), "Filters"))).post
    exclude = button(filters, "Words to exclude")
    asked = (await press(commands, replace(exclude, asks=None), asks="exclude")).post
    assert "Now: survey" in words(asked)
    (question,) = actions(asked)
    assert question.asks
    assert (question.asks.value, question.asks.empty) == ("survey", "-")
    for said, terms in (("a survey, review", ("a survey", "review")), ("", ())):
        await press(commands, question, said)
        assert (await wish_of(parts, made)).exclude == terms
    refused = await press(commands, question, ",".join(f"term{n}" for n in range(21)))
    assert refused.beside
    assert (await wish_of(parts, made)).exclude == ()


async def test_a_time_off_the_hour_has_its_place_in_the_menu(
    commands: CommandTable, made: Subscription
) -> None:
    await ask(commands, "subscriptions", "time=9:30")
    opened = (await press(commands, button(await ask(commands, "subscriptions"), "Time"))).post
    hours = menus(opened)[0]
    assert [choice.value for choice in hours.choices][9:11] == ["09:00", "09:30"]
    assert len(hours.choices) == 25
    assert chosen(hours) == {"09:30"}
    assert made.id == 1


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("number=1 time=09:30 exclude=survey,review", {"at": time(9, 30)}),
        ("#1 rl time=9:30", {"categories": ("rl",), "at": time(9, 30)}),
        ("1 exclude=", {"exclude": ()}),
        ("categories=+rl weekdays=평일", {"categories": ("cv", "llm", "rl")}),
        ("번호=1\n언어=ko", {"language": "ko"}),
        ("timezone=Paris", {"zone": "Europe/Paris"}),
    ],
)
async def test_arguments_change_it_as_well(
    commands: CommandTable, parts: Service, made: Subscription, line: str, wanted: dict[str, object]
) -> None:
    post = await ask(commands, "subscriptions", line)
    wish = await wish_of(parts, made)
    assert {name: getattr(wish, name) for name in wanted} == wanted
    assert "Subscription #1" in words(post)
    assert actions(post)[0].label == "Categories"


async def test_of_several_it_must_be_said_which_one_is_changed(
    commands: CommandTable, parts: Service, made: Subscription
) -> None:
    await ask(commands, "subscribe", "rl")
    said = words(await ask(commands, "subscriptions", "time=9:30"))
    assert "number=1, number=2" in said
    assert (await wish_of(parts, made)).at == time(11)
    await ask(commands, "subscriptions", "number=2 time=9:30")
    assert [s.wish.at.minute for s in await parts.store.subscriptions.of(CHAT)] == [0, 30]


async def test_two_never_become_the_same(
    commands: CommandTable, parts: Service, made: Subscription
) -> None:
    await ask(commands, "subscribe", "rl language=en exclude=survey")
    said = words(await ask(commands, "subscriptions", "number=2 categories=llm,cv"))
    assert "That subscription exists already" in said
    assert [s.wish.categories for s in await parts.store.subscriptions.of(CHAT)] == [
        ("cv", "llm"),
        ("rl",),
    ]
    # To subscribe once more to what there is shows what there is.
    again = await ask(commands, "subscribe", "llm,cv language=en exclude=survey")
    assert "exists already" in words(again)
    assert dict(actions(again)[0].arguments)["number"] == str(made.id)


async def test_a_changed_subscription_does_not_come_due_for_what_it_has_had(
    commands: CommandTable, parts: Service
) -> None:
    async for _ in parts.collector.collect_if_needed(NOON):
        pass
    post = await ask(commands, "subscribe", "cv time=18:00")
    assert "The digest of Tue, 4 March 2025 follows now" in words(post)
    assert "Next: Wed, 5 March at 18:00" in words(post)
    shown = await ask(commands, "subscriptions", "time=13:00")
    assert "Next: Wed, 5 March at 13:00" in words(shown)
    owed = await parts.store.deliveries.recent(100)
    assert {(d.edition, d.target) for d in owed} == {(date(2025, 3, 4), CHAT)}


@pytest.mark.usefixtures("made")
async def test_a_preview_shows_the_post_and_why_a_category_is_not_in_it(
    commands: CommandTable, parts: Service
) -> None:
    await ask(commands, "digest", "cv")
    preview = button(await ask(commands, "subscriptions"), "Preview")
    thread = await press(commands, preview, alone=True)
    assert thread.private
    assert [message.part for message in thread.post.messages] == ["parent", "cv"]
    assert "LLM: no papers that day" in words(thread.post)
    assert "Nothing is sent" in words(thread.post)
    # In a group that sees it, the contents stand for the thread.
    shown = (await press(commands, preview)).post
    assert shown.replies == ()
    assert [a.label for a in actions(shown)] == ["✈️ Computer Vision 3"]
    assert any(isinstance(block, Items) for block in shown.parent.blocks)
    await ask(commands, "subscriptions", "exclude=Subject")
    said = words((await press(commands, preview)).post)
    assert "Computer Vision: every paper shown has a word that you exclude" in said
    assert await parts.store.deliveries.recent(100) == []
