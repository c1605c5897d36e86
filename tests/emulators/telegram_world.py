"""Who and what exists on the emulated Telegram: users, chats, topics, messages, files."""

import itertools
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from tests.emulators.telegram_errors import Json
from tests.emulators.telegram_images import StoredFile
from tests.emulators.telegram_message import Message, Topic

ChatType = Literal["private", "group", "supergroup", "channel"]
ANONYMOUS_ID = 1087968824
GENERAL = 1
RIGHTS = (
    "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories "
    "can_delete_stories"
).split()
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")
PERMISSIONS = (
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos "
    "can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages "
    "can_add_web_page_previews can_change_info can_invite_users can_pin_messages can_manage_topics"
).split()


@dataclass(slots=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    is_bot: bool = False
    username: str | None = None
    language_code: str | None = None
    deactivated: bool = False

    def json(self) -> Json:
        """A User object."""
        found: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        named = {"username": self.username, "language_code": self.language_code}
        return found | {name: value for name, value in named.items() if value}


@dataclass(slots=True)
class Member:
    """How a user stands in a chat.

    ``rights`` are an administrator's, or what is left to one who is restricted.
    """

    user: User
    status: str = "member"
    rights: frozenset[str] = frozenset()
    anonymous: bool = False

    def json(self, kind: ChatType) -> Json:
        """A ChatMember object."""
        found: Json = {"status": self.status, "user": self.user.json()}
        if self.status == "creator":
            return found | {"is_anonymous": self.anonymous}
        if self.status == "kicked":
            return found | {"until_date": 0}
        if self.status == "restricted":
            left = {name: name in self.rights for name in PERMISSIONS}
            more = dict.fromkeys(("can_react_to_messages", "can_edit_tag"), False)
            return found | left | more | {"is_member": True, "until_date": 0}
        if self.status != "administrator":
            return found
        known = (*RIGHTS, *(CHANNEL_RIGHTS if kind == "channel" else GROUP_RIGHTS))
        found |= {"can_be_edited": False, "is_anonymous": self.anonymous}
        return found | {name: name in self.rights for name in known}


@dataclass(slots=True)
class Chat:
    """A conversation. In a private one ``started`` is whether the person has written first."""

    id: int
    type: ChatType
    title: str = ""
    username: str | None = None
    forum: bool = False
    user: User | None = None
    started: bool = True
    deleted: bool = False
    migrated_to: int | None = None
    general_closed: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    permissions: set[str] = field(default_factory=lambda: set(PERMISSIONS))

    def json(self) -> Json:
        """A Chat object."""
        found: Json = {"id": self.id, "type": self.type}
        if self.user:
            found["first_name"] = self.user.first_name
            name = self.user.username
        else:
            found["title"] = self.title
            name = self.username
        if name:
            found["username"] = name
        return found | ({"is_forum": True} if self.forum else {})

    def visible(self) -> list[Message]:
        """The messages not deleted, oldest first."""
        return [one for one in self.messages.values() if not one.deleted]


class World:
    """Everything there is. ``clock`` gives the seconds that messages are dated with."""

    def __init__(self, bot: User, clock: Callable[[], float]) -> None:
        self.bot = bot
        self.clock = clock
        self.anonymous = User(ANONYMOUS_ID, "Group", is_bot=True, username="GroupAnonymousBot")
        self.users: dict[int, User] = {bot.id: bot, ANONYMOUS_ID: self.anonymous}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.uploads = 0
        self._user_ids = itertools.count(1001)
        self._chat_ids = itertools.count(2001)
        self._box = itertools.count(1)
        self._counters: dict[int, itertools.count[int]] = {}

    def user(
        self,
        first_name: str,
        *,
        id: int | None = None,  # noqa: A002 - Telegram's word
        username: str | None = None,
        language_code: str | None = None,
    ) -> User:
        """A new person."""
        number = id or next(n for n in self._user_ids if n not in self.users)
        self.users[number] = User(
            number, first_name, username=username, language_code=language_code
        )
        return self.users[number]

    def private(self, user: User, *, started: bool = True) -> Chat:
        """The chat of the bot with a person; not ``started``, the bot may not write first."""
        chat = Chat(user.id, "private", user=user, started=started)
        chat.members = {user.id: Member(user), self.bot.id: Member(self.bot)}
        return self.chats.setdefault(user.id, chat)

    def group(
        self,
        title: str,
        type: ChatType = "supergroup",  # noqa: A002 - Telegram's word
        *,
        id: int | None = None,  # noqa: A002 - Telegram's word
        username: str | None = None,
        members: Iterable[User] = (),
        admins: Iterable[User] = (),
        anonymous: Iterable[User] = (),
        topics: Iterable[str] = (),
        forum: bool = False,
        bot: str | Iterable[str] = "member",
    ) -> Chat:
        """A group, supergroup, forum or channel.

        ``bot`` is the bot's status, or its rights as an administrator; ``anonymous`` are
        administrators too; a forum has ``topics``.
        """
        plain = -next(self._chat_ids)
        chat = Chat(id or (plain if type == "group" else plain - 10**12), type, title, username)
        chat.forum = forum or bool(topics)
        self.chats[chat.id] = chat
        for user in members:
            chat.members[user.id] = Member(user)
        hidden = list(anonymous)
        for user in (*admins, *hidden):
            chat.members[user.id] = administrator(user, chat)
            chat.members[user.id].anonymous = user in hidden
        chat.members[self.bot.id] = (
            Member(self.bot, bot)
            if isinstance(bot, str) and bot != "administrator"
            else administrator(self.bot, chat, None if isinstance(bot, str) else bot)
        )
        for name in topics:
            self.topic(chat, name)
        return chat

    def topic(self, chat: Chat, name: str) -> Topic:
        """A new topic of a forum, with its service message."""
        color = 7322096
        made = {"forum_topic_created": {"name": name, "icon_color": color}}
        number = self.next_id(chat)
        topic = Topic(number, name, color)
        chat.topics[number] = topic
        body = {"message_thread_id": number, "is_topic_message": True} | made
        self.add(chat, self.bot, body, number=number)
        return topic

    def in_topic(self, chat: Chat, topic: Topic) -> Json:
        """What a message bears in a topic: like an answer to the one that made the topic."""
        return {
            "message_thread_id": topic.id,
            "is_topic_message": True,
            "reply_to_message": chat.messages[topic.id].json,
        }

    def next_id(self, chat: Chat) -> int:
        """The next message id: one count for all private chats and groups, else the chat's."""
        if chat.type in {"private", "group"}:
            return next(self._box)
        # Id 1 is the General topic's.
        return next(self._counters.setdefault(chat.id, itertools.count(2)))

    def add(
        self, chat: Chat, sender: User | None, body: Json, *, number: int | None = None
    ) -> Message:
        """Put a message in the chat; without a sender it is the chat's own."""
        head: Json = {
            "message_id": number or self.next_id(chat),
            "date": int(self.clock()),
            "chat": chat.json(),
        }
        if sender and chat.type != "channel":
            head["from"] = sender.json()
        if chat.type == "channel" or sender is self.anonymous:
            head["sender_chat"] = chat.json()
        message = Message(head | body, by_bot=sender is self.bot)
        chat.messages[message.id] = message
        return message

    def chat_instance(self, chat: Chat) -> str:
        """The number that a callback query carries for the chat."""
        return str(zlib.crc32(str(chat.id).encode()) + 2**32)


def administrator(user: User, chat: Chat, rights: Iterable[str] | None = None) -> Member:
    """An administrator with these rights, all of them by default."""
    every = (*RIGHTS, *(CHANNEL_RIGHTS if chat.type == "channel" else GROUP_RIGHTS))
    return Member(user, "administrator", frozenset(every if rights is None else rights))
