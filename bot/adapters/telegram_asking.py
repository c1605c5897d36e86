"""A line of text that a person is asked for: the message that asks, and the answer to it.

Telegram has no form: a message asks to be replied to (ForceReply), and the reply comes back with
the message that it answers. That message shows the command to be typed instead, by which it is
known also after a restart: nothing has to be remembered.
"""

import re
from dataclasses import replace

from telegram import Message as Sent
from telegram import MessageEntity

from bot.adapters.telegram_text import Mention
from core.blocks import Action, Actions, Code, Message, Paragraph, Post, Span, Text
from core.i18n import catalog
from core.render.tidy import one_line

# core.telegram.org/bots/api#forcereply
_PLACEHOLDER = 64
_LINE = re.compile(r"/(?P<command>\w{1,32})(?P<arguments>(?: \w+=[^\s=]+)*) (?P<option>\w+)=…")
_SAYABLE = re.compile(r"[^\s=]+")


def asked_in(message: Message) -> Action | None:
    """The only action of a message, if it asks for a line that can be typed as well."""
    found = [
        action for block in message.blocks if isinstance(block, Actions) for action in block.actions
    ]
    if len(found) != 1 or found[0].asks is None:
        return None
    values = (value for _, value in found[0].arguments)
    return found[0] if all(map(_SAYABLE.fullmatch, values)) else None


def question(message: Message, action: Action, language: str) -> Message:
    """The message with the way to answer in the place of its button."""
    words = catalog(language)
    spans: list[Span] = [Text(words.say("answer.menu.reply")), Text(" "), Code(line_of(action))]
    if action.asks and action.asks.empty:
        spans.append(Text(f" {words.say('answer.menu.nothing', sign=action.asks.empty)}"))
    blocks = tuple(block for block in message.blocks if not isinstance(block, Actions))
    return replace(message, blocks=(*blocks, Paragraph(tuple(spans))))


def called(post: Post, name: str, person: str) -> Post:
    """A post that asks with the name of whom it asks: for nobody else the field opens then."""
    if asked_in(post.parent) is None:
        return post
    mention = Mention(name or "…", f"tg://user?id={person}")
    parent = replace(post.parent, blocks=(Paragraph((mention,)), *post.parent.blocks))
    return replace(post, parent=parent)


def placeholder(action: Action) -> str:
    """What stands in the field before anything is written there."""
    if action.asks is None:
        return ""
    said = one_line(action.asks.value or action.asks.label).strip()
    return said[:_PLACEHOLDER].strip() or "…"


def line_of(action: Action) -> str:
    """The command as it would be typed, up to what is asked for: ``/search words=…``."""
    arguments = (f"{name}={value}" for name, value in action.arguments)
    asked = f"{action.asks.option}=…" if action.asks else ""
    return " ".join((f"/{action.command}", *arguments, asked)).strip()


def answered(message: Sent, username: str) -> tuple[str, dict[str, str]] | None:
    """The command with its arguments, where the message answers a question of the bot's."""
    asking, said = message.reply_to_message, (message.text or "").strip()
    if asking is None or asking.from_user is None or not said:
        return None
    if (asking.from_user.username or "").lower() != username.lower():
        return None
    for code in asking.parse_entities([MessageEntity.CODE]).values():
        if found := _LINE.fullmatch(code):
            pairs = (pair.partition("=") for pair in found["arguments"].split())
            arguments = {name: value for name, _, value in pairs}
            return found["command"].lower(), arguments | {found["option"]: said}
    return None
