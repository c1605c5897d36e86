"""What the answers are made from: the stored editions, and the sources where there is none yet."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.adapters.base import Adapter
from bot.answers.kept import Kept
from bot.collect import Collector
from bot.dates import BadDateError, parse_day
from bot.publish import Publisher
from bot.refusal import Refusal, echo
from bot.settings import Settings
from bot.shelf import Shelf
from core.blocks import Message
from core.category import Category, Taxonomy, UnknownCategoryError
from core.edition import Edition
from core.i18n import Phrase
from core.sources.listing import edition_day, has_listing, newest_listing
from storage.store import Store

# Older listings are answered from storage alone: a question is no reason to search the archive.
_FETCHED_ON_DEMAND = timedelta(days=30)
_FETCH_SECONDS = 60
_ANSWER_KEPT = timedelta(minutes=1)


@dataclass(slots=True)
class Desk:
    """Everything a command may need; ``clock`` gives the time, UTC.

    ``kept`` are answers about sealed editions, the same for everybody.
    """

    store: Store
    shelf: Shelf
    collector: Collector
    publisher: Publisher
    settings: Settings
    clock: Callable[[], datetime]
    kept: Kept[Message] = field(default_factory=Kept)
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)
    _fetched_at: dict[date, datetime] = field(default_factory=dict)

    @property
    def taxonomy(self) -> Taxonomy:
        """The categories."""
        return self.shelf.taxonomy

    @property
    def adapters(self) -> Mapping[str, Adapter]:
        """The platforms."""
        return self.publisher.adapters

    def day(self, given: str) -> date:
        """The date a person means. Raises Refusal, also for one that has not come yet."""
        now = self.clock()
        today = now.astimezone(ZoneInfo(self.settings.digest_timezone)).date()
        try:
            day = parse_day(given, today)
        except BadDateError:
            raise Refusal(Phrase("answer.no_date", given=echo(given))) from None
        if day > edition_day(now):
            raise Refusal(Phrase("cli.future", day=day))
        return day

    def category(self, given: str) -> Category:
        """The category a person means. Raises Refusal with the three nearest."""
        try:
            return self.taxonomy.find(given)
        except UnknownCategoryError as error:
            slugs = [category.slug for category in error.nearest]
            phrase = Phrase(
                "subscription.refused.category", query=echo(given), nearest=" · ".join(slugs)
            )
            raise Refusal(phrase, choices=slugs, nearest=error.nearest) from None

    async def edition(self, day: date | None) -> Edition:
        """The edition of this date, without one the newest with papers.

        One that is complete is sealed by being shown; of one that is not, what there is so far is
        shown and nothing kept. Raises Refusal where there is nothing.
        """
        wanted = day or newest_listing(self.clock())
        found = await self._kept(wanted)
        if found is None and day is None:
            found = await self._newest_kept(wanted)
        if found is None:
            found = await self._fetched(wanted)
        if found is None:
            raise Refusal(Phrase("answer.no_edition", day=wanted))
        return found

    async def publishable(self, day: date, *, fetch: bool) -> bool:
        """Whether there is something to post: papers, or the sources' word that there are none.

        ``fetch``: they are asked first where the listing is not whole. Raises TimeoutError.
        """
        if await self.shelf.ready(day):
            return True
        if fetch:
            await self.fetch(day)
        known = await self.store.papers.coverage(day)
        return any(source.held or source.status == "quiet" for source in known)

    async def fetch(self, day: date) -> None:
        """Ask the sources for a recent listing, one question at a time. Raises TimeoutError."""
        if not has_listing(day) or day < (self.clock() - _FETCHED_ON_DEMAND).date():
            return
        async with asyncio.timeout(_FETCH_SECONDS), self._fetching:
            # Who waited meanwhile takes what the one before found, be it nothing.
            asked = self._fetched_at.get(day)
            if asked is not None and self.clock() - asked < _ANSWER_KEPT:
                return
            if not await self.shelf.ready(day):
                try:
                    await self.collector.collect(day, self.clock())
                finally:
                    self._fetched_at[day] = self.clock()

    async def _kept(self, day: date) -> Edition | None:
        sealed = await self.shelf.find(day)
        if sealed is not None or not await self.shelf.ready(day):
            return sealed
        return await self.shelf.sealed(day, self.clock())

    async def _newest_kept(self, day: date) -> Edition | None:
        """The newest sealed edition with papers of the last days."""
        dates = await self.store.editions.sealed_after(day - timedelta(days=7))
        for candidate in reversed(dates):
            edition = await self.shelf.find(candidate)
            if edition is not None and edition.count:
                return edition
        return None

    async def _fetched(self, day: date) -> Edition | None:
        """The edition as it can be made now, fetched where it never was."""
        if not await self.store.papers.coverage(day):
            await self.fetch(day)
        kept = await self._kept(day)
        if kept is not None:
            return kept
        draft = await self.shelf.draft(day)
        return draft if draft.count else None
