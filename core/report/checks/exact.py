"""Numbers whose neighbour is part of them: ratios, roots and ordinals, held against the papers'."""

import re
from collections.abc import Iterator

from core.report.checks import Fault

_RATIO = re.compile(r"(?<![\d:.])(\d+(?:\.\d+)?)\s?:\s?(\d+(?:\.\d+)?)(?![\d:]|\.\d)")
_ROOT = re.compile(r"√\s?\(?(\d+)")
_ORDERS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_ORDINAL = re.compile(
    rf"\b(?:({'|'.join(_ORDERS)})|(\d+)(?:st|nd|rd|th))[\s-]([a-z]{{4,}})", re.IGNORECASE
)


def exact(text: str, source: str) -> Iterator[Fault]:
    """Ratios, roots and ordinals of the claim that the cited papers, both texts normal, write otherwise.

    What the papers have nothing like is left to the check of plain numbers.
    """
    theirs = set(_RATIO.findall(source))
    for ratio in _RATIO.findall(text):
        if ratio not in theirs and any(set(ratio) & set(other) for other in theirs):
            yield Fault("number", f"{':'.join(ratio)}: in none of the cited papers")
    roots = set(_ROOT.findall(source))
    for root in _ROOT.findall(text):
        if roots and root not in roots:
            yield Fault("number", f"√{root}: in none of the cited papers")
    ordered = list(_ordinals(source))
    for place, what in _ordinals(text):
        said = [number for number, thing in ordered if thing == what]
        if said and place not in said:
            yield Fault("number", f"the {what} {place}: {said[0]} in the cited papers")


def _ordinals(text: str) -> Iterator[tuple[int, str]]:
    """Each ordinal and the word it orders: (3, "year") for "third-year" and "3rd year"."""
    for match in _ORDINAL.finditer(text):
        place = _ORDERS.index(match[1].lower()) + 1 if match[1] else int(match[2])
        yield place, match[3].lower()
