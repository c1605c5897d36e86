"""Deliveries: what is owed, claimed for sending, and what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.delivery import Delivery, Missed, Publication, State
from core.subscription import Target
from storage.amending import amend_when_done, of_issue
from storage.claiming import LIVE, claimable, with_body
from storage.dialect import insert
from storage.engine import Database
from storage.owing import MOVE_ON, issue_of, keep_bodies, known_issues, ledger_rows, targets_of
from storage.rows import Columns, delivery_of, target_columns
from storage.schema import deliveries, missed, subscriptions

_PARENT_FAILED = "the parent was not sent"


class DeliveryStore:
    """The ledger. Every method raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def publish(self, items: Sequence[Publication], now: datetime) -> int:
        """Owes all messages of these publications, or none; how many were not owed before.

        The first message of each is the parent. An issue that was published before stays as it is,
        whatever its subscription wishes since. Moves subscriptions on where ``next_due`` is given;
        leaves out those of subscriptions that are gone.
        """
        async with self._database.write() as connection:
            targets = await targets_of(connection, {item.subscription for item in items})
            kept = [item for item in items if item.subscription in targets]
            known = await known_issues(connection, kept)
            fresh = [item for item in kept if issue_of(item) not in known]
            bodies, rows = ledger_rows(fresh, targets, now)
            await keep_bodies(connection, bodies)
            if moved := [
                {
                    "moved": item.subscription,
                    "due": item.next_due,
                    "had": item.edition,
                    "settles": item.settled or item.edition,
                    "serves": item.serves or now,
                }
                for item in kept
                if item.next_due is not None
            ]:
                await connection.execute(MOVE_ON, moved)
            if not rows:
                return 0
            statement = insert(connection, deliveries).on_conflict_do_nothing()
            written = await connection.execute(statement.returning(deliveries.c.id), rows)
            return len(written.all())

    async def record_missed(
        self, items: Sequence[Missed], settled: date, next_due: datetime, now: datetime
    ) -> None:
        """Notes the posts that one subscription did not get, and moves it on.

        Nothing up to the edition ``settled`` is brought to it later.
        """
        rows = [
            {"subscription": m.subscription, "due": m.due, "reason": m.reason, "recorded_at": now}
            for m in items
        ]
        async with self._database.write() as connection:
            await connection.execute(insert(connection, missed).on_conflict_do_nothing(), rows)
            await connection.execute(
                update(subscriptions)
                .where(subscriptions.c.id == items[0].subscription, subscriptions.c.next_due <= now)
                .values(next_due=next_due, settled=settled, waiting_since=None)
            )

    async def next_issue(self, edition: date, subscription_id: int) -> int:
        """The number of the next issue of an edition for a subscription, counted from 1."""
        statement = select(func.max(deliveries.c.issue)).where(
            deliveries.c.edition == edition, deliveries.c.subscription == subscription_id
        )
        async with self._database.read() as connection:
            return (await connection.scalar(statement) or 0) + 1

    async def published(self, edition: date, subscription_id: int) -> bool:
        """Whether an edition was ever published for a subscription, sent or not."""
        return await self.next_issue(edition, subscription_id) > 1

    async def claim(self, platform: str, now: datetime, limit: int) -> list[Delivery]:
        """Takes deliveries to send now, at most one per target: its oldest that has not ended.

        A reply comes only when its parent is sent. Each is ``sending`` from here on and this claim's
        alone, until ``sent``, ``retry`` or ``failed`` is told of it.
        """
        async with self._database.write() as connection:
            rows = (await connection.execute(claimable(platform, now, limit))).mappings()
            claimed = [delivery_of(row) for row in rows]
            if not claimed:
                return []
            await connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_([delivery.id for delivery in claimed]))
                .values(state=State.SENDING, attempts=deliveries.c.attempts + 1)
            )
        return [
            replace(delivery, state=State.SENDING, attempts=delivery.attempts + 1)
            for delivery in claimed
        ]

    async def in_doubt(self, platform: str) -> list[Delivery]:
        """Those that were being sent: after a crash nobody knows whether they arrived."""
        return await self._select(
            with_body().where(
                deliveries.c.platform == platform, deliveries.c.state == State.SENDING, LIVE
            )
        )

    async def sent(self, delivery_id: int, message_id: str, now: datetime) -> None:
        """The platform took it and gave it this id; after the last reply the parent is amended."""
        columns = {"state": State.SENT, "message_id": message_id, "error": "", "ended_at": now}
        async with self._database.write() as connection:
            ended = await _end(connection, delivery_id, columns)
            if ended is not None:
                await amend_when_done(connection, ended, now)

    async def retry(
        self, delivery_id: int, not_before: datetime, error: str, *, counted: bool = True
    ) -> None:
        """It was not sent this time: from ``not_before`` on it may be claimed again.

        ``counted``: whether that was an attempt.
        """
        columns: Columns = {"state": State.PENDING, "not_before": not_before, "error": error}
        if not counted:
            columns["attempts"] = deliveries.c.attempts - 1
        async with self._database.write() as connection:
            await _end(connection, delivery_id, columns)

    async def message_ids(self, delivery: Delivery) -> set[str]:
        """The messages of that chat which are known to be other deliveries'."""
        statement = select(deliveries.c.message_id).where(
            deliveries.c.platform == delivery.target.platform,
            deliveries.c.chat == delivery.target.chat,
            deliveries.c.edition == delivery.edition,
            deliveries.c.message_id != "",
            deliveries.c.id != delivery.id,
        )
        async with self._database.read() as connection:
            return set(await connection.scalars(statement))

    async def waiting(self, platforms: Collection[str]) -> int:
        """How many deliveries of these platforms are still to be sent."""
        statement = select(func.count()).where(deliveries.c.platform.in_(platforms), LIVE)
        async with self._database.read() as connection:
            return await connection.scalar(statement) or 0

    async def failed(self, delivery_id: int, error: str, now: datetime) -> None:
        """It will never be sent; where it is a parent, its replies neither."""
        columns: Columns = {"state": State.FAILED, "ended_at": now}
        async with self._database.write() as connection:
            ended = await _end(connection, delivery_id, columns | {"error": error})
            if ended is None:
                return
            if ended.position == 0:
                columns["error"] = _PARENT_FAILED
                await connection.execute(
                    update(deliveries).where(of_issue(deliveries, ended), LIVE).values(columns)
                )
            await amend_when_done(connection, ended, now)

    async def totals(self) -> dict[State, int]:
        """How many deliveries there are in each state."""
        statement = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        async with self._database.read() as connection:
            counted = {
                State(state): number for state, number in await connection.execute(statement)
            }
        return dict.fromkeys(State, 0) | counted

    async def recent(self, limit: int = 20, target: Target | None = None) -> list[Delivery]:
        """The deliveries written last, the newest first; of one target alone where it is given."""
        statement = with_body(newest_first=True).limit(limit)
        if target is not None:
            at = (deliveries.c[name] == value for name, value in target_columns(target).items())
            statement = statement.where(*at)
        return await self._select(statement)

    async def missed(self, limit: int = 20) -> list[Missed]:
        """The posts that did not come, noted last first."""
        statement = select(missed).order_by(missed.c.id.desc()).limit(limit)
        async with self._database.read() as connection:
            return [
                Missed(row.subscription, row.due, row.reason)
                for row in await connection.execute(statement)
            ]

    async def _select(self, statement: Select[Any]) -> list[Delivery]:
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings()
            return [delivery_of(row) for row in rows]


async def _end(connection: AsyncConnection, delivery_id: int, columns: Columns) -> Row[Any] | None:
    """Ends an attempt; what was sent or has failed stays as it is, and None is given for it."""
    statement = update(deliveries).where(deliveries.c.id == delivery_id, LIVE).values(columns)
    names = ("position", "edition", "issue", "subscription")
    ended = await connection.execute(statement.returning(*(deliveries.c[name] for name in names)))
    return ended.first()
