"""The shelf of editions: which can be sealed, and the reports that stand beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.category import Taxonomy
from core.classify import Classifier
from core.edition import Compute, Coverage, Edition, assemble
from core.i18n import Phrase, catalog
from core.ports import SourceCoverage
from core.report import Report
from core.report.writing import write_reports
from core.sources.listing import has_listing, next_listing
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Shelf:
    """Builds editions and reports from what is stored, once each, and keeps them."""

    store: Store
    classifier: Classifier
    taxonomy: Taxonomy
    compute: Compute
    papers_per_category: int

    async def ready(self, day: date) -> bool:
        """Whether the edition of this date has all it will have: sealed, complete or quiet."""
        if not has_listing(day) or await self.store.editions.sealed(day) is not None:
            return True
        return is_complete(await self.store.papers.coverage(day))

    async def sealed(self, day: date, now: datetime) -> Edition:
        """The edition of this date, sealed now if it is not yet."""
        edition = await self.store.editions.sealed(day)
        if edition is None:
            await self.store.editions.seal(await self.draft(day), now)
            # Another process may have been first: what is sealed is what counts.
            edition = await self.store.editions.sealed(day)
        if edition is None:
            raise RuntimeError(f"the edition of {day} was sealed and cannot be read")
        return edition

    async def draft(self, day: date) -> Edition:
        """The edition as it would be sealed now; nothing is kept."""
        papers = await self.store.papers.new_in(day)
        sources = await self.store.papers.coverage(day)
        coverage = Coverage(len(papers), tuple(sources) or (_no_listing(day),))
        return await self.compute(assemble, day, papers, coverage, self.classifier, self.taxonomy)

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


def is_complete(sources: Sequence[SourceCoverage]) -> bool:
    """Whether every source that was asked has given all that it owed.

    A listing day on which a source says there is nothing may be one not announced yet.
    """
    return bool(sources) and all(source.status == "ok" for source in sources)


def _no_listing(day: date) -> SourceCoverage:
    """The coverage of a day without a listing, or of one that was never collected."""
    if has_listing(day):
        note = Phrase("source.not_collected", source="arXiv", day=day)
        return SourceCoverage("arXiv", "failed", 0, 0, note=note)
    note = Phrase("source.no_listing", source="arXiv", day=day, next=next_listing(day))
    return SourceCoverage("arXiv", "quiet", 0, 0, note=note)
