"""How much there is of what arXiv announced, and whether what it announced is of today."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.i18n import Phrase
from core.paper import Paper
from core.sources.announcement import Announcement, Entry

# A few papers may all have waited days for a moderator, a whole list does not.
_FEWEST_OLD = 3
_SUSPECT_SHARE = 4


@dataclass(slots=True)
class Told:
    """The listing of a day by its announcement, and how much of it there is.

    ``codes`` are the categories asked for. ``kept`` are ids that were held before, ``papers`` those
    fetched, by id; ``reasons`` says for each of the others why it is missing.

    arXiv's feed has served one category's list of the day before beside the current lists of
    others, under one date. So what its papers' dates say is looked at. A paper stands in several
    lists, each of which may be the old one: what stands in a single list is looked at by itself.
    """

    announcement: Announcement
    codes: Sequence[str]
    kept: frozenset[str] = frozenset()
    papers: dict[str, Paper] = field(default_factory=dict)
    reasons: dict[str, Phrase] = field(default_factory=dict)

    def suspects(self, begin: datetime) -> tuple[str, ...]:
        """The categories whose list may be of an earlier day: much in it was submitted before."""
        return tuple(code for code in self.codes if any(self._looks(code, begin)))

    def stale(self, begin: datetime, submitted: Iterable[Paper]) -> tuple[str, ...]:
        """The categories whose list is of an earlier day.

        All in it was submitted before, or much was and it lacks one of the ``submitted`` papers of
        today.
        """
        listed = {entry.id for entry in self.announcement.entries}
        lacking = {code for p in submitted if p.id not in listed for code in p.categories}
        stale = []
        for code in self.codes:
            suspect, old = self._looks(code, begin)
            if old or (suspect and code in lacking):
                stale.append(code)
        return tuple(stale)

    def outdated(self, stale: Collection[str], begin: datetime) -> dict[str, Paper]:
        """The papers of an earlier day that only stale categories list, by id."""
        return {
            entry.id: paper
            for entry in self.announcement.owed
            if (paper := self.papers.get(entry.id))
            and (listed := set(self.codes).intersection(entry.codes))
            and listed.issubset(stale)
            and paper.published
            and paper.published < begin
        }

    def _looks(self, code: str, begin: datetime) -> tuple[bool, bool]:
        """Whether a category's list is suspect by what is new in it, and whether all of it is old."""
        new = [entry for entry in self.announcement.owed if entry.kind == "new"]
        among = [entry for entry in new if code in entry.codes]
        alone = [e for e in among if not any(c in e.codes for c in self.codes if c != code)]
        counts = [self._ages(entries, begin) for entries in (among, alone, new)]
        all_old = any(old >= _FEWEST_OLD and not today for old, today in counts)
        much_old = any(
            old >= _FEWEST_OLD and _SUSPECT_SHARE * old >= old + today for old, today in counts[:2]
        )
        return much_old or all_old, all_old

    def _ages(self, entries: Sequence[Entry], begin: datetime) -> tuple[int, int]:
        """How many of these were submitted before, and how many are of today or held as such."""
        papers = [self.papers[entry.id] for entry in entries if entry.id in self.papers]
        old = sum(paper.published is not None and paper.published < begin for paper in papers)
        return old, len(papers) - old + sum(entry.id in self.kept for entry in entries)
