"""Which edition takes papers still: asked inside the transaction that acts on the answer."""

from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.sources.listing import next_listing
from storage.schema import editions, entries, papers


async def open_edition(connection: AsyncConnection, day: date) -> date:
    """The edition of this date, or where it is sealed the one after the newest that is.

    A day left out in between will never be published by itself: its edition would be a grave.
    """
    statement = select(editions.c.date).where(editions.c.date == day)
    if await connection.scalar(statement) is None:
        return day
    newest: date = await connection.scalar(select(func.max(editions.c.date))) or day
    return next_listing(max(newest, day))


async def move_late_papers(connection: AsyncConnection, day: date) -> None:
    """Give the papers that came while this edition was being built to the next open one."""
    carried = select(entries.c.paper_id).where(entries.c.edition == day)
    late = (papers.c.edition == day) & papers.c.id.not_in(carried)
    following = await open_edition(connection, day)
    await connection.execute(update(papers).where(late).values(edition=following))
