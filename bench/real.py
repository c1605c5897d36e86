"""Good reports about real papers: ids and sentences are here, the texts beside the project.

They were written by a reader of the checker, not by its author, while its author had them not; what
they showed has been mended since, so what they show now is no longer independent.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bench.samples import LANGUAGES, Sample
from core.clean import clean

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
REPORTS = Path(__file__).with_name("reports")
_NAME = re.compile(r"(?<![\w.])(?=\d*[A-Za-z])[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*")
# A capital within, or a digit beside a capital; not "Trade-off" in a title.
_MARKED = re.compile(r"[A-Za-z].*[A-Z]|[A-Z].*\d|\d.*[A-Z]")
_SHORTEST, _RARE = 4, 3


def load_real() -> list[Sample]:
    """The good reports about real papers in file order, cleaned as the program does; none without the corpus."""
    texts = _texts()
    samples = []
    for language in LANGUAGES if texts else ():
        lines = (REPORTS / f"real-{language}.jsonl").read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            data = json.loads(line)
            papers = tuple(
                {"n": n, "id": paper, "title": texts[paper][0], "abstract": texts[paper][1]}
                for n, paper in enumerate(data["papers"], 1)
            )
            names, others = _names(papers)
            samples.append(Sample(language, number, papers, data["report"], names, others))
    return samples


@cache
def _texts() -> Mapping[str, tuple[str, str]]:
    """Title and abstract of every paper of the corpus, by id."""
    texts: dict[str, tuple[str, str]] = {}
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            title, abstract = clean(row["title"]).text, clean(row["abstract"]).text
            texts[f"arxiv:{row['id']}"] = title, abstract
    return texts


@cache
def _papers_with() -> Counter[str]:
    """In how many papers of the corpus each word stands."""
    return Counter(
        word for text in _texts().values() for word in set(_NAME.findall(" ".join(text)))
    )


def _names(papers: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names that hardly any other paper has, and the names and signs that more have; longest first."""
    text = " ".join(f"{paper['title']} {paper['abstract']}" for paper in papers)
    marked = [
        word
        for word in sorted(set(_NAME.findall(text)), key=lambda word: (-len(word), word))
        if len(word) >= _SHORTEST and any(map(_MARKED.search, word.split("-")))
    ]
    rare = tuple(word for word in marked if _papers_with()[word] <= _RARE)
    return rare, tuple(word for word in marked if word not in rare)
