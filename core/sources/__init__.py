"""Where papers come from, one file each; ``KINDS`` lists them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A source as settings and people name it.

    One that is ``essential`` owes a whole listing, which publishing waits for; the others recommend
    papers, and without them the day goes on.
    """

    name: str
    essential: bool = False


KINDS: Mapping[str, Kind] = {
    "arxiv": Kind("arXiv", essential=True),
    "huggingface": Kind("Hugging Face"),
    "deeplearn": Kind("deeplearn.org"),
}
_RECOMMENDING = frozenset(kind.name for kind in KINDS.values() if not kind.essential)


def is_essential(name: str) -> bool:
    """Whether the source that people call so owes a whole listing; a file does."""
    return name not in _RECOMMENDING
