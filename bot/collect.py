"""Collecting: from the sources into storage, as often as it takes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import structlog

from core.ports import Batch, Source, SourceCoverage
from core.sources import is_essential
from core.sources.listing import (
    announced_at,
    feed_built_at,
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
    _tried: dict[tuple[date, str], tuple[int, datetime]] = field(default_factory=dict)
    # Listings of which a source has said that it can say no more.
    _final: set[tuple[date, str]] = field(default_factory=set)
    # Held while batches are taken in: an edition sealed in between would lack what some of them say.
    storing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def collect(
        self, day: date, now: datetime, sources: Sequence[Source] | None = None
    ) -> Collected:
        """Fetch the listing of this date, from every source unless some are named."""
        asked = self.sources if sources is None else sources
        batches = await asyncio.gather(*(self._ask(source, day) for source in asked))
        new = 0
        async with self.storing:
            # Whose words on a paper count most comes first: by them others' entries are recognised.
            for batch in sorted(batches, key=lambda batch: not is_essential(batch.source)):
                new += await self._take_in(day, batch, now)
        return Collected(day, new, tuple(await self.store.papers.coverage(day)))

    async def _take_in(self, day: date, batch: Batch, now: datetime) -> int:
        """Keep what a source gave; how many papers were new."""
        before = listing_before(day)
        if batch.earlier and not await self.store.papers.was_asked(before, batch.source):
            # All of a day that was never collected would seem to be left over from it.
            batch = replace(batch, earlier=())
        new = await self.store.papers.take_in(day, batch, day, now)
        if batch.announced and not batch.missing:
            self._final.add((day, batch.source))
        log.info(
            "collected",
            source=batch.source,
            day=day.isoformat(),
            status=batch.status,
            held=batch.held,
            owed=batch.owed,
            new=new,
        )
        return new

    async def collect_if_needed(self, now: datetime) -> AsyncIterator[date]:
        """Fetch from the sources that can still add to a recent listing, and were not just asked.

        The newest comes first; each is told when it was asked for.
        """
        day = newest_listing(now)
        while now - announced_at(day) <= _PATIENCE:
            if asked := await self._wanting(day, now):
                for source in asked:
                    tries, _ = self._tried.get((day, source.name), (0, now))
                    self._tried[day, source.name] = (tries + 1, now)
                await self.collect(day, now, asked)
                yield day
            day = listing_before(day)
        # What lies further back is not asked for again.
        self._tried = {key: when for key, when in self._tried.items() if key[0] > day}
        self._final = {key for key in self._final if key[0] > day}

    async def _ask(self, source: Source, day: date) -> Batch:
        return await source.collect(day, await self.store.papers.held(day, source.name))

    async def _wanting(self, day: date, now: datetime) -> list[Source]:
        """The sources that may be asked for this listing now and have something to add."""
        open_ones = [source for source in self.sources if (day, source.name) not in self._final]
        may = [source for source in open_ones if self._may_ask(day, source.name, now)]
        if not may:
            return []
        status = {known.source: known.status for known in await self.store.papers.coverage(day)}
        newest = day == newest_listing(now)
        sealed = newest and await self.store.editions.is_sealed(day)
        return [
            source
            for source in may
            if (
                self._owes(day, status.get(source.name), now)
                if is_essential(source.name)
                # What people recommend changes all day, and counts until the edition is sealed.
                else newest and not sealed
            )
        ]

    def _owes(self, day: date, status: str | None, now: datetime) -> bool:
        """Whether an essential source may have more of this listing than it gave."""
        # The list of what was announced comes hours after the announcement, and stands for a day.
        has_feed = day == newest_listing(now) and now >= feed_built_at(day)
        return status != "ok" or has_feed

    def _may_ask(self, day: date, name: str, now: datetime) -> bool:
        if (day, name) not in self._tried:
            return True
        tries, last = self._tried[day, name]
        if not is_essential(name):
            return now - last >= _LONGEST_PAUSE
        fresh = now - announced_at(day) < _FRESH
        pause = min(_FIRST_PAUSE * 2 ** (tries - 1), _LONGEST_PAUSE) if fresh else _STALE_PAUSE
        return now - last >= pause


def listing_days(since: date, until: date) -> list[date]:
    """The dates with a listing from ``since`` to ``until``, both included."""
    span = (since + timedelta(days=offset) for offset in range((until - since).days + 1))
    return [day for day in span if has_listing(day)]
