"""Shapes gone bad: the schema, the citations, papers left out, things said twice."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from bench.corrupt_text import Make, Spot
from bench.samples import CLAIM_PARTS, Change, Sample, with_cites, with_text


def cites(change: Callable[[Sample, list[int]], Any]) -> Make:
    """Make a change that replaces a claim's citations."""

    def make(_rng: Random, sample: Sample, spot: Spot) -> Change | None:
        part, place = spot
        old = sample.report[part][place]["cites"]
        new = change(sample, old)
        return None if new == old else with_cites(sample.report, part, place, new)

    return make


def one_removed(_rng: Random, sample: Sample, spot: Spot) -> Change | None:
    """Leave a claim without any citation by leaving out the field."""
    part, place = spot
    bad = deepcopy(sample.report)
    del bad[part][place]["cites"]
    return Change(bad, part, place, bad[part][place]["text"])


def finding_removed(_rng: Random, sample: Sample, spot: Spot) -> Change | None:
    """Say nothing of what is new in one paper; other parts may still cite it."""
    bad = deepcopy(sample.report)
    gone = bad["findings"].pop(spot[1])
    return Change(bad, "findings", None, f"without: {gone['text']}")


def never_cited(_rng: Random, sample: Sample, spot: Spot) -> Change | None:
    """Leave a paper out everywhere."""
    if len(sample.papers) == 1:
        return None
    number = spot[1] + 1
    bad = deepcopy(sample.report)
    for part in CLAIM_PARTS:
        for claim in bad[part]:
            claim["cites"] = [cite for cite in claim["cites"] if cite != number]
        bad[part] = [claim for claim in bad[part] if claim["cites"]]
    return Change(bad, "findings", None, f"nothing cites {number}")


def finding_cites_another(_rng: Random, sample: Sample, spot: Spot) -> Change | None:
    """Make of one paper's finding the same again about another paper."""
    part, place = spot
    count = len(sample.papers)
    if count == 1:
        return None
    other = sample.report[part][(place + 1) % count]["text"]
    change = with_text(sample.report, part, place, other)
    change.report[part][place]["cites"] = [(place + 1) % count + 1]
    return Change(change.report, part, None, f"nothing on {place + 1}")


def part_as(value: Callable[[Any], Any]) -> Make:
    """Make a change that replaces a whole part."""

    def make(_rng: Random, sample: Sample, spot: Spot) -> Change:
        bad = deepcopy(sample.report)
        bad[spot[0]] = value(bad[spot[0]])
        return Change(bad, spot[0], None, repr(bad[spot[0]])[:80])

    return make


def item_as(value: Callable[[Any], Any]) -> Make:
    """Make a change that replaces one claim or keyword."""

    def make(_rng: Random, sample: Sample, spot: Spot) -> Change:
        part, place = spot
        bad = deepcopy(sample.report)
        bad[part][place] = value(bad[part][place])
        return Change(bad, part, place, repr(bad[part][place])[:80])

    return make


def part_missing(_rng: Random, sample: Sample, spot: Spot) -> Change:
    """Leave a part out."""
    bad = deepcopy(sample.report)
    del bad[spot[0]]
    return Change(bad, spot[0], None, f"no {spot[0]}")


def nested(_rng: Random, sample: Sample, _spot: Spot) -> Change:
    """Put the report one level too deep."""
    return Change({"report": deepcopy(sample.report)}, "", None, "{'report': …}")


def repeated(_rng: Random, sample: Sample, spot: Spot) -> Change:
    """Say a line twice in its part."""
    part, place = spot
    bad = deepcopy(sample.report)
    bad[part].append(deepcopy(bad[part][place]))
    return Change(bad, part, len(bad[part]) - 1, str(bad[part][place]), spot)


def repeated_elsewhere(rng: Random, sample: Sample, spot: Spot) -> Change:
    """Say a line of one part again in another."""
    part, place = spot
    bad = deepcopy(sample.report)
    other = rng.choice([name for name in ("findings", "impact", "outlook") if name != part])
    if other == "findings":
        other = "impact" if part == "outlook" else "outlook"
    bad[other].append(deepcopy(bad[part][place]))
    return Change(bad, other, len(bad[other]) - 1, bad[part][place]["text"], spot)
