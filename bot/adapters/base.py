"""What a chat platform is to the rest of the program."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from core.blocks import Post
from core.delivery import Delivery, Frozen


class SendError(Exception):
    """A message that was not sent; the message says why, in words for the log."""


class TransientError(SendError):
    """It may work later; ``retry_after`` is the wait the platform asked for, if it did."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class RefusedError(SendError):
    """The platform will never take it from us; the reason is one that people can act on."""


class Adapter(Protocol):
    """One platform: renders a Post for its limits, sends what is owed, recognises what it sent."""

    @property
    def platform(self) -> str:
        """The name that targets carry."""

    @property
    def at_once(self) -> int:
        """How many messages may be in doubt after a crash: 1 where none can be recognised."""

    def freeze(self, post: Post) -> Sequence[Frozen]:
        """The post's messages as this platform takes them, the parent first. Pure."""

    async def send(self, delivery: Delivery) -> str:
        """Send one message and give its id. Raises TransientError or RefusedError.

        Anything else that is raised leaves open whether it was sent.
        """

    async def find(self, delivery: Delivery) -> str | None:
        """The id of this delivery's message if it was sent before a crash, else None."""
