"""Every command of the contract on Telegram, and every button and question of its answers."""

import re
from collections.abc import Mapping

import pytest

from tests.contract import SAID
from tests.contract_telegram import Home, home
from tests.emulators.telegram_errors import Json
from tests.emulators.telegram_message import Message

__all__ = ["home"]

ROWS: Mapping[str, tuple[str, str]] = {
    "digest": ("CV 2025-03-04", "Computer Vision · 17 papers"),
    "categories": ("", "Computer Vision · cv · 17"),
    "help": ("", "/digest"),
    "start": ("cv", "every day at 11:00"),
    "subscribe": (
        "cv,llm time=09:00 timezone=Europe/Paris language=en include='diffusion model' exclude=survey",
        "Papers gets the digest every day at 09:00 (Europe/Paris)",
    ),
    "subscriptions": ("", "Papers gets the digest every day at 11:00 (Asia/Seoul)"),
    "unsubscribe": ("", "It has ended"),
    "paper": ("https://arxiv.org/abs/2501.00011", "A Study of Subject 11"),
    "search": ("subject cv", "of 24 papers"),
    "trends": ("cv 30", "Computer Vision over time"),
    "why": ("cv", "5 of 17 are shown"),
    "post": ("2025-03-03 again", "is on its way"),
    "status": ("", "Newest listing, Tue, 4 March 2025"),
    "forget": ("", "Delete what is stored about this chat?"),
}


def test_the_table_is_the_contract_s(home: Home) -> None:
    assert {command.name for command in home.house.commands.table} == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
async def test_a_row_of_the_contract_is_answered(home: Home, name: str) -> None:
    if name != "subscribe":
        await home.house.subscribed()
    line, said = ROWS[name]
    answer = await home.say(f"/{name}@{home.server.world.bot.username} {line}")
    assert said in answer.text
    assert answer.silent


@pytest.mark.parametrize("line", [*ROWS, "digest cv"])
async def test_every_button_within_two_presses_answers(
    home: Home, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = await walked(home, line, ())
    seen: set[str] = set()
    pressed = 0
    for one in first.buttons:
        reached = await walked(home, line, (one,))
        pressed += 1
        for two in reached.buttons:
            if two["callback_data"] not in seen:
                seen.add(two["callback_data"])
                await walked(home, line, (one, two))
                pressed += 1
    # Nothing is left to do where somebody sees how things are, or has just ended them.
    assert (pressed > 0) == (line not in {"status", "unsubscribe"})
    out = capsys.readouterr().out
    assert "no answer" not in out
    assert "not answered" not in out
    assert home.server.dropped_entities == []


async def walked(home: Home, line: str, path: tuple[Json, ...]) -> Message:
    """What the last press of a path brings."""
    await home.house.subscribed()
    if line == "subscribe":
        await home.house.emptied()
    message = await asked(home, await home.say(f"/{line}"))
    for button in path:
        beside, message = await home.press(message, named(message, button))
        message = await asked(home, message)
        assert not beside, (path, beside)
        assert "I cannot answer now" not in message.text, path
    return message


async def asked(home: Home, message: Message) -> Message:
    """The answer to a question that a message asks; the message itself if it asks none."""
    question = re.search(r"/\w+(?: \w+=\S+)* (\w+)=…", message.text)
    if not question:
        return message
    before = len(home.server.messages(home.group))
    await home.server.say(home.group, home.boss, SAID[question[1]], reply_to=message)
    return (await home.more(before))[0]


def named(message: Message, wanted: Json) -> str:
    """The same button on this message, whose subscription may have another number."""
    mark = re.sub(r"number=\d+", "number=", wanted["callback_data"])
    return next(
        str(button["callback_data"])
        for button in message.buttons
        if re.sub(r"number=\d+", "number=", button["callback_data"]) == mark
    )
