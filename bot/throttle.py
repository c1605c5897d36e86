"""How often one person may ask, so that everybody is answered soon."""

from collections import OrderedDict, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many requests within any such span."""

    requests: int
    within: timedelta


LIMITS = (Limit(10, timedelta(seconds=5)), Limit(20, timedelta(minutes=1)))
# A menu is pressed as often as there are things to choose, and answered by a line of storage.
PRESSES = (Limit(20, timedelta(seconds=5)), Limit(60, timedelta(minutes=1)))
# Some 3 MB; who has not asked for longest is let go of first.
_MOST_PEOPLE = 10_000


class Throttle:
    """Counts what each person asks for; what is refused does not count."""

    def __init__(self, limits: Sequence[Limit] = LIMITS, most_people: int = _MOST_PEOPLE) -> None:
        self._limits = tuple(limits)
        self._most_people = most_people
        self._longest = max((limit.within for limit in limits), default=_NOTHING)
        self._asked: OrderedDict[Hashable, deque[datetime]] = OrderedDict()

    def wait(self, person: Hashable, now: datetime) -> timedelta:
        """How long this person must wait before the next answer; zero counts as a request."""
        asked = self._asked.setdefault(person, deque())
        self._asked.move_to_end(person)
        if len(self._asked) > self._most_people:
            self._asked.popitem(last=False)
        # A clock that was put back must lock nobody out until it has caught up.
        while asked and asked[-1] > now:
            asked.pop()
        while asked and asked[0] <= now - self._longest:
            asked.popleft()
        wait = max((_until(asked, limit, now) for limit in self._limits), default=_NOTHING)
        if wait <= _NOTHING:
            asked.append(now)
            return _NOTHING
        return wait


def _until(asked: Sequence[datetime], limit: Limit, now: datetime) -> timedelta:
    """How long until one more request is within the limit; zero or less for now."""
    if len(asked) < limit.requests:
        return _NOTHING
    return asked[-limit.requests] + limit.within - now
