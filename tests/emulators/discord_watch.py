"""Waiting for something to become true, without sleeping."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Watch:
    """``changed`` says that something happened; ``until`` waits for the predicate's truth."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def changed(self) -> None:
        """Let everyone who waits look again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def until(self, predicate: Callable[[], T], what: str, patience: float = 30.0) -> T:
        """The predicate's first true value. Raises TimeoutError, which says what was waited for."""
        try:
            async with asyncio.timeout(patience):
                while not (value := predicate()):
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.add(future)
                    await future
                return value
        except TimeoutError:
            raise TimeoutError(f"waited {patience} s in vain for {what}") from None
