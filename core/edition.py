"""The edition: one date's papers, from the sources to the shelf, on one page."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ParamSpec, Protocol, TypeVar

from core.category import OTHER, Taxonomy
from core.classify import Classifier, Verdict
from core.paper import Paper, merge
from core.ports import Missing, Source, SourceCoverage
from core.ranking import Entry, rank
from core.sources import is_essential
from core.spread import Wording
from core.topics import new_topics

P = ParamSpec("P")
T = TypeVar("T")
HadBefore = Callable[[Sequence[Paper], date], Awaitable[Collection[str]]]


class Compute(Protocol):
    """Where CPU work runs: a process pool in the service, in place in a one-shot command."""

    def __call__(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """The result of ``work(*args, **kwargs)``; ``work`` is a plain picklable function."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was owed and what is held, over all sources; ``missing`` says which and why.

    ``late`` are papers that came after the sealing: how many, by the edition that they are in.
    """

    held: int
    sources: tuple[SourceCoverage, ...]
    late: tuple[tuple[date, int], ...] = ()

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Everything that a source owed and did not give."""
        return tuple(item for source in self.sources for item in source.missing)

    @property
    def lost(self) -> int:
        """How many papers are missing."""
        return sum(item.count for item in self.missing)

    @property
    def owed(self) -> int:
        """How many papers the day should have."""
        return self.held + self.lost


@dataclass(frozen=True, slots=True)
class Edition:
    """One date's papers by category, each category's leading paper first; the same for everyone.

    ``categories`` has every slug of the taxonomy, in its order. ``sample`` marks the bundled one.
    """

    date: date
    categories: Mapping[str, tuple[Entry, ...]]
    coverage: Coverage
    sample: bool = False

    @property
    def count(self) -> int:
        """How many papers it has."""
        return sum(len(entries) for entries in self.categories.values())

    @property
    def fullest_first(self) -> tuple[str, ...]:
        """The slugs that have papers, most papers first, ``other`` always last."""
        found = [slug for slug, entries in self.categories.items() if entries]
        return tuple(sorted(found, key=lambda s: (s == OTHER, -len(self.categories[s]))))


@dataclass(frozen=True, slots=True)
class Correction:
    """What became known of a sealed edition's coverage since; ``number`` counts them from 1."""

    number: int
    sources: tuple[SourceCoverage, ...]
    late: tuple[tuple[date, int], ...] = ()

    def of(self, edition: Edition) -> Edition:
        """The edition with the coverage as it is known by now; its papers stay."""
        coverage = Coverage(edition.coverage.held, self.sources, self.late)
        return replace(edition, coverage=coverage)


async def build_edition(
    day: date,
    sources: Sequence[Source],
    classifier: Classifier,
    taxonomy: Taxonomy,
    compute: Compute,
    recent: Sequence[str] = (),
    had_before: HadBefore | None = None,
) -> Edition:
    """The day's edition: collect from all sources at once, then merge, classify and rank.

    ``recent`` are the titles of the last fortnight's papers, as far as they are known.
    ``had_before`` tells which papers an earlier edition had: they are not new twice.
    """
    batches = await asyncio.gather(*(source.collect(day) for source in sources))
    # Whose words on a paper count most comes first.
    ordered = sorted(batches, key=lambda batch: not is_essential(batch.source))
    papers = merge(paper for batch in ordered for paper in batch.papers)
    if had_before is not None:
        known = await had_before(papers, day)
        papers = [paper for paper in papers if paper.id not in known]
    coverage = Coverage(len(papers), tuple(batch.coverage() for batch in batches))
    return await compute(assemble, day, papers, coverage, classifier, taxonomy, recent)


def assemble(
    day: date,
    papers: Sequence[Paper],
    coverage: Coverage,
    classifier: Classifier,
    taxonomy: Taxonomy,
    recent: Sequence[str] = (),
) -> Edition:
    """The edition of these papers, in whatever order they come.

    Pure, so that it can run in another process. ``recent`` as in ``build_edition``.
    """
    shelves: dict[str, list[tuple[Paper, Verdict]]] = defaultdict(list)
    for paper in papers:
        verdict = classifier.classify(paper)
        shelves[verdict.category].append((paper, verdict))
    wording, topics = Wording(papers), new_topics(papers, recent)
    categories = {slug: rank(shelves[slug], wording, topics) for slug in taxonomy.slugs}
    return Edition(day, categories, coverage)
