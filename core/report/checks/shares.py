"""Shares said with two numbers or with one: "four out of five", "열 명 중 세 명", "one in ten"."""

import re
from collections.abc import Iterator
from itertools import pairwise

from core.report.checks.amount import Amount

_MOST_PARTS = 12
_WEST_PARTS = re.compile(
    r"(?:\s[a-z-]+){0,2}?\s(?:out of|in|of)\s(?:every\s|the\s|all\s|its\s)?", re.IGNORECASE
)
_EAST_PARTS = re.compile(
    r"[^\d\s,.、，。]{0,6}\s?(?:중에?서?|가운데|のうち|中有?|里有?|に)(?:\s|\S{0,4}?)"
)
_ONE_IN = re.compile(
    r"\b(?:one|a single)(?:\s[a-z-]+){0,2}\s(?:in|out of)\s(?:every\s)?$", re.IGNORECASE
)


def parts(text: str, found: list[Amount]) -> Iterator[Amount]:
    """Shares said with two numbers or with one: "four out of five", "열 명 중 세 명", "one in ten"."""
    whole = sorted((one for one in found if one.kind == "plain"), key=lambda one: one.start)
    for first, second in pairwise(whole):
        gap = text[first.start + len(first.text) : second.start]
        small, large = first.values[0], second.values[0]
        if not _WEST_PARTS.fullmatch(gap):
            if not _EAST_PARTS.fullmatch(gap):
                continue
            small, large = large, small
        if 0 < small < large <= _MOST_PARTS:
            said = text[first.start : second.start + len(second.text)]
            yield Amount(
                said, first.start, (small / large,), "share", hedge=first.hedge,
                covers=(first.start, second.start),
            )  # fmt: skip
    for one in whole:
        if one.values[0] > 1 and _ONE_IN.search(text[max(0, one.start - 40) : one.start]):
            yield Amount(
                f"1/{one.text}", one.start, (1 / one.values[0],), "share", covers=(one.start,)
            )
