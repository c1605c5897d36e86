"""Editions as they were sealed, and the reports written about them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.edition import Correction, Coverage, Edition
from core.ports import lacks
from core.ranking import Entry
from core.report import Report
from storage.codec import coverage_from_json, coverage_to_json, report_from_json, report_to_json
from storage.dialect import insert
from storage.engine import Database
from storage.opening import move_late_papers
from storage.rows import Columns, entry_columns, entry_of
from storage.schema import aliases, coverage, editions, entries, papers, reports


class EditionStore:
    """The sealed editions and their reports. Every method raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seal(self, edition: Edition, now: datetime) -> bool:
        """Keeps an edition as it is for ever; False if its date was sealed before.

        Its papers must have been taken in. Those of its date that it does not carry, because they
        came while it was being built, join the next edition.
        """
        columns = {
            "date": edition.date,
            "sealed_at": now,
            "slugs": list(edition.categories),
            "held": edition.coverage.held,
            "coverage": [coverage_to_json(source) for source in edition.coverage.sources],
            "sample": edition.sample,
        }
        async with self._database.write() as connection:
            statement = insert(connection, editions).values(columns).on_conflict_do_nothing()
            sealed = await connection.execute(statement.returning(editions.c.date))
            if sealed.first() is None:
                return False
            ids = {entry.paper.id for shelf in edition.categories.values() for entry in shelf}
            other_ids = await _other_ids(connection, ids)
            if rows := _entry_rows(edition, other_ids):
                await connection.execute(entries.insert(), rows)
            await move_late_papers(connection, edition.date)
        return True

    async def sealed(self, day: date) -> Edition | None:
        """The sealed edition of a date."""
        async with self._database.read() as connection:
            statement = select(editions).where(editions.c.date == day)
            row = (await connection.execute(statement)).mappings().first()
            if row is None:
                return None
            shelves = await _shelves(connection, day)
        return Edition(
            date=day,
            categories={slug: tuple(shelves[slug]) for slug in row["slugs"]},
            coverage=_coverage_of(row),
            sample=row["sample"],
        )

    async def coverage(self, after: date) -> dict[date, tuple[Coverage, Correction | None]]:
        """The coverage of each edition after this day as it was sealed, and what corrects it."""
        statement = select(editions).where(editions.c.date > after).order_by(editions.c.date)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings()
            return {row["date"]: (_coverage_of(row), _correction_of(row)) for row in rows}

    async def checked(self, after: date) -> list[tuple[date, int, datetime | None]]:
        """Of each edition after this day how often it was corrected and its sources last asked."""
        asked = func.max(coverage.c.checked_at)
        statement = (
            select(editions.c.date, editions.c.correction, asked)
            .join_from(editions, coverage, coverage.c.day == editions.c.date, isouter=True)
            .where(editions.c.date > after)
            .group_by(editions.c.date, editions.c.correction)
            .order_by(editions.c.date)
        )
        async with self._database.read() as connection:
            return [(row[0], row[1], row[2]) for row in await connection.execute(statement)]

    async def correction(self, day: date) -> Correction | None:
        """What became known of a sealed edition's coverage since, None where nothing did."""
        statement = select(editions).where(editions.c.date == day)
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return _correction_of(row) if row else None

    async def correct(self, day: date, correction: Correction) -> None:
        """Keeps what is known by now, unless this or a later correction is kept already."""
        told = {
            "sources": [coverage_to_json(source) for source in correction.sources],
            "late": [[edition.isoformat(), count] for edition, count in correction.late],
        }
        async with self._database.write() as connection:
            await connection.execute(
                update(editions)
                .where(editions.c.date == day, editions.c.correction < correction.number)
                .values(correction=correction.number, told=told)
            )

    async def newest_sealed(self, not_after: date) -> date | None:
        """The date of the newest sealed edition up to this day."""
        statement = select(func.max(editions.c.date)).where(editions.c.date <= not_after)
        async with self._database.read() as connection:
            newest: date | None = await connection.scalar(statement)
        return newest

    async def is_sealed(self, day: date) -> bool:
        """Whether the edition of this date is sealed."""
        statement = select(editions.c.date).where(editions.c.date == day)
        async with self._database.read() as connection:
            return await connection.scalar(statement) is not None

    async def sealed_after(self, day: date) -> list[date]:
        """The dates of all sealed editions after this day, oldest first."""
        statement = select(editions.c.date).where(editions.c.date > day).order_by(editions.c.date)
        async with self._database.read() as connection:
            return list(await connection.scalars(statement))

    async def save_report(self, day: date, report: Report) -> None:
        """Keeps a report on a sealed edition; the first of a category and language stays."""
        async with self._database.write() as connection:
            await connection.execute(
                insert(connection, reports)
                .values(
                    edition=day,
                    category=report.category,
                    language=report.language,
                    body=report_to_json(report),
                )
                .on_conflict_do_nothing()
            )

    async def reports(self, day: date, language: str) -> list[Report]:
        """The reports on an edition in a language, in the order of the edition's categories."""
        statement = (
            select(reports.c.category, reports.c.body, editions.c.slugs)
            .join_from(reports, editions)
            .where(reports.c.edition == day, reports.c.language == language)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
            by_id = await _entries_by_id(
                connection, day, {i for r in rows for i in r.body["papers"]}
            )
        found = [
            report_from_json(
                row.category, language, row.body, [by_id[paper] for paper in row.body["papers"]]
            )
            for row in rows
        ]
        order = {slug: place for row in rows for place, slug in enumerate(row.slugs)}
        return sorted(found, key=lambda report: order[report.category])

    async def counts(self, days: Sequence[date]) -> dict[date, dict[str, int]]:
        """How many papers each category of each sealed edition has; other days are left out.

        So is an edition without papers for which a source broke: it says nothing of its listing.
        """
        dates = select(editions).where(editions.c.date.in_(days))
        numbers = (
            select(entries.c.edition, entries.c.category, func.count())
            .where(entries.c.edition.in_(days))
            .group_by(entries.c.edition, entries.c.category)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(dates)).all()
            counts = {row.date: dict.fromkeys(row.slugs, 0) for row in rows}
            for day, category, number in await connection.execute(numbers):
                counts[day][category] = number
        for row in rows:
            if not any(counts[row.date].values()) and lacks(map(coverage_from_json, row.coverage)):
                del counts[row.date]
        return counts


def _coverage_of(row: RowMapping) -> Coverage:
    return Coverage(row["held"], tuple(coverage_from_json(source) for source in row["coverage"]))


def _correction_of(row: RowMapping) -> Correction | None:
    if not row["correction"]:
        return None
    return Correction(
        row["correction"],
        tuple(coverage_from_json(source) for source in row["told"]["sources"]),
        tuple((date.fromisoformat(day), count) for day, count in row["told"]["late"]),
    )


def _entry_rows(edition: Edition, other_ids: Mapping[str, str]) -> list[Columns]:
    return [
        {
            "edition": edition.date,
            "category": slug,
            "position": position,
            "paper_id": other_ids.get(entry.paper.id, entry.paper.id),
            **entry_columns(entry),
        }
        for slug, shelf in edition.categories.items()
        for position, entry in enumerate(shelf)
    ]


async def _shelves(connection: AsyncConnection, day: date) -> defaultdict[str, list[Entry]]:
    """The entries of every category that has any, the leading one first."""
    statement = (
        select(entries, papers)
        .join_from(entries, papers)
        .where(entries.c.edition == day)
        .order_by(entries.c.category, entries.c.position)
    )
    shelves: defaultdict[str, list[Entry]] = defaultdict(list)
    for row in (await connection.execute(statement)).mappings():
        shelves[row["category"]].append(entry_of(row))
    return shelves


async def _entries_by_id(connection: AsyncConnection, day: date, ids: set[str]) -> dict[str, Entry]:
    """The entries of these papers, by the ids asked for."""
    other_ids = await _other_ids(connection, ids)
    statement = (
        select(entries, papers)
        .join_from(entries, papers)
        .where(entries.c.edition == day, papers.c.id.in_(ids | set(other_ids.values())))
    )
    rows = (await connection.execute(statement)).mappings()
    found = {entry.paper.id: entry for entry in map(entry_of, rows)}
    return found | {other: found[known] for other, known in other_ids.items() if known in found}


async def _other_ids(connection: AsyncConnection, ids: Collection[str]) -> dict[str, str]:
    """Those of the ids under which a paper is no longer kept, and the one it has now."""
    statement = select(aliases).where(aliases.c.id.in_(ids))
    return {row.id: row.paper_id for row in await connection.execute(statement)}
