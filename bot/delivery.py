"""The ledger at work: send what is owed, write down what became of it."""

import asyncio
from collections.abc import Callable, Sequence
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
from bot.amending import Amender
from bot.subscriptions import brings_the_same
from core.delivery import Delivery
from core.subscription import Subscription
from storage.database import StorageError
from storage.store import Store

log = structlog.get_logger(__name__)
# Eleven hours in all: a platform may be in trouble for half a day.
_MOST_ATTEMPTS = 50
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(minutes=15)
_AT_ONCE = timedelta(0)


@dataclass(slots=True)
class Sender:
    """Sends one platform's deliveries. ``clock`` gives the time, UTC.

    State is written before and after each send; what a crash left in doubt is looked up first.
    ``tell`` is told of the subscriptions that a refusal paused, and must not wait.
    """

    store: Store
    adapter: Adapter
    clock: Callable[[], datetime]
    tell: Callable[[Sequence[Subscription]], None] = lambda _: None
    _amender: Amender = field(init=False)
    _stopping: bool = False
    _told: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._amender = Amender(self.store, self.adapter, self.clock)

    def stop(self) -> None:
        """Send no other message after the one under way."""
        self._stopping = True

    async def recover(self) -> None:
        """Settle the deliveries of which nobody wrote down what became of them."""
        for delivery in await self.store.deliveries.in_doubt(self.adapter.platform):
            try:
                known = await self.store.deliveries.message_ids(delivery)
                await self._settle(delivery, await self.adapter.find(delivery, known))
            except UnknowableError as error:
                await self._give_up(delivery, str(error))
            except TransientError as error:
                if self._is_news(delivery):
                    log.warning("still in doubt", delivery=delivery.key, error=str(error))
            except StorageError:
                raise
            except Exception:
                # It is asked about again; the others need not wait for it.
                if self._is_news(delivery):
                    log.exception("still in doubt", delivery=delivery.key)

    def _is_news(self, delivery: Delivery) -> bool:
        """Whether this is the first time that it is told of."""
        known = delivery.id in self._told
        self._told.add(delivery.id)
        return not known

    async def _settle(self, delivery: Delivery, message_id: str | None) -> None:
        if message_id is not None:
            await self.store.deliveries.sent(delivery.id, message_id, self.clock())
        elif delivery.attempts >= _MOST_ATTEMPTS:
            await self._give_up(delivery, "sending failed again and again; see the log")
        else:
            # After a crash at once; what failed before more than once waits ever longer.
            wait = _waiting(delivery) if delivery.attempts > 1 else _AT_ONCE
            await self.store.deliveries.retry(delivery.id, self.clock() + wait, delivery.error)
        log.info("doubt settled", delivery=delivery.key, arrived=message_id is not None)

    async def drain(self) -> int:
        """Send everything that may be sent now; how many messages were sent.

        One sender per platform: what is found half done is from a crash, or a send that failed.
        Only where nothing is to be sent, what was sent is amended.
        """
        sent = 0
        await self.recover()
        while not self._stopping:
            claimed = await self.store.deliveries.claim(
                self.adapter.platform, self.clock(), self.adapter.at_once
            )
            if not claimed:
                if await self._amender.amend_some():
                    continue
                break
            # One message a target, so none overtakes another; each is let to its end.
            done = await asyncio.gather(*map(self._send, claimed), return_exceptions=True)
            for result in done:
                if isinstance(result, BaseException):
                    raise result
                sent += result
        return sent

    async def _send(self, delivery: Delivery) -> bool:
        try:
            message_id = await self.adapter.send(delivery)
        except MovedError as error:
            await self._move(delivery, error)
            return False
        except TransientError as error:
            await self._put_off(delivery, error)
            return False
        except UnknowableError as error:
            await self._give_up(delivery, str(error))
            return False
        except RefusedError as error:
            await self._pause(delivery, error)
            return False
        except InDoubtError as error:
            log.warning("send in doubt", delivery=delivery.key, error=str(error))
            return False
        except Exception:
            # Whether it was sent is open: it stays in doubt, and is looked up before the next.
            if self._is_news(delivery):
                log.exception("send in doubt", delivery=delivery.key)
            return False
        await self.store.deliveries.sent(delivery.id, message_id, self.clock())
        return True

    async def _move(self, delivery: Delivery, error: MovedError) -> None:
        """Send it to the chat's new id, unless another subscription brings the same there."""
        await self.store.subscriptions.move(delivery.target, error.target, brings_the_same)
        if await self.store.subscriptions.get(delivery.subscription) is None:
            await self._give_up(delivery, f"{error}, and has the same subscription already")
        else:
            await self.store.deliveries.retry(delivery.id, self.clock(), str(error))
        log.info("chat moved", delivery=delivery.key, to=error.target.chat)

    async def _pause(self, delivery: Delivery, error: RefusedError) -> None:
        """Stop sending to a chat that takes nothing from us; the other chats of it may be well."""
        paused = await self.store.subscriptions.pause_all(
            delivery.target, error.phrase, self.clock(), threads=False
        )
        await self._give_up(delivery, str(error))
        self.tell(paused)

    async def _put_off(self, delivery: Delivery, error: TransientError) -> None:
        """Try again when the platform said, else after a wait that doubles; not for ever."""
        if error.retry_after is not None:
            again = self.clock() + error.retry_after
            await self.store.deliveries.retry(delivery.id, again, str(error), counted=False)
            log.info("send put off", delivery=delivery.key, error=str(error))
        elif delivery.attempts >= _MOST_ATTEMPTS:
            await self._give_up(delivery, str(error))
        else:
            again = self.clock() + _waiting(delivery)
            await self.store.deliveries.retry(delivery.id, again, str(error))
            log.warning("send put off", delivery=delivery.key, error=str(error))

    async def _give_up(self, delivery: Delivery, error: str) -> None:
        await self.store.deliveries.failed(delivery.id, error, self.clock())
        log.error("send given up", delivery=delivery.key, error=error)


def _waiting(delivery: Delivery) -> timedelta:
    """How long a delivery waits that failed so many times."""
    return min(_FIRST_WAIT * (1 << min(delivery.attempts - 1, 16)), _LONGEST_WAIT)
