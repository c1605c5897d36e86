"""The week's papers that nobody was shown: what a day without a listing can bring."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.category import OTHER
from core.edition import Edition
from core.personal import matches
from core.ranking import Entry
from core.report.writing import shown_categories
from core.sources import is_essential
from core.sources.listing import has_listing

WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_MOST = 5
_MOST_OF_A_CATEGORY = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader was shown of each edition: which categories, how many, how many papers each.

    ``categories`` are slugs, empty for all but ``other``; papers with a word of ``exclude`` in them
    are never shown.
    """

    categories: tuple[str, ...]
    categories_per_post: int
    papers_per_category: int
    exclude: tuple[str, ...] = ()


def is_quiet(edition: Edition) -> bool:
    """Whether arXiv announced nothing for this date, by its calendar or by its own word."""
    owing = [s.status for s in edition.coverage.sources if is_essential(s.source)]
    return not edition.count and bool(owing) and all(status == "quiet" for status in owing)


def best_unseen(day: date, editions: Sequence[Edition], shown: Shown) -> tuple[Entry, ...]:
    """The best papers of these editions that the reader was not shown, up to five.

    On each further quiet day in a row the next ones, two of a category at most.
    """
    left = [entry for edition in editions for entry in _unseen(edition, shown)]
    left.sort(key=lambda entry: (-entry.score, entry.paper.id))
    chosen = _varied(left)
    quiet = {edition.date for edition in editions if is_quiet(edition)}
    while not has_listing(day - _DAY) or day - _DAY in quiet:
        day -= _DAY
        had = {entry.paper.id for entry in chosen}
        left = [entry for entry in left if entry.paper.id not in had]
        chosen = _varied(left)
    return chosen


def _unseen(edition: Edition, shown: Shown) -> list[Entry]:
    """What the edition's post left out, of the categories that the reader wants."""
    posted = shown_categories(edition, shown.categories, shown.categories_per_post)
    wanted = shown.categories or [slug for slug in edition.categories if slug != OTHER]
    left = [
        entry
        for slug in wanted
        for entry in edition.categories.get(slug, ())[
            shown.papers_per_category if slug in posted else 0 :
        ]
    ]
    return [e for e in left if not e.paper.withdrawn and not matches(e.paper, shown.exclude)]


def _varied(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The first of them, with no category more than twice."""
    taken: Counter[str] = Counter()
    chosen: list[Entry] = []
    for entry in entries:
        taken[entry.verdict.category] += 1
        if taken[entry.verdict.category] <= _MOST_OF_A_CATEGORY and len(chosen) < _MOST:
            chosen.append(entry)
    return tuple(chosen)
