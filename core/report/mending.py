"""From a model's answer to a report: what a check finds, what is kept, what is extracted instead."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.paper import Paper
from core.report import Claim, Report
from core.report.draft import PARTS, Draft, DraftError, Finding, read_draft
from core.report.server import Answer, dug_out
from core.report.verify import verify

_MISSING = "missing_paper"
_NOTHING = Draft()


@dataclass(frozen=True, slots=True)
class Judged:
    """What could be read of an answer, what the check found in that, and what could not be read."""

    draft: Draft
    found: tuple[Finding, ...] = ()
    unread: tuple[Finding, ...] = ()

    @property
    def faults(self) -> tuple[Finding, ...]:
        """All of it, what could not be read first."""
        return (*self.unread, *self.found)


def judged(answer: Answer, papers: Sequence[Paper], language: str) -> Judged:
    """An answer checked against its papers, which are numbered from 1."""
    if answer.end == "cut":
        return _unreadable("it was cut off before its end: be shorter")
    data = dug_out(answer.text)
    if not isinstance(data, Mapping):
        return _unreadable("no JSON object in it")
    if len(papers) == 1:
        # Not asked for, and nothing is shared by one.
        data = {**data, "themes": []}
    unread: tuple[Finding, ...] = ()
    try:
        draft = read_draft(data)
    except DraftError as error:
        unread = error.findings
        draft = error.readable
    if unread and draft == _NOTHING:
        return Judged(draft, unread=unread)
    return Judged(draft, tuple(verify(draft, papers, language)), unread)


def _unreadable(why: str) -> Judged:
    return Judged(_NOTHING, unread=(Finding("report", None, "schema", why),))


def _places(found: Sequence[Finding]) -> defaultdict[str, set[int | None]]:
    """The places of findings by part; None stands for the whole part."""
    places: defaultdict[str, set[int | None]] = defaultdict(set)
    for one in found:
        places[one.part].add(one.index)
    return places


def better(first: Judged, second: Judged) -> Judged:
    """The answer with fewer faults, the second where both have as many.

    What could not be read counts for more than what is wrong.
    """

    def weight(one: Judged) -> tuple[bool, int, int]:
        return one.draft == _NOTHING, len(one.unread), len(one.found)

    return second if weight(second) <= weight(first) else first


def salvaged(
    answer: Judged, papers: Sequence[Paper], language: str
) -> tuple[Draft, tuple[str, ...]]:
    """The claims nothing is wrong with, and the parts that must be extracted.

    In a part with several claims the good ones stay, and only of ``findings`` is a single one made
    up for. Nothing stays where too little is good: then all parts are named.
    """
    if not answer.faults:
        return answer.draft, ()
    wrong = [one for one in answer.found if one.fault != _MISSING]
    bad = _places(wrong)
    unread = {one.part for one in answer.unread}
    if not bad.keys() <= set(PARTS):
        return _NOTHING, PARTS
    kept: dict[str, tuple[Any, ...]] = {}
    for part in PARTS:
        given = getattr(answer.draft, part)
        whole = None in bad[part]
        kept[part] = () if whole else tuple(c for n, c in enumerate(given) if n not in bad[part])
    draft = Draft(**kept)
    if any(one.fault != _MISSING for one in verify(draft, papers, language)):
        return _NOTHING, PARTS
    touched = unread | bad.keys()
    extracted = {part for part in PARTS if part in touched and not kept[part]}
    if not {(n,) for n in range(1, len(papers) + 1)} <= {claim.cites for claim in draft.findings}:
        extracted.add("findings")
    if not draft.findings:
        return _NOTHING, PARTS
    return draft, tuple(part for part in PARTS if part in extracted)


def filled(report: Report, quoted: Report) -> Report:
    """The report with the parts it lacks from the extracted report about the same papers.

    A part for which there is nothing to extract stays empty, and is not named any more.
    """
    parts: dict[str, Any] = {
        part: _joined(report.findings, quoted.findings)
        if part == "findings"
        else getattr(report, part) or getattr(quoted, part)
        for part in report.extracted
    }
    extracted = tuple(part for part in report.extracted if getattr(quoted, part))
    return replace(report, extracted=extracted, **parts)


def _joined(written: Sequence[Claim], quoted: Sequence[Claim]) -> tuple[Claim, ...]:
    """A line for each paper, in order: the written one where there is one."""
    has_line = {claim.cites for claim in written}
    lines = [*written, *(claim for claim in quoted if claim.cites not in has_line)]
    return tuple(sorted(lines, key=lambda claim: claim.cites))
