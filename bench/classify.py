"""How well papers are sorted: ``python -m bench.classify [cv] [dev] [speed]`` (all by default).

``cv`` learns on four fifths of ``train.jsonl`` (and our own labels) and sorts the fifth held out,
five times; nothing of a held-out paper is seen, neither its label nor its text. ``dev`` sorts
``dev.jsonl`` with the shipped weights: it is for measuring only, nothing was chosen by it. Both
stand beside the rules alone, whose words were chosen on half of ``train.jsonl``.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.resources import files
from importlib.util import find_spec

import numpy as np

from bench.papers import DEV, Labelled, corpus, gold, load, missing, own, unlabelled
from core.category import default_taxonomy
from core.classify import Classifier
from core.classify.model import TrainedClassifier, default_classifier
from core.classify.rules import RuleClassifier

CONFUSIONS_SHOWN = 15
SAMPLES = 1000
FEWEST_PAPERS = 7
FOLDS = 5
LOADING = """
import time; import core.classify.rules, numpy; start = time.perf_counter()
from core.classify.model import shipped; shipped(); print(time.perf_counter() - start)
"""

Answers = Sequence[str]


def strict(rows: Sequence[Labelled], answers: Answers) -> float:
    """How many answers are what a reader answered."""
    return sum(a in row.labels for row, a in zip(rows, answers, strict=True)) / len(rows)


def fair(rows: Sequence[Labelled], answers: Answers) -> float:
    """How many answers a fair reader would accept."""
    return sum(a in row.accept for row, a in zip(rows, answers, strict=True)) / len(rows)


def truths(rows: Sequence[Labelled], answers: Answers) -> list[str]:
    """What each answer should have been: itself, where one of the readers says so."""
    return [a if a in row.labels else row.label for row, a in zip(rows, answers, strict=True)]


def macro_f1(rows: Sequence[Labelled], answers: Answers) -> float:
    """The mean F1 of the categories with enough papers."""
    wanted, given = Counter(truths(rows, answers)), Counter(answers)
    right = Counter(a for row, a in zip(rows, answers, strict=True) if a in row.labels)
    large = [slug for slug, count in wanted.items() if count >= FEWEST_PAPERS]
    return sum(2 * right[s] / (wanted[s] + given[s]) for s in large) / max(len(large), 1)


def with_interval(
    measure: Callable[[Sequence[Labelled], Answers], float],
    rows: Sequence[Labelled],
    answers: Answers,
) -> str:
    """Give the figure and its 95 % confidence interval over resampled papers."""
    chance = np.random.default_rng(0)
    drawn = []
    for _ in range(SAMPLES):
        places = chance.integers(len(rows), size=len(rows)).tolist()
        drawn.append(measure([rows[p] for p in places], [answers[p] for p in places]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{measure(rows, answers):.3f} [{low:.3f}, {high:.3f}]"


def print_table(name: str, rows: Sequence[Labelled], answers: Answers) -> None:
    """Print a line of the three figures."""
    figures = (with_interval(measure, rows, answers) for measure in (strict, fair, macro_f1))
    print(
        f"{name:<22} n={len(rows):<5} "
        + "  ".join(
            f"{title} {figure}"
            for title, figure in zip(("strict", "accept", "macro-F1"), figures, strict=True)
        )
    )


def print_details(rows: Sequence[Labelled], answers: Answers) -> None:
    """Print each category's precision, recall and F1, and the pairs most often confused."""
    wanted, given = Counter(truths(rows, answers)), Counter(answers)
    right = Counter(a for row, a in zip(rows, answers, strict=True) if a in row.labels)
    print(f"\n{'category':<12} {'n':>5} {'prec':>6} {'recall':>6} {'F1':>6}")
    for slug in default_taxonomy().slugs:
        found, truth, answer = right[slug], wanted[slug], given[slug]
        precision, recall = found / (answer or 1), found / (truth or 1)
        f1 = 2 * found / ((answer + truth) or 1)
        print(f"{slug:<12} {truth:>5} {precision:>6.2f} {recall:>6.2f} {f1:>6.2f}")
    pairs = list(zip(rows, answers, strict=True))
    confused = Counter((row.label, a) for row, a in pairs if a not in row.labels)
    unfair = Counter((row.label, a) for row, a in pairs if a not in row.accept)
    print("\nlabel -> answer: papers (of them not accepted)")
    for (label, answer_), count in confused.most_common(CONFUSIONS_SHOWN):
        print(f"{label} -> {answer_}: {count} ({unfair[label, answer_]})")
    print()


def sort_all(classifier: Classifier, rows: Sequence[Labelled]) -> list[str]:
    """Sort every paper."""
    return [classifier.classify(row.paper).category for row in rows]


def held_out(rows: Sequence[Labelled]) -> list[str]:
    """Each paper's category by weights learnt without it."""
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415 - for this table alone

    from bench.train import fit  # noqa: PLC0415

    answers = [""] * len(rows)
    ours, others = own(), unlabelled()
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=1)
    for learnt, held in folds.split(rows, [row.label for row in rows]):
        weights = fit([*(rows[place] for place in learnt), *ours], others)
        classifier = TrainedClassifier(default_taxonomy(), weights)
        for place in held:
            answers[place] = classifier.classify(rows[place].paper).category
    return answers


def cross_validate() -> None:
    """Print the tables of ``cv``."""
    if find_spec("sklearn") is None or missing():
        print(f"No cross-validation: {missing() or 'scikit-learn'} is missing.")
        return
    rows = gold()
    answers = held_out(rows)
    print_table("cross-validation", rows, answers)
    print_table("  rules alone", rows, sort_all(RuleClassifier(default_taxonomy()), rows))
    print_details(rows, answers)


def measure_dev() -> None:
    """Print the tables of ``dev``."""
    if not DEV.exists():
        print(f"No measuring on dev: {DEV} is missing.")
        return
    rows = load(DEV)
    answers = sort_all(default_classifier(default_taxonomy()), rows)
    print_table("dev", rows, answers)
    print_table("  rules alone", rows, sort_all(RuleClassifier(default_taxonomy()), rows))
    print_details(rows, answers)


def measure_speed() -> None:
    """Print how fast papers are sorted, how long the weights take to load and how large they are."""
    if papers := corpus():
        classifier = default_classifier(default_taxonomy())
        start = time.process_time()
        for paper in papers:
            classifier.classify(paper)
        print(f"{len(papers) / (time.process_time() - start):,.0f} papers/s on one core")
    loading = min(
        float(
            subprocess.run([sys.executable, "-c", LOADING], check=True, capture_output=True).stdout
        )
        for _ in range(3)
    )
    size = len(files("core.classify").joinpath("weights.npz").read_bytes())
    print(f"weights loaded in {loading:.3f} s, {size / 1e6:.2f} MB")


def main(arguments: Sequence[str]) -> None:
    """Print the sections asked for, or all."""
    sections = {"cv": cross_validate, "dev": measure_dev, "speed": measure_speed}
    if unknown := set(arguments) - sections.keys():
        sys.exit(f"no section {', '.join(sorted(unknown))}; there are {', '.join(sections)}")
    for name in arguments or sections:
        sections[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
