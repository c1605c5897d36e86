"""The report: the written summary of one category of one edition in one language."""

from dataclasses import dataclass
from typing import Literal

from core.ranking import Entry

Method = Literal["llm", "extracted"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement and the numbers of the papers it rests on."""

    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Five parts about the papers shown: themes, keywords, what is new, impact, outlook.

    ``papers`` are the shown ones; claims cite them by their place, counted from 1. ``findings`` say
    what is new, paper by paper. A part that the papers do not support is empty. ``model`` names who
    wrote an ``llm`` report; in an ``extracted`` one, who was asked for it in vain. ``extracted`` are
    the parts of an ``llm`` report that hold the papers' own sentences.
    """

    category: str
    language: str
    method: Method
    papers: tuple[Entry, ...]
    themes: tuple[Claim, ...] = ()
    keywords: tuple[str, ...] = ()
    findings: tuple[Claim, ...] = ()
    impact: tuple[Claim, ...] = ()
    outlook: tuple[Claim, ...] = ()
    model: str = ""
    extracted: tuple[str, ...] = ()

    def line(self, number: int) -> str:
        """The one line of what is new in the paper of this number, empty if there is none."""
        for claim in self.findings:
            if claim.cites == (number,):
                return claim.text
        return ""
