"""Answers about subscriptions: make one, see them, change one, end one."""

from collections.abc import Sequence

from bot.adapters.base import Reply, Request
from bot.answers.desk import Desk
from bot.answers.menus import ending, panel
from bot.answers.shape import beside, sentence, together
from bot.due import next_due
from bot.refusal import Refusal
from bot.subscriptions import brings_the_same, check_room, parse_wish
from core.blocks import Action
from core.i18n import Catalog, Phrase
from core.subscription import Subscription, Target, Wish


async def subscribe(desk: Desk, request: Request, words: Catalog) -> Reply:
    """A new subscription of this chat; what it will bring and when is said at once.

    In a thread of a forum, it is the forum's unless ``place=here`` says otherwise.
    """
    given = dict(request.arguments)
    if request.elsewhere and given.pop("place", "") != "me":
        return _elsewhere(request, words)
    here = given.pop("place", "") == "here"
    target = request.target if here or request.forum is None else request.forum
    existing = await desk.store.subscriptions.of(target)
    wish = parse_wish(given, desk.taxonomy, _defaults(desk, request, words))
    if resumed := await _resumed(desk, existing, wish, asked=bool(given)):
        title = words.say("answer.resumed")
        return together(panel(desk, one, request, words, title) for one in resumed)
    if twin := next((one for one in existing if brings_the_same(one.wish, wish)), None):
        return panel(desk, twin, request, words, words.say("answer.menu.already"))
    held = await desk.store.subscriptions.held(target, request.person)
    check_room(len(existing), held.named + sum(one.author == request.person for one in existing))
    return await begin(desk, target, wish, request, words)


async def begin(desk: Desk, target: Target, wish: Wish, request: Request, words: Catalog) -> Reply:
    """Make a subscription, say what it is, and have the newest digest brought at once."""
    now = desk.clock()
    place = request.place if target == request.target else ""
    added = await desk.store.subscriptions.add(
        target, wish, next_due(wish, now), request.person, now, place
    )
    missing = await _missing(desk, target, words)
    follows = None if missing else await desk.publisher.welcome(added, now)
    # What it was welcomed with, its next post does not bring again.
    added = await desk.store.subscriptions.get(added.id) or added
    after = [words.say("answer.menu.follows", day=follows)] if follows else []
    return panel(desk, added, request, words, words.say("answer.subscribed"), missing, after)


async def _missing(desk: Desk, target: Target, words: Catalog) -> list[str]:
    """What we may not do there, in a sentence; nothing where nothing is missing."""
    adapter = desk.adapters.get(target.platform)
    missing = await adapter.missing_permissions(target, words.language) if adapter else ()
    if not missing:
        return []
    names = ", ".join(f"‘{name}’" for name in missing)
    if adapter and (role := adapter.role(target)):
        return [words.say("answer.menu.allow", role=role, names=names)]
    return [words.say("answer.permissions", names=names)]


def _elsewhere(request: Request, words: Catalog) -> Reply:
    """That nothing can be posted where the bot is not, and what can be done instead."""
    to_me = Action(
        words.say("answer.menu.button.me"),
        "subscribe",
        (*request.arguments.items(), ("place", "me")),
    )
    return sentence(words, words.say("answer.menu.elsewhere"), [to_me])


async def _resumed(
    desk: Desk, existing: Sequence[Subscription], wish: Wish, *, asked: bool
) -> list[Subscription]:
    """The paused subscriptions that are meant, at work again; without words all of them are."""
    paused = [s for s in existing if s.paused and (not asked or brings_the_same(s.wish, wish))]
    return [await resume(desk, subscription) for subscription in paused]


async def resume(desk: Desk, subscription: Subscription) -> Subscription:
    """The subscription at work again."""
    due = next_due(subscription.wish, desk.clock())
    await desk.store.subscriptions.resume(subscription.id, due)
    return await desk.store.subscriptions.get(subscription.id) or subscription


async def known(desk: Desk, request: Request) -> list[Subscription]:
    """The subscriptions of this chat, and in a thread of a forum those of the forum."""
    found = await desk.store.subscriptions.of(request.target)
    return found + (await desk.store.subscriptions.of(request.forum) if request.forum else [])


def meant(existing: Sequence[Subscription], request: Request) -> Subscription | None:
    """The subscription of the number that is given, or the only one; None where it is open which.

    Raises Refusal where there is no such one.
    """
    given = request.arguments.get("number", "").strip().lstrip("#")
    if not given:
        return existing[0] if len(existing) == 1 else None
    for subscription in existing:
        if given.isdecimal() and subscription.id == int(given):
            return subscription
    if request.pressed:
        raise Refusal(Phrase("answer.menu.gone"))
    raise Refusal(Phrase("answer.no_such_subscription", given=given))


async def unsubscribe(desk: Desk, request: Request, words: Catalog) -> Reply:
    """End the subscription of this number, or the only one there is; of several, ask which."""
    existing = await known(desk, request)
    if not existing:
        gone = words.say("answer.menu.gone")
        said = words.say("answer.no_subscription")
        return beside(words, gone) if request.pressed else sentence(words, said)
    subscription = meant(existing, request)
    if subscription is None:
        actions = [ending(one, words, numbered=True) for one in existing]
        return sentence(words, words.say("answer.which"), actions)
    await desk.store.subscriptions.remove(subscription.id)
    return sentence(words, words.say("answer.unsubscribed"))


def _defaults(desk: Desk, request: Request, words: Catalog) -> Wish:
    """The operator's wish; a person alone gets it in their own language."""
    settings = desk.settings
    language = words.language if request.private else settings.digest_language
    return Wish(language, settings.digest_time, settings.digest_timezone)
