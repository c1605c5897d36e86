"""What the days before an edition were like: how many papers each category had."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.sources.listing import listing_before

DAYS = 14
# A mean of fewer days, or a chart of them, would say nothing.
_LEAST = 3


@dataclass(frozen=True, slots=True)
class History:
    """Counts by day and category, of those of the last listings that we have editions of."""

    counts: Mapping[date, Mapping[str, int]] = field(default_factory=dict)

    def change(self, day: date, slug: str, count: int) -> int | None:
        """How far ``count`` is from the mean of the listings before; None where too few are known."""
        before = [self.counts[d].get(slug, 0) for d in last_listings(day)[:-1] if d in self.counts]
        return count - round(sum(before) / len(before)) if len(before) >= _LEAST else None

    def days(self, day: date, slug: str, count: int) -> tuple[tuple[str, int], ...]:
        """The last listings with their counts, the oldest first and this day last; none if too few.

        They begin with the first day that is known; a day in between that is not counts none.
        """
        found = [(d, self.counts.get(d, {}).get(slug, 0)) for d in last_listings(day)[:-1]]
        while found and found[0][0] not in self.counts:
            del found[0]
        if len(found) < _LEAST:
            return ()
        return tuple((f"{d.month}/{d.day}", n) for d, n in [*found, (day, count)])


def last_listings(day: date) -> tuple[date, ...]:
    """The last dates with a listing, the oldest first; ``day`` is the last of them."""
    found = [day]
    while len(found) < DAYS:
        found.append(listing_before(found[-1]))
    return tuple(reversed(found))
