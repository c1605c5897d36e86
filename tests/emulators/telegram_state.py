"""Everything the emulated Bot API remembers, and the questions every method asks of it."""

import asyncio
from dataclasses import dataclass, field

from tests.emulators.telegram_errors import ApiError, Json, bad, forbidden, too_many
from tests.emulators.telegram_flood import Flood
from tests.emulators.telegram_message import Message, Topic
from tests.emulators.telegram_updates import Updates
from tests.emulators.telegram_world import GENERAL, Chat, Member, World

LATE = "query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class Press:
    """A button pressed; ``answer`` are the parameters of the bot's answerCallbackQuery."""

    id: str
    message: Message
    data: str
    answer: Json | None = None
    expired: bool = False
    _done: asyncio.Event = field(default_factory=asyncio.Event)

    def expire(self) -> None:
        """From now on an answer is too late."""
        self.expired = True

    def take(self, answer: Json) -> None:
        """The bot's answer. Raises ApiError for a late or second one."""
        if self.expired or self.answer is not None:
            raise bad(LATE)
        self.answer = answer
        self._done.set()

    async def answered(self) -> Json:
        """Wait for the answer."""
        await self._done.wait()
        return self.answer or {}


@dataclass(slots=True)
class State:
    """One bot's Telegram."""

    token: str
    world: World
    updates: Updates
    flood: Flood | None
    privacy: bool = True
    dropped_entities: list[Json] = field(default_factory=list)
    detected: list[tuple[str, str]] = field(default_factory=list)
    presses: dict[str, Press] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    actions: list[Json] = field(default_factory=list)
    logged_out: bool = False

    def chat(self, chat_id: object) -> Chat:
        """The chat of this id or @username. Raises ApiError."""
        chats = self.world.chats
        found = chats.get(chat_id) if isinstance(chat_id, int) else self._named(str(chat_id))
        if found:
            return found
        if isinstance(chat_id, int) and chat_id in self.world.users and chat_id > 0:
            raise forbidden("bot can't initiate conversation with a user")
        raise bad("chat not found" if chat_id else "chat_id is empty")

    def _named(self, name: str) -> Chat | None:
        wanted = name.removeprefix("@").lower()
        public = (chat for chat in self.world.chats.values() if chat.type != "private")
        return next((one for one in public if (one.username or "").lower() == wanted), None)

    def own(self, chat: Chat) -> Member:
        """How the bot stands in the chat."""
        return chat.members[self.world.bot.id]

    def may(self, chat: Chat, right: str) -> bool:
        """Whether the bot is an administrator with this right."""
        own = self.own(chat)
        return own.status == "administrator" and right in own.rights

    def entered(self, chat_id: object) -> Chat:
        """A chat that the bot is in and can act in. Raises ApiError."""
        chat = self.chat(chat_id)
        if chat.user:
            if chat.user.deactivated:
                raise forbidden("user is deactivated")
            if self.own(chat).status == "kicked":
                raise forbidden("bot was blocked by the user")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
            return chat
        if chat.migrated_to:
            words = "group chat was upgraded to a supergroup chat"
            raise bad(words, migrate_to_chat_id=chat.migrated_to)
        if chat.deleted:
            raise forbidden(f"the {chat.type} chat was deleted")
        status = self.own(chat).status
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if status == "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def readable(self, chat_id: object) -> Chat:
        """A chat that the bot may look at, which every person's is. Raises ApiError."""
        chat = self.chat(chat_id)
        return chat if chat.user else self.entered(chat_id)

    def writable(self, chat_id: object, right: str, what: str) -> Chat:
        """A chat that the bot may send ``what`` to. Raises ApiError."""
        chat = self.entered(chat_id)
        if chat.type == "channel" and not self.may(chat, "can_post_messages"):
            raise bad("need administrator rights in the channel chat")
        own = self.own(chat)
        barred = right not in chat.permissions or (
            own.status == "restricted" and right not in own.rights
        )
        if chat.type in {"group", "supergroup"} and own.status != "administrator" and barred:
            raise bad(f"not enough rights to send {what} to the chat")
        return chat

    def topic(self, chat: Chat, thread: int | None) -> Topic | None:
        """The topic to send to, None for General and chats without any. Raises ApiError."""
        if thread is None:
            if chat.forum and chat.general_closed and not self.may(chat, "can_manage_topics"):
                raise bad("TOPIC_CLOSED")
            return None
        topic = chat.topics.get(thread)
        if thread == GENERAL or topic is None or topic.deleted:
            raise bad("message thread not found")
        if topic.closed and not self.may(chat, "can_manage_topics"):
            raise bad("TOPIC_CLOSED")
        return topic

    def take_flood(self, chat: Chat, count: int = 1) -> None:
        """Count messages against the limits. Raises ApiError (429)."""
        if self.flood and (seconds := self.flood.take(chat.id, count)):
            raise too_many(seconds)

    def message(self, chat: Chat, number: object, words: str) -> Message:
        """The message of the chat. Raises ApiError with ``words``."""
        found = chat.messages.get(number) if isinstance(number, int) else None
        if found is None or found.deleted:
            raise bad(words)
        return found

    def living(self) -> None:
        """Raise ApiError if the bot has logged out."""
        if self.logged_out:
            raise ApiError(400, "Logged out")
