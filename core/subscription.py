"""Who gets a post, where and when: targets and subscriptions."""

from dataclasses import dataclass
from datetime import date, datetime, time

from core.i18n import Phrase

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Target:
    """A chat that can receive posts: ``platform`` is the adapter's name, ``chat`` its own id there.

    ``thread`` is the topic or forum inside the chat, empty for the chat itself.
    """

    platform: str
    chat: str
    thread: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.platform, self.chat, self.thread)))


@dataclass(frozen=True, slots=True)
class Wish:
    """What a target asked for.

    ``categories`` are slugs, empty for all that are posted; ``include`` and ``exclude`` are words to
    look for in a paper; ``at`` is the local time in ``zone`` (IANA name) on ``weekdays`` (0 is
    Monday).
    """

    language: str
    at: time
    zone: str
    categories: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    weekdays: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Subscription:
    """A target's wish, kept: when it is next due (UTC), which edition it had last.

    Editions up to ``settled`` were had, passed over or noted as missed. ``waiting_since`` is when
    it was first found due (UTC) while its edition was not complete.
    ``paused`` says why nothing is sent, for the people concerned; None while it is active.
    ``author`` is the platform's id of who made it, ``place`` the chat's name, empty where unknown.
    """

    id: int
    target: Target
    wish: Wish
    next_due: datetime
    last_edition: date | None = None
    settled: date | None = None
    waiting_since: datetime | None = None
    paused: Phrase | None = None
    author: str = ""
    place: str = ""
