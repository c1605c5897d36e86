"""The bundled sample: the day of 2024-11-10, its abstracts and reports written by us."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from core.category import Taxonomy
from core.classify import Verdict
from core.edition import Coverage, Edition
from core.i18n import Phrase
from core.paper import Paper
from core.ports import SourceCoverage
from core.ranking import Entry
from core.report import Claim, Report

_AUTHOR = "Paperround"


def sample_edition(taxonomy: Taxonomy) -> Edition:
    """The seed's own day: 11 papers in 7 categories, in the order in which they were given.

    Raises KeyError where the taxonomy lacks one of those categories.
    """
    data = _data()
    categories: dict[str, tuple[Entry, ...]] = dict.fromkeys(taxonomy.slugs, ())
    papers = []
    for record in data["papers"]:
        slug = taxonomy[record["category"]].slug
        paper = _paper(record)
        papers.append(paper)
        verdict = Verdict(slug, 1.0, Phrase("classify.sample"))
        why = (Phrase("why.fit", because=verdict.reason),)
        categories[slug] = (*categories[slug], Entry(paper, verdict, 1.0, why))
    held = Counter(source for paper in papers for source in paper.sources)
    sources = tuple(
        SourceCoverage(name, "ok", held[source], held[source])
        for name, source in (("arXiv", "arxiv"), ("deeplearn.org", "deeplearn"))
    )
    day = date.fromisoformat(data["date"])
    return Edition(day, categories, Coverage(len(papers), sources), sample=True)


def sample_report(category: str, papers: tuple[Entry, ...], language: str) -> Report | None:
    """The report written for a category of the sample, or None in a language it lacks.

    A report is about all of its category's papers; for fewer there is none.
    """
    written = _data()["reports"].get(language, {}).get(category)
    if written is None or len(papers) != _count(category):
        return None
    return Report(
        category=category,
        language=language,
        method="llm",
        model=_AUTHOR,
        papers=papers,
        themes=_claims(written["themes"]),
        keywords=tuple(written["keywords"]),
        findings=_claims(written["findings"]),
        impact=_claims(written["impact"]),
        outlook=_claims(written["outlook"]),
    )


def _count(category: str) -> int:
    return sum(record["category"] == category for record in _data()["papers"])


def _claims(written: Sequence[Mapping[str, Any]]) -> tuple[Claim, ...]:
    return tuple(Claim(claim["text"], tuple(claim["cites"])) for claim in written)


def _paper(record: Mapping[str, Any]) -> Paper:
    return Paper(
        id=record["id"],
        title=record["title"],
        abstract=record["abstract"],
        url=record["url"],
        sources=(record["id"].partition(":")[0],),
    )


@cache
def _data() -> Mapping[str, Any]:
    source = files(__name__).joinpath("2024-11-10.json")
    data: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return data
