"""Every command of the contract on Discord, and every button and menu that its answers bring."""

import re
from collections.abc import Iterator, Mapping

import pytest

from tests.contract import SAID
from tests.contract_discord import FORM, Home, home, parts, words
from tests.emulators.discord_components import SELECT
from tests.emulators.discord_errors import Json
from tests.emulators.discord_world import Message

__all__ = ["home"]

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
