"""Finding and forgetting between both chats, over real sockets."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from tests.factories import NOWHERE
from tests.program import Chats, chats
from tests.test_chats import LATER, People, rows, words

NUMBER = "SELECT paper_id FROM entries ORDER BY position LIMIT 1"
EVERYTHING = "SELECT (SELECT count(*) FROM subscriptions), (SELECT count(*) FROM deliveries)"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Chats]:
    async with chats(tmp_path) as found:
        yield found


async def said(here: Chats, people: People, text: str, count: int) -> str:
    """What Telegram shows as its answer, the message of this number."""
    await here.telegram.say(people.alone, people.mina, text)
    await here.telegram.wait_for(lambda: len(here.telegram.messages(people.alone)) == count)
    return here.telegram.messages(people.alone)[-1].text


async def test_papers_are_found_by_words_and_by_number_in_both_chats(here: Chats) -> None:
    people = People(here)
    await here.start(LATER)
    await said(here, people, "/digest cv", 1)
    found = await said(here, people, "/search image segmentation cv", 2)
    assert "1–8 of 9 papers" in found
    press = here.telegram.press(
        here.telegram.messages(people.alone)[-1], "Older papers", people.mina
    )
    await press.answered()
    page = here.telegram.messages(people.alone)[-1]
    await here.telegram.wait_for(lambda: "9–9 of 9 papers" in page.text)
    number = rows(here, NUMBER)[0][0].removeprefix("arxiv:")
    paper = await said(here, people, f"/paper https://arxiv.org/abs/{number}v1", 3)
    assert f"arXiv {number}" in paper
    searched = await here.discord.command("search", {"words": '"robot grasping"'})
    assert "1–3 of 3 papers" in words(await searched.answer())
    shown = await here.discord.command("paper", {"paper": number})
    assert f"arXiv {number}" in words(await shown.answer())
    await here.program.stop()


async def test_what_is_stored_of_a_person_and_of_a_channel_is_forgotten_by_a_press(
    here: Chats,
) -> None:
    people = People(here)
    await here.start(LATER, **NOWHERE)
    await said(here, people, "/subscribe language=en", 1)
    asked = await said(here, people, "/forget", 2)
    assert "Delete what is stored about you?" in asked
    message = here.telegram.messages(people.alone)[-1]
    await here.telegram.press(message, "Delete everything", people.mina).answered()
    await here.telegram.wait_for(
        partial(rows, here, "SELECT 1 WHERE 0 = (SELECT count(*) FROM subscriptions)")
    )
    made = await here.discord.command("subscribe", user=here.discord.owner)
    await made.answer()
    first = await here.discord.command("forget", user=here.discord.owner)
    offered = await first.answer()
    assert "Subscriptions: 1" in words(offered)
    pressed = await here.discord.press(offered, "Delete everything", here.discord.owner)
    assert "Deleted" in words(await pressed.edited())
    assert rows(here, EVERYTHING) == [(0, 0)]
    await here.program.stop()
