"""The shelf of editions: which can be sealed, and the reports that stand beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core.category import Taxonomy
from core.classify import Classifier
from core.edition import Compute, Coverage, Edition, assemble
from core.history import History, last_listings
from core.i18n import Phrase, catalog
from core.ports import SourceCoverage, is_whole
from core.report import Report
from core.report.writing import write_reports
from core.sources.listing import has_listing, next_listing
from storage.store import Store

# Today's, the one before and one that somebody asked for: some 3 MB each.
_AT_HAND = 3


@dataclass(slots=True)
class Shelf:
    """Builds editions and reports from what is stored, once each, and keeps them."""

    store: Store
    classifier: Classifier
    taxonomy: Taxonomy
    compute: Compute
    papers_per_category: int
    sources: tuple[str, ...]
    _at_hand: dict[date, Edition] = field(default_factory=dict)

    async def ready(self, day: date) -> bool:
        """Whether the edition of this date has all it will have: sealed, complete or quiet.

        It is complete when each of our sources gave all of its listing. What one of them could not
        give may come whole from a file, but only once they were asked.
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
        sources = await self.store.papers.coverage(day)
        coverage = Coverage(len(papers), tuple(sources) or (_no_listing(day),))
        return await self.compute(assemble, day, papers, coverage, self.classifier, self.taxonomy)

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
            written = await self.compute(
                write_reports, edition, absent, self.papers_per_category, catalog(language)
            )
            for report in written:
                if keep:
                    await self.store.editions.save_report(edition.date, report)
                held[report.category] = report
        return [held[slug] for slug in slugs]


def _no_listing(day: date) -> SourceCoverage:
    """The coverage of a day without a listing, or of one that was never collected."""
    if has_listing(day):
        note = Phrase("source.not_collected", source="arXiv", day=day)
        return SourceCoverage("arXiv", "failed", 0, 0, note=note)
    note = Phrase("source.no_listing", source="arXiv", day=day, next=next_listing(day))
    return SourceCoverage("arXiv", "quiet", 0, 0, note=note)
