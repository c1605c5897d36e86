"""Papers: taken in from sources, never lost because a run broke and never new twice."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import bindparam, distinct, func, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.paper import Paper, normalised_title
from core.ports import Batch, SourceCoverage
from storage import listings
from storage.codec import signals_to_json
from storage.covering import summary
from storage.dialect import insert
from storage.engine import Database
from storage.intake import Intake
from storage.opening import open_edition
from storage.rows import Columns, paper_columns, paper_of
from storage.schema import aliases, papers, sightings

T = TypeVar("T")

# As many as keep one transaction well under 200 ms.
_CHUNK = 200


class PaperStore:
    """The papers and what each source gave for each day. Every method raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take_in(self, day: date, batch: Batch, papers_edition: date, now: datetime) -> int:
        """Keeps what a source gave for a day; how many papers were new.

        New ones belong to ``papers_edition``, or the next one where that is sealed; known ones keep
        their edition and first sight, and gain what they lacked. Broken off and called again, it
        completes the rest.
        """
        new = 0
        for papers_of_day in (True, False):
            for chunk in _chunks(batch.papers if papers_of_day else batch.earlier):
                async with self._database.write() as connection:
                    intake = Intake(*await _concerned(connection, chunk))
                    for paper in chunk:
                        intake.take(paper)
                    edition = await open_edition(connection, papers_edition)
                    await _write(connection, intake, edition, now)
                    if papers_of_day:
                        await _record_sightings(connection, day, batch.source, intake, chunk)
                new += len(intake.new)
        async with self._database.write() as connection:
            given = [*(paper.id for paper in batch.papers), *batch.kept]
            distinct = len(await _ids_of(connection, given))
            await listings.record(connection, day, batch, distinct, now)
        return new

    async def held(self, day: date, source: str) -> frozenset[str]:
        """The ids of the papers that a source gave for a day, also those they had once."""
        seen = select(sightings.c.paper_id).where(
            sightings.c.day == day, sightings.c.source == source
        )
        other = select(aliases.c.id).where(aliases.c.paper_id.in_(seen))
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(union(seen, other)))

    async def was_asked(self, day: date, source: str) -> bool:
        """Whether a source was ever asked for the listing of this day."""
        async with self._database.read() as connection:
            return source in await listings.of_day(connection, day)

    async def codes(self, day: date, source: str) -> Counter[str]:
        """How many papers a source gave for a day in each arXiv category that they stand in."""
        statement = (
            select(papers.c.categories)
            .join_from(sightings, papers)
            .where(sightings.c.day == day, sightings.c.source == source)
        )
        async with self._database.read() as connection:
            lists = await connection.scalars(statement)
            return Counter(code for codes in lists for code in codes)

    async def titles(self, editions: Sequence[date]) -> list[str]:
        """The titles of the papers that belong to these editions."""
        statement = select(papers.c.title).where(papers.c.edition.in_(editions))
        async with self._database.read() as connection:
            return list(await connection.scalars(statement.order_by(papers.c.id)))

    async def coverage(self, day: date) -> tuple[SourceCoverage, ...]:
        """What is known of every source's listing of a day, after all runs together; by name."""
        async with self._database.read() as connection:
            known = await listings.of_day(connection, day)
            held = await listings.held(connection, day)
        return tuple(summary(source, listing, held[source]) for source, listing in known.items())

    async def new_in(self, edition: date) -> list[Paper]:
        """The papers that belong to this edition, first seen first."""
        statement = (
            select(papers)
            .where(papers.c.edition == edition)
            .order_by(papers.c.first_seen, papers.c.id)
        )
        async with self._database.read() as connection:
            return [paper_of(row) for row in (await connection.execute(statement)).mappings()]

    async def late(self, day: date, sources: Collection[str]) -> tuple[tuple[date, int], ...]:
        """How many papers that these sources gave for a day are in later editions, by edition."""
        number = func.count(distinct(papers.c.id))
        statement = (
            select(papers.c.edition, number)
            .join_from(sightings, papers)
            .where(sightings.c.day == day, sightings.c.source.in_(sources), papers.c.edition > day)
            .group_by(papers.c.edition)
            .order_by(papers.c.edition)
        )
        async with self._database.read() as connection:
            return tuple((row[0], row[1]) for row in await connection.execute(statement))

    async def get(self, paper_id: str) -> Paper | None:
        """The paper of this id, also of one that another source gave it."""
        alias = select(aliases.c.paper_id).where(aliases.c.id == paper_id).scalar_subquery()
        statement = select(papers).where(papers.c.id == func.coalesce(alias, paper_id))
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return paper_of(row) if row else None

    async def edition_of(self, ids: Iterable[str]) -> dict[str, date]:
        """The edition that each of these papers belongs to; unknown ids are left out."""
        found: dict[str, date] = {}
        async with self._database.read() as connection:
            for chunk in _chunks(tuple(ids)):
                plain = select(papers.c.id, papers.c.edition).where(papers.c.id.in_(chunk))
                other = (
                    select(aliases.c.id, papers.c.edition)
                    .join_from(aliases, papers)
                    .where(aliases.c.id.in_(chunk))
                )
                rows = await connection.execute(union(plain, other))
                found.update({row.id: row.edition for row in rows})
        return found

    async def count(self) -> int:
        """How many papers there are."""
        async with self._database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(papers)) or 0


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


async def _concerned(
    connection: AsyncConnection, chunk: Sequence[Paper]
) -> tuple[list[Paper], dict[str, str]]:
    """The rows that these papers may be, and the aliases among their ids."""
    ids = [paper.id for paper in chunk]
    titles = [title for paper in chunk if (title := normalised_title(paper.title))]
    other_ids = select(aliases).where(aliases.c.id.in_(ids))
    known = {row.id: row.paper_id for row in await connection.execute(other_ids)}
    statement = select(papers).where(
        papers.c.id.in_([*ids, *known.values()]) | papers.c.title_key.in_(titles)
    )
    rows = (await connection.execute(statement)).mappings()
    return [paper_of(row) for row in rows], known


async def _write(connection: AsyncConnection, intake: Intake, edition: date, now: datetime) -> None:
    for old, new in intake.renamed.items():
        await connection.execute(update(papers).where(papers.c.id == old).values(id=new))
    if intake.changed:
        rows = [
            {**paper_columns(paper), "changed_id": paper.id} for paper in intake.changed.values()
        ]
        columns: Columns = {
            name: bindparam(name) for name in rows[0] if name not in ("id", "changed_id")
        }
        changed = update(papers).where(papers.c.id == bindparam("changed_id")).values(columns)
        await connection.execute(changed, rows)
    if intake.new:
        await connection.execute(
            papers.insert(),
            [
                {**paper_columns(paper), "edition": edition, "first_seen": now}
                for paper in intake.new.values()
            ],
        )
    if intake.learnt:
        await connection.execute(
            insert(connection, aliases).on_conflict_do_nothing(),
            [{"id": other, "paper_id": known} for other, known in intake.learnt.items()],
        )


async def _record_sightings(
    connection: AsyncConnection, day: date, source: str, intake: Intake, chunk: Sequence[Paper]
) -> None:
    """Notes that this source gave these papers for this day, with what it said of them."""
    said: Mapping[str, list[object]] = defaultdict(list)
    for paper in chunk:
        said[intake.id_of(paper)].extend(signals_to_json(paper.signals))
    statement = insert(connection, sightings)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[sightings.c.day, sightings.c.source, sightings.c.paper_id],
            set_={"signals": statement.excluded.signals},
        ),
        [
            {"day": day, "source": source, "paper_id": paper_id, "signals": signals}
            for paper_id, signals in said.items()
        ],
    )


async def _ids_of(connection: AsyncConnection, given: Sequence[str]) -> set[str]:
    """The ids under which the papers of these ids are kept."""
    kept: set[str] = set()
    for chunk in _chunks(given):
        plain = select(papers.c.id).where(papers.c.id.in_(chunk))
        other = select(aliases.c.paper_id).where(aliases.c.id.in_(chunk))
        kept.update(await connection.scalars(union(plain, other)))
    return kept
