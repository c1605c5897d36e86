"""The key-free report: the papers' own sentences under the report's five headings."""

from collections.abc import Sequence

from core.i18n import Catalog, Phrase
from core.ranking import Entry
from core.report import Claim, Report
from core.report.sentences import after, ahead, contribution, effect
from core.report.terms import Background, keywords, shared_terms

_KEYWORDS = 5
_THEMES = 2
_IMPACT = 2
_OUTLOOK = 1
# A line of what is new is read in a chat: two or three lines there.
_LINE = 300
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def extract(
    category: str, papers: tuple[Entry, ...], background: Background, catalog: Catalog
) -> Report:
    """A report of the shown papers in their own words, labelled as extracted.

    Sentences stay in the papers' language; headings and counts are in the reader's. A single paper
    has no themes. Parts without a fitting sentence stay empty.
    """
    texts = [entry.paper for entry in papers]
    findings = [contribution(paper) for paper in texts]
    rest = [after(finding, paper.abstract) for paper, finding in zip(texts, findings, strict=True)]
    looks_ahead = [ahead(found) for found in rest]
    effects = [
        effect([s for s in found if s != forward])
        for found, forward in zip(rest, looks_ahead, strict=True)
    ]
    themes = shared_terms(texts, background, _THEMES) if len(papers) > 1 else []
    return Report(
        category=category,
        language=catalog.language,
        method="extracted",
        papers=papers,
        themes=tuple(
            Claim(catalog.text(Phrase("report.theme", term=term, count=len(cites))), cites)
            for term, cites in themes
        ),
        keywords=tuple(keywords(texts, background, _KEYWORDS)),
        findings=tuple(
            Claim(shorten(finding, _LINE), (number,)) for number, finding in enumerate(findings, 1)
        ),
        impact=_claims(effects, _IMPACT),
        outlook=_claims(looks_ahead, _OUTLOOK),
    )


def _claims(found: Sequence[str], most: int) -> tuple[Claim, ...]:
    claims = [Claim(shorten(s, _LINE), (n,)) for n, s in enumerate(found, 1) if s]
    return tuple(claims[:most])


def shorten(text: str, most: int) -> str:
    """The text within ``most`` characters, cut at the last clause or word and marked with ….

    No bracket is left open; a word is cut only where it alone is longer than the line.
    """
    room = most
    line = text
    while len(line) > most:
        room -= 1
        line = _cut(text, room, most // 3)
    return line


def _cut(text: str, room: int, least: int) -> str:
    head = text[:room]
    clause = max(head.rfind("; "), head.rfind(", "), head.rfind(": "))
    word = room if text[room].isspace() else head.rfind(" ")
    cut = clause if clause > room // 2 else word
    kept, closing = _closed(head[: cut if cut > 0 else room], least)
    return f"{kept.rstrip(' ,;:')} …{closing}"


def _closed(text: str, least: int) -> tuple[str, str]:
    """The text up to the word with its first open bracket, and what must be closed after it.

    Brackets within the first ``least`` characters stay, since too little would be left.
    """
    while True:
        opened: list[int] = []
        for place, char in enumerate(text):
            if char in _CLOSING:
                opened.append(place)
            elif char in _CLOSING.values() and opened:
                opened.pop()
        late = next((place for place in opened if place > least), None)
        if late is None:
            return text, "".join(_CLOSING[text[place]] for place in reversed(opened))
        space = text.rfind(" ", 0, late)
        text = text[: space if space > 0 else late]
