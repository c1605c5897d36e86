"""What the listings up to a day were like: how many papers each category had, and the mean.

A listing is known when its edition is sealed and did not come to nothing because a source broke; a
known listing without papers counts as none, one that is not known counts nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import floor

from core.sources.listing import listing_before

LISTINGS = 14
# A mean of fewer listings would say nothing.
_LEAST = 3
# A mean below this is shown to its first decimal.
_DECIMAL_BELOW = 10


@dataclass(frozen=True, slots=True)
class Trend:
    """How many papers there were on each of the last listings, the oldest first.

    None is a listing that is not known; the first and the last are. Without any, it is empty.
    """

    days: tuple[tuple[date, int | None], ...] = ()

    @property
    def known(self) -> tuple[tuple[date, int], ...]:
        """The listings that are known."""
        return tuple((day, count) for day, count in self.days if count is not None)

    @property
    def latest(self) -> int:
        """The count of the last listing; 0 where there is none."""
        return self.known[-1][1] if self.days else 0

    @property
    def mean(self) -> float | None:
        """The mean of the known listings before the last; None where these are too few."""
        before = [count for _, count in self.known[:-1]]
        return sum(before) / len(before) if len(before) >= _LEAST else None

    @property
    def change(self) -> int | None:
        """How far the last listing is from the mean."""
        return None if self.mean is None else difference(self.latest, self.mean)

    @property
    def highest(self) -> tuple[date, int] | None:
        """The listing with the most papers, the newest of several; None where none had any."""
        best = max(self.known, key=lambda known: (known[1], known[0]), default=None)
        return best if best and best[1] else None


@dataclass(frozen=True, slots=True)
class History:
    """Counts by day and category, of those of the last listings that are known."""

    counts: Mapping[date, Mapping[str, int]] = field(default_factory=dict)

    def count(self, day: date, slug: str | None) -> int | None:
        """How many papers a category, or the whole day, had; None where that is not known.

        A category that an edition knows nothing of was not there yet.
        """
        counts = self.counts.get(day)
        if counts is None:
            return None
        return sum(counts.values()) if slug is None else counts.get(slug)

    def trend(
        self, day: date, slug: str | None, count: int | None, listings: int = LISTINGS
    ) -> Trend:
        """The listings up to ``day``, which itself has ``count``; no ``slug`` means all papers."""
        found = [(d, self.count(d, slug)) for d in last_listings(day, listings)[:-1]]
        found.append((day, count))
        while found and found[0][1] is None:
            del found[0]
        while found and found[-1][1] is None:
            del found[-1]
        return Trend(tuple(found))


def last_listings(day: date, listings: int = LISTINGS) -> tuple[date, ...]:
    """The last dates with a listing, the oldest first; ``day`` is the last of them."""
    found = [day]
    while len(found) < listings:
        found.append(listing_before(found[-1]))
    return tuple(reversed(found))


def difference(count: int, mean: float) -> int:
    """How far a count is from a mean: the mean is rounded to whole papers first, halves up.

    So the change that is shown is the one between the numbers that are shown, wherever a mean is
    shown whole.
    """
    return count - floor(mean + 0.5)


def rounded(mean: float) -> int | float:
    """A mean as it is shown: whole, below ten to its first decimal, halves up."""
    if mean >= _DECIMAL_BELOW:
        return floor(mean + 0.5)
    tenths = floor(mean * 10 + 0.5)
    return tenths / 10 if tenths % 10 else tenths // 10


def change_mark(change: int) -> str:
    """``▲2``, ``▼1`` or ``–``: the change against the mean of the listings before."""
    if change == 0:
        return "–"
    return f"▲{change:,}" if change > 0 else f"▼{-change:,}"
