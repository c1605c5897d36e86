"""The console: posts appear in this terminal, and a transcript keeps what was shown."""

import asyncio
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bot.adapters.base import TransientError
from core.blocks import Post
from core.delivery import Delivery, Frozen
from core.render.terminal import message_panel

PLATFORM = "console"
CHAT = "terminal"
_WIDTH = 96
_AT_ONCE = 20


class ConsoleAdapter:
    """Writes each message to the transcript, then to the terminal.

    The transcript is this platform's chat history: one JSON line a message, by which a message is
    recognised after a crash. ``terminal`` is a file descriptor.
    """

    def __init__(self, transcript: Path, terminal: int = 1) -> None:
        self._transcript = transcript
        self._terminal = terminal

    @property
    def platform(self) -> str:
        """``console``."""
        return PLATFORM

    @property
    def at_once(self) -> int:
        """Many: the transcript knows each of them."""
        return _AT_ONCE

    def freeze(self, post: Post) -> Sequence[Frozen]:
        """Each message as the panel that the terminal shows, without colours."""
        frozen = []
        for message in post.messages:
            page = Console(file=io.StringIO(), width=_WIDTH, force_terminal=False)
            page.print(message_panel(post, message))
            assert isinstance(page.file, io.StringIO)  # noqa: S101
            body = json.dumps({"text": page.file.getvalue()}, ensure_ascii=False)
            frozen.append(Frozen(message.part, body))
        return frozen

    async def send(self, delivery: Delivery) -> str:
        """Show one message; its id is the delivery's key."""
        return await asyncio.to_thread(self._write, delivery)

    async def find(self, delivery: Delivery) -> str | None:
        """The delivery's key if the transcript has it."""
        return await asyncio.to_thread(self._look_up, delivery.key)

    def _write(self, delivery: Delivery) -> str:
        text = json.loads(delivery.body)["text"]
        line = json.dumps({"key": delivery.key, "text": text}, ensure_ascii=False)
        with self._transcript.open("ab", buffering=0) as transcript:
            # One system call each, back to back: a crash has no time to come between them.
            before = transcript.tell()
            transcript.write(f"\n{line}\n".encode())
            try:
                os.write(self._terminal, text.encode())
            except OSError as error:
                # What was not shown must not be found.
                transcript.truncate(before)
                raise TransientError(f"the terminal cannot be written: {error.strerror}") from None
        return delivery.key

    def _look_up(self, key: str) -> str | None:
        """The key if its line stands whole in the transcript; half a line was never shown."""
        try:
            lines = self._transcript.read_bytes().split(b"\n")
        except FileNotFoundError:
            return None
        start = json.dumps({"key": key})[:-1].encode()
        return (
            key if any(line.startswith(start) and line.endswith(b"}") for line in lines) else None
        )
