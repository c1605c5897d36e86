"""What a due subscription should get: decided from data and the time alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.due import next_due, previous_due
from core.sources.listing import edition_day, has_listing
from core.subscription import EVERY_DAY, Subscription

_DAY = timedelta(days=1)
# A clock change or a new hour can put two between due times; a changed wish no more than this.
_MOST = 3
_WORKING_DAYS = frozenset(range(5))
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


def plan(subscription: Subscription, now: datetime, catch_up: timedelta) -> Plan:
    """The plan for a subscription that is due at or before ``now``.

    One that waits for its edition was in time, and so is never too late. What follows the last
    edition settled up to the newest there can be is looked at: who wants a post on every working
    day gets every listing of it, so that none is lost, whatever the clocks and the hour; who wants
    fewer gets the newest listing. Days without a listing have their quiet edition only where there
    is nothing else, or where every day was wished.
    """
    due = subscription.next_due
    following = next_due(subscription.wish, due)
    late = now - due > max(catch_up, _GRACE)
    if late and subscription.waiting_since is None:
        return Plan(subscription, due, (), following, too_late=True)
    newest = edition_day(due)
    settled = subscription.settled or edition_day(due_before(subscription))
    unsettled = [newest - _DAY * back for back in range(max((newest - settled).days, 0))][::-1]
    return Plan(subscription, due, _chosen(unsettled, subscription.wish.weekdays), following)


def due_before(subscription: Subscription) -> datetime:
    """The due time before the one that it has now, UTC."""
    return previous_due(subscription.wish, subscription.next_due - timedelta(microseconds=1))


def _chosen(unsettled: Sequence[date], weekdays: frozenset[int]) -> tuple[date, ...]:
    """Those of the editions that a post is made of, oldest first."""
    listings = [day for day in unsettled if has_listing(day)]
    if weekdays >= EVERY_DAY:
        return tuple(unsettled[-_MOST:])
    if weekdays >= _WORKING_DAYS:
        return tuple(listings[-_MOST:] or unsettled[-1:])
    return tuple(listings[-1:] or unsettled[-1:])
