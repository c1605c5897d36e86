"""Sent messages shown anew: the parent's contents lead to its replies, what was wrong is corrected."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.adapters.base import (
    Adapter,
    InDoubtError,
    MovedError,
    RefusedError,
    TransientError,
    UnknowableError,
)
from bot.subscriptions import brings_the_same
from core.delivery import Amendment
from storage.store import Store

log = structlog.get_logger(__name__)
# What is owed to other chats waits no longer than these take together.
_AT_ONCE = 5
_MOST_TRIES = 50
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(minutes=15)
_SHORTEST_WAIT = timedelta(seconds=1)
# Who reads a post of last week again?
_WORTH_IT = timedelta(days=7)


@dataclass(slots=True)
class Amender:
    """Makes one platform's amendments. ``clock`` gives the time, UTC.

    Each may be made twice without harm, so that a crash before it is written down costs nothing.
    A failure ends it or puts it off, and never pauses a subscription.
    """

    store: Store
    adapter: Adapter
    clock: Callable[[], datetime]
    at_once: int = _AT_ONCE
    _told: set[int] = field(default_factory=set)

    async def amend_some(self) -> int:
        """Make a few of those that are due; how many were taken up."""
        due = await self.store.amendments.due(self.adapter.platform, self.clock(), self.at_once)
        done = await asyncio.gather(*map(self._amend, due), return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException):
                raise result
        return len(due)

    async def _amend(self, amendment: Amendment) -> None:
        key = amendment.delivery.key
        try:
            await self.adapter.amend(amendment.delivery, amendment.links)
        except TransientError as error:
            await self._put_off(amendment, str(error), error.retry_after)
        except (RefusedError, UnknowableError) as error:
            log.warning("not amended", delivery=key, error=str(error))
            await self.store.amendments.done(amendment)
        except MovedError as error:
            # What was sent before stays where it was, out of reach.
            log.info("not amended", delivery=key, error=str(error))
            await self.store.amendments.done(amendment)
            old = amendment.delivery.target
            await self.store.subscriptions.move(old, error.target, brings_the_same)
        except InDoubtError as error:
            await self._put_off(amendment, str(error))
        except Exception:
            if amendment.delivery.id not in self._told:
                self._told.add(amendment.delivery.id)
                log.exception("amending failed", delivery=key)
            await self._put_off(amendment, "amending failed again and again; see the log")
        else:
            await self.store.amendments.done(amendment)

    async def _put_off(
        self, amendment: Amendment, error: str, asked: timedelta | None = None
    ) -> None:
        """Try again when the platform said, else after a wait that doubles; not for ever."""
        delivery = amendment.delivery
        now = self.clock()
        sent = delivery.ended_at or now
        if amendment.tries + 1 >= _MOST_TRIES or now - sent > _WORTH_IT:
            log.error("amending given up", delivery=delivery.key, error=error)
            await self.store.amendments.done(amendment)
            return
        log.info("amending put off", delivery=delivery.key, error=error)
        wait = min(_FIRST_WAIT * (1 << min(amendment.tries, 16)), _LONGEST_WAIT)
        if asked is not None:
            wait = max(asked, _SHORTEST_WAIT)
        await self.store.amendments.retry(amendment, now + wait, counted=asked is None)
