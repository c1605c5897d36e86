"""Which braces and dollars of a LaTeX source belong together, and which dollars are money."""

import re
from bisect import bisect_left
from itertools import pairwise

_DISPLAYS = {"\\(": "\\)", "\\[": "\\]"}
_PRICE = re.compile(r"\d[\d.]*[,;)] +[A-Za-z]{2,}")
_MONEY = re.compile(
    r"\s?\d[\d.,]*(?:\s?(?:[kKMBT]|[mbtr]+illion)\b)?(?:[\s,.;)]+[A-Za-z]{2,}|\s*$)"
)


class Closings:
    r"""Where each brace, mathematical dollar and ``\(`` closes; what does not close is absent."""

    def __init__(self, source: str) -> None:
        self.braces: dict[int, int] = {}
        self.dollars: dict[int, int] = {}
        self.displays: dict[int, int] = {}
        places: list[list[int]] = [[]]  # the dollars of the groups now open, the text's own first
        opened: list[int] = []
        display: tuple[str, int, int] | None = None
        for match in re.finditer(r"\\.|[{}$]", source):
            piece, at = match[0], match.start()
            if piece == "{":
                opened.append(at)
                places.append([])
            elif piece == "}" and opened:
                self.braces[opened.pop()] = at
                self.dollars.update(_spans(source, places.pop()))
            elif piece == "$":
                places[-1].append(at)
            elif piece in _DISPLAYS:
                display = (_DISPLAYS[piece], len(opened), at)
            elif display and (piece, len(opened)) == display[:2]:
                self.displays[display[2]] = at
                display = None
        for group in places:
            self.dollars.update(_spans(source, group))


def _spans(source: str, places: list[int]) -> dict[int, int]:
    """Opening dollar -> closing dollar among the dollars of one group."""
    spans: dict[int, int] = {}
    doubles = [at for at, after in pairwise(places) if after == at + 1]
    at = 0
    while at + 1 < len(places):
        start, end = places[at], places[at + 1]
        place = bisect_left(doubles, start + 2)
        if end == start + 1 and place < len(doubles):
            spans[start] = doubles[place]
            at = bisect_left(places, doubles[place]) + 2
        elif _is_formula(source, start, end):
            spans[start] = end
            at += 2
        else:
            at += 1
    return spans


def _is_formula(source: str, start: int, end: int) -> bool:
    """Whether a formula stands between two dollars, rather than the prose between two prices."""
    inside, after = source[start + 1 : min(end, start + 400)], source[end + 1 : end + 2]
    if re.search(r"\\[A-Za-z]", inside):
        return not _MONEY.match(inside)
    if _PRICE.match(inside) or (after.isdigit() and re.match(r"\d|.* ", inside)):
        return False
    if " " in (inside[:1], inside[-1:]):
        prose = re.search(r"[A-Za-z]{2,}", inside) and not re.search(r"[=<>^_|]", inside)
        return inside[:1] == inside[-1:] and not prose
    return " " not in inside or len(re.findall(r"(?<![\w^_])[a-z]{3,}(?!\w)", inside)) <= 1
