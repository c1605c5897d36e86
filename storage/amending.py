"""Which sent messages are to be shown anew: the statements behind an amendment."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from core.blocks import PARENT
from core.delivery import State
from storage.claiming import live, with_body
from storage.schema import deliveries

_ISSUE = ("subscription", "edition", "issue")
SETTLED = (State.SENT, State.PENDING)
_sibling = deliveries.alias("sibling")
_owed = deliveries.alias("owed")


def of_issue(table: FromClause, row: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a row or a table
    """Of the same post for the same subscription as ``row``."""
    return and_(*(table.c[name] == getattr(row, name) for name in _ISSUE))


def is_parent(table: FromClause) -> ColumnElement[bool]:
    """A message of the parent: ``parent``, ``parent/2``."""
    return or_(table.c.part == PARENT, table.c.part.startswith(f"{PARENT}/"))


async def amend_when_done(connection: AsyncConnection, ended: Row[Any], now: datetime) -> None:
    """Once the last message of a post has ended, its parent is to lead to those that were sent."""
    if ended.position > 0:
        issue = {f"of_{name}": getattr(ended, name) for name in _ISSUE}
        await connection.execute(_AMEND_WHEN_DONE, issue | {"from_now": now})


def _amend_when_done() -> Update:
    """Made once: it is run for every message that is sent."""

    def same_issue(table: FromClause) -> ColumnElement[bool]:
        return and_(*(table.c[name] == bindparam(f"of_{name}") for name in _ISSUE))

    siblings = select(_sibling.c.id).where(same_issue(_sibling))
    replies = siblings.where(~is_parent(_sibling), _sibling.c.state == State.SENT)
    return (
        update(deliveries)
        .where(
            same_issue(deliveries),
            is_parent(deliveries),
            deliveries.c.state == State.SENT,
            ~siblings.where(live(_sibling)).exists(),
            replies.exists(),
        )
        .values(amend_at=bindparam("from_now"), amends=0)
    )


_AMEND_WHEN_DONE = _amend_when_done()


def amendable(platform: str, now: datetime, limit: int) -> Select[Any]:
    """The amendments that are due, none of a chat to which something is still to be sent."""
    names = ("platform", "chat", "thread")
    owed = select(_owed.c.id).where(
        *(_owed.c[name] == deliveries.c[name] for name in names),
        live(_owed),
        # With it SQLite looks among those alone that have not ended.
        _owed.c.id > 0,
    )
    return (
        with_body()
        .where(
            deliveries.c.platform == platform,
            deliveries.c.amend_at.is_not(None),
            deliveries.c.amend_at <= now,
            deliveries.c.state == State.SENT,
            ~owed.exists(),
        )
        .limit(limit)
    )


def outdated_parents(edition: date, correction: int, after: int, limit: int) -> Select[Any]:
    """The parents of this edition that were made before this correction, and are not being sent."""
    return (
        select(deliveries.c.id, deliveries.c.subscription, deliveries.c.issue)
        .where(
            deliveries.c.edition == edition,
            # Written out, for SQLite uses no partial index where the number is a parameter.
            deliveries.c.position == literal_column("0"),
            deliveries.c.id > after,
            deliveries.c.correction < correction,
            deliveries.c.state.in_(SETTLED),
        )
        .order_by(deliveries.c.id)
        .limit(limit)
    )
