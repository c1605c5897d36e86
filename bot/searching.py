"""What shall be found: the words of a search, and the line that they are typed in."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.refusal import Refusal, cleaned, echo
from core.category import Taxonomy
from core.i18n import Phrase

MOST_TERMS = 5
_LONGEST = 200
_LETTERS = 2
_KEYS = ("words", "category", "offset")
_SPOKEN = {"낱말": "words", "분야": "category"}
# No category's name has more words.
_NAME = 4
_DOUBLE = '"“”„‟«»'
_PIECE = re.compile(
    rf"(?:(?P<key>[^\s={_DOUBLE}]+)=)?"
    rf"(?:[{_DOUBLE}](?P<phrase>[^{_DOUBLE}]*)[{_DOUBLE}]|(?P<word>[^\s{_DOUBLE}]+))"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word or a quoted phrase of a line, and the option that it was given for."""

    text: str
    key: str = ""
    quoted: bool = False

    def __str__(self) -> str:
        return f'"{self.text}"' if self.quoted else self.text


def parse_search(line: str, taxonomy: Taxonomy) -> dict[str, str]:
    """What a line says (``diffusion model cv``, ``"diffusion model" category=cv``), by option.

    The last words, else the first, are the category where they name one; then ``everything`` has
    the words with it. Raises Refusal for a key there is not.
    """
    pieces = _pieces(line)
    given: dict[str, str] = {}
    said: list[_Piece] = []
    while pieces:
        piece = pieces[0]
        if piece.key in {"", "words"}:
            said.append(pieces.pop(0))
            continue
        count = _naming(pieces, taxonomy) if piece.key == "category" else 0
        given[piece.key] = " ".join(one.text for one in pieces[: count or 1])
        del pieces[: count or 1]
    words = _line(said)
    if "category" not in given and not any(piece.key for piece in said):
        said, category = _apart(said, taxonomy)
        if category:
            given |= {"category": category, "everything": words}
    return {**given, "words": _line(said)}


def parse_terms(text: str) -> tuple[str, ...]:
    """The words and quoted phrases that a paper must hold. Raises Refusal."""
    found = (cleaned(piece.text) for piece in _split(text))
    terms = tuple({term.casefold(): term for term in found if _letters(term)}.values())
    if not terms:
        raise Refusal(Phrase("answer.search.empty"))
    if len(terms) > MOST_TERMS or len(text) > _LONGEST:
        raise Refusal(Phrase("answer.search.long", most=MOST_TERMS))
    if max(map(_letters, terms)) < _LETTERS:
        raise Refusal(Phrase("answer.search.short", given=echo(text)))
    return terms


def written(terms: Sequence[str]) -> str:
    """The terms as they would be typed."""
    return _line([_Piece(term, quoted=" " in term) for term in terms])


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


def _line(pieces: Sequence[_Piece]) -> str:
    return " ".join(map(str, pieces))


def _split(text: str) -> list[_Piece]:
    """The words and phrases; a quote that is never closed is nothing."""
    return [
        _Piece(found["word"] or found["phrase"], found["key"] or "", found["word"] is None)
        if found["key"] is None
        else _Piece(f"{found['key']}={found['word'] or found['phrase']}")
        for found in _PIECE.finditer(unicodedata.normalize("NFKC", text))
        if found["word"] or found["phrase"]
    ]


def _pieces(line: str) -> list[_Piece]:
    """The words and phrases with their options. Raises Refusal."""
    pieces = []
    for found in _PIECE.finditer(unicodedata.normalize("NFKC", line)):
        key = (found["key"] or "").casefold()
        key = _SPOKEN.get(key, key)
        if key and key not in _KEYS:
            known = ", ".join(_KEYS[:2])
            raise Refusal(Phrase("subscription.refused.key", given=echo(key), known=known))
        if text := found["word"] or found["phrase"]:
            pieces.append(_Piece(text, key, found["word"] is None))
    return pieces


def _naming(pieces: Sequence[_Piece], taxonomy: Taxonomy) -> int:
    """How many of the first words name a category together; 0 for none."""
    for count in range(min(_NAME, len(pieces)), 0, -1):
        if _named(pieces[:count], taxonomy):
            return count
    return 0


def _named(pieces: Sequence[_Piece], taxonomy: Taxonomy) -> str:
    """The slug of the category with exactly this name; empty for none."""
    if any(piece.key for piece in pieces[1:]) or any(piece.quoted for piece in pieces[1:]):
        return ""
    category = taxonomy.named(" ".join(piece.text for piece in pieces))
    return category.slug if category else ""


def _apart(said: list[_Piece], taxonomy: Taxonomy) -> tuple[list[_Piece], str]:
    """The words without the category that is named at their end or beginning, and its slug."""
    ends = [
        end
        for count in range(min(_NAME, len(said) - 1), 0, -1)
        for end in ((said[-count:], said[:-count]), (said[:count], said[count:]))
        if not end[0][0].quoted
    ]
    # A slug is hardly meant as a word; other names may be.
    ends.sort(key=lambda end: _line(end[0]).casefold() not in taxonomy.slugs)
    for name, rest in ends:
        if slug := _named(name, taxonomy):
            return rest, slug
    return said, ""
