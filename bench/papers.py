"""The labelled and unlabelled papers the classifier is learnt from and measured by.

The labels are here, by id; the texts are beside the project, in ``../shared``, or where that is
absent in the file that ``bench.fetch`` makes of arXiv's answers.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.category import default_taxonomy
from core.clean import clean
from core.paper import Paper
from core.sample import sample_edition

SHARED = Path(__file__).parents[2] / "shared"
TRAIN = SHARED / "gold" / "train.jsonl"
DEV = SHARED / "gold" / "dev.jsonl"
CORPUS = SHARED / "corpus"
GOLD_LABELS = Path(__file__).with_name("gold.jsonl")
OWN_LABELS = Path(__file__).with_name("labels.jsonl")
FETCHED = Path(__file__).parents[1] / ".cache" / "papers.jsonl"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A paper, the categories readers gave it, and those a fair reader would accept."""

    paper: Paper
    label: str
    labels: frozenset[str]
    accept: frozenset[str]


def load(path: Path) -> list[Labelled]:
    """Read the labelled papers of a JSON Lines file that holds their texts too."""
    return [_labelled(row, row) for row in _rows(path)]


def gold() -> list[Labelled]:
    """The papers of ``train.jsonl``."""
    return _with_texts(GOLD_LABELS)


def own() -> list[Labelled]:
    """The papers that we read and labelled ourselves; never one of dev."""
    return _with_texts(OWN_LABELS)


def labelled_ids() -> list[str]:
    """The arXiv ids of all labelled papers but dev's."""
    return [row["id"] for path in (GOLD_LABELS, OWN_LABELS) for row in _rows(path)]


def seed() -> list[Labelled]:
    """The bundled sample's papers with the categories they were given there."""
    taxonomy = default_taxonomy()
    shelves = sample_edition(taxonomy).categories
    return [
        Labelled(entry.paper, slug, frozenset({slug}), frozenset({slug}))
        for slug in taxonomy.slugs
        for entry in shelves[slug]
    ]


def corpus() -> list[Paper]:
    """The papers of the five days, each once."""
    return [_paper(row) for row in _corpus().values()]


def unlabelled() -> list[Paper]:
    """The papers of the corpus that nobody has labelled."""
    known = {*labelled_ids(), *(row["id"] for row in _rows(DEV))} if DEV.exists() else set()
    return [_paper(row) for id_, row in _corpus().items() if id_ not in known]


def missing() -> str:
    """What the training needs and is not there, or nothing."""
    if FETCHED.exists():
        return ""
    return ", ".join(str(path) for path in (TRAIN, DEV, CORPUS) if not path.exists())


def _with_texts(labels: Path) -> list[Labelled]:
    """The papers of these labels whose texts are at hand, in the labels' order."""
    texts = _texts()
    return [_labelled(texts[row["id"]], row) for row in _rows(labels) if row["id"] in texts]


@cache
def _texts() -> dict[str, dict[str, Any]]:
    """Every text at hand, by arXiv id."""
    if not TRAIN.exists():
        return {row["id"]: row for row in _rows(FETCHED)}
    return _corpus() | {row["id"]: row for row in _rows(TRAIN)}


@cache
def _corpus() -> dict[str, dict[str, Any]]:
    """The corpus's papers, each once, in the order of the days."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(CORPUS.glob("*.jsonl")):
        for row in _rows(path):
            found.setdefault(row["id"], row)
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _labelled(row: dict[str, Any], labels: dict[str, Any]) -> Labelled:
    label = labels["label"]
    given = frozenset(labels.get("labels", [label]))
    return Labelled(_paper(row), label, given, frozenset(labels["accept"]) | given)


def _paper(row: dict[str, Any]) -> Paper:
    return Paper(
        id=f"arxiv:{row['id']}",
        title=clean(row["title"]).text,
        abstract=clean(row["abstract"]).text,
        primary_category=row["primary_category"],
        categories=tuple(row["categories"]),
    )
