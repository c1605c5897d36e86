"""What the engine asks of the rooms around it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from core.i18n import Catalog, Phrase
from core.paper import Paper
from core.ranking import Entry
from core.report import Report
from core.sources import is_essential

Status = Literal["ok", "partial", "failed", "quiet"]


@dataclass(frozen=True, slots=True)
class Missing:
    """Something a source owed and did not give.

    ``id`` is the paper's id where it is known, else the place where it should have stood
    (``papers.jsonl:3``, ``arXiv 501-750``); ``count`` is how many papers that place held, ``codes``
    are the arXiv categories in whose lists it stands, where they are known.
    """

    id: str
    reason: Phrase
    count: int = 1
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the operator should know of a place in a source, though no paper is lost by it."""

    place: str
    said: Phrase


@dataclass(frozen=True, slots=True)
class Batch:
    """What one source gave for one date.

    ``ok`` is all it owed, ``partial`` less than that, ``failed`` nothing because it broke, ``quiet``
    nothing because it owed nothing. Broken is never shown as quiet. ``papers`` are in the source's
    own order. ``note`` says in one sentence why it is not ``ok``.

    ``kept`` are ids of the listing that were not fetched because they are held already. ``earlier``
    are papers of other days that were seen on the way: kept where they are not known, and counted
    nowhere. ``announced``: the source's own announcement told what it owes, all of it and no more.
    """

    source: str
    status: Status
    papers: tuple[Paper, ...] = ()
    missing: tuple[Missing, ...] = ()
    remarks: tuple[Remark, ...] = ()
    note: Phrase | None = None
    kept: tuple[str, ...] = ()
    earlier: tuple[Paper, ...] = ()
    announced: bool = False

    @property
    def owed(self) -> int:
        """How many papers the source announced."""
        return self.held + sum(item.count for item in self.missing)

    @property
    def held(self) -> int:
        """How many of them there are, with those that were held before."""
        return len(self.papers) + len(self.kept)

    def coverage(self) -> "SourceCoverage":
        """The batch without its papers."""
        return SourceCoverage(
            source=self.source,
            status=self.status,
            owed=self.owed,
            held=self.held,
            missing=self.missing,
            remarks=self.remarks,
            note=self.note,
            announced=self.announced,
        )


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """What is known of one source's listing, after all runs together where there were several.

    ``checked_at`` (UTC) is when it was last asked, None outside the service. ``announced`` as in
    Batch.
    """

    source: str
    status: Status
    owed: int
    held: int
    missing: tuple[Missing, ...] = ()
    remarks: tuple[Remark, ...] = ()
    note: Phrase | None = None
    checked_at: datetime | None = None
    announced: bool = False

    @property
    def is_final(self) -> bool:
        """Whether all that was owed is held, be it nothing by the source's own announcement."""
        return self.status == "ok" or (self.status == "quiet" and self.announced)


def is_whole(known: Iterable[SourceCoverage], sources: Collection[str]) -> bool:
    """Whether each essential one of these sources has given all of its listing.

    On a listing day an essential source that says there is nothing may have been asked too early,
    unless it announced so. Where none is essential, all must have been asked.
    """
    told = {source.source: source for source in known}
    essential = [name for name in sources if is_essential(name)]
    if not essential:
        return told.keys() >= set(sources)
    return all(name in told and told[name].is_final for name in essential)


def lacks(known: Iterable[SourceCoverage]) -> bool:
    """Whether an essential source broke or did not give all it owed."""
    return any(s.status in {"partial", "failed"} for s in known if is_essential(s.source))


class Source(Protocol):
    """Where papers come from."""

    @property
    def name(self) -> str:
        """What people call it (``arXiv``)."""

    async def collect(self, day: date, held: Collection[str] = ()) -> Batch:
        """All papers of the listing that bears this date.

        ``held`` are ids that need not be fetched again. A source that breaks raises nothing: the
        batch says what is missing and why, and holds every good paper.
        """


class NoReportError(Exception):
    """A report could not be written; the message says why, for the operator."""


@dataclass(frozen=True, slots=True)
class ReportKey:
    """What makes one written report the same as another.

    ``prompt`` is the version of what was asked, ``papers`` a SHA-256 of the shown ones, in hex.
    """

    day: date
    category: str
    language: str
    model: str
    prompt: str
    papers: str


class Summariser(Protocol):
    """Who writes reports."""

    @property
    def model(self) -> str:
        """The name that stands under a report."""

    async def write(
        self, day: date, category: str, papers: tuple[Entry, ...], catalog: Catalog
    ) -> Report:
        """A verified report about these papers of an edition, in the catalog's language.

        Parts that are empty and named in ``extracted`` could not be verified. Raises NoReportError.
        """


class Ledger(Protocol):
    """What models were asked for and what they wrote. Errors of the store pass through."""

    async def spent(self, day: date) -> int:
        """The tokens of one day (UTC), those in and those out."""

    async def add(self, day: date, model: str, prompt_tokens: int, completion_tokens: int) -> None:
        """Count one call."""

    async def find(self, key: ReportKey, papers: tuple[Entry, ...]) -> Report | None:
        """The report that was written before, about these papers."""

    async def keep(self, key: ReportKey, report: Report) -> None:
        """Keep a report under its key."""
