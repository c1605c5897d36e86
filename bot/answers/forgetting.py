"""Forgetting: what is stored about a chat or a person is named, and deleted when they say so."""

from bot.adapters.base import Reply, Request
from bot.answers.desk import Desk
from bot.answers.shape import answer, buttons, sentence
from core.blocks import Action, Block, Items, Paragraph, Text
from core.i18n import Catalog
from storage.subscriptions import Held

_YES = frozenset({"yes", "true", "confirm", "1", "예", "네", "확인"})


async def forget(desk: Desk, request: Request, words: Catalog) -> Reply:
    """Delete what is stored about this chat, in private about this person too; asks first."""
    # In a group who asks speaks for the group: what they made elsewhere is their own affair.
    person = request.person if request.private else ""
    store = desk.store.subscriptions
    if request.arguments.get("confirm", "").strip().casefold() in _YES:
        held = await store.forget(request.target, person)
        return answer(words, words.say("answer.forget.done"), _told(held, words))
    held = await store.held(request.target, person)
    lines = _lines(held, words)
    if not lines:
        return sentence(words, words.say("answer.forget.nothing"))
    asked = "answer.forget.private" if request.private else "answer.forget.group"
    button = Action(
        words.say("answer.button.forget"), "forget", (("confirm", "yes"),), in_place=True
    )
    blocks: list[Block] = [
        *_told(held, words),
        Paragraph((Text(words.say("answer.forget.kept")),)),
        *buttons([button]),
    ]
    return answer(words, words.say(asked), blocks)


def _told(held: Held, words: Catalog) -> list[Block]:
    lines = _lines(held, words)
    if not lines:
        return [Paragraph((Text(words.say("answer.forget.nothing")),))]
    return [Items(tuple((Text(line),) for line in lines))]


def _lines(held: Held, words: Catalog) -> list[str]:
    """How many there are of each thing that is stored."""
    counts = {
        "subscriptions": held.subscriptions,
        "deliveries": held.deliveries,
        "missed": held.missed,
        "named": held.named,
    }
    return [
        words.say(f"answer.forget.held.{name}", count=count)
        for name, count in counts.items()
        if count
    ]
