"""How much there is of what arXiv announced, and whether what it announced is of today."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.i18n import Phrase
from core.paper import Paper
from core.sources.announcement import Announcement

_Listed = Callable[[Sequence[str]], bool]

# A few papers may all have waited days for a moderator, a whole list does not.
_FEWEST_OLD = 3
_SUSPECT_SHARE = 4
_FEWEST_LACKING = 3


@dataclass(slots=True)
class Told:
    """The listing of a day by its announcement, and how much of it there is.

    ``codes`` are the categories asked for. ``kept`` are ids that were held before, ``papers`` those
    fetched, by id; ``reasons`` says for each of the others why it is missing.

    arXiv's feed has served one category's list of the day before beside the current lists of
    others, under one date. So what its papers' dates say is looked at. A paper stands in several
    lists, each of which may be the old one: what stands in a single list is looked at by itself.
    What is announced stays so, however old: an old list takes nothing away, it lacks something.
    """

    announcement: Announcement
    codes: Sequence[str]
    kept: frozenset[str] = frozenset()
    papers: dict[str, Paper] = field(default_factory=dict)
    reasons: dict[str, Phrase] = field(default_factory=dict)

    def suspects(self, begin: datetime) -> tuple[str, ...]:
        """The categories whose list may be of an earlier day: much in it was submitted before."""
        return tuple(code for code in self.codes if self._is_suspect(code, begin))

    def may_be_old(self, begin: datetime) -> tuple[str, ...]:
        """Those of them in whose list nothing that is new was submitted since."""
        return tuple(code for code in self.codes if any(self._old_lists(code, begin)))

    def stale(self, begin: datetime, submitted: Iterable[Paper]) -> tuple[str, ...]:
        """The categories whose list is of an earlier day, beyond doubt.

        Nothing in it was submitted since, though several of the ``submitted`` papers of today would
        stand in it, unannounced. Where some was, the list may be that of two days: arXiv announces
        so after a holiday.
        """
        announced = {entry.id for entry in self.announcement.entries}
        lacking = [paper.categories for paper in submitted if paper.id not in announced]
        return tuple(
            code
            for code in self.codes
            if any(
                sum(map(listed, lacking)) >= _FEWEST_LACKING
                for listed in self._old_lists(code, begin)
            )
        )

    def _is_suspect(self, code: str, begin: datetime) -> bool:
        counts = [self._ages(listed, begin) for listed in (self._among(code), self._alone(code))]
        much_old = any(
            old >= _FEWEST_OLD and _SUSPECT_SHARE * old >= old + today for old, today in counts
        )
        return much_old or any(self._old_lists(code, begin))

    def _old_lists(self, code: str, begin: datetime) -> Iterator[_Listed]:
        """What tells the papers of a category, where all that is new among such is old."""
        among, alone = self._among(code), self._alone(code)
        for listed, lacking in ((among, among), (alone, alone), (_anything, among)):
            old, today = self._ages(listed, begin)
            if old >= _FEWEST_OLD and not today:
                yield lacking

    def _among(self, code: str) -> _Listed:
        return lambda codes: code in codes

    def _alone(self, code: str) -> _Listed:
        return lambda codes: set(self.codes).intersection(codes) == {code}

    def _ages(self, listed: _Listed, begin: datetime) -> tuple[int, int]:
        """How many new papers were submitted before, and how many are of today or held as such."""
        new = [e for e in self.announcement.owed if e.kind == "new" and listed(e.codes)]
        papers = [self.papers[entry.id] for entry in new if entry.id in self.papers]
        old = sum(paper.published is not None and paper.published < begin for paper in papers)
        return old, len(papers) - old + sum(entry.id in self.kept for entry in new)


def _anything(_: Sequence[str]) -> bool:
    return True
