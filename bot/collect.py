"""Collecting: from the sources into storage, as often as it takes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog

from core.ports import Source, SourceCoverage, is_whole
from core.sources.listing import (
    announced_at,
    has_listing,
    listing_before,
    newest_listing,
)
from storage.store import Store

log = structlog.get_logger(__name__)
_FIRST_PAUSE = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(minutes=30)
# A list that is still not whole after half a day is rarely so an hour later.
_FRESH = timedelta(hours=12)
_STALE_PAUSE = timedelta(hours=4)
# A listing is asked for again until it is complete, over a weekend too, but not for ever.
_PATIENCE = timedelta(hours=84)


@dataclass(frozen=True, slots=True)
class Collected:
    """What one collecting brought: papers new to us, and what is known of the listing now."""

    day: date
    new: int
    sources: tuple[SourceCoverage, ...]


@dataclass(slots=True)
class Collector:
    """Fetches listings into the store; doing it twice changes nothing."""

    store: Store
    sources: Sequence[Source]
    _tried: dict[date, tuple[int, datetime]] = field(default_factory=dict)
    _complete: set[date] = field(default_factory=set)

    async def collect(self, day: date, now: datetime) -> Collected:
        """Fetch the listing of this date from every source."""
        batches = await asyncio.gather(*(source.collect(day) for source in self.sources))
        new = 0
        for batch in batches:
            first_seen = await self.store.papers.take_in(day, batch, day, now)
            new += first_seen
            log.info(
                "collected",
                source=batch.source,
                day=day.isoformat(),
                status=batch.status,
                held=len(batch.papers),
                owed=batch.owed,
                new=first_seen,
            )
        return Collected(day, new, tuple(await self.store.papers.coverage(day)))

    async def collect_if_needed(self, now: datetime) -> AsyncIterator[date]:
        """Fetch the recent listings that are not complete and were not asked for a moment ago.

        The newest comes first; each is told when it was asked for.
        """
        day = newest_listing(now)
        while now - announced_at(day) <= _PATIENCE:
            if self._may_ask(day, now) and not await self.is_complete(day):
                tries, _ = self._tried.get(day, (0, now))
                self._tried[day] = (tries + 1, now)
                await self.collect(day, now)
                yield day
            day = listing_before(day)
        # What lies further back is not asked for again.
        self._tried = {tried: when for tried, when in self._tried.items() if tried > day}
        self._complete = {done for done in self._complete if done > day}

    def _may_ask(self, day: date, now: datetime) -> bool:
        if day not in self._tried:
            return True
        tries, last = self._tried[day]
        fresh = now - announced_at(day) < _FRESH
        pause = min(_FIRST_PAUSE * 2 ** (tries - 1), _LONGEST_PAUSE) if fresh else _STALE_PAUSE
        return now - last >= pause

    async def is_complete(self, day: date) -> bool:
        """Whether each of our own sources has given all of this listing."""
        names = [source.name for source in self.sources]
        if day not in self._complete and is_whole(await self.store.papers.coverage(day), names):
            self._complete.add(day)
        return day in self._complete


def listing_days(since: date, until: date) -> list[date]:
    """The dates with a listing from ``since`` to ``until``, both included."""
    span = (since + timedelta(days=offset) for offset in range((until - since).days + 1))
    return [day for day in span if has_listing(day)]
