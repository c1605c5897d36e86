"""What a due subscription should get: decided from data and the time alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.due import next_due, previous_due
from core.sources.listing import edition_begins, edition_day
from core.subscription import Subscription

_DAY = timedelta(days=1)
# A day of a clock change may have 25 hours, on Lord Howe Island 24 and a half.
_LONGEST_DAY = timedelta(hours=26)
# A beat comes once a minute, and may come late.
_GRACE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from one due time: these editions, oldest first, or nothing because it is late.

    ``due`` is the time it is about, ``next_due`` the one after it, both UTC.
    """

    subscription: Subscription
    due: datetime
    editions: tuple[date, ...]
    next_due: datetime
    too_late: bool = False


def plan(
    subscription: Subscription, now: datetime, catch_up: timedelta, *, waiting: bool = False
) -> Plan:
    """The plan for a subscription that is due at or before ``now``.

    ``waiting``: it was in time, and waits for its edition since; so it is never too late.

    Due times cut the time line into pieces, and each edition begins in exactly one of them: so a
    daily subscription gets every edition once, whatever the clocks do. One that is due less often
    gets the newest of its piece.
    """
    due = subscription.next_due
    following = next_due(subscription.wish, due)
    if not waiting and now - due > max(catch_up, _GRACE):
        return Plan(subscription, due, (), following, too_late=True)
    before = previous_due(subscription.wish, due - timedelta(microseconds=1))
    newest = edition_day(due)
    editions = []
    day = newest
    while edition_begins(day) > before:
        editions.append(day)
        day -= _DAY
    if due - before > _LONGEST_DAY:
        editions = editions[:1]
    had = subscription.last_edition
    wanted = tuple(day for day in reversed(editions) if had is None or day > had)
    return Plan(subscription, due, wanted, following)
