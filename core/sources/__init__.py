"""Where papers come from, one file each; ``KINDS`` lists them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A source as settings and people name it.

    One that is ``essential`` owes a whole listing, which publishing waits for; the others recommend
    papers, and without them the day goes on. One that is not ``dated`` tells only of today.
    """

    name: str
    essential: bool = False
    dated: bool = True


KINDS: Mapping[str, Kind] = {
    "arxiv": Kind("arXiv", essential=True),
    "huggingface": Kind("Hugging Face"),
    "deeplearn": Kind("deeplearn.org", dated=False),
}
_RECOMMENDING = frozenset(kind.name for kind in KINDS.values() if not kind.essential)
_UNDATED = frozenset(kind.name for kind in KINDS.values() if not kind.dated)


def is_essential(name: str) -> bool:
    """Whether the source that people call so owes a whole listing; a file does."""
    return name not in _RECOMMENDING


def is_dated(name: str) -> bool:
    """Whether the source that people call so can be asked about a past day."""
    return name not in _UNDATED
