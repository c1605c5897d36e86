"""How often Telegram may be sent to: as a whole, and each chat.

The figures are core.telegram.org/bots/faq's: 30 messages a second, 20 a minute to a group, one a
second to a person, where a short burst is let through. An edit is counted as a message.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from aiolimiter import AsyncLimiter

# A message that was long on its way may come into the next window: a little more than a minute.
_GROUP_SECONDS = 61.0
_GROUP = 20
# However long a post is, some answers come through, and however many there are, so does the post.
_GROUP_POSTS = 16
_GROUP_ANSWERS = 12
_PRIVATE_SECONDS = 3.0
_PRIVATE = 3
_MANY_CHATS = 2000
Clock = Callable[[], float]


@dataclass(slots=True)
class _Chat:
    """When messages and, among them, answers were sent, and until when Telegram takes none."""

    all: deque[float] = field(default_factory=deque)
    posts: deque[float] = field(default_factory=deque)
    answers: deque[float] = field(default_factory=deque)
    closed: float = -math.inf


class Limits:
    """One token's limits: ``rate`` messages a second at most, without bursts.

    ``clock`` gives seconds, of whatever beginning.
    """

    def __init__(self, rate: float, clock: Clock | None = None) -> None:
        self._token = AsyncLimiter(1, 1 / rate)
        self._clock = clock
        self._chats: dict[int, _Chat] = {}

    def missing(self, chat: int, *, answer: bool = False) -> timedelta:
        """How long this chat can be sent nothing more of this kind; zero if it can be now."""
        now = self._now()
        found = self._chats.get(chat)
        if found is None:
            return timedelta()
        windows = [(found.all, _PRIVATE_SECONDS, _PRIVATE)]
        if chat < 0:
            own = (
                (found.answers, _GROUP_SECONDS, _GROUP_ANSWERS)
                if answer
                else (found.posts, _GROUP_SECONDS, _GROUP_POSTS)
            )
            windows = [(found.all, _GROUP_SECONDS, _GROUP), own]
        waits = [_wait(sent, seconds, most, now) for sent, seconds, most in windows]
        return timedelta(seconds=max(*waits, found.closed - now, 0.0))

    def count(self, chat: int, *, answer: bool = False) -> None:
        """Remember a message that is sent to this chat now."""
        if len(self._chats) >= _MANY_CHATS:
            self._forget()
        now = self._now()
        found = self._chats.setdefault(chat, _Chat())
        found.all.append(now)
        if chat < 0:
            (found.answers if answer else found.posts).append(now)

    async def turn(self) -> None:
        """Wait until the token may send a message."""
        await self._token.acquire()

    def close(self, chat: int, wait: timedelta) -> None:
        """Send nothing to this chat for so long: Telegram has said so."""
        found = self._chats.setdefault(chat, _Chat())
        found.closed = self._now() + wait.total_seconds()

    def _now(self) -> float:
        return self._clock() if self._clock else asyncio.get_running_loop().time()

    def _forget(self) -> None:
        """Leave out the chats that may be sent anything again."""
        now = self._now()
        self._chats = {
            chat: known
            for chat, known in self._chats.items()
            if known.closed > now or (known.all and known.all[-1] > now - _GROUP_SECONDS)
        }


def _wait(sent: deque[float], seconds: float, most: int, now: float) -> float:
    """How long until fewer than ``most`` were sent within ``seconds``; what is older is dropped."""
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    surplus = len(sent) - most
    return sent[surplus] + seconds - now if surplus >= 0 else 0.0
