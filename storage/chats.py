"""Rows of a chat: its own and its threads', where they move, and which are there twice."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from itertools import product

from sqlalchemy import ColumnElement, Table, and_

from core.subscription import Subscription, Target, Wish
from storage.rows import Columns, target_columns


def at(table: Table, target: Target) -> ColumnElement[bool]:
    """Of this target alone."""
    return and_(*(table.c[name] == value for name, value in target_columns(target).items()))


def in_chat(table: Table, target: Target) -> ColumnElement[bool]:
    """In this chat, whatever the topic."""
    return and_(table.c.platform == target.platform, table.c.chat == target.chat)


def within(table: Table, target: Target) -> ColumnElement[bool]:
    """Of this target, and where it has no thread of those of its chat."""
    return at(table, target) if target.thread else in_chat(table, target)


def ways(
    old: Target, new: Target
) -> Sequence[tuple[Callable[[Table], ColumnElement[bool]], Columns]]:
    """Which rows move where: those of the target itself, and of a whole chat its threads."""
    found = [(partial(at, target=old), target_columns(new))]
    if not old.thread:
        found.append((partial(in_chat, target=old), {"platform": new.platform, "chat": new.chat}))
    return found


def doubles(
    moved: Sequence[Subscription],
    residents: Sequence[Subscription],
    same: Callable[[Wish, Wish], bool],
) -> set[int]:
    """The numbers of those that bring to a target what another one brings there, one of each two."""
    return {
        min(one, other, key=_worth).id
        for one, other in product(moved, residents)
        if one.target == other.target and same(one.wish, other.wish)
    }


def _worth(subscription: Subscription) -> tuple[bool, date, int]:
    """An active one is kept before a paused one, one that had the newest edition before others."""
    had = subscription.last_edition or date.min
    return subscription.paused is None, had, -subscription.id
