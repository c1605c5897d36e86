"""When a subscription is due: local wishes as instants."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.subscription import EVERY_DAY, Wish

# A week, one more for a wanted weekday whose only date is skipped, and the zones' own difference.
_REACH = 16


def next_due(wish: Wish, after: datetime) -> datetime:
    """The first due time strictly after ``after``, in UTC.

    There is one on every wanted local date. A time the clock jumps over counts as if the clock had
    not jumped (02:30 is 03:30), one that comes twice counts the first time. Raises ValueError for
    a wish without weekdays and for a naive ``after``, ZoneInfoNotFoundError for an unknown zone.
    """
    return next(due for due in _dues(wish, after, range(-1, _REACH)) if due > after)


def previous_due(wish: Wish, before: datetime) -> datetime:
    """The last due time at or before ``before``, in UTC; raises as ``next_due`` does."""
    return next(due for due in _dues(wish, before, range(1, -_REACH, -1)) if due <= before)


def _dues(wish: Wish, around: datetime, days: Iterable[int]) -> Iterator[datetime]:
    """The due times of these days, counted from the local date of ``around``."""
    if not wish.weekdays & EVERY_DAY:
        raise ValueError("a wish needs at least one weekday")
    if around.tzinfo is None:
        raise ValueError(f"{around} has no time zone")
    zone = ZoneInfo(wish.zone)
    today = around.astimezone(zone).date()
    for offset in days:
        day = today + timedelta(days=offset)
        if day.weekday() in wish.weekdays:
            yield from _on(day, wish, zone)


def _on(day: date, wish: Wish, zone: ZoneInfo) -> Iterator[datetime]:
    """The due time on this local date; none where the calendar skips the date."""
    # fold=0 reads a time that comes twice as the first and moves one in a gap forward. A gap that
    # ends at midnight (Nuuk's) would push it onto the next date, which has its own: fold=1 moves
    # it back instead. If neither stays, there is no such date (Apia's 30 December 2011).
    for fold in (0, 1):
        local = datetime.combine(day, wish.at.replace(tzinfo=None, fold=fold), zone)
        due = local.astimezone(UTC)
        if due.astimezone(zone).date() == day:
            yield due
            return
