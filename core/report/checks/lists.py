"""Lists: how many things a paper names one after another."""

import re
from collections.abc import Iterator

# Bounded, for an abstract may hold anything.
_WORD = r"[A-Za-z0-9(][^\s,;:.()]{0,40}(?:\.\d[^\s,;:.()]{0,9})?"
_ITEM = rf"{_WORD}(?:\s(?!and\b|or\b|as\swell\b)[^\s,;:]{{1,40}}){{0,4}}"
_LIST = re.compile(rf"(?<!\S)((?:{_ITEM},\s){{1,11}}?{_ITEM}),?\s(?:and|or|&|as well as)\s(?=\S)")
# A clause is no item of a list.
_CLAUSE = re.compile(
    r"\b(?:we|it|is|are|was|were|this|these|that|which|they|can|our|while|however|thus|moreover|furthermore|additionally|finally|hence|therefore|respectively|first|second|to)\b",
    re.IGNORECASE,
)
# "it is fast, measured on ships, tugs and cranes" lists three things, not four.
_PLACED = re.compile(r"\b(?:on|across|over|in|from|between|spanning|covering|with)\s\S+$")
_NAMELY = re.compile(r"\b(?:namely|including|such as|like|e\.g\.?|i\.e\.?)\b")
_FEWEST, _MOST = 3, 12
_MARKS = re.compile(r"\((\d{1,2}|i{1,3}|iv|vi{0,3}|ix)\)\s")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}


def listed(text: str) -> frozenset[int]:
    """How many things the lists of a paper name: "A, B and C" three, "(1) … (4)" four."""
    counts = {count for match in _LIST.finditer(text) for count in _lengths(match[1])}
    marks = [_ROMAN.get(mark) or int(mark) for mark in _MARKS.findall(text)]
    counts |= {last for last in marks if set(range(1, last + 1)) <= set(marks)}
    return frozenset(count for count in counts if _FEWEST <= count <= _MOST)


def _lengths(items: str) -> Iterator[int]:
    """The number of things in a list without its last one, from each place where it may begin."""
    found = items.split(", ")
    for place, item in enumerate(found):
        begins = not place or _NAMELY.search(item) or _PLACED.search(item)
        if begins and not any(map(_CLAUSE.search, found[place + 1 :])):
            yield len(found) - place + 1
