"""What publishing writes: the rows of a post, and how it moves its subscription on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import bindparam, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.delivery import Publication, State
from core.subscription import Target
from storage.dialect import insert
from storage.rows import Columns, target_columns, target_of
from storage.schema import deliveries, messages, subscriptions

MOVE_ON = (
    update(subscriptions)
    .where(subscriptions.c.id == bindparam("moved"))
    .values(
        # One that was changed while its post was made keeps its new time.
        next_due=case(
            (
                subscriptions.c.next_due <= bindparam("serves"),
                bindparam("due", type_=subscriptions.c.next_due.type),
            ),
            else_=subscriptions.c.next_due,
        ),
        last_edition=bindparam("had"),
        settled=bindparam("settles"),
        waiting_since=None,
    )
)


async def targets_of(connection: AsyncConnection, numbers: set[int]) -> dict[int, Target]:
    """Where the posts of these subscriptions go; those that are gone are left out."""
    statement = select(subscriptions).where(subscriptions.c.id.in_(numbers))
    rows = (await connection.execute(statement)).mappings()
    return {row["id"]: target_of(row) for row in rows}


def issue_of(item: Publication) -> tuple[date, int, int]:
    """What makes one issue another than the next: edition, number, subscription."""
    return item.edition, item.issue, item.subscription


async def known_issues(
    connection: AsyncConnection, items: Sequence[Publication]
) -> set[tuple[date, int, int]]:
    """The issues of these editions and subscriptions that are in the ledger."""
    columns = (deliveries.c.edition, deliveries.c.issue, deliveries.c.subscription)
    statement = select(*columns).where(
        deliveries.c.position == 0,
        deliveries.c.edition.in_({item.edition for item in items}),
        deliveries.c.subscription.in_({item.subscription for item in items}),
    )
    return {(row[0], row[1], row[2]) for row in await connection.execute(statement)}


def ledger_rows(
    items: Sequence[Publication], targets: Mapping[int, Target], now: datetime
) -> tuple[list[Columns], list[Columns]]:
    """The rows of ``messages``, each body once, and of ``deliveries``."""
    bodies: dict[str, Columns] = {}
    rows = []
    for item in items:
        target = targets[item.subscription]
        for position, frozen in enumerate(item.messages):
            name = body_name(target.platform, frozen.body)
            bodies[name] = {"hash": name, "platform": target.platform, "body": frozen.body}
            rows.append(
                {
                    "edition": item.edition,
                    "issue": item.issue,
                    "subscription": item.subscription,
                    "part": frozen.part,
                    "position": position,
                    **target_columns(target),
                    "message": name,
                    "state": State.PENDING,
                    "attempts": 0,
                    "not_before": now,
                    "message_id": "",
                    "error": "",
                    "created_at": now,
                    "correction": item.correction,
                }
            )
    return list(bodies.values()), rows


def body_name(platform: str, body: str) -> str:
    """The name under which a body is kept once for all who get it."""
    return sha256(f"{platform}\0{body}".encode()).hexdigest()


async def keep_bodies(connection: AsyncConnection, rows: Iterable[Columns]) -> None:
    """Adds these rows to ``messages`` where they are not there."""
    if kept := list(rows):
        await connection.execute(insert(connection, messages).on_conflict_do_nothing(), kept)
