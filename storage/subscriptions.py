"""Subscriptions: who wants what, and when it is due."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, case, delete, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.delivery import State
from core.i18n import Phrase, catalog
from core.sources.listing import edition_day
from core.subscription import Subscription, Target, Wish
from storage.chats import at, doubles, in_chat, ways, within
from storage.codec import pause_to_text, wish_to_json
from storage.engine import Database
from storage.rows import subscription_of, target_columns
from storage.schema import deliveries, messages, missed, subscriptions

# A statement takes so many values.
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Held:
    """How much is stored about a chat: rows of each kind.

    ``named`` are the subscriptions of other chats that bear the name of the person who asks.
    """

    subscriptions: int
    deliveries: int
    missed: int
    named: int


class SubscriptionStore:
    """The subscriptions. Every method raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        target: Target,
        wish: Wish,
        next_due: datetime,
        author: str,
        now: datetime,
        place: str = "",
    ) -> Subscription:
        """A new subscription; its number is never given again. ``place`` is the chat's name."""
        statement = (
            subscriptions.insert()
            .values(
                **target_columns(target),
                wish=wish_to_json(wish),
                next_due=next_due,
                paused="",
                author=author,
                place=place,
                created_at=now,
            )
            .returning(subscriptions)
        )
        async with self._database.write() as connection:
            return subscription_of((await connection.execute(statement)).mappings().one())

    async def change(self, subscription_id: int, wish: Wish, next_due: datetime) -> None:
        """Replaces the wish, and with it the time when it is next due."""
        await self._update(subscription_id, wish=wish_to_json(wish), next_due=next_due)

    async def move_on(self, subscription_id: int, next_due: datetime, now: datetime) -> None:
        """Sets when it is next due, unless it was changed and is not due any more."""
        async with self._database.write() as connection:
            await connection.execute(
                update(subscriptions)
                .where(subscriptions.c.id == subscription_id, subscriptions.c.next_due <= now)
                .values(next_due=next_due, waiting_since=None)
            )

    async def begin_waiting(self, subscription_ids: Iterable[int], now: datetime) -> None:
        """Notes since when these wait for their edition, unless they do already."""
        async with self._database.write() as connection:
            await connection.execute(
                update(subscriptions)
                .where(
                    subscriptions.c.id.in_(set(subscription_ids)),
                    subscriptions.c.waiting_since.is_(None),
                )
                .values(waiting_since=now)
            )

    async def remove(self, subscription_id: int) -> None:
        """Ends a subscription: what was not yet sent for it will not be."""
        async with self._database.write() as connection:
            await _remove(connection, {subscription_id})

    async def of(self, target: Target) -> list[Subscription]:
        """All subscriptions of a target, paused ones too, oldest first."""
        return await self._select(at(subscriptions, target))

    async def within(self, target: Target) -> list[Subscription]:
        """Those of a target, and of one without a thread those of its threads and topics too."""
        return await self._select(within(subscriptions, target))

    async def get(self, subscription_id: int) -> Subscription | None:
        """The subscription of this number."""
        found = await self._select(subscriptions.c.id == subscription_id)
        return found[0] if found else None

    async def due(
        self, now: datetime, limit: int = 500, after: Subscription | None = None
    ) -> list[Subscription]:
        """The active subscriptions whose time has come, the longest due first.

        ``after`` is the last one of the page before.
        """
        order = subscriptions.c.next_due, subscriptions.c.id
        statement = select(subscriptions).where(_ACTIVE, subscriptions.c.next_due <= now)
        if after is not None:
            statement = statement.where(tuple_(*order) > (after.next_due, after.id))
        statement = statement.order_by(*order).limit(limit)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings()
            return [subscription_of(row) for row in rows]

    async def all_active(self) -> list[Subscription]:
        """Every subscription that is not paused, oldest first."""
        return await self._select(_ACTIVE)

    async def all_paused(self) -> list[Subscription]:
        """Every subscription that is paused, oldest first."""
        return await self._select(~_ACTIVE)

    async def pause(self, subscription_id: int, reason: Phrase) -> None:
        """Sends nothing more until it is resumed, and says why."""
        await self._update(subscription_id, paused=pause_to_text(reason))

    async def pause_all(
        self, target: Target, reason: Phrase, now: datetime, *, threads: bool
    ) -> list[Subscription]:
        """Pauses what is active of a target; those that this paused, as they are now.

        What was not yet sent there has failed for that reason. ``threads``: a target without one
        speaks for all of its threads and topics.
        """
        here = within if threads else at
        failed = {"state": State.FAILED, "error": catalog("en").text(reason), "ended_at": now}
        async with self._database.write() as connection:
            paused = await connection.execute(
                update(subscriptions)
                .where(here(subscriptions, target), _ACTIVE)
                .values(paused=pause_to_text(reason))
                .returning(subscriptions)
            )
            found = [subscription_of(row) for row in paused.mappings()]
            owed = update(deliveries).where(here(deliveries, target))
            await connection.execute(owed.where(deliveries.c.state == State.PENDING).values(failed))
            await connection.execute(
                owed.where(deliveries.c.amend_at.is_not(None)).values(amend_at=None)
            )
        return sorted(found, key=lambda subscription: subscription.id)

    async def resume(self, subscription_id: int, next_due: datetime) -> None:
        """Ends a pause. What would have come in it is not made up for."""
        before = edition_day(next_due) - timedelta(days=1)
        await self._update(
            subscription_id,
            paused="",
            next_due=next_due,
            waiting_since=None,
            settled=case((subscriptions.c.settled < before, before), else_=subscriptions.c.settled),
        )

    async def move(self, old: Target, new: Target, same: Callable[[Wish, Wish], bool]) -> int:
        """Takes a chat's subscriptions and what is not yet sent to its new id; how many there are.

        A target without a thread takes its threads and topics along. Where one that is there already
        has the ``same`` wish, one of the two stays.
        """
        if old == new:
            return 0
        unsent = deliveries.c.state.in_((State.PENDING, State.SENDING))
        numbers: set[int] = set()
        async with self._database.write() as connection:
            for old_ones, columns in ways(old, new):
                statement = update(subscriptions).where(old_ones(subscriptions)).values(columns)
                numbers.update(await connection.scalars(statement.returning(subscriptions.c.id)))
                await connection.execute(
                    update(deliveries).where(old_ones(deliveries), unsent).values(columns)
                )
            if numbers:
                there = select(subscriptions).where(within(subscriptions, new))
                found = [
                    subscription_of(row) for row in (await connection.execute(there)).mappings()
                ]
                moved = [one for one in found if one.id in numbers]
                residents = [one for one in found if one.id not in numbers]
                await _remove(connection, doubles(moved, residents, same))
        return len(numbers)

    async def held(self, target: Target, person: str = "") -> Held:
        """How much is stored about a chat, its topics among it, and about a person elsewhere."""
        async with self._database.read() as connection:
            numbers = await _numbers(connection, target)
            counts = [
                await connection.scalar(select(func.count()).select_from(table).where(condition))
                for table, condition in _about(target, numbers, person)
            ]
        return Held(*(count or 0 for count in counts))

    async def forget(self, target: Target, person: str = "") -> Held:
        """Deletes everything stored about a chat and its topics, what was sent there too.

        Other chats' subscriptions that ``person`` made stay, without this name. Gives how much it
        was. What is being sent just now ends as it ends, and nothing is kept of it.
        """
        async with self._database.write() as connection:
            numbers = await _numbers(connection, target)
            about = _about(target, numbers, person)
            statement = select(deliveries.c.message).where(about[1][1]).distinct()
            bodies = list(await connection.scalars(statement))
            counts = [
                (await connection.execute(delete(table).where(condition))).rowcount
                for table, condition in about[:-1]
            ]
            named = update(subscriptions).where(about[-1][1]).values(author="")
            counts.append((await connection.execute(named)).rowcount)
            await _drop_unused(connection, bodies)
        return Held(*counts)

    async def _select(self, condition: ColumnElement[bool]) -> list[Subscription]:
        statement = select(subscriptions).where(condition).order_by(subscriptions.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings()
            return [subscription_of(row) for row in rows]

    async def _update(self, subscription_id: int, **columns: object) -> None:
        async with self._database.write() as connection:
            await connection.execute(
                update(subscriptions).where(subscriptions.c.id == subscription_id).values(columns)
            )


_ACTIVE = subscriptions.c.paused == ""


async def _remove(connection: AsyncConnection, numbers: set[int]) -> None:
    await connection.execute(delete(subscriptions).where(subscriptions.c.id.in_(numbers)))
    await connection.execute(
        delete(deliveries).where(
            deliveries.c.subscription.in_(numbers), deliveries.c.state == State.PENDING
        )
    )


async def _numbers(connection: AsyncConnection, target: Target) -> set[int]:
    """The subscriptions that a chat has or had."""
    had = select(deliveries.c.subscription).where(in_chat(deliveries, target))
    has = select(subscriptions.c.id).where(in_chat(subscriptions, target))
    return set(await connection.scalars(has.union(had)))


def _about(
    target: Target, numbers: set[int], person: str
) -> list[tuple[Table, ColumnElement[bool]]]:
    """Which rows are about a chat, and last those that name the person in other chats.

    A chat that moved has deliveries under its old id.
    """
    here = in_chat(subscriptions, target)
    named = and_(
        subscriptions.c.platform == target.platform,
        subscriptions.c.author == person,
        subscriptions.c.author != "",
        ~here,
    )
    return [
        (subscriptions, here),
        (deliveries, or_(in_chat(deliveries, target), deliveries.c.subscription.in_(numbers))),
        (missed, missed.c.subscription.in_(numbers)),
        (subscriptions, named),
    ]


async def _drop_unused(connection: AsyncConnection, hashes: list[str]) -> None:
    """Deletes those of the messages that no delivery carries any more."""
    used = select(deliveries.c.id).where(deliveries.c.message == messages.c.hash).exists()
    for start in range(0, len(hashes), _CHUNK):
        some = hashes[start : start + _CHUNK]
        await connection.execute(delete(messages).where(messages.c.hash.in_(some), ~used))
