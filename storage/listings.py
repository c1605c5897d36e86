"""The rows behind the coverage: what each source's runs told of a day, and what it gave."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ports import Batch
from storage.codec import (
    missing_from_json,
    missing_to_json,
    phrase_from_json,
    phrase_to_json,
    remarks_from_json,
    remarks_to_json,
)
from storage.covering import Listing, after_run
from storage.dialect import insert
from storage.schema import coverage, sightings


async def record(
    connection: AsyncConnection, day: date, batch: Batch, distinct: int, now: datetime
) -> None:
    """Adds one run, which gave ``distinct`` papers, to what is known of the source's listing."""
    before = (await of_day(connection, day)).get(batch.source)
    given = (await held(connection, day))[batch.source]
    listing = after_run(before, batch, distinct, given, now)
    columns = {
        "owed": listing.owed,
        "counted": listing.counted,
        "quiet": listing.quiet,
        "missing": missing_to_json(listing.missing),
        "remarks": remarks_to_json(listing.remarks),
        "note": phrase_to_json(listing.note) if listing.note else None,
        "checked_at": listing.checked_at,
        "announced": listing.announced,
    }
    await connection.execute(
        insert(connection, coverage)
        .values(day=day, source=batch.source, **columns)
        .on_conflict_do_update(index_elements=[coverage.c.day, coverage.c.source], set_=columns)
    )


async def of_day(connection: AsyncConnection, day: date) -> dict[str, Listing]:
    """The listings of all sources that were asked for this day, by the source's name."""
    statement = select(coverage).where(coverage.c.day == day).order_by(coverage.c.source)
    rows = (await connection.execute(statement)).mappings()
    return {row["source"]: _listing_of(row) for row in rows}


async def held(connection: AsyncConnection, day: date) -> defaultdict[str, set[str]]:
    """The ids of the papers that each source gave for this day."""
    statement = select(sightings.c.source, sightings.c.paper_id).where(sightings.c.day == day)
    given: defaultdict[str, set[str]] = defaultdict(set)
    for source, paper_id in await connection.execute(statement):
        given[source].add(paper_id)
    return given


def _listing_of(row: RowMapping) -> Listing:
    return Listing(
        owed=row["owed"],
        counted=row["counted"],
        quiet=row["quiet"],
        missing=missing_from_json(row["missing"]),
        remarks=remarks_from_json(row["remarks"]),
        note=phrase_from_json(row["note"]) if row["note"] else None,
        checked_at=row["checked_at"],
        announced=row["announced"],
    )
