"""The dates people write: ``2025-08-06``, ``today``, ``어제``."""

import re
from contextlib import suppress
from datetime import date, timedelta

ARXIV_BEGAN = date(1991, 8, 14)
_IN_NAME = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS_AGO = {
    **dict.fromkeys("today 오늘 今日 今天".split(), 0),
    **dict.fromkeys("yesterday 어제 昨日 昨天".split(), 1),
}


class BadDateError(ValueError):
    """A text that is no date; the message shows what one looks like."""


def parse_day(text: str, today: date) -> date:
    """The day a person means, seen from ``today``. Raises BadDateError."""
    wanted = text.strip().casefold()
    if wanted in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[wanted])
    found = day_in_name(wanted) if _IN_NAME.fullmatch(wanted) else None
    if found is None:
        raise BadDateError(f"{text!r} is no date; it looks like 2025-08-06, today or yesterday")
    if found < ARXIV_BEGAN:
        raise BadDateError(f"{text!r} is before arXiv began, in {ARXIV_BEGAN:%B %Y}")
    return found


def day_in_name(name: str) -> date | None:
    """The date in a file's name (``2025-07-15.jsonl``), or None."""
    for found in _IN_NAME.findall(name):
        with suppress(ValueError):
            return date.fromisoformat(found)
    return None
