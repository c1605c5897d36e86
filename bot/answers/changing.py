"""Answers about the subscriptions there are: see them, preview one, change one."""

from collections.abc import Sequence
from datetime import datetime

from bot.adapters.base import Reply, Request
from bot.answers.desk import Desk
from bot.answers.menus import MENUS, asking, menu, panel
from bot.answers.previewing import preview
from bot.answers.shape import beside, sentence, together
from bot.answers.subscribing import begin, known, meant, resume
from bot.due import next_due
from bot.refusal import Refusal
from bot.subscriptions import check_new, check_room, parse_wish
from core.blocks import Action
from core.i18n import Catalog, Phrase
from core.sources.listing import edition_day
from core.subscription import Subscription, Wish


async def subscriptions(desk: Desk, request: Request, words: Catalog) -> Reply:
    """Every subscription of this chat with its buttons; with more said, one of them changed."""
    existing = await known(desk, request)
    asked = bool(request.asks or request.arguments)
    if not existing:
        if request.pressed and request.arguments:
            return beside(words, words.say("answer.menu.gone"))
        subscribing = Action(words.say("answer.button.subscribe"), "subscribe")
        return sentence(words, words.say("answer.no_subscription"), [subscribing])
    subscription = meant(existing, request) if asked else None
    if asked and subscription is None:
        raise Refusal(Phrase("answer.menu.which", numbers=_numbers(existing)))
    if subscription is None:
        return together(panel(desk, one, request, words) for one in existing)
    return await _with_one(desk, subscription, existing, request, words)


def _numbers(existing: Sequence[Subscription]) -> str:
    return ", ".join(f"number={subscription.id}" for subscription in existing)


async def _with_one(
    desk: Desk,
    subscription: Subscription,
    existing: Sequence[Subscription],
    request: Request,
    words: Catalog,
) -> Reply:
    """What is asked about one subscription: a question, a preview, a menu, a change."""
    given = request.arguments
    if request.asks:
        question = asking(subscription, request.asks, words)
        return question or panel(desk, subscription, request, words)
    if given.get("preview"):
        return await preview(desk, subscription, request, words)
    if given.get("place") == "here" and subscription.target == request.forum:
        return await _brought_here(desk, subscription, request, words)
    if given.get("resume") and subscription.paused:
        subscription = await resume(desk, subscription)
        return panel(desk, subscription, request, words, words.say("answer.resumed"))
    said = {key: value for key, value in given.items() if key in MENUS}
    changed = await _changed(desk, subscription, existing, said)
    name = given.get("menu") or (MENUS[next(iter(said))] if request.pressed and said else "")
    return menu(desk, changed, request, words, name) or panel(desk, changed, request, words)


async def _changed(
    desk: Desk,
    subscription: Subscription,
    existing: Sequence[Subscription],
    said: dict[str, str],
) -> Subscription:
    """The subscription as it is wished now. Raises Refusal."""
    wish = parse_wish(said, desk.taxonomy, subscription.wish)
    if wish == subscription.wish:
        return subscription
    others = [one for one in existing if one.target == subscription.target]
    check_new(wish, (one.wish for one in others if one.id != subscription.id))
    due = _due(desk, subscription, wish)
    await desk.store.subscriptions.change(subscription.id, wish, due)
    return await desk.store.subscriptions.get(subscription.id) or subscription


def _due(desk: Desk, subscription: Subscription, wish: Wish) -> datetime:
    """When the changed wish is due first with an edition that it has not had."""
    due = next_due(wish, desk.clock())
    while subscription.settled and edition_day(due) <= subscription.settled:
        due = next_due(wish, due)
    return due


async def _brought_here(
    desk: Desk, subscription: Subscription, request: Request, words: Catalog
) -> Reply:
    """A forum's subscription made one of the thread in which that is said."""
    here = await desk.store.subscriptions.of(request.target)
    check_room(len(here))
    check_new(subscription.wish, (one.wish for one in here))
    await desk.store.subscriptions.remove(subscription.id)
    return await begin(desk, request.target, subscription.wish, request, words)
