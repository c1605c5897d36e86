"""The draft: what a writer hands in, before it is checked and becomes a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.report import Claim

CLAIM_PARTS = ("themes", "findings", "impact", "outlook")
PARTS = ("themes", "keywords", "findings", "impact", "outlook")
_ABOUT = frozenset({"method", "model", "language", "category"})
_EXTRACTED = "extracted"
_METHODS = ("llm", "extracted")
_CLAIM = frozenset({"text", "cites"})
# What an unread value shows of itself.
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a draft: where it is, which it is, and what exactly was found.

    ``index`` counts the part's claims or keywords from 0; None means the part as a whole.
    """

    part: str
    index: int | None
    fault: str
    detail: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The five parts of a report as they were written, with nothing known about their truth."""

    themes: tuple[Claim, ...] = ()
    keywords: tuple[str, ...] = ()
    findings: tuple[Claim, ...] = ()
    impact: tuple[Claim, ...] = ()
    outlook: tuple[Claim, ...] = ()

    def claims(self, part: str) -> tuple[Claim, ...]:
        """The claims of one of ``CLAIM_PARTS``."""
        found: tuple[Claim, ...] = getattr(self, part)
        return found


class DraftError(ValueError):
    """Data that is no draft; ``findings`` say where, ``readable`` is what could be read of it."""

    def __init__(self, findings: tuple[Finding, ...], readable: Draft) -> None:
        super().__init__("; ".join(f"{found.part}: {found.detail}" for found in findings))
        self.findings = findings
        self.readable = readable


def extracted_parts(data: Mapping[Any, Any]) -> frozenset[str]:
    """The parts of a report as in ``read_draft`` that quote the papers, by its own account."""
    if data.get("method") == "extracted":
        return frozenset(PARTS)
    return frozenset(data.get(_EXTRACTED) or ())


def read_draft(data: object) -> Draft:
    """The draft in parsed JSON: five lists, of claims ``{"text", "cites"}`` and of keywords.

    ``method``, ``model``, ``language``, ``category`` and ``extracted``, a list of parts, may stand
    beside them, nothing else. A part may be empty where others are extracted, for there may be
    nothing to extract, and themes where no two papers are cited; else an empty part is a fault.
    Raises DraftError. Whether a cited paper exists is not known here.
    """
    if not isinstance(data, Mapping):
        finding = Finding("report", None, "schema", f"an object is expected, not {_shown(data)}")
        raise DraftError((finding,), Draft())
    findings = _strangers(data)
    claims = {part: _claims(data, part, findings) for part in CLAIM_PARTS}
    draft = Draft(keywords=_keywords(data, findings), **claims)
    findings += _empty(data, draft)
    if findings:
        raise DraftError(tuple(findings), draft)
    return draft


def _empty(data: Mapping[Any, Any], draft: Draft) -> list[Finding]:
    """The parts that nothing was written for, in a report of which nothing was extracted."""
    if data.get("method") == "extracted" or data.get(_EXTRACTED):
        return []
    cited = {cite for claim in draft.findings for cite in claim.cites}
    several = min(len(draft.findings), len(cited)) > 1
    # Papers without a line among the findings are told one by one.
    return [
        Finding(part, None, "schema", "the part is empty")
        for part in PARTS
        if data.get(part) in ([], ()) and part != "findings" and (part != "themes" or several)
    ]


def _strangers(data: Mapping[Any, Any]) -> list[Finding]:
    """What stands beside the five parts and should not."""
    found = [
        Finding("report", None, "schema", f"unknown field {_shown(key)}")
        for key in data
        if key not in PARTS and key not in _ABOUT and key != _EXTRACTED
    ]
    named = data.get(_EXTRACTED)
    if named is not None and not (
        isinstance(named, list | tuple)
        and all(isinstance(part, str) and part in PARTS for part in named)
    ):
        said = f"{_EXTRACTED} is no list of parts: {_shown(named)}"
        found.append(Finding("report", None, "schema", said))
    for key in _ABOUT & data.keys():
        value = data[key]
        if not isinstance(value, str) and value is not None:
            found.append(Finding("report", None, "schema", f"{key} is not text: {_shown(value)}"))
        elif key == "method" and value not in _METHODS:
            found.append(Finding("report", None, "schema", f"unknown method {_shown(value)}"))
    return found


def _items(data: Mapping[Any, Any], part: str, findings: list[Finding]) -> list[Any]:
    if part not in data:
        findings.append(Finding(part, None, "schema", "the part is missing"))
        return []
    value = data[part]
    if isinstance(value, list | tuple):
        return list(value)
    findings.append(Finding(part, None, "schema", f"a list is expected, not {_shown(value)}"))
    return []


def _keywords(data: Mapping[Any, Any], findings: list[Finding]) -> tuple[str, ...]:
    words = []
    for index, word in enumerate(_items(data, "keywords", findings)):
        if isinstance(word, str) and word.strip():
            words.append(word)
        else:
            said = f"a word is expected, not {_shown(word)}"
            findings.append(Finding("keywords", index, "schema", said))
    return tuple(words)


def _claims(data: Mapping[Any, Any], part: str, findings: list[Finding]) -> tuple[Claim, ...]:
    claims = []
    for index, item in enumerate(_items(data, part, findings)):
        if faults := _faults(item):
            findings += [Finding(part, index, fault, detail) for fault, detail in faults]
        else:
            claims.append(Claim(item["text"], tuple(item["cites"])))
    return tuple(claims)


def _faults(item: object) -> list[tuple[str, str]]:
    """Why this is no claim: faults and their details."""
    if not isinstance(item, Mapping):
        return [("schema", f"a claim is expected, not {_shown(item)}")]
    found = [
        ("schema", f"unknown field {_shown(key)} in a claim") for key in item if key not in _CLAIM
    ]
    text, cites = item.get("text"), item.get("cites")
    if not isinstance(text, str) or not text.strip():
        found.append(("schema", f"text is expected, not {_shown(text)}"))
    if not isinstance(cites, list | tuple):
        found.append(("schema", f"a list of cited papers is expected, not {_shown(cites)}"))
    else:
        found += [
            ("citation", f"a paper's number is expected, not {_shown(cite)}")
            for cite in cites
            if not isinstance(cite, int) or isinstance(cite, bool)
        ]
    return found


def _shown(value: object) -> str:
    """The value in a few characters."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
