"""What is known of a source's listing after several runs. Plain data, no database."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.i18n import Phrase
from core.ports import Batch, Missing, Remark, SourceCoverage, Status


@dataclass(frozen=True, slots=True)
class Listing:
    """One source's listing of one day as its runs told of it.

    ``owed`` is the most that any run announced; ``counted`` whether any run knew how many there
    are; ``quiet`` whether every run said that nothing was owed. The rest is the newest run's word.
    """

    owed: int
    counted: bool
    quiet: bool
    missing: tuple[Missing, ...]
    remarks: tuple[Remark, ...]
    note: Phrase | None
    checked_at: datetime


def after_run(
    before: Listing | None, batch: Batch, distinct: int, held: Container[str], now: datetime
) -> Listing:
    """What is known after one more run, which gave ``distinct`` papers.

    ``held`` are the ids of all papers that this source has given for the day by now. What the run
    does not mention stays missing as an earlier one told it.
    """
    owed = distinct + sum(item.count for item in batch.missing)
    counted = batch.status == "ok" or bool(batch.missing)
    if before is None:
        return Listing(
            owed=owed,
            counted=counted,
            quiet=batch.status == "quiet",
            missing=_outstanding(batch.missing, held, owed - distinct),
            remarks=batch.remarks,
            note=batch.note,
            checked_at=now,
        )
    owed = max(owed, before.owed)
    return Listing(
        owed=owed,
        counted=counted or before.counted,
        quiet=before.quiet and batch.status == "quiet",
        missing=_told_last(batch.missing, before.missing, held),
        remarks=batch.remarks if batch.papers else before.remarks,
        note=batch.note,
        checked_at=now,
    )


def summary(source: str, listing: Listing, held: Iterable[str]) -> SourceCoverage:
    """The listing as an edition tells of it; ``held`` are the ids of the papers given by now.

    A run that failed never worsens one that was complete. Broken is never shown as quiet, nor is
    a listing complete whose length nobody knew.
    """
    ids = frozenset(held)
    owed = max(listing.owed, len(ids))
    status: Status = "partial"
    if not ids:
        status = "quiet" if listing.quiet else "failed"
    elif listing.counted and len(ids) >= owed:
        status = "ok"
    return SourceCoverage(
        source=source,
        status=status,
        owed=owed,
        held=len(ids),
        missing=_outstanding(listing.missing, ids, owed - len(ids)),
        remarks=listing.remarks,
        note=None if status == "ok" else listing.note,
        checked_at=listing.checked_at,
    )


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
