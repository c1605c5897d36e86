"""The test's hand: people who write and press, chats that change, and what the bot has sent."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from tests.emulators import telegram_chats
from tests.emulators.telegram_errors import Json
from tests.emulators.telegram_html import units
from tests.emulators.telegram_message import Message
from tests.emulators.telegram_state import Press, State
from tests.emulators.telegram_world import GENERAL, Chat, Member, User, administrator

Found = TypeVar("Found")
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{5,32})?")
_LONGEST_WAIT = 30.0
_LOOK_AGAIN = 0.1


@dataclass(slots=True)
class Asked:
    """One request as it came, and the status it got: 0 while it is open or was cut off."""

    method: str
    params: Json
    at: float
    status: int = 0
    description: str = ""


class Hand:
    """What a test does on the other side of the Bot API; the server is one."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.world = state.world
        self.requests: list[Asked] = []
        self._news = asyncio.Event()

    def changed(self) -> None:
        """Wake those that wait."""
        self._news.set()

    async def wait_for(
        self, predicate: Callable[[], Found], *, within: float = _LONGEST_WAIT
    ) -> Found:
        """What the predicate returns as soon as it is true.

        It is asked after every request and every tenth of a second.

        Raises AssertionError, with the last requests, when it stays false for ``within`` seconds.
        """
        try:
            async with asyncio.timeout(within):
                while not (found := predicate()):
                    self._news.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), _LOOK_AGAIN)
        except TimeoutError:
            last = [f"{one.method} {one.status} {one.description}" for one in self.requests[-10:]]
            raise AssertionError(f"still waiting after {within} s; last requests: {last}") from None
        return found

    async def wait_polling(self) -> None:
        """Return when the bot has a getUpdates open."""
        await self.wait_for(lambda: self.state.updates.pollers)

    def messages(self, chat: Chat | int, *, thread: int | None = None) -> list[Message]:
        """What the bot has sent to the chat (to this topic) and not deleted, oldest first."""
        found = [one for one in self.chat(chat).visible() if one.by_bot and _content(one)]
        return [one for one in found if thread is None or one.thread == thread]

    def chat(self, chat: Chat | int) -> Chat:
        """The chat of an id."""
        return chat if isinstance(chat, Chat) else self.world.chats[chat]

    async def say(
        self,
        chat: Chat | int,
        user: User,
        text: str,
        thread: int | None = None,
        *,
        reply_to: Message | None = None,
        anonymous: bool = False,
    ) -> Message:
        """A person writes; in a channel it is a post, ``anonymous`` it is the group itself."""
        room = self.chat(chat)
        if room.type == "private":
            self.unblock(user)
            room.started = True
        body: Json = {"text": text}
        if entities := commands_in(text):
            body["entities"] = entities
        if thread is not None and thread != GENERAL:
            body |= self.world.in_topic(room, room.topics[thread])
        if reply_to:
            body["reply_to_message"] = reply_to.bare()
        message = self.world.add(room, self.world.anonymous if anonymous else user, body)
        if self._hears(room, message):
            kind = "channel_post" if room.type == "channel" else "message"
            self.state.updates.add(kind, dict(message.json))
        self.changed()
        return message

    def _hears(self, chat: Chat, message: Message) -> bool:
        """Whether privacy mode lets the bot see it (core.telegram.org/bots/features)."""
        own = self.state.own(chat)
        if own.status in {"left", "kicked"}:
            return False
        if chat.type in {"private", "channel"} or not self.state.privacy:
            return True
        named = f"@{self.world.bot.username}".lower()
        calls = [one.lower() for one in _COMMAND.findall(message.text)]
        answered = self.world.chats[chat.id].messages.get(message.reply_to or 0)
        return (
            own.status == "administrator"
            or any("@" not in one or one.endswith(named) for one in calls)
            or named in message.text.lower()
            or bool(answered and answered.by_bot)
        )

    def press(self, message: Message, button: str, user: User) -> Press:
        """A person presses the button with this callback data or label. Raises LookupError."""
        buttons = [one for one in message.buttons if "callback_data" in one]
        found = [one for one in buttons if button in {one["callback_data"], one["text"]}]
        if message.deleted or not found:
            labels = [one["text"] for one in message.buttons]
            raise LookupError(f"no button {button!r} on message {message.id}: {labels}")
        number = str(4_000_000_000_000 + len(self.state.presses))
        press = Press(number, message, found[0]["callback_data"])
        self.state.presses[number] = press
        query = {
            "id": number,
            "from": user.json(),
            "message": dict(message.json),
            "chat_instance": self.world.chat_instance(self.chat(message.chat_id)),
            "data": press.data,
        }
        self.state.updates.add("callback_query", query)
        self.changed()
        return press

    def block(self, user: User) -> None:
        """The person blocks the bot."""
        self._in_private(user, "kicked")

    def unblock(self, user: User) -> None:
        """The person takes the bot back."""
        self._in_private(user, "member")

    def _in_private(self, user: User, status: str) -> None:
        chat = self.world.private(user)
        if self.state.own(chat).status != status:
            self._stand(chat, Member(self.world.bot, status), user)

    def deactivate(self, user: User) -> None:
        """The person's account is gone."""
        user.deactivated = True

    def add_bot(self, chat: Chat, by: User) -> None:
        """The bot is put into the chat; a group also shows a service message."""
        self._stand(chat, Member(self.world.bot), by)
        if chat.type in {"group", "supergroup"}:
            body = {"new_chat_members": [self.world.bot.json()]}
            self.state.updates.add("message", self.world.add(chat, by, body).json)

    def remove_bot(self, chat: Chat, by: User, *, kicked: bool = True) -> None:
        """The bot is thrown out; not ``kicked``, it is only no member any more."""
        self._stand(chat, Member(self.world.bot, "kicked" if kicked else "left"), by)

    def promote_bot(self, chat: Chat, by: User, *rights: str) -> None:
        """The bot becomes an administrator with these rights, all by default."""
        self._stand(chat, administrator(self.world.bot, chat, rights or None), by)

    def demote_bot(self, chat: Chat, by: User) -> None:
        """The bot is an administrator no more."""
        self._stand(chat, Member(self.world.bot), by)

    def restrict_bot(self, chat: Chat, by: User, *left: str) -> None:
        """The bot may do only what is left to it."""
        self._stand(chat, Member(self.world.bot, "restricted", frozenset(left)), by)

    def set_member(self, chat: Chat, user: User, status: str, *, by: User | None = None) -> None:
        """A person becomes member, administrator, left or kicked."""
        new = administrator(user, chat) if status == "administrator" else Member(user, status)
        self._stand(chat, new, by or user)

    def _stand(self, chat: Chat, member: Member, by: User) -> None:
        telegram_chats.stand(self.state, chat, member, by=by.id)
        self.changed()

    def delete_chat(self, chat: Chat) -> None:
        """The owner deletes the group."""
        chat.deleted = True

    def upgrade(self, chat: Chat, by: User) -> Chat:
        """The group becomes a supergroup, which is returned; both get their service message."""
        new = self.world.group(chat.title, username=chat.username)
        new.members, new.permissions = dict(chat.members), set(chat.permissions)
        chat.migrated_to = new.id
        there = self.world.add(chat, by, {"migrate_to_chat_id": new.id})
        here = self.world.add(new, by, {"migrate_from_chat_id": chat.id})
        for message in (there, here):
            self.state.updates.add("message", message.json)
        self.changed()
        return new

    def close_topic(self, chat: Chat, thread: int, by: User, *, closed: bool = True) -> None:
        """Someone closes or reopens the topic; the bot hears of it."""
        topic = chat.topics[thread]
        json = telegram_chats.set_closed(self.state, chat, topic, by, closed=closed)
        self.state.updates.add("message", json)
        self.changed()

    def hide_general(self, chat: Chat, by: User, *, hidden: bool = True) -> None:
        """Someone hides the General topic, which closes it, or shows it again."""
        chat.general_closed = hidden
        name = f"general_forum_topic_{'hidden' if hidden else 'unhidden'}"
        self.state.updates.add("message", self.world.add(chat, by, {name: {}}).json)
        self.changed()

    def delete_topic(self, chat: Chat, thread: int) -> None:
        """Someone deletes the topic: the real server tells the bot nothing."""
        telegram_chats.remove_topic(chat, chat.topics[thread])


def _content(message: Message) -> bool:
    return bool({"text", "photo"} & message.json.keys())


def commands_in(text: str) -> list[Json]:
    """The bot_command entities of a text, their places in UTF-16 units."""
    return [
        {
            "type": "bot_command",
            "offset": units(text[: found.start()]),
            "length": units(found[0]),
        }
        for found in _COMMAND.finditer(text)
    ]
