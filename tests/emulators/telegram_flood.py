"""Telegram's flood limits: how many messages a token, a private chat and a group may get.

The figures are those of core.telegram.org/bots/faq; Telegram's own are not public.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic


@dataclass(slots=True)
class _Window:
    """At most ``most`` messages in any ``seconds``."""

    most: int
    seconds: float
    sent: deque[float] = field(default_factory=deque)

    def wait(self, now: float, count: int) -> float:
        while self.sent and self.sent[0] <= now - self.seconds:
            self.sent.popleft()
        surplus = len(self.sent) + min(count, self.most) - self.most
        return self.sent[surplus - 1] + self.seconds - now if surplus > 0 else 0.0


@dataclass(slots=True)
class Flood:
    """The limits of one token; ``refused`` counts the 429s handed out.

    A private chat gets at most ``private_burst`` messages in ``private_burst`` times
    ``private_seconds``.
    """

    per_second: int = 30
    private_burst: int = 5
    private_seconds: float = 1.0
    group_per_minute: int = 20
    clock: Callable[[], float] = monotonic
    refused: int = 0
    _token: _Window | None = None
    _chats: dict[int, _Window] = field(default_factory=dict)

    def take(self, chat: int, count: int = 1) -> int:
        """0 if this many messages may go to the chat now, else the seconds to wait."""
        now = self.clock()
        windows = [self._of_token(), self._of_chat(chat)]
        wait = max(window.wait(now, count) for window in windows)
        if wait > 0:
            self.refused += 1
            return max(1, math.ceil(wait))
        for window in windows:
            window.sent.extend([now] * count)
        return 0

    def _of_token(self) -> _Window:
        self._token = self._token or _Window(self.per_second, 1.0)
        return self._token

    def _of_chat(self, chat: int) -> _Window:
        if chat not in self._chats:
            burst = self.private_burst
            self._chats[chat] = (
                _Window(burst, burst * self.private_seconds)
                if chat > 0
                else _Window(self.group_per_minute, 60.0)
            )
        return self._chats[chat]
