"""How an answer is put: a title, some blocks, perhaps buttons."""

from collections.abc import Iterable, Sequence
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


def beside(words: Catalog, text: str) -> Reply:
    """A sentence to who pressed, which changes nothing."""
    return replace(sentence(words, text), beside=True)


def question(words: Catalog, action: Action, text: str = "") -> Reply:
    """A reply that asks for the line of text which the action wants."""
    ask = action.asks
    said = [text or (ask.label if ask else "")]
    if ask and ask.value:
        said.append(words.say("answer.menu.now", value=ask.value))
    return sentence(words, "\n".join(said), [action])


def together(replies: Iterable[Reply]) -> Reply:
    """Several replies as one of several messages. Raises ValueError for none."""
    first, *others = replies
    messages = tuple(
        replace(reply.post.parent, part=f"{PART}-{number}")
        for number, reply in enumerate(others, 2)
    )
    return replace(first, post=replace(first.post, replies=messages))


def buttons(actions: Sequence[Action]) -> list[Block]:
    """The block of these actions, none for none."""
    return [Actions(tuple(actions))] if actions else []


def with_actions(message: Message, actions: Sequence[Action]) -> Message:
    """The message with these buttons below."""
    return replace(message, blocks=(*message.blocks, *buttons(actions)))
