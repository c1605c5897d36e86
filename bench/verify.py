"""What the report checker catches: ``python -m bench.verify [--misses] [--seed N] [--write DIR]``.

Good reports in four languages (``bench/reports``), about invented papers and about real ones, are
made bad one fault at a time and given to the checker; the good ones show its false alarms, and the
seed's own text what it finds there.
``caught`` is a bad report with at least one finding, ``placed`` one with a finding at the corrupted
part and line. ``--misses`` lists every bad report that passed, ``--seed`` draws other bad reports of
the same kinds, ``--write DIR`` writes the reports as ``paperround verify`` reads them, and what was
done to each.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

from bench.corruptions import REPORTED, SEED, SHARED, STRUCTURAL, corruptions
from bench.real import load_real
from bench.samples import CLAIM_PARTS, LANGUAGES, Corruption, Sample, load, text_at
from bench.seed import seed_lines
from core.paper import Paper
from core.report.draft import DraftError, Finding, read_draft
from core.report.verify import verify

Z = 1.96
WIDE = 110


@dataclass(frozen=True)
class Outcome:
    """A bad report and what the checker said of it."""

    corruption: Corruption
    findings: Sequence[Finding]

    @property
    def caught(self) -> bool:
        """Whether anything was found."""
        return bool(self.findings)

    @property
    def placed(self) -> bool:
        """Whether something was found where the fault is."""
        change = self.corruption.change
        return any(change.covers(finding.part, finding.index) for finding in self.findings)


def check(line: dict[str, Any]) -> Sequence[Finding]:
    """The findings on one report, as the command would give them."""
    line = json.loads(json.dumps(line))
    papers = [Paper(paper["id"], paper["title"], paper["abstract"]) for paper in line["papers"]]
    try:
        draft = read_draft(line["report"])
    except DraftError as error:
        return error.findings
    return verify(draft, papers, line["language"])


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson, 1927)."""
    if not count:
        return 0.0, 1.0
    share, square = hits / count, Z * Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = Z * sqrt(share * (1 - share) / count + square / (4 * count * count))
    spread /= 1 + square / count
    return max(0.0, middle - spread), min(1.0, middle + spread)


def share(outcomes: Sequence[Outcome]) -> str:
    """The caught ones as ``n caught share [low, high]``."""
    caught, count = sum(outcome.caught for outcome in outcomes), len(outcomes)
    low, high = wilson(caught, count)
    part = caught / count if count else 0.0
    return f"{count:>5} {caught:>6} {part:>7.1%} [{low:.1%}, {high:.1%}]"


def print_row(title: str, outcomes: Sequence[Outcome]) -> None:
    """Print the figures of some bad reports, all together and by language."""
    placed = sum(outcome.placed for outcome in outcomes) / max(len(outcomes), 1)
    by_language = []
    for language in LANGUAGES:
        own = [o.caught for o in outcomes if o.corruption.sample.language == language]
        by_language.append(f"{sum(own):>4}/{len(own):<4}")
    print(f"{title:<28}{share(outcomes):<40}{placed:>7.1%}  {' '.join(by_language)}")


def print_table(outcomes: Sequence[Outcome]) -> None:
    """Print a line a class, and below it the kinds that were not always caught."""
    languages = " ".join(f"{language:^9}" for language in LANGUAGES)
    head = f"{'n':>5} {'caught':>6} {'share':>7} 95 % interval"
    print(f"{'fault':<28}{head:<40}{'placed':>7}  {languages}")
    for fault in (*STRUCTURAL, *SHARED, *REPORTED):
        own = [o for o in outcomes if o.corruption.fault == fault]
        print_row(fault, own)
        for kind in dict.fromkeys(o.corruption.kind for o in own):
            of_kind = [o for o in own if o.corruption.kind == kind]
            if not all(o.caught for o in of_kind) and len(of_kind) < len(own):
                print_row(f"  {kind}", of_kind)
    for title, faults in (("all structural", STRUCTURAL), ("all of a number or name", SHARED)):
        print_row(title, [o for o in outcomes if o.corruption.fault in faults])


def print_misses(outcomes: Iterable[Outcome]) -> None:
    """Print every bad report that passed, with its text."""
    print("\nnot caught:")
    for outcome in outcomes:
        if not outcome.caught:
            bad = outcome.corruption
            place = f"{bad.sample.language} {bad.sample.number} {bad.change.part}"
            print(f"- {bad.fault} ({bad.kind}) {place} {bad.change.index}: {bad.change.text}")


def print_false_alarms(samples: Sequence[Sample]) -> None:
    """Print how many good reports, and lines of them, are found fault with, and for what."""
    alarms = [(sample, check(_good(sample))) for sample in samples]
    wrong = sum(bool(findings) for _, findings in alarms)
    lines = sum(len(list(sample.spots((*CLAIM_PARTS, "keywords")))) for sample in samples)
    places = {(s.key, s.language, f.part, f.index) for s, findings in alarms for f in findings}
    print()
    for title, hits, count in (("reports", wrong, len(alarms)), ("lines", len(places), lines)):
        low, high = wilson(hits, count)
        print(
            f"false alarms, good {title}: {hits} of {count}, {hits / count:.1%} [{low:.1%}, {high:.1%}]"
        )
    for sample, findings in alarms:
        for finding in findings:
            print(f"- {sample.language} {sample.number} {_alleged(sample, finding)}")


def _alleged(sample: Sample, finding: Finding) -> str:
    said = f"{finding.part} {finding.index} {finding.fault}: {finding.detail}"
    if finding.index is None or finding.part not in sample.report:
        return said
    return f"{said}\n    {text_at(sample.report, finding.part, finding.index)}"


def _good(sample: Sample) -> dict[str, Any]:
    papers = list(sample.papers)
    return {"language": sample.language, "papers": papers, "report": sample.report}


def print_seed() -> None:
    """Print what the seed's text holds, by class of fault, with every finding."""
    lines = seed_lines()
    if not lines:
        print("\nThe seed's text is not there.")
        return
    print(f"\nthe seed's text, {len(lines)} sections:")
    found = [(title, finding) for title, line in lines for finding in check(line)]
    for fault, count in Counter(finding.fault for _, finding in found).most_common():
        print(f"{fault:<28}{count:>5}")
    for title, finding in found:
        said = f"{title}: {finding.part} {finding.index} {finding.fault}: {finding.detail}"
        print(f"- {said[:WIDE]}")


def timed(line: dict[str, Any]) -> tuple[float, Sequence[Finding]]:
    """How many seconds a check takes, and what it gives."""
    start = time.perf_counter()
    findings = check(line)
    return time.perf_counter() - start, findings


def write(directory: Path, samples: Sequence[Sample], bad: Sequence[Corruption]) -> None:
    """Write good.jsonl and bad.jsonl for the command, and faults.jsonl with what was done."""
    directory.mkdir(parents=True, exist_ok=True)
    done = [
        {
            "fault": c.fault,
            "kind": c.kind,
            "part": c.change.part,
            "index": c.change.index,
            "text": c.change.text,
        }
        for c in bad
    ]
    written: dict[str, list[dict[str, Any]]] = {
        "good": [_good(sample) for sample in samples],
        "bad": [corruption.line() for corruption in bad],
        "faults": done,
    }
    for name, rows in written.items():
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (directory / f"{name}.jsonl").write_text(text, encoding="utf-8")


def measure(samples: Sequence[Sample], seed: int, *, misses: bool) -> None:
    """Print what is caught of the corruptions of these reports, false alarms on them, and times."""
    check(_good(samples[0]))
    results = [(bad, timed(bad.line())) for bad in corruptions(samples, seed)]
    outcomes = [Outcome(bad, findings) for bad, (_, findings) in results]
    print_table(outcomes)
    print_false_alarms(samples)
    times = sorted(seconds for _, (seconds, _) in results)
    middle, slowest = times[len(times) // 2] * 1000, times[-1] * 1000
    print(f"\n{middle:.1f} ms a report (median of {len(times)}), {slowest:.1f} ms at most")
    if misses:
        print_misses(outcomes)


def main() -> None:
    """Measure, or write the reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--write", type=Path, metavar="DIR")
    parser.add_argument("--seed", type=int, default=SEED, help="another draw of bad reports")
    arguments = parser.parse_args()
    samples, real = load(), load_real()
    if arguments.write:
        write(arguments.write, samples, corruptions(samples, arguments.seed))
        return
    print("reports about invented papers:\n")
    measure(samples, arguments.seed, misses=arguments.misses)
    if real:
        print("\nreports about real papers:\n")
        measure(real, arguments.seed, misses=arguments.misses)
    else:
        print("\nreports about real papers: skipped, ../shared/corpus is not beside the project.")
    print_seed()


if __name__ == "__main__":
    main()
