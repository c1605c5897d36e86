"""How often Telegram may be sent to: as a whole, and each chat.

The figures are core.telegram.org/bots/faq's: 30 messages a second, 20 a minute to a group, one a
second to a person, where a short burst is let through.
"""

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

from aiolimiter import AsyncLimiter

# A message that was long on its way may come into the next window: a little more than a minute.
_GROUP_SECONDS = 61.0
_GROUP = 20
# What is left of it is the day's post's, however many commands there are.
_GROUP_ANSWERS = 12
_PRIVATE_SECONDS = 3.0
_PRIVATE = 3
_MANY_CHATS = 2000


@dataclass(slots=True)
class _Chat:
    """When messages were sent to a chat, and until when Telegram takes none (loop's time)."""

    sent: deque[float] = field(default_factory=deque)
    closed: float = -math.inf


class Limits:
    """One token's limits: ``rate`` messages a second at most, without bursts."""

    def __init__(self, rate: float) -> None:
        self._token = AsyncLimiter(1, 1 / rate)
        self._chats: dict[int, _Chat] = {}

    def missing(self, chat: int, *, answer: bool = False) -> timedelta:
        """How long this chat can be sent nothing; zero if it can be now. Posts leave room."""
        now = asyncio.get_running_loop().time()
        found = self._chats.get(chat)
        if found is None:
            return timedelta()
        seconds, most = _window(chat, answer=answer)
        while found.sent and found.sent[0] <= now - _window(chat, answer=True)[0]:
            found.sent.popleft()
        surplus = len(found.sent) - most
        wait = found.sent[surplus] + seconds - now if surplus >= 0 else 0.0
        return timedelta(seconds=max(wait, found.closed - now, 0.0))

    def count(self, chat: int) -> None:
        """Remember a message that is sent to this chat now."""
        if len(self._chats) >= _MANY_CHATS:
            self._forget()
        self._chats.setdefault(chat, _Chat()).sent.append(asyncio.get_running_loop().time())

    async def turn(self) -> None:
        """Wait until the token may send a message."""
        await self._token.acquire()

    def close(self, chat: int, wait: timedelta) -> None:
        """Send nothing to this chat for so long: Telegram has said so."""
        now = asyncio.get_running_loop().time()
        self._chats.setdefault(chat, _Chat()).closed = now + wait.total_seconds()

    def _forget(self) -> None:
        """Leave out the chats that may be sent anything again."""
        now = asyncio.get_running_loop().time()
        self._chats = {
            chat: known
            for chat, known in self._chats.items()
            if known.closed > now or (known.sent and known.sent[-1] > now - _GROUP_SECONDS)
        }


def _window(chat: int, *, answer: bool) -> tuple[float, int]:
    """The seconds in which a chat may get how many messages."""
    if chat > 0:
        return _PRIVATE_SECONDS, _PRIVATE
    return _GROUP_SECONDS, _GROUP_ANSWERS if answer else _GROUP
