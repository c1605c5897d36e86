"""Amendments: messages that are shown anew after they were sent, and what corrects them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.delivery import Amendment, Frozen, Issue, State
from core.subscription import Target
from storage.amending import SETTLED, amendable, is_parent, outdated_parents
from storage.engine import Database
from storage.owing import body_name, keep_bodies
from storage.rows import Columns, delivery_of, target_of
from storage.schema import deliveries


class AmendmentStore:
    """What is to be amended, part of the ledger. Every method raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, platform: str, now: datetime, limit: int) -> list[Amendment]:
        """Those that may be made now, the oldest message first and at most one a chat.

        Nothing is claimed: made twice, an amendment changes nothing.
        """
        async with self._database.read() as connection:
            first: dict[Target, RowMapping] = {}
            for row in (await connection.execute(amendable(platform, now, limit))).mappings():
                first.setdefault(target_of(row), row)
            return [
                Amendment(
                    delivery_of(row), await _links(connection, row), row["amend_at"], row["amends"]
                )
                for row in first.values()
            ]

    async def waiting(self, platforms: Collection[str]) -> int:
        """How many messages of these platforms are still to be amended."""
        statement = select(func.count()).where(
            deliveries.c.platform.in_(platforms), deliveries.c.amend_at.is_not(None)
        )
        async with self._database.read() as connection:
            return await connection.scalar(statement) or 0

    async def done(self, amendment: Amendment) -> None:
        """It was made, or never will be; one that was asked for meanwhile stays due."""
        delivery = amendment.delivery
        async with self._database.write() as connection:
            await connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.id == delivery.id,
                    deliveries.c.amend_at == amendment.due,
                    deliveries.c.message == body_name(delivery.target.platform, delivery.body),
                )
                .values(amend_at=None, amends=0)
            )

    async def retry(self, amendment: Amendment, at: datetime, *, counted: bool = True) -> None:
        """It was not made this time, and is due again then; ``counted``: that was a try."""
        columns: Columns = {"amend_at": at}
        if counted:
            columns["amends"] = deliveries.c.amends + 1
        async with self._database.write() as connection:
            await connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.id == amendment.delivery.id,
                    deliveries.c.amend_at == amendment.due,
                )
                .values(columns)
            )

    async def outdated(self, edition: date, correction: int, after: int, limit: int) -> list[Issue]:
        """Posts of this edition that were made before this correction, in the order of the ledger.

        Not those whose parent failed or is just being sent. ``after`` is the ``parent`` of the last
        one of the page before.
        """
        async with self._database.read() as connection:
            found = (
                await connection.execute(outdated_parents(edition, correction, after, limit))
            ).all()
            numbers = {row.subscription for row in found}
            statement = (
                select(deliveries.c.subscription, deliveries.c.issue, deliveries.c.part)
                .where(deliveries.c.subscription.in_(numbers), deliveries.c.edition == edition)
                .order_by(deliveries.c.position)
            )
            parts: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
            for row in await connection.execute(statement):
                parts[row.subscription, row.issue].append(row.part)
        return [
            Issue(row.subscription, row.issue, row.id, tuple(parts[row.subscription, row.issue]))
            for row in found
        ]

    async def correct(
        self,
        edition: date,
        correction: int,
        items: Sequence[tuple[Issue, Sequence[Frozen]]],
        now: datetime,
    ) -> None:
        """Puts these bodies in the place of the parents', and has those that were sent amended.

        An issue without messages stays as it is and counts as corrected. One whose parent is being
        sent just now is left for later.
        """
        async with self._database.write() as connection:
            for issue, messages in items:
                bodies = {frozen.part: frozen.body for frozen in messages}
                for row in await _settled_parents(connection, edition, issue):
                    columns = await _corrected(connection, row, bodies.get(row["part"]), now)
                    await connection.execute(
                        update(deliveries)
                        .where(deliveries.c.id == row["id"])
                        .values(correction=correction, **columns)
                    )


async def _settled_parents(
    connection: AsyncConnection, edition: date, issue: Issue
) -> Sequence[RowMapping]:
    """The rows of an issue's parent; none while one of them is being sent."""
    statement = select(deliveries).where(
        deliveries.c.subscription == issue.subscription,
        deliveries.c.edition == edition,
        deliveries.c.issue == issue.number,
        is_parent(deliveries),
    )
    rows = (await connection.execute(statement.with_for_update())).mappings().all()
    return () if any(row["state"] == State.SENDING for row in rows) else rows


async def _corrected(
    connection: AsyncConnection, row: RowMapping, body: str | None, now: datetime
) -> Columns:
    """What changes in a parent's row with its new body; what has failed stays."""
    if body is None or row["state"] not in SETTLED:
        return {}
    name = body_name(row["platform"], body)
    if name == row["message"]:
        return {}
    await keep_bodies(connection, [{"hash": name, "platform": row["platform"], "body": body}])
    sent = {"amend_at": now, "amends": 0} if row["state"] == State.SENT else {}
    return {"message": name, **sent}


async def _links(connection: AsyncConnection, row: RowMapping) -> dict[str, str]:
    """The messages of a post's replies that were sent, by part."""
    statement = select(deliveries.c.part, deliveries.c.message_id).where(
        deliveries.c.subscription == row["subscription"],
        deliveries.c.edition == row["edition"],
        deliveries.c.issue == row["issue"],
        deliveries.c.state == State.SENT,
        ~is_parent(deliveries),
    )
    return {found.part: found.message_id for found in await connection.execute(statement)}
