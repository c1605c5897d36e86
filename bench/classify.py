"""How well the rules sort labelled papers: ``python -m bench.classify [FILE]``.

FILE is JSON Lines with ``id, title, abstract, primary_category, categories, label, accept``.
The shipped words were chosen on half A of the training papers alone, so half B is the honest
figure for those; the tables below the halves are of the whole file.
"""

import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.category import default_taxonomy
from core.classify.rules import RuleClassifier
from core.paper import Paper

DEFAULT = Path(__file__).parents[2] / "shared" / "gold" / "train.jsonl"
CONFUSIONS_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Labelled:
    """A paper, the category a reader gave it, and those a fair reader would accept."""

    paper: Paper
    label: str
    accept: frozenset[str]

    @property
    def half(self) -> str:
        """``A`` (words were chosen here) or ``B`` (never looked at), by a hash of the id."""
        digest = hashlib.sha256(self.paper.id.removeprefix("arxiv:").encode()).digest()
        return "AB"[digest[0] % 2]


def load(path: Path) -> list[Labelled]:
    """Read the labelled papers of a file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Labelled(
            paper=Paper(
                id=f"arxiv:{row['id']}",
                title=row["title"],
                abstract=row["abstract"],
                primary_category=row["primary_category"],
                categories=tuple(row["categories"]),
            ),
            label=row["label"],
            accept=frozenset(row["accept"]),
        )
        for row in rows
    ]


def print_accuracy(name: str, rows: Sequence[Labelled], answers: Sequence[str]) -> None:
    """Print one line: how many are equal to the label, how many within ``accept``."""
    if not rows:
        return
    pairs = list(zip(rows, answers, strict=True))
    strict = sum(row.label == answer for row, answer in pairs) / len(rows)
    fair = sum(answer in row.accept for row, answer in pairs) / len(rows)
    print(f"{name:<8} n={len(rows):<5} strict {strict:.3f}  accept {fair:.3f}")


def print_categories(rows: Sequence[Labelled], answers: Sequence[str]) -> None:
    """Print precision, recall and F1 of each category, by the label alone."""
    given = Counter(answers)
    wanted = Counter(row.label for row in rows)
    right = Counter(row.label for row, a in zip(rows, answers, strict=True) if row.label == a)
    print(f"\n{'category':<12} {'n':>5} {'prec':>6} {'recall':>6} {'F1':>6}")
    for slug in default_taxonomy().slugs:
        precision = right[slug] / given[slug] if given[slug] else 0.0
        recall = right[slug] / wanted[slug] if wanted[slug] else 0.0
        f1 = 2 * right[slug] / ((given[slug] + wanted[slug]) or 1)
        print(f"{slug:<12} {wanted[slug]:>5} {precision:>6.2f} {recall:>6.2f} {f1:>6.2f}")


def print_confusions(rows: Sequence[Labelled], answers: Sequence[str]) -> None:
    """Print the largest pairs of label and answer, those outside ``accept`` beside them."""
    pairs = list(zip(rows, answers, strict=True))
    confused = Counter((row.label, a) for row, a in pairs if row.label != a)
    unfair = Counter((row.label, a) for row, a in pairs if a not in row.accept)
    print("\nlabel -> answer: papers (of them not accepted)")
    for (label, answer), count in confused.most_common(CONFUSIONS_SHOWN):
        print(f"{label} -> {answer}: {count} ({unfair[label, answer]})")


def main(arguments: Sequence[str]) -> None:
    """Print everything for the file named, or for the labelled training papers."""
    rows = load(Path(arguments[0]) if arguments else DEFAULT)
    classifier = RuleClassifier(default_taxonomy())
    start = time.process_time()
    answers = [classifier.classify(row.paper).category for row in rows]
    seconds = time.process_time() - start
    print_accuracy("all", rows, answers)
    for half in "AB":
        kept = [(row, a) for row, a in zip(rows, answers, strict=True) if row.half == half]
        print_accuracy(f"half {half}", [row for row, _ in kept], [a for _, a in kept])
    print_categories(rows, answers)
    print_confusions(rows, answers)
    print(f"\n{len(rows) / seconds:,.0f} papers/s on one core")


if __name__ == "__main__":
    main(sys.argv[1:])
