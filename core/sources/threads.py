"""Blocking work beside the event loop."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from core.sources.fetch import PoliteSession

T = TypeVar("T")


async def in_thread(session: PoliteSession, work: Callable[[], T]) -> T:
    """What ``work`` returns; it asks through ``session`` only and ends at once when cancelled."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        session.stop()
        await asyncio.wait([running])
        running.exception()
        raise
