"""Answers that many people want at the same time, made once for all of them."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")

_SPAN = timedelta(minutes=1)
_MOST = 64


class Kept(Generic[T]):
    """Values by what they answer, each for ``span``; of more than ``most`` the oldest goes."""

    def __init__(self, span: timedelta = _SPAN, most: int = _MOST) -> None:
        self._span = span
        self._most = most
        self._found: OrderedDict[Hashable, tuple[datetime, T]] = OrderedDict()

    async def of(self, key: Hashable, now: datetime, make: Callable[[], Awaitable[T]]) -> T:
        """The value kept under the key, else a new one. Raises what ``make`` raises."""
        known = self._found.get(key)
        # A clock that was put back must keep nothing for longer.
        if known is not None and timedelta() <= now - known[0] < self._span:
            return known[1]
        value = await make()
        self._found[key] = (now, value)
        self._found.move_to_end(key)
        if len(self._found) > self._most:
            self._found.popitem(last=False)
        return value
