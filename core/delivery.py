"""Deliveries: the messages owed, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.subscription import Target


class State(StrEnum):
    """What became of a delivery.

    ``sending`` was written before the send: after a crash nobody knows whether it arrived.
    ``failed`` is final; ``error`` says why.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed, unique per (edition, issue, subscription, part).

    ``body`` is the frozen message as the target's adapter rendered it (JSON). ``reply_to`` is the
    platform's id of the parent's message once that is sent. ``position`` orders the parts, 0 for
    the parent. ``ended_at`` is when it was sent or failed (UTC).
    """

    id: int
    edition: date
    issue: int
    subscription: int
    part: str
    position: int
    target: Target
    body: str
    state: State = State.PENDING
    attempts: int = 0
    message_id: str = ""
    reply_to: str = ""
    error: str = ""
    ended_at: datetime | None = None

    @property
    def key(self) -> str:
        """The delivery's name, the same for ever: ``2025-08-06/1/17/cv``."""
        return f"{self.edition.isoformat()}/{self.issue}/{self.subscription}/{self.part}"


@dataclass(frozen=True, slots=True)
class Amendment:
    """A sent message that is to be shown anew, its jumps leading to the messages of ``links``.

    ``links`` are the platform's ids by part of the sent siblings; ``due`` is since when (UTC), and
    ``tries`` how often it was tried before.
    """

    delivery: Delivery
    links: Mapping[str, str]
    due: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Issue:
    """One post for one subscription as it stands in the ledger.

    ``parent`` is the parent's delivery, ``parts`` are all that the post is made of, in their order.
    """

    subscription: int
    number: int
    parent: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frozen:
    """One rendered message, never rendered again: its part and its body (JSON)."""

    part: str
    body: str


@dataclass(frozen=True, slots=True)
class Publication:
    """All messages of one post for one subscription, to be owed together.

    ``next_due`` is when the subscription is due after this one; None leaves it as it is. With it,
    due times up to ``serves`` are served, None for those that have passed, and editions up to
    ``settled``, None for this one. ``correction`` is the one of the edition that the messages know.
    """

    subscription: int
    edition: date
    issue: int
    messages: tuple[Frozen, ...]
    next_due: datetime | None = None
    serves: datetime | None = None
    settled: date | None = None
    correction: int = 0


@dataclass(frozen=True, slots=True)
class Missed:
    """A post that did not come: which subscription, when it was due (UTC), and why."""

    subscription: int
    due: datetime
    reason: str
