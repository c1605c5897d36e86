"""What is known of a source's listing after several runs. Plain data, no database."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.i18n import Phrase
from core.ports import Batch, Missing, Remark, SourceCoverage, Status


@dataclass(frozen=True, slots=True)
class Listing:
    """One source's listing of one day as its runs told of it.

    ``announced``: the source's own announcement told what is owed, and that is its word; before it
    came, ``owed`` is the most that any run found. ``counted`` is whether any run knew how many there
    are; ``quiet`` whether every run said that nothing was owed. The rest is the newest run's word.
    """

    owed: int
    counted: bool
    quiet: bool
    missing: tuple[Missing, ...]
    remarks: tuple[Remark, ...]
    note: Phrase | None
    checked_at: datetime
    announced: bool = False


def after_run(
    before: Listing | None, batch: Batch, distinct: int, held: Container[str], now: datetime
) -> Listing:
    """What is known after one more run, which gave ``distinct`` papers.

    ``held`` are the ids of all papers that this source has given for the day by now. What the run
    does not mention stays missing as an earlier one told it. What was announced stands, whatever
    was found before and whatever a run without the announcement finds later.
    """
    lost = sum(item.count for item in batch.missing)
    run = Listing(
        owed=distinct + lost,
        counted=batch.status == "ok" or bool(batch.missing),
        quiet=batch.status == "quiet",
        missing=_outstanding(batch.missing, held, lost),
        remarks=batch.remarks,
        note=batch.note,
        checked_at=now,
        announced=batch.announced,
    )
    if before is None or batch.announced:
        return run
    if before.announced:
        missing = tuple(item for item in before.missing if item.id not in held)
        return replace(before, missing=missing, checked_at=now)
    return replace(
        run,
        owed=max(run.owed, before.owed),
        counted=run.counted or before.counted,
        quiet=before.quiet and run.quiet,
        missing=_told_last(batch.missing, before.missing, held),
        remarks=batch.remarks if batch.papers else before.remarks,
    )


def summary(source: str, listing: Listing, held: Iterable[str]) -> SourceCoverage:
    """The listing as an edition tells of it; ``held`` are the ids of the papers given by now.

    A run that failed never worsens one that was complete. Broken is never shown as quiet, nor is
    a listing complete whose length nobody knew.
    """
    ids = frozenset(held)
    if listing.announced:
        owed = listing.owed
        missing = tuple(item for item in listing.missing if item.id not in ids)
        had = owed - sum(item.count for item in missing)
    else:
        owed, had = max(listing.owed, len(ids)), len(ids)
        missing = _outstanding(listing.missing, ids, owed - had)
    status = _status(listing, had, owed)
    return SourceCoverage(
        source=source,
        status=status,
        owed=owed,
        held=had,
        missing=missing,
        remarks=listing.remarks,
        # Of a listing that is whole only a remark on how it was read still holds.
        note=None if status == "ok" and not _is_remark(listing.note) else listing.note,
        checked_at=listing.checked_at,
        announced=listing.announced,
    )


def _status(listing: Listing, held: int, owed: int) -> Status:
    if not held:
        return "quiet" if listing.quiet else "failed"
    return "ok" if listing.counted and held >= owed else "partial"


def _is_remark(note: Phrase | None) -> bool:
    return note is not None and note.key in _REMARKS


_REMARKS = frozenset({"source.feed_failed", "source.feed_empty", "source.stale", "source.cut"})


def _told_last(
    newest: Iterable[Missing], earlier: Iterable[Missing], held: Container[str]
) -> tuple[Missing, ...]:
    """The newest run's missing, then what only earlier ones told; of a place the larger count."""
    before = {item.id: item for item in earlier}
    told = [
        replace(item, count=max(item.count, before.pop(item.id, item).count)) for item in newest
    ]
    return tuple(item for item in (*told, *before.values()) if item.id not in held)


def _outstanding(
    missing: Iterable[Missing], held: Container[str], room: int
) -> tuple[Missing, ...]:
    """The missing that are not held by now, their counts cut to ``room`` papers in all."""
    kept = []
    for item in missing:
        if item.id not in held and room > 0:
            kept.append(replace(item, count=min(item.count, room)))
            room -= item.count
    return tuple(kept)
