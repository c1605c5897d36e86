"""The check of a draft against the papers it is about, before anyone reads it."""

from collections.abc import Iterator, Sequence

from core.paper import Paper
from core.report import Claim
from core.report.checks import Fault
from core.report.checks.asked import asked
from core.report.checks.echo import echo
from core.report.checks.language import keywords_speak, speaks
from core.report.checks.names import names
from core.report.checks.numbers import numbers
from core.report.checks.plain import plain
from core.report.checks.scripts import own_scripts
from core.report.checks.shape import (
    citations,
    keyword_length,
    lengths,
    most_in_part,
    repeated_within,
    repeats,
    too_many,
    uncited,
)
from core.report.checks.sources import Source, joined, read_source
from core.report.draft import CLAIM_PARTS, PARTS, Draft, Finding

FAULTS = {
    "schema": "The data is no report: something is missing or wrong, or one paper has common themes.",
    "citation": "A claim cites nothing, or a paper that is not there.",
    "missing_paper": "A paper has no line of what is new.",
    "number": "A number stands in none of the cited papers.",
    "name": "A name is misspelt, invented, or belongs to a paper that is not cited.",
    "language": "A passage is not in the report's language.",
    "latex": "LaTeX is left in the text.",
    "markup": "HTML, Markdown, a list, a heading or an emoji is in the text.",
    "link": "An address is in the text.",
    "mention": "Something a chat would act on: a mention, a hashtag, a command.",
    "echo": "The writer speaks of its task or of itself, or of papers by their place.",
    "length": "A text is too short, too long or cut off; or a part has too many.",
    "duplicate": "The same thing is said twice.",
    "control": "An invisible, bidirectional or control character is in the text.",
}

_READ = 1000


def verify(draft: Draft, papers: Sequence[Paper], language: str) -> list[Finding]:
    """Every fault of the draft, empty if there is none; papers are numbered from 1.

    A finding's fault is one of ``FAULTS``. Texts of the papers are plain, never LaTeX.
    """
    sources = [read_source(paper) for paper in papers]
    found = [*_parts(draft, len(papers))]
    draft = _bounded(draft, most_in_part(len(papers)))
    for part in CLAIM_PARTS:
        for index, claim in enumerate(draft.claims(part)):
            faults = _claim(claim, sources, language)
            found += [Finding(part, index, fault.name, fault.detail) for fault in faults]
    found += _keywords(draft.keywords, sources, language)
    found += _repeated(draft)
    return sorted(found, key=_place)


def _bounded(draft: Draft, most: int) -> Draft:
    """The draft with so many in each part: more is a fault of the part, however each of them is."""
    return Draft(*(getattr(draft, part)[:most] for part in PARTS))


def _place(finding: Finding) -> tuple[int, int]:
    return PARTS.index(finding.part), -1 if finding.index is None else finding.index


def _parts(draft: Draft, papers: int) -> Iterator[Finding]:
    """Faults of whole parts."""
    if papers == 1 and draft.themes:
        yield Finding("themes", None, "schema", "one paper has no common themes")
    for fault in uncited(draft.findings, papers):
        yield Finding("findings", None, fault.name, fault.detail)
    for part in PARTS:
        for fault in too_many(len(getattr(draft, part)), papers):
            yield Finding(part, None, fault.name, fault.detail)


def _claim(claim: Claim, sources: Sequence[Source], language: str) -> Iterator[Fault]:
    # What goes on further is too long for certain, and not read to its end.
    text = claim.text[:_READ]
    yield from citations(claim, len(sources))
    cited = tuple(source for n, source in enumerate(sources, 1) if n in claim.cites)
    evidence = "\n".join(source.text for source in cited)
    yield from plain(text, evidence)
    yield from list(echo(text)) or asked(text, evidence)
    yield from lengths(text, language)
    yield from repeated_within(text)
    rest = tuple(source for n, source in enumerate(sources, 1) if n not in claim.cites)
    yield from speaks(text, language, [source.text for source in cited])
    # Without a cited paper there is nothing to hold the claim against, and that is reported.
    if cited:
        source, others = joined(cited), joined(rest) if rest else None
        yield from numbers(text, claim.cites, len(sources), source, others)
        yield from names(text, source, others, latin=own_scripts(language) == {"latin"})


def _keywords(
    keywords: Sequence[str], sources: Sequence[Source], language: str
) -> Iterator[Finding]:
    """Faults of the keywords, which rest on all papers together."""
    source = joined(tuple(sources))
    every = range(1, len(sources) + 1)
    for index, keyword in enumerate(keywords):
        word = keyword[:_READ]
        faults = [*plain(word, source.text), *echo(word), *keyword_length(word)]
        faults += numbers(word, every, len(sources), source)
        # A term may begin with a capital in any language.
        faults += names(word, source, None, latin=True)
        for fault in faults:
            yield Finding("keywords", index, fault.name, fault.detail)
    for index, fault in keywords_speak(keywords, language):
        yield Finding("keywords", index, fault.name, fault.detail)


def _repeated(draft: Draft) -> Iterator[Finding]:
    """Claims and keywords that repeat an earlier one."""
    places = [(part, index) for part in CLAIM_PARTS for index in range(len(draft.claims(part)))]
    texts = [draft.claims(part)[index].text[:_READ] for part, index in places]
    for later, earlier in repeats(texts):
        part, index = places[later]
        said = f"says the same as {places[earlier][0]} {places[earlier][1]}"
        yield Finding(part, index, "duplicate", said)
    folded = ["".join(word.casefold().split()) for word in draft.keywords]
    for index, word in enumerate(folded):
        if word in folded[:index]:
            yield Finding("keywords", index, "duplicate", "the keyword is there already")
