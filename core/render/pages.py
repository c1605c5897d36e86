"""A message cut into pages that a chat takes, at its natural borders."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.blocks import Block, Cite, Heading, Items, Jump, Line, Paragraph, Quote, Span, Text
from core.render.letters import cuts_letter, letters, may_part, words

# Blank lines stand where the kind changes and between paragraphs.
Kind = Literal["heading", "paragraph", "item", "quote"]
Fits = Callable[[Sequence["Row"]], bool]

_SENTENCE_END = re.compile(r"[.!?。！？…][\"”’')\]」』】）〉》]*\s*\Z")
# A page with less than a quarter of what stands on the one beside it is nearly empty.
_QUARTER = 4
# The rest of a row is at least an eighth of what stands before it.
_REST = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a message: what it is, and what stands in it.

    ``mark`` stands before an item (``1.``, ``•``); ``begins`` is False for the rest of a row that
    began on the page before.
    """

    kind: Kind
    spans: Line
    mark: str = ""
    begins: bool = True


def rows(blocks: Sequence[Block]) -> list[Row]:
    """The text of the blocks, line by line; pictures and buttons are no text."""
    found: list[Row] = []
    for block in blocks:
        match block:
            case Heading(text):
                found.append(Row("heading", (Text(text),)))
            case Paragraph(spans):
                found.append(Row("paragraph", spans))
            case Items(lines, numbered):
                for n, line in enumerate(lines, 1):
                    # A line of the contents begins with its category's own mark.
                    leads = any(isinstance(span, Jump) for span in line)
                    found.append(Row("item", line, f"{n}." if numbered else "" if leads else "•"))
            case Quote(lines):
                found += [Row("quote", line) for line in lines]
            case _:
                pass
    return [row for row in found if "".join(map(_said, row.spans)).strip()]


def pages(content: Sequence[Row], fits: Fits) -> list[list[Row]]:
    """The rows on as few pages as they fit, none empty; one empty page where there are no rows.

    ``fits`` says whether rows can stand on one page. A heading stands with what follows it. A row
    is cut where it fits on no page alone, and where a page would be left nearly empty before it:
    between sentences, else words, else letters; a citation stays with its word. A link, code, words
    that stand out and a letter are cut only where they fit on no page alone.
    """
    left = deque(content)
    done: list[list[Row]] = []
    page: list[Row] = []
    while left:
        row = left.popleft()
        if fits([*page, row]):
            page.append(row)
            continue
        kept = _without_last_headings(page)
        pieces: list[Row] = []
        if not kept or _is_nearly_empty(kept, [row]):
            pieces = _Cutter(row, fits).cut(page)
        if pieces:
            # Under the end of the row there may be room for the next.
            *full, page = [[*page, pieces[0]], *([piece] for piece in pieces[1:])]
            done += full
        else:
            left.extendleft(reversed([*page[len(kept) :], row] if kept else [row]))
            done.append(kept or page)
            page = []
    return _evened([*done, page] if page or not done else done, fits)


def _without_last_headings(page: Sequence[Row]) -> list[Row]:
    place = len(page)
    while place and page[place - 1].kind == "heading":
        place -= 1
    return list(page[:place])


def _is_nearly_empty(page: Sequence[Row], beside: Sequence[Row]) -> bool:
    return _QUARTER * _size(page) < _size(beside)


def _evened(found: list[list[Row]], fits: Fits) -> list[list[Row]]:
    """The pages; where the last is nearly empty, with whole rows of the one before it."""
    if len(found) == 1 or not found[-1][0].begins:
        return found
    *others, before, last = found
    for count in range(1, len(before)):
        kept, moved = before[:-count], [*before[-count:], *found[-1]]
        if not _is_nearly_empty(last, kept) or not fits(moved):
            break
        if kept[-1].kind != "heading" and _size(moved) <= _size(kept):
            others, last = [*found[:-2], kept], moved
    return [*others, last] if last is not found[-1] else found


def _size(page: Iterable[Row]) -> int:
    return sum(len(_said(span)) for row in page for span in row.spans)


@dataclass(frozen=True, slots=True)
class _Atom:
    """What stays whole of a row: a word of plain text, or the whole of another span."""

    span: Span
    text: str


class _Cutter:
    """One row to be cut."""

    def __init__(self, row: Row, fits: Fits) -> None:
        self._row = row
        self._fits = fits
        self._atoms = list(_atoms(row.spans))
        self._start = 0

    def cut(self, page: Sequence[Row]) -> list[Row]:
        """The first piece for the page, each other for one of its own; none if none can be first."""
        pieces: list[Row] = []
        while self._start < len(self._atoms):
            above = () if pieces else page
            most = self._most(above)
            if self._is_refined(self._start + most):
                continue
            if not most and above:
                return []
            # What fits nowhere stands alone.
            count = _border(self._atoms[self._start :], most or 1)
            pieces.append(self._piece(count))
            self._start += count
        return pieces

    def _piece(self, count: int) -> Row:
        spans = _joined(self._atoms[self._start : self._start + count])
        return replace(self._row, spans=spans, begins=self._row.begins and not self._start)

    def _most(self, above: Sequence[Row]) -> int:
        """With how many atoms a piece fits."""
        most, step = 0, 1
        left = len(self._atoms) - self._start
        while most + step <= left and self._fits([*above, self._piece(most + step)]):
            most += step
            step *= 2
        while step := step // 2:
            if most + step <= left and self._fits([*above, self._piece(most + step)]):
                most += step
        return most

    def _is_refined(self, place: int) -> bool:
        """Put finer atoms in the place of one that fits on no page alone; whether there are such."""
        if place == len(self._atoms):
            return False
        atom = self._atoms[place]
        if self._fits([replace(self._row, spans=_joined([atom]), begins=False)]):
            return False
        finer = _finer(atom)
        self._atoms[place : place + 1] = finer
        return len(finer) > 1


def _border(atoms: Sequence[_Atom], most: int) -> int:
    """How many of the atoms, at most so many, are to stand before the cut."""
    left = len(atoms) - most
    if not left:
        return most
    most = max(1, most - max(0, most // _REST - left))
    counts = range(most, most // 2, -1)
    borders = [count for count in counts if _may_part(atoms[count - 1], atoms[count])]
    for count in borders:
        if _SENTENCE_END.search(atoms[count - 1].text):
            return count
    if borders:
        return borders[0]
    whole = (n for n in range(most, 0, -1) if not cuts_letter(atoms[n - 1].text, atoms[n].text))
    return next(whole, most)


def _may_part(before: _Atom, after: _Atom) -> bool:
    return not isinstance(after.span, Cite) and may_part(before.text, after.text)


def _atoms(spans: Line) -> Iterator[_Atom]:
    for span in spans:
        if isinstance(span, Text):
            yield from (_Atom(span, word) for word in words(span.text))
        elif text := _said(span):
            yield _Atom(span, text)


def _finer(atom: _Atom) -> list[_Atom]:
    """A span cut into words, a word into letters, a letter into characters."""
    if isinstance(atom.span, Cite):
        return [atom]
    for cut in (words, letters, list):
        found = list(cut(atom.text))
        if len(found) > 1:
            return [_Atom(atom.span, part) for part in found]
    return [atom]


def _joined(atoms: Sequence[_Atom]) -> Line:
    """The atoms with what was one span put together again."""
    spans: list[Span] = []
    place = 0
    while place < len(atoms):
        span = atoms[place].span
        end = place + 1
        if not isinstance(span, Cite):
            while end < len(atoms) and atoms[end].span is span:
                end += 1
            span = replace(span, text="".join([atom.text for atom in atoms[place:end]]))
        spans.append(span)
        place = end
    return tuple(spans)


def _said(span: Span) -> str:
    return f"[{span.number}]" if isinstance(span, Cite) else span.text
