"""A message cut into pages that a chat takes, at its natural borders."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.blocks import Block, Cite, Heading, Items, Jump, Line, Paragraph, Quote, Span, Text

# Blank lines stand where the kind changes and between paragraphs.
Kind = Literal["heading", "paragraph", "item", "quote"]
Fits = Callable[[Sequence["Row"]], bool]

_HANGUL_OR_HAN = "\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef"
# A word with the space behind it; where no spaces are written, a letter is a word.
_WORD = re.compile(
    r"\s*(?:[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\s\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+)\s*|\s+"
)
_SENTENCE_END = re.compile(r"[.!?。！？…][\"”’')\]]*\s*$")
_JOINER = "\u200d"


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
    return [row for row in found if "".join(_words(row.spans)).strip()]


def pages(content: Sequence[Row], fits: Fits) -> list[list[Row]]:
    """The rows on as few pages as they fit, none empty; one empty page where there are no rows.

    ``fits`` says whether rows can stand on one page; it must hold for a single letter. A heading
    stands with what follows it; a row is cut only where it fits on no page alone, between
    sentences, else words, else letters, and a citation stays with its word.
    """
    left = list(content)
    done: list[list[Row]] = []
    page: list[Row] = []
    while left:
        if fits([*page, left[0]]):
            page.append(left.pop(0))
            continue
        carried = _headings_at_end(page)
        if page and len(carried) < len(page):
            left[:0] = carried
            done.append(page[: len(page) - len(carried)])
            page = []
            continue
        # The row is too long for any page: what goes under its heading stays, the rest follows.
        head, rest = _cut(left[0], page, fits)
        if head is None:
            done.append(page)
            page = []
            continue
        done.append([*page, head])
        page = []
        left[:1] = [rest] if rest else []
    return [*done, page] if page or not done else done


def _headings_at_end(page: Sequence[Row]) -> list[Row]:
    place = len(page)
    while place and page[place - 1].kind == "heading":
        place -= 1
    return list(page[place:])


def _cut(row: Row, page: Sequence[Row], fits: Fits) -> tuple[Row | None, Row | None]:
    """The longest beginning of a row that fits on a page, None if not a letter of it; the rest."""
    atoms = list(_atoms(row.spans))

    def begins(count: int) -> bool:
        return fits([*page, replace(row, spans=_joined(atoms[:count]))])

    most = _most(len(atoms), begins)
    if most == 0:
        atoms[:1] = list(_letters(atoms[0]))
        most = _most(len(atoms), begins)
        if most == 0:
            return None, row
    else:
        most = _best_border(atoms, most)
    rest = _joined(atoms[most:])
    head = replace(row, spans=_joined(atoms[:most]))
    return head, replace(row, spans=rest, begins=False) if rest else None


def _most(count: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to ``count`` for which it holds; 0 if it holds for none."""
    low, high = 0, count
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _best_border(atoms: Sequence[Span], most: int) -> int:
    """The end of the last sentence in the second half of what fits, else all that fits."""
    for count in range(most, most // 2, -1):
        if count < len(atoms) and isinstance(atoms[count], Cite):
            continue
        if _SENTENCE_END.search(_said(atoms[count - 1])):
            return count
    while most > 1 and most < len(atoms) and isinstance(atoms[most], Cite):
        most -= 1
    return most


def _atoms(spans: Line) -> Iterator[Span]:
    """The spans cut into words; a citation is one."""
    for span in spans:
        if isinstance(span, Cite):
            yield span
        else:
            yield from (replace(span, text=word) for word in _WORD.findall(span.text))


def _letters(span: Span) -> Iterator[Span]:
    """The letters of a word, each with its accents and joined emoji."""
    if isinstance(span, Cite):
        yield span
        return
    letter = ""
    for char in span.text:
        joined = letter.endswith(_JOINER) or char == _JOINER or unicodedata.category(char)[0] == "M"
        if letter and not joined and not "\U0001f3fb" <= char <= "\U0001f3ff":
            yield replace(span, text=letter)
            letter = ""
        letter += char
    if letter:
        yield replace(span, text=letter)


def _joined(atoms: Sequence[Span]) -> Line:
    """The atoms with what belongs together put together again."""
    spans: list[Span] = []
    for atom in atoms:
        last = spans[-1] if spans else None
        if (
            not isinstance(atom, Cite)
            and last is not None
            and not isinstance(last, Cite)
            and replace(last, text="") == replace(atom, text="")
        ):
            spans[-1] = replace(last, text=last.text + atom.text)
        else:
            spans.append(atom)
    return tuple(spans)


def _said(span: Span) -> str:
    return f"[{span.number}]" if isinstance(span, Cite) else span.text


def _words(spans: Line) -> Iterator[str]:
    return map(_said, spans)
