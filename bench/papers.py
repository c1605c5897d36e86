"""The labelled and unlabelled papers the classifier is learnt from and measured by."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
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
OWN_LABELS = Path(__file__).with_name("labels.jsonl")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A paper, the categories readers gave it, and those a fair reader would accept."""

    paper: Paper
    label: str
    labels: frozenset[str]
    accept: frozenset[str]


def load(path: Path) -> list[Labelled]:
    """Read the labelled papers of a JSON Lines file."""
    return [_labelled(row, row) for row in _rows(path)]


def own() -> list[Labelled]:
    """The papers of the corpus that we read and labelled ourselves; never one of dev."""
    labels = {row["id"]: row for row in _rows(OWN_LABELS)}
    return [_labelled(row, labels[row["id"]]) for row in _corpus(labels.keys())]


def seed() -> list[Labelled]:
    """The bundled sample's papers with the categories they were given there."""
    taxonomy = default_taxonomy()
    shelves = sample_edition(taxonomy).categories
    return [
        Labelled(entry.paper, slug, frozenset({slug}), frozenset({slug}))
        for slug in taxonomy.slugs
        for entry in shelves[slug]
    ]


def unlabelled() -> list[Paper]:
    """The papers of the corpus that nobody has labelled."""
    known = {row["id"] for path in (TRAIN, DEV, OWN_LABELS) for row in _rows(path)}
    ids = {row["id"] for path in CORPUS.glob("*.jsonl") for row in _rows(path)}
    return [_paper(row) for row in _corpus(ids - known)]


def missing() -> str:
    """What the training needs and is not there, or nothing."""
    return ", ".join(str(path) for path in (TRAIN, DEV, CORPUS) if not path.exists())


def _corpus(ids: Collection[str]) -> Iterator[dict[str, Any]]:
    """The corpus's papers of these ids, each once, in the order of the days."""
    left = set(ids)
    for path in sorted(CORPUS.glob("*.jsonl")):
        for row in _rows(path):
            if row["id"] in left:
                left.remove(row["id"])
                yield row


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
