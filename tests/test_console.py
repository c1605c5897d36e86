"""The console: what it shows, what it remembers, and a terminal that takes nothing."""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters import console
from bot.adapters.base import SendError, TransientError
from bot.adapters.console import ConsoleAdapter
from core.blocks import Message, Post
from core.delivery import Delivery
from core.subscription import Target
from tests.factories import DAY

SIZE = 300_000


def delivery(text: str = "한 줄\n", part: str = "parent") -> Delivery:
    body = json.dumps({"text": text})
    return Delivery(1, DAY, 1, 7, part, 0, Target("console", "terminal"), body)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


async def test_what_was_shown_is_found_again(tmp_path: Path, pipe: tuple[int, int]) -> None:
    adapter = ConsoleAdapter(tmp_path / "said", pipe[1])
    assert await adapter.find(delivery()) is None
    assert await adapter.send(delivery()) == "2025-07-15/1/7/parent"
    assert os.read(pipe[0], 100).decode() == "한 줄\n"
    assert await ConsoleAdapter(tmp_path / "said").find(delivery()) == "2025-07-15/1/7/parent"
    assert await adapter.find(delivery(part="cv")) is None


async def test_the_same_key_with_another_text_is_of_another_database(
    tmp_path: Path, pipe: tuple[int, int]
) -> None:
    adapter = ConsoleAdapter(tmp_path / "said", pipe[1])
    await adapter.send(delivery("yesterday's"))
    assert await adapter.find(delivery("today's")) is None


async def test_a_terminal_that_nobody_reads_is_left_and_asked_again_later(
    tmp_path: Path, pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "_STALLED_MS", 1)
    adapter = ConsoleAdapter(tmp_path / "said", pipe[1])
    long = delivery("x" * SIZE)
    with pytest.raises(TransientError, match="takes no more") as put_off:
        await adapter.send(long)
    assert put_off.value.retry_after
    assert await adapter.find(long) is None


async def test_a_long_message_comes_whole_through_a_narrow_pipe(
    tmp_path: Path, pipe: tuple[int, int]
) -> None:
    adapter = ConsoleAdapter(tmp_path / "said", pipe[1])
    sending = asyncio.create_task(adapter.send(delivery("x" * SIZE)))
    read = 0
    while read < SIZE:
        read += len(await asyncio.to_thread(os.read, pipe[0], 10_000))
    await sending
    assert read == SIZE


async def test_a_closed_terminal_is_no_fault_of_the_message(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with pytest.raises(TransientError, match="Broken pipe") as put_off:
        await ConsoleAdapter(tmp_path / "said", writer).send(delivery())
    os.close(writer)
    assert put_off.value.retry_after


async def test_the_transcript_keeps_its_newest_and_does_not_grow_for_ever(
    tmp_path: Path, pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "_LONGEST", 2000)
    adapter = ConsoleAdapter(tmp_path / "said", pipe[1])
    sent = [replace(delivery(), subscription=number) for number in range(100)]
    for item in sent:
        await adapter.send(item)
    assert (tmp_path / "said").stat().st_size < 2200
    assert await adapter.find(sent[-1])
    assert await adapter.find(sent[-10])
    assert await adapter.find(sent[0]) is None


async def test_what_stands_as_it_is_is_not_shown_again(
    tmp_path: Path, pipe: tuple[int, int]
) -> None:
    adapter = ConsoleAdapter(tmp_path / "said", pipe[1])
    await adapter.send(delivery())
    os.read(pipe[0], 100)
    for _ in range(2):
        await adapter.amend(delivery(), {"cv": "2025-07-15/1/7/cv"})
    os.write(pipe[1], b"end")
    assert os.read(pipe[0], 100) == b"end"


async def test_what_was_corrected_is_shown_once_more(tmp_path: Path, pipe: tuple[int, int]) -> None:
    adapter = ConsoleAdapter(tmp_path / "said", pipe[1])
    await adapter.send(delivery("one missed\n"))
    for _ in range(2):
        await adapter.amend(delivery("none missed\n"), {})
    assert os.read(pipe[0], 100) == b"one missed\nnone missed\n"


async def test_nobody_can_be_told_alone_at_a_terminal(tmp_path: Path) -> None:
    post = Post("", "en", Message("answer", "Hello", "#000000", ()))
    with pytest.raises(SendError):
        await ConsoleAdapter(tmp_path / "said").tell("7", post)
