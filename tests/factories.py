"""Synthetic papers and editions for the tests."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from core.category import Taxonomy
from core.classify import Verdict
from core.edition import Coverage, Edition
from core.i18n import Phrase
from core.paper import Paper
from core.ports import Batch
from core.ranking import rank

DAY = date(2025, 7, 15)
# Settings of a program that asks nobody but arXiv's query API, and of one whom nobody answers.
ARXIV_ALONE = {"SOURCES": "arxiv", "ARXIV_FEED_URL": "http://127.0.0.1:9"}
# For programs whose home is a new folder: else each would look for the machine's fonts again.
FONTS = {"MPLCONFIGDIR": str(Path.home() / ".cache" / "matplotlib")}
NOWHERE = {**ARXIV_ALONE, "ARXIV_API_URL": "http://127.0.0.1:9/api/query"}


def make_paper(number: int = 1, **fields: object) -> Paper:
    """A synthetic paper; the number makes its id and title its own."""
    given = {
        "id": f"arxiv:2501.{number:05d}",
        "title": f"Method{number}: A Study of Subject {number}",
        "abstract": f"Subject {number} is hard. We propose Method{number}, which solves it. "
        f"Experiments show that it improves accuracy by {number}%.",
        "url": f"https://arxiv.org/abs/2501.{number:05d}",
        "primary_category": "cs.CV",
        "categories": ("cs.CV",),
        "sources": ("file",),
    }
    return Paper(**(given | fields))  # type: ignore[arg-type]


def make_edition(
    shelves: Mapping[str, Sequence[Paper]], taxonomy: Taxonomy, **fields: object
) -> Edition:
    """An edition with these papers on these shelves, everything held."""
    papers = tuple(paper for shelf in shelves.values() for paper in shelf)
    categories = {
        slug: rank(
            [(p, Verdict(slug, 0.5, Phrase("classify.nothing"))) for p in shelves.get(slug, ())]
        )
        for slug in taxonomy.slugs
    }
    given = {
        "date": DAY,
        "categories": categories,
        "coverage": Coverage(len(papers), (Batch("papers.jsonl", "ok", papers).coverage(),)),
    }
    return Edition(**(given | fields))  # type: ignore[arg-type]
