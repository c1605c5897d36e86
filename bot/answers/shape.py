"""How an answer is put: a title, some blocks, perhaps buttons."""

from collections.abc import Sequence
from dataclasses import replace

from bot.adapters.base import Reply
from core.blocks import Action, Actions, Block, Message, Paragraph, Post, Text
from core.i18n import Catalog

PART = "answer"
COLOUR = "#5865f2"


def answer(words: Catalog, title: str, blocks: Sequence[Block], *, day: str = "") -> Reply:
    """A reply of one message."""
    message = Message(PART, title, COLOUR, tuple(blocks))
    return Reply(Post(day, words.language, message))


def sentence(words: Catalog, text: str, actions: Sequence[Action] = ()) -> Reply:
    """A reply of a sentence or two, with buttons below where there is something to do."""
    blocks: list[Block] = [Paragraph((Text(line),)) for line in text.split("\n") if line]
    return answer(words, "", [*blocks, *buttons(actions)])


def buttons(actions: Sequence[Action]) -> list[Block]:
    """The block of these actions, none for none."""
    return [Actions(tuple(actions))] if actions else []


def with_actions(message: Message, actions: Sequence[Action]) -> Message:
    """The message with these buttons below."""
    return replace(message, blocks=(*message.blocks, *buttons(actions)))
