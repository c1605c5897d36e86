"""arXiv's calendar: which days have a listing, when it is announced and what it holds.

The listing dated D is announced at 20:00 on the evening before and holds what was submitted between
two cut-offs at 14:00, all in US Eastern time: https://info.arxiv.org/help/availability.html

===========  ================  ==========================
listing      announced         holds submissions of
===========  ================  ==========================
Monday       Sunday 20:00      Thursday 14:00 – Friday 14:00
Tuesday      Monday 20:00      Friday 14:00 – Monday 14:00
Wednesday    Tuesday 20:00     Monday 14:00 – Tuesday 14:00
Thursday     Wednesday 20:00   Tuesday 14:00 – Wednesday 14:00
Friday       Thursday 20:00    Wednesday 14:00 – Thursday 14:00
===========  ================  ==========================

arXiv's own holidays are not in the calendar: such a day's listing turns out empty.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
_CUT_OFF = time(14)
_ANNOUNCED = time(20)
_DAY = timedelta(days=1)
_SATURDAY = 5


def has_listing(day: date) -> bool:
    """Whether arXiv's calendar has a listing that bears this date."""
    return day.weekday() < _SATURDAY


def next_listing(day: date) -> date:
    """The date of the first listing after this day."""
    day += _DAY
    while not has_listing(day):
        day += _DAY
    return day


def newest_listing(now: datetime) -> date:
    """The date of the last listing announced at or before ``now`` (aware, in any zone).

    Raises ValueError for a time without a zone.
    """
    day = edition_day(now)
    return day if has_listing(day) else listing_before(day)


def announced_at(day: date) -> datetime:
    """When the listing of this date is announced, UTC. Raises ValueError for a day without one."""
    _require_listing(day)
    return edition_begins(day)


def feed_built_at(day: date) -> datetime:
    """When arXiv's feed first tells of the listing of this date, UTC.

    Feeds are updated daily at midnight Eastern: https://info.arxiv.org/help/rss.html
    """
    return datetime.combine(day, time(0), EASTERN).astimezone(UTC)


def edition_day(now: datetime) -> date:
    """The date of the newest edition there can be: a new one begins each evening at 20:00 Eastern.

    Days without a listing have one too, a quiet one. Raises ValueError for a time without a zone.
    """
    if now.tzinfo is None:
        raise ValueError("edition_day needs a time with its zone")
    local = now.astimezone(EASTERN)
    return local.date() + _DAY if local.time() >= _ANNOUNCED else local.date()


def edition_begins(day: date) -> datetime:
    """When the edition of this date can first be had, UTC: 20:00 Eastern on the evening before."""
    return datetime.combine(day - _DAY, _ANNOUNCED, EASTERN).astimezone(UTC)


def submission_window(day: date) -> tuple[datetime, datetime]:
    """The submissions of the listing of this date: from, to (exclusive), both UTC.

    Raises ValueError for a day without one.
    """
    _require_listing(day)
    last = listing_before(day)
    first = listing_before(last)
    return (
        datetime.combine(first, _CUT_OFF, EASTERN).astimezone(UTC),
        datetime.combine(last, _CUT_OFF, EASTERN).astimezone(UTC),
    )


def listing_before(day: date) -> date:
    """The date of the last listing before this day."""
    day -= _DAY
    while not has_listing(day):
        day -= _DAY
    return day


def _require_listing(day: date) -> None:
    if not has_listing(day):
        raise ValueError(f"arXiv has no listing on {day:%A}, {day}")
