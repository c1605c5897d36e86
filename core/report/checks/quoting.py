"""Quoting: whether a claim is a cited paper's own sentence, as extracted reports have them."""

from collections.abc import Sequence

from core.paper import Paper
from core.report import Claim

# A sentence may be cut at a clause, and what was open closed after the mark.
_MARK = " …"


def is_quoted(claim: Claim, papers: Sequence[Paper]) -> bool:
    """Whether the text stands so, whole or up to its cut, in a paper it cites."""
    said = _flat(claim.text.rpartition(_MARK)[0] or claim.text)
    return bool(said) and any(
        said in _flat(f"{papers[cite - 1].title} {papers[cite - 1].abstract}")
        for cite in claim.cites
        if 1 <= cite <= len(papers)
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
