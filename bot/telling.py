"""Telling people, each alone, that what they subscribed to has stopped and why."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.adapters.base import Adapter, SendError
from bot.answers.shape import answer
from core.blocks import Block, Paragraph, Post, Text
from core.i18n import Catalog, catalog
from core.subscription import Subscription

log = structlog.get_logger(__name__)
_SECONDS = 30.0
# Of a server that put us out we hear channel by channel.
_GATHERING = 2.0
# Who made more subscriptions than that has seen enough by then.
_MOST = 10
# How the reasons end that no permission and no invitation takes back.
_FOR_GOOD = (".channel_gone", ".thread_gone", ".telegram.deleted", ".topic_deleted")


async def _a_moment() -> None:
    await asyncio.sleep(_GATHERING)


@dataclass(slots=True)
class Teller:
    """Writes to the authors of paused subscriptions, one message for all that pause together.

    As well as may be: tried once, forgotten by a crash, and nobody waits for it. ``gather`` lets a
    moment pass.
    """

    adapters: Mapping[str, Adapter]
    gather: Callable[[], Awaitable[None]] = _a_moment
    _paused: list[Subscription] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    def tell(self, paused: Sequence[Subscription]) -> None:
        """Tell of these soon; who is alone with us in a chat knows better than we do."""
        self._paused += filter(self._is_to_be_told, paused)
        if self._paused and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._work())

    async def settle(self) -> None:
        """Return when everybody was told, or could not be."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def close(self) -> None:
        """Tell nobody any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _is_to_be_told(self, subscription: Subscription) -> bool:
        adapter = self.adapters.get(subscription.target.platform)
        known = bool(subscription.author and subscription.paused)
        return adapter is not None and known and not adapter.is_private(subscription.target)

    async def _work(self) -> None:
        while self._paused:
            await self.gather()
            found: defaultdict[tuple[str, str], list[Subscription]] = defaultdict(list)
            for subscription in self._paused:
                found[subscription.target.platform, subscription.author].append(subscription)
            self._paused.clear()
            for (platform, person), paused in found.items():
                await self._write(self.adapters[platform], person, paused)

    async def _write(self, adapter: Adapter, person: str, paused: Sequence[Subscription]) -> None:
        numbers = [subscription.id for subscription in paused]
        try:
            async with asyncio.timeout(_SECONDS):
                await adapter.tell(person, pause_post(paused))
        except SendError as error:
            log.info("author not told of a pause", subscriptions=numbers, error=str(error))
        except Exception:
            # The outermost loop of telling: the next one may be reached.
            log.exception("author not told of a pause", subscriptions=numbers)
        else:
            log.info("author told of a pause", subscriptions=numbers)


def pause_post(paused: Sequence[Subscription]) -> Post:
    """What the author of these is told, in the language of the first: where, why, what to do."""
    words = catalog(paused[0].wish.language)
    lines = list(dict.fromkeys(_line(subscription, words) for subscription in paused))
    shown, more = lines[:_MOST], len(lines) - _MOST
    if more > 0:
        shown.append(words.say("chat.more", count=more))
    if not all(one.paused and one.paused.key.endswith(_FOR_GOOD) for one in paused):
        shown.append(words.say("chat.again"))
    blocks: list[Block] = [Paragraph((Text(line),)) for line in shown]
    return answer(words, words.say("chat.paused"), blocks).post


def _line(subscription: Subscription, words: Catalog) -> str:
    reason = words.text(subscription.paused) if subscription.paused else ""
    if not subscription.place:
        return words.say("chat.somewhere", reason=reason)
    return words.say("chat.place", place=subscription.place, reason=reason)
