"""The shelf of editions: which can be sealed, and the reports that stand beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.reporting import Reporter
from core.category import Taxonomy
from core.classify import Classifier
from core.edition import Compute, Coverage, Edition, assemble
from core.history import History, last_listings
from core.i18n import Phrase, catalog
from core.ports import SourceCoverage, Summariser, is_whole
from core.ranking import Entry
from core.report import Report
from core.sources.listing import announced_at, has_listing, next_listing
from core.week import WEEK, Shown, best_unseen, is_quiet
from storage.store import Store

# What arXiv says of a day on which it announces nothing.
_ARXIV_IS_QUIET = frozenset({"source.no_listing", "source.empty_listing"})
# Today's, the one before and one that somebody asked for: some 3 MB each.
_AT_HAND = 3


@dataclass(slots=True)
class Shelf:
    """Builds editions and reports from what is stored, once each, and keeps them.

    ``sources`` are the names of those that are asked; ``zone`` is the operator's.
    """

    store: Store
    classifier: Classifier
    taxonomy: Taxonomy
    compute: Compute
    papers_per_category: int
    sources: tuple[str, ...]
    zone: str = "UTC"
    summariser: Summariser | None = None
    _at_hand: dict[date, Edition] = field(default_factory=dict)
    _week: tuple[date, list[Edition]] | None = None

    async def ready(self, day: date) -> bool:
        """Whether the edition of this date has all it will have: sealed, complete or quiet.

        It is complete when each essential one of our sources gave all of its listing. What one of
        them could not give may come whole from a file, but only once they were asked.
        """
        if not has_listing(day) or await self.find(day) is not None:
            return True
        known = await self.store.papers.coverage(day)
        if is_whole(known, self.sources):
            return True
        asked = {source.source for source in known}
        return asked.issuperset(self.sources) and any(
            source.status == "ok" for source in known if source.source not in self.sources
        )

    async def sealed(self, day: date, now: datetime) -> Edition:
        """The edition of this date, sealed now if it is not yet."""
        edition = await self.find(day)
        if edition is None:
            await self.store.editions.seal(await self.draft(day), now)
            # Another process may have been first: what is sealed is what counts.
            edition = await self.find(day)
        if edition is None:
            raise RuntimeError(f"the edition of {day} was sealed and cannot be read")
        return edition

    async def find(self, day: date) -> Edition | None:
        """The sealed edition of this date, kept at hand, for it never changes again."""
        edition = self._at_hand.pop(day, None) or await self.store.editions.sealed(day)
        if edition is not None:
            self._at_hand[day] = edition
            if len(self._at_hand) > _AT_HAND:
                del self._at_hand[next(iter(self._at_hand))]
        return edition

    async def draft(self, day: date) -> Edition:
        """The edition as it would be sealed now; nothing is kept."""
        papers = await self.store.papers.new_in(day)
        told = await self.coverage(day)
        coverage = Coverage(len(papers), told or (self._no_listing(day),))
        recent = await self.store.papers.titles(last_listings(day)[:-1])
        return await self.compute(
            assemble, day, papers, coverage, self.classifier, self.taxonomy, recent
        )

    async def coverage(self, day: date) -> tuple[SourceCoverage, ...]:
        """What is known by now of every source's listing of this date, as readers are told of it."""
        sources = await self.store.papers.coverage(day)
        return tuple(self._with_next(day, source) for source in sources)

    async def unseen(self, edition: Edition, shown: Shown) -> tuple[Entry, ...]:
        """What a quiet day brings: the best of the week that the reader was not shown."""
        if not is_quiet(edition):
            return ()
        if self._week is None or self._week[0] != edition.date:
            dates = await self.store.editions.sealed_after(edition.date - WEEK)
            # Not by way of find(): a week of editions would drive out those that are asked for.
            found = [await self.store.editions.sealed(day) for day in dates if day < edition.date]
            self._week = (edition.date, [each for each in found if each is not None])
        return best_unseen(edition.date, self._week[1], shown)

    def forget_week(self) -> None:
        """Let go of what ``unseen`` read."""
        self._week = None

    async def history(self, day: date) -> History:
        """What is known of the listings before this day."""
        return History(await self.store.editions.counts(last_listings(day)[:-1]))

    async def reports(
        self, edition: Edition, slugs: Sequence[str], language: str, *, keep: bool = True
    ) -> list[Report]:
        """The reports of these categories in this order, written once and kept."""
        held = {
            report.category: report
            for report in await self.store.editions.reports(edition.date, language)
        }
        absent = [slug for slug in slugs if slug not in held]
        if absent:
            reporter = Reporter(self.compute, self.papers_per_category, self.summariser)
            written = await reporter.reports(edition, absent, catalog(language))
            for report in written:
                if keep:
                    await self.store.editions.save_report(edition.date, report)
                held[report.category] = report
        return [held[slug] for slug in slugs]

    def _no_listing(self, day: date) -> SourceCoverage:
        """The coverage of a day without a listing, or of one that was never collected."""
        if has_listing(day):
            note = Phrase("source.not_collected", source="arXiv", day=day)
            return SourceCoverage("arXiv", "failed", 0, 0, note=note)
        note = Phrase("source.no_listing", source="arXiv", day=day)
        return self._with_next(day, SourceCoverage("arXiv", "quiet", 0, 0, note=note))

    def _with_next(self, day: date, source: SourceCoverage) -> SourceCoverage:
        """A quiet source's note with the moment of the next listing, in the operator's zone."""
        if (
            source.status != "quiet"
            or source.note is None
            or source.note.key not in _ARXIV_IS_QUIET
        ):
            return source
        expected = announced_at(next_listing(day)).astimezone(ZoneInfo(self.zone))
        note = Phrase(
            f"{source.note.key}_at",
            source=source.source,
            day=day,
            next=expected.date(),
            at=f"{expected:%H:%M}",
            zone=self.zone,
        )
        return replace(source, note=note)
