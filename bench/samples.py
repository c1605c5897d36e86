"""The good reports of ``bench/reports`` about invented papers, and what one bad report made of them looks like."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("ko", "en", "ja", "zh")
CLAIM_PARTS = ("themes", "findings", "impact", "outlook")
FAULTS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("faults.toml").read_text(encoding="utf-8")
)

Report = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """One good report and its papers.

    ``number`` is its line in its language's file, from 1. ``papers`` are mappings of n, id, title
    and abstract. ``names`` are those of the papers' methods, ``others`` names of things that others
    made: a claim that holds one is no claim without a name.
    """

    language: str
    number: int
    papers: tuple[Mapping[str, Any], ...]
    report: Report
    names: tuple[str, ...] = tuple(FAULTS["names"])
    others: tuple[str, ...] = tuple(FAULTS["others"])

    @property
    def marked(self) -> tuple[str, ...]:
        """All names, the longer first, so that no digit in one is read as a number."""
        return tuple(sorted((*self.names, *self.others), key=len, reverse=True))

    @property
    def key(self) -> tuple[str, ...]:
        """The papers' ids: two samples with the same are about the same day."""
        return tuple(paper["id"] for paper in self.papers)

    def source(self, numbers: list[int]) -> str:
        """Titles and abstracts of the papers of these numbers."""
        chosen = [paper for paper in self.papers if paper["n"] in numbers]
        return "\n".join(f"{paper['title']}\n{paper['abstract']}" for paper in chosen)

    def spots(self, parts: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        """Every place in these parts."""
        for part in parts:
            for place in range(len(self.report[part])):
                yield part, place


@dataclass(frozen=True)
class Change:
    """A bad report and where it went bad; ``index`` None means the part as a whole.

    ``other`` is the second place, where the fault lies between two lines.
    """

    report: Any
    part: str
    index: int | None
    text: str = ""
    other: tuple[str, int] | None = None

    def covers(self, part: str, index: int | None) -> bool:
        """Whether a finding at this place is about this change."""
        here = self.part in {"", part} and (None in {self.index, index} or self.index == index)
        return here or self.other == (part, index)


@dataclass(frozen=True)
class Corruption:
    """One bad report: the class and kind of its fault, the sample it was made of, the change."""

    fault: str
    kind: str
    sample: Sample
    change: Change

    def line(self) -> dict[str, Any]:
        """The report with its papers, as ``paperround verify`` reads it."""
        sample = self.sample
        papers = list(sample.papers)
        return {"language": sample.language, "papers": papers, "report": self.change.report}


def load() -> list[Sample]:
    """The good reports of every language, in file order."""
    samples = []
    directory = Path(__file__).with_name("reports")
    for language in LANGUAGES:
        lines = (directory / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            data = json.loads(line)
            samples.append(Sample(language, number, tuple(data["papers"]), data["report"]))
    return samples


def text_at(report: Report, part: str, place: int) -> str:
    """The text of a claim, or the keyword."""
    item = report[part][place]
    return str(item) if part == "keywords" else str(item["text"])


def with_text(report: Report, part: str, place: int, text: str) -> Change:
    """The report with another text at this place."""
    bad = deepcopy(report)
    if part == "keywords":
        bad[part][place] = text
    else:
        bad[part][place]["text"] = text
    return Change(bad, part, place, text)


def with_cites(report: Report, part: str, place: int, cites: Any) -> Change:  # noqa: ANN401 - bad on purpose
    """The report with other citations at this place; they may be no numbers at all."""
    bad = deepcopy(report)
    bad[part][place]["cites"] = cites
    return Change(bad, part, place, f"{cites} {bad[part][place]['text']}")


def names_in(text: str, sample: Sample) -> list[str]:
    """The method names of the sample that a text holds."""
    return [name for name in sample.names if name in text]
