"""Which deliveries may be sent now: the statements behind a claim."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, or_, select

from core.delivery import State
from storage.schema import deliveries, messages

_parent = deliveries.alias("parent")
_older = deliveries.alias("older")


def live(table: FromClause) -> ColumnElement[bool]:
    """Not ended. Written out, for SQLite uses no partial index where the states are parameters."""
    states = (State.PENDING.value, State.SENDING.value)
    return table.c.state.in_(bindparam(None, states, expanding=True, literal_execute=True))


LIVE = live(deliveries)


def with_body(*, newest_first: bool = False) -> Select[Any]:
    """Deliveries with their body and, for a reply, the parent's message as ``reply_to``."""
    same_post = and_(
        deliveries.c.position > 0,
        _parent.c.position == 0,
        *(_parent.c[name] == deliveries.c[name] for name in ("edition", "issue", "subscription")),
    )
    return (
        select(deliveries, messages.c.body, _parent.c.message_id.label("reply_to"))
        .join_from(deliveries, messages)
        .outerjoin(_parent, same_post)
        .order_by(deliveries.c.id.desc() if newest_first else deliveries.c.id)
    )


def claimable(platform: str, now: datetime, limit: int) -> Select[Any]:
    """The oldest live delivery of each target, if it waits for nothing; the oldest first."""
    older = select(_older.c.id).where(
        *(_older.c[name] == deliveries.c[name] for name in ("platform", "chat", "thread")),
        _older.c.id < deliveries.c.id,
        live(_older),
    )
    return (
        with_body()
        .where(
            deliveries.c.platform == platform,
            LIVE,
            deliveries.c.state == State.PENDING,
            deliveries.c.not_before <= now,
            ~older.exists(),
            or_(deliveries.c.position == 0, _parent.c.state == State.SENT),
        )
        .limit(limit)
        .with_for_update(of=deliveries, skip_locked=True)
    )
