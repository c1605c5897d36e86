"""What people write and press, in the words of the program. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import CallbackQuery, Chat, ChatMember, Message

from bot.adapters.base import Command, Request
from bot.adapters.telegram_asking import answered
from bot.adapters.telegram_buttons import decode
from bot.adapters.telegram_errors import PLATFORM
from core.subscription import Target

# A command may be addressed to one bot among several: /digest@paperround_bot cv.
_COMMAND = re.compile(r"/(?P<name>\w{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<line>.*))?", re.DOTALL)
_HELP = "help"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and what it takes to answer it.

    ``reply_to`` is the message that the answer stands under, empty where it needs none, ``place``
    the one whose place it takes; ``member`` is who must be asked about before it is known whether
    a group is theirs to manage, and ``name`` what they are called there.
    """

    request: Request
    reply_to: str = ""
    member: int | None = None
    place: str = ""
    name: str = ""


def written(message: Message, username: str, table: Sequence[Command]) -> Asked | None:
    """The command in a message; None for what is said to others and, in groups, for chatter."""
    if message.from_user is None or message.is_automatic_forward:
        return None
    said = _said(message, username, table)
    if said is None:
        return None
    name, line, arguments = said
    # Who writes in the group's own name is one of its administrators, and nobody else can.
    anonymous = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    private = _is_private(message.chat)
    request = Request(
        command=name,
        target=_target(message.chat, message),
        # All who write as a chat have one and the same user behind them.
        person=str((message.sender_chat or message.from_user).id),
        arguments=arguments,
        line=line,
        language=message.from_user.language_code or "",
        private=private,
        manager=anonymous or private,
        place=message.chat.title or "",
        alone=private,
    )
    # A channel that writes here has no member behind it that could be asked about.
    ask = message.sender_chat is None and not request.manager
    return Asked(request, str(message.message_id), message.from_user.id if ask else None)


def _said(
    message: Message, username: str, table: Sequence[Command]
) -> tuple[str, str, dict[str, str]] | None:
    """The command, its line, and what answers a question instead of that."""
    found = _COMMAND.fullmatch((message.text or "").strip())
    if found is None:
        reply = answered(message, username)
        known = reply and any(reply[0] == command.name for command in table)
        return (reply[0], "", reply[1]) if reply and known else None
    if (found["bot"] or username).lower() != username.lower():
        return None
    name = _known(found["name"].lower(), message.chat, table)
    return (name, (found["line"] or "").strip(), {}) if name else None


def pressed(query: CallbackQuery) -> Asked | None:
    """The command of a button, known or not; None where there is no message that it stands under."""
    message = query.message
    if message is None:
        return None
    press = decode(query.data or "")
    private = _is_private(message.chat)
    request = Request(
        command=press.command,
        target=_target(message.chat, message if isinstance(message, Message) else None),
        person=str(query.from_user.id),
        arguments=press.arguments,
        language=query.from_user.language_code or "",
        private=private,
        manager=private,
        place=message.chat.title or "",
        pressed=True,
        asks=press.asks,
        alone=private,
    )
    # A person sees what they pressed; in a group others would not.
    number = str(message.message_id)
    return Asked(
        request,
        "" if private else number,
        None if private else query.from_user.id,
        number if press.in_place else "",
        query.from_user.first_name,
    )


def posted(message: Message, username: str, table: Sequence[Command]) -> Asked | None:
    """The command that a channel's post is: only its administrators post there."""
    found = _COMMAND.fullmatch((message.text or "").strip())
    if found is None or (found["bot"] or username).lower() != username.lower():
        return None
    name = _known(found["name"].lower(), message.chat, table)
    if name is None or message.chat.type != Chat.CHANNEL:
        return None
    request = Request(
        command=name,
        target=_target(message.chat),
        # Who of them it was Telegram does not tell.
        person=str(message.chat.id),
        line=(found["line"] or "").strip(),
        manager=True,
        place=message.chat.title or "",
    )
    return Asked(request, str(message.message_id))


def _known(name: str, chat: Chat, table: Sequence[Command]) -> str | None:
    """The command if it is one, else help for a person and nothing in a group."""
    if any(name == command.name for command in table):
        return name
    return _HELP if _is_private(chat) else None


def _target(chat: Chat, message: Message | None = None) -> Target:
    """The chat, or the topic that the message is in: answers have threads that are no topics."""
    if message is None or not message.is_topic_message:
        return Target(PLATFORM, str(chat.id))
    return Target(PLATFORM, str(chat.id), str(message.message_thread_id or ""))


def _is_private(chat: Chat) -> bool:
    return chat.type == Chat.PRIVATE


def is_manager(member: ChatMember) -> bool:
    """Whether a member manages the chat."""
    return member.status in {ChatMember.OWNER, ChatMember.ADMINISTRATOR}
