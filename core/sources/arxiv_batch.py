"""What was read from arXiv made the batch of a day: what was owed, what is held, what is missing."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from core.i18n import Phrase
from core.paper import Paper
from core.ports import Batch, Missing
from core.sources.announcement import Announcement, Entry
from core.sources.arxiv_api import NAME, NO_TOTAL
from core.sources.arxiv_told import Told
from core.sources.listing import listing_before, submission_window
from core.sources.pages import Reading

_UNREADABLE = Phrase("source.unreadable_entry", source=NAME)
_MOST_CODES = 3
# More than a moderator's delay can leave unannounced on a day that is announced to be empty.
_MANY = 30


@dataclass(frozen=True, slots=True)
class Window:
    """What was submitted in a listing's window, and in those before it that were read along.

    ``failure`` says why nothing came; ``counted`` is whether arXiv said how many there are.
    """

    papers: tuple[Paper, ...] = ()
    earlier: tuple[Paper, ...] = ()
    missing: tuple[Missing, ...] = ()
    failure: Phrase | None = None
    counted: bool = True

    @property
    def broken(self) -> Phrase | None:
        """Why it is not whole, None where it is."""
        uncounted = None if self.counted else NO_TOTAL
        return self.failure or (self.missing[0].reason if self.missing else uncounted)


@dataclass(frozen=True, slots=True)
class Span:
    """When the papers of a listing were submitted, UTC: ``begin`` to ``end`` (exclusive).

    ``first`` is where reading begins: with the listings before it, where those are read along.
    """

    first: datetime
    begin: datetime
    end: datetime

    @classmethod
    def of(cls, day: date, overlap: int) -> Self:
        """The span of the listing of this date and of so many before it."""
        begin, end = submission_window(day)
        first = begin
        for _ in range(overlap):
            day = listing_before(day)
            first, _ = submission_window(day)
        return cls(first, begin, end)

    def is_earlier(self, paper: Paper) -> bool:
        """Whether the paper belongs to a listing that was read along."""
        return paper.published is not None and self.first <= paper.published < self.begin

    def is_later(self, paper: Paper) -> bool:
        """Whether it was submitted in the last minute of arXiv's range, that of the next listing."""
        late = self.end + timedelta(minutes=1)
        return paper.published is not None and self.end <= paper.published < late

    def window(self, reading: Reading) -> Window:
        """What was read of a search over this span, in order of submission."""
        if not reading.begun:
            return Window(failure=reading.first_break or NO_TOTAL)
        read = sorted(reading.papers.values(), key=lambda paper: paper.published or self.first)
        return Window(
            papers=tuple(p for p in read if not self.is_earlier(p) and not self.is_later(p)),
            earlier=tuple(p for p in read if self.is_earlier(p)),
            missing=reading.missing(),
            counted=reading.total is not None,
        )


def batch_of_window(
    day: date, window: Window, *, note: Phrase | None = None, broken_feed: Phrase | None = None
) -> Batch:
    """The batch of a day of which only the window is known.

    ``note`` says why that is so, ``broken_feed`` what broke where something did.
    """
    papers, missing, earlier = window.papers, window.missing, window.earlier
    if broken_feed and not papers and not window.broken:
        # A source half of which is broken cannot tell a holiday from the rest of the outage.
        reason = Phrase("source.feed_failed_empty", source=NAME, reason=broken_feed)
        return Batch(NAME, "failed", note=reason, earlier=earlier)
    if window.broken and not papers:
        reason = window.broken
        if broken_feed and broken_feed != reason:
            reason = Phrase("source.both_failed", source=NAME, feed=broken_feed, reason=reason)
        return Batch(NAME, "failed", missing=missing, note=reason, earlier=earlier)
    if missing:
        note = _partial(len(papers), missing)
        return Batch(NAME, "partial", papers, missing, note=note, earlier=earlier)
    if window.broken:
        return Batch(NAME, "partial", papers, note=window.broken, earlier=earlier)
    if not papers:
        note = Phrase("source.empty_listing", source=NAME, day=day)
        return Batch(NAME, "quiet", note=note, earlier=earlier)
    return Batch(NAME, "ok", papers, note=note, earlier=earlier)


def batch_of_empty_feed(day: date, window: Window) -> Batch:
    """The batch of a day of which the announcement has no news: quiet, unless it is an outage's.

    That it is where many papers were submitted in the ``window``, or where nobody knows how many.
    """
    submitted = len(window.papers) + sum(item.count for item in window.missing)
    if window.failure or not window.counted or submitted >= _MANY:
        return batch_of_window(day, window, note=Phrase("source.feed_empty", source=NAME))
    note = Phrase("source.empty_listing", source=NAME, day=day)
    return Batch(NAME, "quiet", note=note, earlier=window.earlier, announced=True)


def batch_of_announcement(
    day: date, told: Told, span: Span, unsure: Sequence[str], window: Window | None
) -> Batch:
    """The batch of a day by its announcement, filled in from the window of the ``unsure`` codes.

    The window only adds to what is announced. ``unsure`` are the categories in which something is
    lacking if it is broken; what it then did not give is counted where the feed was cut.
    """
    stale = told.stale(span.begin, window.papers if window else ())
    owed = told.announcement.owed
    papers = {entry.id: told.papers[entry.id] for entry in owed if entry.id in told.papers}
    beside = _beside(window.papers if window else (), {*papers, *told.kept})
    papers |= beside
    known = {*papers, *told.kept}
    lost = [entry for entry in owed if entry.id not in known]
    missing = (
        *(Missing(entry.id, told.reasons[entry.id], codes=entry.codes) for entry in lost),
        *_unnamed(told.announcement, len(beside.keys() - told.reasons.keys())),
        *_left_out(told.announcement, window),
    )
    earlier = _beside(window.earlier if window else (), known)
    kept = tuple(entry.id for entry in owed if entry.id in told.kept)
    if not papers and not kept:
        rest = Window((), tuple(earlier.values()), missing, window.failure if window else None)
        return batch_of_window(day, rest)
    broken = window.broken if window and unsure else None
    filled_in = _filled_in(told.announcement, stale, unsure, broken)
    note = filled_in or (_partial(len(papers) + len(kept), missing) if missing else None)
    note = _partial_codes(told, owed, lost, len(known)) if lost else note
    return Batch(
        NAME,
        "partial" if missing or broken else "ok",
        tuple(papers.values()),
        missing,
        note=note,
        kept=kept,
        earlier=tuple(earlier.values()),
        announced=filled_in is None and not told.announcement.unreadable,
    )


def _beside(papers: Iterable[Paper], known: Collection[str]) -> dict[str, Paper]:
    return {paper.id: paper for paper in papers if paper.id not in known}


def _left_out(announcement: Announcement, window: Window | None) -> tuple[Missing, ...]:
    """What the window did not give, where the announcement is known to be cut."""
    is_cut = announcement.cut or bool(announcement.unreadable)
    return window.missing if window and is_cut else ()


def _unnamed(announcement: Announcement, found: int) -> list[Missing]:
    """The items that name no paper, less as many as the window has ``found`` besides the others."""
    return [Missing(f"{NAME} {n}", _UNREADABLE) for n in announcement.unreadable[found:]]


def _filled_in(
    announcement: Announcement,
    stale: Sequence[str],
    unsure: Sequence[str],
    broken: Phrase | None,
) -> Phrase | None:
    """Why the announcement was not all, and what broke where the window could not fill it in."""
    if broken:
        names = ", ".join(unsure)
        return Phrase("source.not_filled_in", source=NAME, codes=names, reason=broken)
    if stale:
        return Phrase("source.stale", source=NAME, codes=", ".join(stale))
    return Phrase("source.cut", source=NAME) if announcement.cut else None


def _partial(held: int, missing: Sequence[Missing]) -> Phrase:
    owed = held + sum(item.count for item in missing)
    reason = missing[0].reason
    return Phrase("source.partial", source=NAME, held=held, owed=owed, reason=reason)


def _partial_codes(told: Told, owed: Sequence[Entry], lost: Sequence[Entry], held: int) -> Phrase:
    """Which of the categories asked for miss most, and why."""
    listed = Counter(code for entry in owed for code in entry.codes)
    absent = Counter(code for entry in lost for code in entry.codes)
    reasons = Counter(told.reasons[entry.id] for entry in lost)
    reason = max(reasons, key=lambda phrase: reasons[phrase])
    worst = sorted((code for code in told.codes if absent[code]), key=lambda c: -absent[c])
    if not worst:
        return _partial(held, [Missing(entry.id, reason) for entry in lost])
    *others, last = worst[:_MOST_CODES]
    gaps = Phrase("source.gaps.last", code=last, owed=listed[last], missing=absent[last])
    for code in reversed(others):
        more, lack = listed[code], absent[code]
        gaps = Phrase("source.gaps.more", code=code, owed=more, missing=lack, rest=gaps)
    total = held + len(lost)
    return Phrase("source.partial_codes", source=NAME, owed=total, gaps=gaps, reason=reason)
