"""The life of a chat: we come in, are taken out, may write again, and it moves."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import structlog

from bot.adapters.base import ChatChange, Reply
from bot.answers.desk import Desk
from bot.answers.shape import answer, buttons, sentence
from bot.due import next_due
from bot.subscriptions import brings_the_same
from core.blocks import Action, Block, Paragraph, Text
from core.i18n import Catalog, Phrase, catalog
from core.subscription import Subscription, Target

log = structlog.get_logger(__name__)
Tell = Callable[[Sequence[Subscription]], None]
# What is wrong with a thread or topic alone is not mended by what becomes of its chat.
_OF_THREAD = ("thread_", "topic_")
_SOMEHOW = Phrase("pause.out")


async def changed(desk: Desk, change: ChatChange, words: Catalog, tell: Tell) -> Reply | None:
    """Pause, resume or move the subscriptions of a chat; what is to be said there, if anything.

    ``tell`` is told of those that this paused.
    """
    match change.kind:
        case "left":
            await _left(desk, change, tell)
            return None
        case "moved":
            await _moved(desk, change)
            return None
        case "open":
            resumed = await _resumed(desk, change.target, alone=change.alone)
            words = _theirs(resumed, words)
            return sentence(words, _next(resumed, words)) if resumed else None
        case "joined":
            resumed = await _resumed(desk, change.target)
            return _greeting(desk, resumed, _theirs(resumed, words))


async def _left(desk: Desk, change: ChatChange, tell: Tell) -> None:
    reason = change.reason or _SOMEHOW
    paused = await desk.store.subscriptions.pause_all(
        change.target, reason, desk.clock(), threads=not change.alone
    )
    if paused:
        log.info("chat out of reach", subscriptions=[one.id for one in paused], cause=reason.key)
        tell(paused)


async def _moved(desk: Desk, change: ChatChange) -> None:
    """Take all along; where it moved to we are in, whatever was said of the old place."""
    if change.to is None:
        return
    moved = await desk.store.subscriptions.move(change.target, change.to, brings_the_same)
    if moved:
        log.info("chat moved", subscriptions=moved)
        await _resumed(desk, change.to)


async def _resumed(desk: Desk, target: Target, *, alone: bool = False) -> list[Subscription]:
    """The subscriptions that were paused for what is over now, at work again."""
    found = []
    store = desk.store.subscriptions
    for subscription in await (store.of(target) if alone else store.within(target)):
        if subscription.paused and (alone or _is_over(subscription.paused, target)):
            due = next_due(subscription.wish, desk.clock())
            await desk.store.subscriptions.resume(subscription.id, due)
            found.append(await desk.store.subscriptions.get(subscription.id))
    resumed = [subscription for subscription in found if subscription is not None]
    if resumed:
        log.info("chat within reach", subscriptions=[one.id for one in resumed])
    return resumed


def _is_over(reason: Phrase, target: Target) -> bool:
    """Whether a reason holds no more once we may write to ``target``."""
    about_thread = reason.key.rpartition(".")[2].startswith(_OF_THREAD)
    return bool(target.thread) or not about_thread


def _theirs(resumed: Sequence[Subscription], words: Catalog) -> Catalog:
    """The language that a chat reads, which is not always that of who changed something there."""
    return catalog(resumed[0].wish.language) if resumed else words


def _next(resumed: Sequence[Subscription], words: Catalog) -> str:
    """That it goes on, and when the first of them is due."""
    first = min(resumed, key=lambda subscription: subscription.next_due)
    local = first.next_due.astimezone(ZoneInfo(first.wish.zone))
    return words.say("chat.resumed", day=local.date(), time=f"{local:%H:%M}", zone=first.wish.zone)


def _greeting(desk: Desk, resumed: Sequence[Subscription], words: Catalog) -> Reply:
    """What the bot does and how it is had; to old acquaintances, that it goes on."""
    settings = desk.settings
    time, zone = f"{settings.digest_time:%H:%M}", settings.digest_timezone
    lines = [words.say("answer.greeting", time=time, zone=zone)]
    actions = []
    if resumed:
        lines.append(_next(resumed, words))
    else:
        lines.append(words.say("chat.begin"))
        actions.append(Action(words.say("answer.button.subscribe"), "subscribe"))
    blocks: list[Block] = [Paragraph((Text(line),)) for line in lines]
    reply = answer(words, words.say("chat.hello"), [*blocks, *buttons(actions)])
    return Reply(reply.post, private=False)
