"""Shape: the citations themselves, papers nobody speaks of, lengths, and repetitions."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice

from core.report import Claim
from core.report.checks import Fault
from core.report.checks.scripts import own_scripts, shares

_INLINE = re.compile(r"\[\s?(\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*)\s?\]")
_CUT_OFF = re.compile(
    r"(?:[,:;、，：；(\[{“‘「『·/&+–—-]|…|\.{2,}|\s(?:및|또는|그리고|and|or|the|of|with|to|a|by|for))$"
)
_PAIRS = {"(": ")", "[": "]", "「": "」", "『": "』", "“": "”", "《": "》", "（": "）"}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}
# A claim is read in a chat: a sentence or two, three at most.
_LONGEST_LATIN, _LONGEST_OTHER, _LONGEST_KEYWORD = 480, 300, 60
_SHORTEST_LATIN, _SHORTEST_OTHER = 15, 8
_MOST_IN_PART, _MOST_PER_PAPER = 10, 3
_TOLD = 5
_ALIKE = 0.86
_REPEATED = re.compile(r"(?<!\w)(\S{2,}(?:\s\S+){0,5})(?:[\s,.]+\1){2,}(?!\w)|(\S{3,30}?)\2{3,}")


def citations(claim: Claim, papers: int) -> Iterator[Fault]:
    """What is wrong with the numbers a claim cites, and those it writes in brackets."""
    if not claim.cites:
        yield Fault("citation", "nothing is cited")
    strange = (
        cite
        for cite in dict.fromkeys(claim.cites)
        if isinstance(cite, bool) or not isinstance(cite, int) or not 1 <= cite <= papers
    )
    for cite in islice(strange, _TOLD):
        yield Fault("citation", f"there is no paper {cite!r}")
    if len(set(claim.cites)) < len(claim.cites):
        yield Fault("citation", "a paper is cited twice")
    for match in _INLINE.finditer(unicodedata.normalize("NFKC", claim.text)):
        written = {int(number) for number in re.findall(r"\d+", match[1])}
        # "[0, 1]" is an interval.
        if 0 not in written and not written <= set(claim.cites):
            yield Fault("citation", f"{match[0]} is written, but not cited")


def uncited(findings: Sequence[Claim], papers: int) -> Iterator[Fault]:
    """Papers without a line of their own among the findings."""
    lines: dict[int, int] = {}
    for paper in range(1, papers + 1):
        if not _give_line(paper, findings, lines, set()):
            yield Fault("missing_paper", f"paper {paper} has no line of what is new")


def _give_line(
    paper: int, findings: Sequence[Claim], lines: dict[int, int], tried: set[int]
) -> bool:
    """Find the paper a line that cites it, moving other papers to other lines if need be.

    A line that cites several papers is the line of one of them only.
    """
    for line, claim in enumerate(findings):
        if paper in claim.cites and line not in tried:
            tried.add(line)
            if line not in lines or _give_line(lines[line], findings, lines, tried):
                lines[line] = paper
                return True
    return False


def lengths(text: str, language: str) -> Iterator[Fault]:
    """A claim that is too short, too long, or was cut off."""
    latin = own_scripts(language) == {"latin"}
    longest = _LONGEST_LATIN if latin else _LONGEST_OTHER
    shortest = _SHORTEST_LATIN if latin else _SHORTEST_OTHER
    said = text.strip()
    # Names in Latin letters are longer than they weigh.
    weight = len(said) if latin else len(said) - shares(said)["latin"] // 2
    if weight > longest:
        yield Fault("length", f"{len(said)} characters")
    elif len(said) < shortest:
        yield Fault("length", f"only {len(said)} characters")
    elif _CUT_OFF.search(said) or not _closed(said):
        yield Fault("length", f"cut off after {said[-20:]!r}")


def keyword_length(word: str) -> Iterator[Fault]:
    """A keyword that is a sentence rather than a term, or nothing but signs."""
    if len(word) > _LONGEST_KEYWORD or re.search(r"[.!?。！？]$", word.strip()):
        yield Fault("length", f"a sentence of {len(word)} characters")
    elif not any(map(str.isalnum, word)):
        yield Fault("length", "no word")


def most_in_part(papers: int) -> int:
    """How many claims or keywords a part may have; what goes on further is not read."""
    return max(_MOST_IN_PART, _MOST_PER_PAPER * papers)


def too_many(count: int, papers: int) -> Iterator[Fault]:
    """More claims in a part than its papers can bear."""
    if count > most_in_part(papers):
        yield Fault("length", f"{count} of them for {papers} papers")


def repeated_within(text: str) -> Iterator[Fault]:
    """A phrase that is said again and again."""
    if match := _REPEATED.search(text):
        yield Fault("duplicate", match[0][:40])


def repeats(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of texts, the later first, that say the same in nearly the same letters."""
    grams = [_grams(text) for text in texts]
    for later, mine in enumerate(grams):
        for earlier, theirs in enumerate(grams[:later]):
            shared = len(mine & theirs)
            if shared >= _ALIKE * max(1, len(mine | theirs)):
                yield later, earlier
                break


def _grams(text: str) -> frozenset[str]:
    flat = "".join(char for char in text.casefold() if char.isalnum())
    return frozenset(flat[place : place + 3] for place in range(max(1, len(flat) - 2)))


def _closed(text: str) -> bool:
    """Whether every bracket and quotation mark that opens is closed too."""
    opened: list[str] = []
    for char in text:
        if char in _PAIRS:
            opened.append(char)
        elif char in _CLOSERS and opened and opened[-1] == _CLOSERS[char]:
            opened.pop()
    return not opened
