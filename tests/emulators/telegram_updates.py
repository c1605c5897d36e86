"""getUpdates: the queue of updates, the long poll, and who may poll."""

import asyncio
from collections.abc import Callable
from itertools import count

from tests.emulators.telegram_errors import ApiError, Json

LATER = "terminated by other getUpdates request; make sure that only one bot instance is running"
HOOKED = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
LONGEST = 50
MOST = 100
UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Updates:
    """The updates the bot has not confirmed, oldest first.

    ``allowed`` is None for all but ``UNASKED``, as the Bot API keeps it from call to call.
    """

    def __init__(self, first: int = 10_001) -> None:
        self.pending: list[Json] = []
        self.allowed: frozenset[str] | None = None
        self.pollers = 0
        self.webhook: Json = {}
        self.on_add: Callable[[], None] = lambda: None
        self._ids = count(first)
        self._news: asyncio.Event = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None

    def wanted(self, kind: str) -> bool:
        """Whether the bot has asked for this kind of update."""
        return kind not in UNASKED if self.allowed is None else kind in self.allowed

    def add(self, kind: str, payload: Json) -> None:
        """An update, unless the bot has not asked for its kind."""
        if self.wanted(kind):
            self.pending.append({"update_id": next(self._ids), kind: payload})
            self._news.set()
            self.on_add()

    def allow(self, kinds: list[str] | None) -> None:
        """Keep the list of a call; None leaves it, an empty one is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def confirm(self, offset: int) -> None:
        """Forget what comes before ``offset``; negative, all but the last ones."""
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [one for one in self.pending if one["update_id"] >= offset]

    async def get(self, offset: int = 0, limit: int = MOST, timeout: int = 0) -> list[Json]:  # noqa: ASYNC109 - Telegram's
        """What getUpdates answers. Raises ApiError for a webhook or a later poller."""
        if self.webhook.get("url"):
            raise ApiError(409, HOOKED)
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
        self.confirm(offset)
        if not self.pending and timeout > 0:
            await self._wait(min(timeout, LONGEST))
        return self.pending[: min(max(limit, 1), MOST)]

    async def _wait(self, seconds: float) -> None:
        mine = self._poll = asyncio.get_running_loop().create_future()
        self._news.clear()
        news = asyncio.ensure_future(self._news.wait())
        self.pollers += 1
        try:
            await asyncio.wait({mine, news}, timeout=seconds, return_when="FIRST_COMPLETED")
        finally:
            self.pollers -= 1
            news.cancel()
            beaten = mine.done()
            mine.cancel()
        if beaten:
            raise ApiError(409, LATER)
