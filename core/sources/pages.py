"""What has been read of a source's paged list, and what it owes still."""

from dataclasses import dataclass, field

from core.i18n import Phrase
from core.paper import Paper
from core.ports import Missing

_BROKEN_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: the papers, the ids or places of entries that could not be read.

    ``entries`` is how many places of the list the page covers, ``total`` how many the list has
    according to this page, None where it does not say.
    """

    papers: tuple[Paper, ...]
    unreadable: tuple[str, ...]
    entries: int
    total: int | None


@dataclass(slots=True)
class Reading:
    """The pages of one list taken so far; places count from 0, in ids from 1.

    ``position`` is where the next page begins: where the last one ended, so that a page shorter
    than asked for loses nothing. ``total`` is the largest that any page gave: where the list
    shrinks between two pages, a paper of the next page has moved into the last one unseen.
    """

    source: str
    position: int = 0
    total: int | None = None
    papers: dict[str, Paper] = field(default_factory=dict)
    _unreadable: dict[str, None] = field(default_factory=dict)
    _gaps: list[tuple[int, int, Phrase]] = field(default_factory=list)
    _broken_in_a_row: int = 0
    _ended: bool = False

    @property
    def begun(self) -> bool:
        """Whether any page has come."""
        return self.total is not None or bool(self.papers)

    @property
    def finished(self) -> bool:
        """Whether there is nothing more to ask for: all is read, or too much broke in a row."""
        # A list that is longer than it said ends where a page of it is empty.
        at_end = self.total is not None and self.position == self.total
        return at_end or self._ended or self._broken_in_a_row >= _BROKEN_IN_A_ROW

    def take(self, page: Page) -> None:
        """Add a page that begins at ``position``."""
        before = len(self.papers) + len(self._unreadable)
        for paper in page.papers:
            self.papers.setdefault(paper.id, paper)
        self._unreadable.update(dict.fromkeys(page.unreadable))
        fresh = len(self.papers) + len(self._unreadable) > before
        # A server that ignores where we are gives the same page again, without end.
        self._broken_in_a_row = 0 if fresh else self._broken_in_a_row + 1
        self.position += page.entries
        self._ended = page.entries == 0
        if page.total is not None:
            self.total = max(page.total, self.total or 0)

    def skip(self, size: int, reason: Phrase) -> None:
        """Leave out a page of this size that stayed broken."""
        self._gaps.append((self.position, self.position + size, reason))
        self.position += size
        self._broken_in_a_row += 1

    def leave_the_rest(self) -> None:
        """End the list where reading stands: nothing behind it is owed."""
        self.total = self.position
        self._ended = True

    def missing(self) -> tuple[Missing, ...]:
        """Everything announced and not read, each with its reason."""
        shifted = Phrase("source.shifted", source=self.source)
        gaps = list(self._gaps)
        if self.total is not None and self.position < self.total and not self._ended:
            gaps.append((self.position, self.total, gaps[-1][2] if gaps else shifted))
        missing = []
        for begin, gap_end, reason in gaps:
            end = gap_end if self.total is None else min(gap_end, self.total)
            if end > begin:
                missing.append(Missing(f"{self.source} {begin + 1}-{end}", reason, end - begin))
        unreadable = Phrase("source.unreadable_entry", source=self.source)
        missing += [Missing(id_, unreadable) for id_ in self._unreadable if id_ not in self.papers]
        known = len(self.papers) + sum(item.count for item in missing)
        if self.total is not None and known < self.total:
            place = f"{self.source} 1-{self.total}"
            missing.append(Missing(place, shifted, self.total - known))
        return tuple(missing)

    @property
    def first_break(self) -> Phrase | None:
        """Why the first page that broke did."""
        return self._gaps[0][2] if self._gaps else None
