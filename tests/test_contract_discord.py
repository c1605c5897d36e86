"""Every command of the contract on Discord, and every button and menu that its answers bring."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from core.subscription import Target
from tests.contract import SAID, House, house
from tests.discord_adapter import Draw, adapter_of, until
from tests.emulators.discord_components import BUTTON, SELECT, walk
from tests.emulators.discord_errors import Json
from tests.emulators.discord_interaction import Interaction
from tests.emulators.discord_server import DiscordServer
from tests.emulators.discord_world import Message

FORM = 9


@dataclass
class Home:
    """The house and its Discord."""

    house: House
    server: DiscordServer

    async def say(self, name: str, **options: object) -> Message:
        """The answer to a command of the owner, who manages every channel."""
        asked = await self.server.command(name, options, user=self.server.owner)
        return await asked.answer()

    async def press(self, message: Message, wanted: str) -> Interaction:
        return await self.server.press(message, wanted, self.server.owner)

    async def choose(self, message: Message, wanted: str, *values: str) -> Message:
        """The message once the menu has changed it."""
        (mark,) = [
            part["custom_id"]
            for part in walk(message.components)
            if part["type"] == SELECT and wanted in part["placeholder"]
        ]
        asked = await self.server.select(message, mark, values, self.server.owner)
        return await asked.edited()


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Home]:
    monkeypatch.chdir(tmp_path)
    async with DiscordServer(channel_limit=None, global_limit=None) as server:
        adapter = adapter_of(server, Draw())
        target = Target("discord", str(server.text.id))
        async with house(tmp_path, "discord", adapter, target) as found:
            await server.ready()
            await until(lambda: adapter._client is not None and adapter._client.is_ready())
            yield Home(found, server)


def words(message: Message) -> str:
    """What a message says, its Markdown escapes taken away."""
    said = " ".join(f"{e.get('title', '')} {e.get('description', '')}" for e in message.embeds)
    return re.sub(r"\\(?=\W)", "", said)


def labels(message: Message) -> list[str]:
    return [part["label"] for part in walk(message.components) if part["type"] == BUTTON]


def parts(message: Message) -> list[Json]:
    return [part for part in walk(message.components) if part["type"] in (BUTTON, SELECT)]


ROWS: Mapping[str, tuple[dict[str, object], str]] = {
    "digest": ({"category": "cv", "date": "2025-03-04"}, "Computer Vision · 17 papers"),
    "categories": ({}, "Computer Vision · cv · 17"),
    "help": ({}, "/digest"),
    "start": ({}, "every day at 11:00"),
    "subscribe": (
        {
            "categories": "cv,llm",
            "time": "09:00",
            "timezone": "Europe/Paris",
            "language": "en",
            "include": "diffusion model",
            "exclude": "survey",
        },
        "#papers gets the digest every day at 09:00 (Europe/Paris)",
    ),
    "subscriptions": ({}, "#papers gets the digest every day at 11:00 (Asia/Seoul)"),
    "unsubscribe": ({}, "It has ended"),
    "paper": ({"paper": "https://arxiv.org/abs/2501.00011"}, "A Study of Subject 11"),
    "search": ({"words": "subject", "category": "cv"}, "of 24 papers"),
    "trends": ({"category": "cv", "days": "30"}, "Computer Vision over time"),
    "why": ({"category": "cv"}, "5 of 17 are shown"),
    "post": ({"date": "2025-03-03", "again": True}, "is on its way"),
    "status": ({}, "Newest listing, Tue, 4 March 2025"),
    "forget": ({}, "Delete what is stored about this chat?"),
}


def test_the_table_is_the_contract_s(home: Home) -> None:
    assert {command.name for command in home.house.commands.table} == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
async def test_a_row_of_the_contract_is_answered(home: Home, name: str) -> None:
    if name != "subscribe":
        await home.house.subscribed()
    options, said = ROWS[name]
    answer = await home.say(name, **options)
    assert said in words(answer)
    assert answer.ephemeral


# Presses within two of the command: each path is walked from the command on, in its own chat.
@pytest.mark.parametrize("name", [*ROWS, "digest cv"])
async def test_every_button_within_two_presses_answers(
    home: Home, name: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *category = name.split()
    options: dict[str, object] = {"category": category[0]} if category else {}
    first = await walked(home, command, options, ())
    seen: set[str] = set()
    pressed = 0
    for one in parts(first):
        reached = await walked(home, command, options, (one,))
        pressed += 1
        for two in parts(reached):
            # The same button on another message is the same request.
            if two["custom_id"] not in seen:
                seen.add(two["custom_id"])
                await walked(home, command, options, (one, two))
                pressed += 1
    # Nothing is left to do where somebody sees how things are, or has just ended them.
    assert (pressed > 0) == (name not in {"status", "unsubscribe"})
    assert home.server.pings == []
    assert not [r for r in caplog.records if r.levelname in {"WARNING", "ERROR"}]
    assert "no answer" not in capsys.readouterr().out


async def walked(
    home: Home, command: str, options: dict[str, object], path: tuple[Json, ...]
) -> Message:
    """What the last press of a path brings."""
    await home.house.subscribed()
    if command == "subscribe":
        await home.house.emptied()
    message = await home.say(command, **options)
    for part in path:
        message = await used(home, message, named(message, part))
        assert words(message).strip(), path
        assert "I cannot answer now" not in words(message), path
    return message


def named(message: Message, wanted: Json) -> Json:
    """The same button or menu on this message, whose subscription may have another number."""
    mark = re.sub(r"number=\d+", "number=", wanted["custom_id"])
    return next(
        part
        for part in parts(message)
        if re.sub(r"number=\d+", "number=", part["custom_id"]) == mark
    )


async def used(home: Home, message: Message, part: Json) -> Message:
    """The message that a press, or a choice, or a filled form brings."""
    server = home.server
    if part["type"] == SELECT:
        for values in choices(part):
            asked = await server.select(message, part["custom_id"], values, server.owner)
            await asked.edited()
        return message
    asked = await server.press(message, part["custom_id"], server.owner)
    kind = await asked.acknowledged()
    if kind == FORM:
        assert asked.modal
        option = asked.modal["components"][0]["component"]["custom_id"]
        sent = await server.submit(asked, {option: SAID[option]})
        return await (sent.edited() if await sent.acknowledged() == 6 else sent.answer())
    if kind == 6:
        return await asked.edited()
    return await asked.answer()


def choices(part: Json) -> Iterator[list[str]]:
    """Each choice alone, and where several can be all and none."""
    values = [option["value"] for option in part["options"]]
    yield from ([value] for value in values)
    if part["max_values"] > 1:
        yield values
    if part["min_values"] == 0:
        yield []


async def opened(home: Home, label: str) -> Message:
    """The subscription's message with the menu behind this button."""
    await home.house.subscribed()
    message = await home.say("subscriptions")
    return await (await home.press(message, label)).edited()


async def test_a_menu_changes_the_message_it_stands_under(home: Home) -> None:
    message = await opened(home, "Categories")
    count = len(home.server.messages(home.server.text, private=True))
    (menu,) = [part for part in parts(message) if part["type"] == SELECT]
    assert (menu["min_values"], menu["max_values"], len(menu["options"])) == (0, 17, 17)
    assert menu["placeholder"] == "Categories: All categories"
    changed = await home.choose(message, "Categories", "cv", "rl")
    assert changed is message
    assert "Categories: Computer Vision, Reinforcement Learning" in words(message)
    (menu,) = [part for part in parts(message) if part["type"] == SELECT]
    assert [o["value"] for o in menu["options"] if o.get("default")] == ["cv", "rl"]
    assert [one.wish.categories for one in await home.house.held()] == [("cv", "rl")]
    await home.choose(message, "Categories")
    assert [one.wish.categories for one in await home.house.held()] == [()]
    await (await home.press(message, "Done")).edited()
    assert labels(message)[:2] == ["Categories", "Time"]
    ended = await (await home.press(message, "Unsubscribe")).edited()
    assert "It has ended" in words(ended)
    assert await home.house.held() == []
    assert len(home.server.messages(home.server.text, private=True)) == count


async def test_a_form_asks_for_a_line_and_shows_what_it_is_now(home: Home) -> None:
    message = await opened(home, "Filters")
    for written, terms in (("survey, review", ("survey", "review")), ("", ())):
        asked = await home.press(message, "Words to exclude")
        assert await asked.acknowledged() == FORM
        sent = await home.server.submit(asked, {"exclude": written})
        assert await sent.acknowledged() == 6
        await sent.edited()
        assert [one.wish.exclude for one in await home.house.held()] == [terms]
        assert "review" in words(message) if terms else "Exclude" not in words(message)
    asked = await home.press(message, "Words to exclude")
    await asked.acknowledged()
    assert asked.modal
    assert "value" not in asked.modal["components"][0]["component"]


async def test_a_line_that_cannot_be_read_is_refused_beside(home: Home) -> None:
    message = await opened(home, "Time")
    before = words(message)
    asked = await home.press(message, "Another time")
    await asked.acknowledged()
    assert asked.modal
    assert asked.modal["components"][0]["component"]["value"] == "11:00"
    sent = await home.server.submit(asked, {"time": "99:99"})
    refused = await sent.followup()
    assert refused.ephemeral
    assert "is not a time" in words(refused)
    assert words(message) == before


async def test_who_may_no_longer_manage_is_told_so_and_changes_nothing(home: Home) -> None:
    server = home.server
    boss = server.add_user("boss", guild=server.home, permissions="MANAGE_CHANNELS")
    await home.house.subscribed()
    message = await (await server.command("subscriptions", user=boss)).answer()
    await (await server.press(message, "Time", boss)).edited()
    before = words(message)
    server.set_permissions(server.home, boss, "")
    menu = next(part["custom_id"] for part in parts(message) if part["type"] == SELECT)
    refused = await (await server.select(message, menu, ["09:00"], boss)).followup()
    assert refused.ephemeral
    assert "Only those who may manage this channel" in words(refused)
    asked = await server.press(message, "Time zone", boss)
    assert await asked.acknowledged() == 4
    assert "Only those who may manage this channel" in words(await asked.answer())
    assert words(message) == before
    assert [one.wish.at.hour for one in await home.house.held()] == [11]


async def test_a_new_subscription_brings_a_short_welcome_and_today_s_digest(home: Home) -> None:
    answer = await home.say("subscribe", categories="cv")
    assert "The digest of Tue, 4 March 2025 follows now" in words(answer)
    assert "Next: Wed, 5 March at 11:00" in words(answer)
    await home.house.sender.drain()
    (parent,) = home.server.messages(home.server.text)
    (thread,) = home.server.threads(home.server.text)
    assert "21 papers" in words(parent)
    assert len(home.server.messages(thread)) == 1


async def test_the_preview_is_the_whole_thread_for_the_asker_alone(home: Home) -> None:
    await home.house.subscribed()
    message = await home.say("subscriptions")
    asked = await home.press(message, "Preview")
    await asked.followup(2)
    assert [m.embeds[0]["title"].split(" · ")[0] for m in asked.messages] == [
        *("AI paper digest", "✈️ Computer Vision", "🥳 LLM", "🦾 Robotics"),
    ]
    assert all(one.ephemeral for one in asked.messages)
    assert home.server.messages(home.server.text) == []


async def test_further_papers_keep_their_numbers(home: Home) -> None:
    digest = await home.say("digest", category="cv")
    assert labels(digest) == ["Day before", "More (6–10)", "Subscribe"]
    more = await (await home.press(digest, "More (6–10)")).answer()
    assert more is not digest
    assert "Computer Vision · 6–10 / 17" in words(more)
    assert all(f"[{rank}]" in words(more) for rank in range(6, 11))
    assert labels(more) == ["More (11–15)"]
    await (await home.press(more, "More (11–15)")).edited()
    last = await (await home.press(more, "More (16–17)")).edited()
    assert last is more
    assert labels(more) == ["Back (11–15)"]
    assert "[17]" in words(more)
    assert "[15]" not in words(more)


async def test_somebody_s_own_installation_answers_where_the_bot_is_not(home: Home) -> None:
    server = home.server
    server.remove_bot(server.home)
    used = partial(server.command, by_user_install=True, user=server.owner)
    digest = await (await used("digest", {"category": "cv"})).answer()
    assert "Computer Vision" in words(digest)
    asked = await (await used("subscribe")).answer()
    assert "I am not in this channel" in words(asked)
    assert await home.house.parts.store.subscriptions.all_active() == []
    made = await (await home.press(asked, "Send it to me")).answer()
    assert "Subscribed" in words(made)
    (one,) = await home.house.parts.store.subscriptions.all_active()
    assert one.target == Target("discord", f"@{server.owner.id}")


async def test_what_is_typed_is_completed_also_behind_a_comma(home: Home) -> None:
    for name, option, typed, value in (
        ("digest", "category", "visi", "cv"),
        ("digest", "category", "computer vison", "cv"),
        ("subscribe", "categories", "llm, robo", "llm,robotics"),
        ("subscriptions", "categories", "비전", "cv"),
        ("digest", "date", "4 March", "2025-03-04"),
    ):
        asked = await home.server.autocomplete(name, option, typed, user=home.server.owner)
        found = await asked.choices()
        assert found[0]["value"] == value
