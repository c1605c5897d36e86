"""The console: posts appear in this terminal, and a transcript keeps what was shown."""

import asyncio
import io
import json
import os
import select
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from errno import ENOSPC
from pathlib import Path

from rich.console import Console

from bot.adapters.base import Commands, SendError, TransientError
from core.blocks import Post
from core.delivery import Delivery, Frozen
from core.render.terminal import message_panel
from core.subscription import Target

PLATFORM = "console"
CHAT = "terminal"
_WIDTH = 96
_AT_ONCE = 20
_STALLED_MS = 1000
# A terminal may be paused for as long as its reader likes: a message waits, and is never given up.
_AGAIN = timedelta(seconds=30)
_LONGEST = 8 * 2**20


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

    async def start(self, commands: Commands | None) -> None:
        """Nothing: a terminal that shows posts takes no commands."""

    async def stop(self) -> None:
        """Nothing."""

    def is_private(self, target: Target) -> bool:  # noqa: ARG002 - the platform's question
        """No: the whole thread is shown."""
        return False

    async def missing_permissions(self, target: Target, language: str) -> Sequence[str]:  # noqa: ARG002
        """None: it is our own terminal."""
        return ()

    def role(self, target: Target) -> str:  # noqa: ARG002
        """None: there are no roles."""
        return ""

    def freeze(self, post: Post, *, private: bool) -> Sequence[Frozen]:  # noqa: ARG002
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

    async def amend(self, delivery: Delivery, links: Mapping[str, str]) -> None:  # noqa: ARG002
        """Show it once more where it stands otherwise; what leads to a message leads downwards."""
        if await self.find(delivery) is None:
            await self.send(delivery)

    async def tell(self, person: str, post: Post) -> None:  # noqa: ARG002 - there is nobody
        """Raise SendError: nobody is alone at a terminal."""
        raise SendError("a terminal has no people")

    async def find(self, delivery: Delivery, known: Collection[str] = ()) -> str | None:  # noqa: ARG002
        """The delivery's key if the transcript has it."""
        return await asyncio.to_thread(self._look_up, delivery)

    def _write(self, delivery: Delivery) -> str:
        line = _line(delivery)
        text = json.loads(delivery.body)["text"]
        try:
            if self._transcript.exists() and self._transcript.stat().st_size > _LONGEST:
                _keep_newest(self._transcript, _LONGEST // 2)
            with self._transcript.open("ab", buffering=0) as transcript:
                # Back to back: a crash has hardly time to come between them.
                before = transcript.tell()
                try:
                    _write_whole(transcript, b"\n" + line + b"\n")
                    self._show(text.encode())
                except BaseException:
                    # What was not shown must not be found.
                    transcript.truncate(before)
                    raise
        except OSError as error:
            said = f"the terminal cannot be written: {error.strerror or error}"
            raise TransientError(said, _AGAIN) from None
        return delivery.key

    def _show(self, text: bytes) -> None:
        """Write all of it; a terminal that takes nothing any more, such as a full pipe, is left."""
        ready = select.poll()
        ready.register(self._terminal, select.POLLOUT)
        while text:
            if not ready.poll(_STALLED_MS):
                raise TransientError("the terminal takes no more", _AGAIN)
            # What the system says it can take it takes at once, if it is this short (pipe(7)).
            text = text[os.write(self._terminal, text[: select.PIPE_BUF]) :]

    def _look_up(self, delivery: Delivery) -> str | None:
        """The key if this message stands whole in the transcript; half a line was never shown."""
        try:
            shown = _line(delivery) in self._transcript.read_bytes().split(b"\n")
        except FileNotFoundError:
            return None
        return delivery.key if shown else None


def _line(delivery: Delivery) -> bytes:
    """A message in the transcript, by its key and its text: another database has the same keys."""
    text = json.loads(delivery.body)["text"]
    return json.dumps({"key": delivery.key, "text": text}, ensure_ascii=False).encode()


def _write_whole(transcript: io.FileIO, noted: bytes) -> None:
    """All of it in one call; a disk that fills up takes a part and says nothing."""
    if transcript.write(noted) != len(noted):
        raise OSError(ENOSPC, "the transcript could not be written whole")


def _keep_newest(transcript: Path, size: int) -> None:
    """Cut a transcript to its last lines; only the newest can ever be in doubt."""
    kept = transcript.read_bytes()[-size:].partition(b"\n")[2]
    aside = transcript.with_name(f"{transcript.name}.new")
    aside.write_bytes(kept)
    aside.replace(transcript)
