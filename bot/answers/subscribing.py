"""Answers about subscriptions: make one, see them, end one."""

from collections.abc import Sequence

from bot.adapters.base import Reply, Request
from bot.answers.desk import Desk
from bot.answers.shape import answer, sentence
from bot.due import next_due
from bot.refusal import Refusal
from bot.subscriptions import brings_the_same, check_new, check_room, describe, parse_wish
from core.blocks import Action, Actions, Block, Heading, Paragraph, Strong, Text
from core.i18n import Catalog, Phrase
from core.subscription import Subscription, Wish


async def subscribe(desk: Desk, request: Request, words: Catalog) -> Reply:
    """A new subscription of this chat; what it will bring and when is said at once."""
    existing = await desk.store.subscriptions.of(request.target)
    wish = parse_wish(request.arguments, desk.taxonomy, _defaults(desk, request, words))
    if resumed := await _resumed(desk, existing, wish, asked=bool(request.arguments)):
        found = [block for one in resumed for block in _described(desk, one, request, words)]
        return answer(words, words.say("answer.resumed"), found)
    check_room(len(existing))
    check_new(wish, (subscription.wish for subscription in existing))
    now = desk.clock()
    added = await desk.store.subscriptions.add(
        request.target, wish, next_due(wish, now), request.person, now
    )
    blocks = _described(desk, added, request, words)
    adapter = desk.adapters.get(request.target.platform)
    missing = await adapter.missing_permissions(request.target, words.language) if adapter else ()
    if missing:
        said = words.say("answer.permissions", names=", ".join(f"‘{name}’" for name in missing))
        blocks.insert(0, Paragraph((Strong(said),)))
    return answer(words, words.say("answer.subscribed"), blocks)


async def _resumed(
    desk: Desk, existing: Sequence[Subscription], wish: Wish, *, asked: bool
) -> list[Subscription]:
    """The paused subscriptions that are meant, at work again; without words all of them are."""
    paused = [s for s in existing if s.paused and (not asked or brings_the_same(s.wish, wish))]
    for subscription in paused:
        due = next_due(subscription.wish, desk.clock())
        await desk.store.subscriptions.resume(subscription.id, due)
    found = [await desk.store.subscriptions.get(subscription.id) for subscription in paused]
    return [subscription for subscription in found if subscription is not None]


async def subscriptions(desk: Desk, request: Request, words: Catalog) -> Reply:
    """Every subscription of this chat, each with its button to end it."""
    existing = await desk.store.subscriptions.of(request.target)
    if not existing:
        subscribing = Action(words.say("answer.button.subscribe"), "subscribe")
        return sentence(words, words.say("answer.no_subscription"), [subscribing])
    blocks: list[Block] = []
    for subscription in existing:
        blocks.append(Heading(words.say("answer.subscription", number=subscription.id)))
        blocks += _described(desk, subscription, request, words)
    return answer(words, words.say("answer.subscriptions"), blocks)


async def unsubscribe(desk: Desk, request: Request, words: Catalog) -> Reply:
    """End the subscription of this number, or the only one there is; of several, ask which."""
    existing = {s.id: s for s in await desk.store.subscriptions.of(request.target)}
    given = request.arguments.get("number", "").strip().lstrip("#")
    if not existing:
        return sentence(words, words.say("answer.no_subscription"))
    if not given and len(existing) > 1:
        actions = [
            _ending(subscription, words, numbered=True) for subscription in existing.values()
        ]
        return sentence(words, words.say("answer.which"), actions)
    number = int(given) if given.isdecimal() else next(iter(existing)) if not given else -1
    if number not in existing:
        raise Refusal(Phrase("answer.no_such_subscription", given=given))
    await desk.store.subscriptions.remove(number)
    return sentence(words, words.say("answer.unsubscribed"))


def _defaults(desk: Desk, request: Request, words: Catalog) -> Wish:
    """The operator's wish; a person alone gets it in their own language."""
    settings = desk.settings
    language = words.language if request.private else settings.digest_language
    return Wish(language, settings.digest_time, settings.digest_timezone)


def _described(
    desk: Desk, subscription: Subscription, request: Request, words: Catalog
) -> list[Block]:
    lines = describe(subscription.wish, desk.taxonomy, words, subscription.next_due, request.place)
    blocks: list[Block] = [Paragraph((Text(line),)) for line in lines]
    if subscription.paused:
        paused = words.say("answer.paused", reason=subscription.paused)
        blocks[-1] = Paragraph((Text(paused),))
        resume = Action(words.say("answer.button.resume"), "subscribe")
        return [*blocks, Actions((resume, _ending(subscription, words)))]
    return [*blocks, Actions((_ending(subscription, words),))]


def _ending(subscription: Subscription, words: Catalog, *, numbered: bool = False) -> Action:
    label = words.say("answer.button.unsubscribe")
    if numbered:
        label = f"{label} #{subscription.id}"
    return Action(label, "unsubscribe", (("number", str(subscription.id)),))
