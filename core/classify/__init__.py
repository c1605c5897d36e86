"""Sorting: one paper, one category, and the reason a person understands."""

from dataclasses import dataclass
from typing import Protocol

from core.i18n import Phrase
from core.paper import Paper


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a paper belongs: a category's slug, how sure (0 to 1), and what decided it."""

    category: str
    score: float
    reason: Phrase


class Classifier(Protocol):
    """Gives every paper exactly one category of the taxonomy; pure, and cheap to send to a pool."""

    def classify(self, paper: Paper) -> Verdict:
        """The paper's category; the same paper always gets the same one."""
