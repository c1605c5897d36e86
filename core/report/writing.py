"""Which categories and papers are shown, and their reports."""

from collections.abc import Sequence

from core.category import OTHER
from core.edition import Edition
from core.i18n import Catalog
from core.report import Report
from core.report.extractive import extract
from core.report.terms import Background
from core.sample import sample_report


def shown_categories(edition: Edition, allowed: Sequence[str], most: int) -> tuple[str, ...]:
    """The slugs a post shows: the fullest first, ``most`` of them.

    ``allowed`` limits them; empty means every category but ``other``.
    """
    return tuple(
        slug for slug in edition.fullest_first if (slug in allowed if allowed else slug != OTHER)
    )[:most]


def write_reports(
    edition: Edition, slugs: Sequence[str], papers_per_category: int, catalog: Catalog
) -> tuple[Report, ...]:
    """A report without a language model for each of these categories, about its leading papers.

    Those of the sample are the ones that were written for it.
    """
    extracted = extract_reports(edition, slugs, papers_per_category, catalog)
    if not edition.sample:
        return extracted
    return tuple(
        sample_report(report.category, report.papers, report.language) or report
        for report in extracted
    )


def extract_reports(
    edition: Edition, slugs: Sequence[str], papers_per_category: int, catalog: Catalog
) -> tuple[Report, ...]:
    """An extracted report for each of these categories, about its leading papers."""
    background = Background(
        entry.paper for entries in edition.categories.values() for entry in entries
    )
    return tuple(
        extract(slug, edition.categories[slug][:papers_per_category], background, catalog)
        for slug in slugs
    )
