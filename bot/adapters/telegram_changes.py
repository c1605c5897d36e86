"""What updates say about chats: the bot came in or was taken out, may write or not, they moved."""

from telegram import (
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    Update,
)

from bot.adapters.base import ChatChange
from bot.adapters.telegram_errors import (
    BLOCKED,
    CHANNEL,
    PLATFORM,
    REMOVED,
    TOPIC_CLOSED,
    UNWRITABLE,
)
from bot.adapters.telegram_links import GENERAL
from core.subscription import Target


def chat_change(update: Update) -> ChatChange | None:
    """What an update says about a chat, None if nothing. Pure."""
    if update.my_chat_member:
        return _own(update.my_chat_member)
    return _told(update.message) if update.message else None


def place_of(update: Update, change: ChatChange) -> Target:
    """Where to say something about a change: of a channel, to who made it and not to its readers."""
    own = update.my_chat_member
    if own and own.chat.type == Chat.CHANNEL:
        return Target(PLATFORM, str(own.from_user.id))
    return change.to or change.target


def _own(change: ChatMemberUpdated) -> ChatChange | None:
    """The bot's own standing: whether it is in the chat, and whether it may write there."""
    chat = Target(PLATFORM, str(change.chat.id))
    language = change.from_user.language_code or ""
    was, now = change.old_chat_member, change.new_chat_member
    if change.chat.type == Chat.PRIVATE:
        if _is_in(was) == _is_in(now):
            return None
        reason = None if _is_in(now) else BLOCKED
        return ChatChange("left" if reason else "open", chat, reason, language=language)
    if not _is_in(now):
        return ChatChange("left", chat, REMOVED, language=language) if _is_in(was) else None
    wrote = _is_in(was) and _may_write(was, change.chat)
    writes = _may_write(now, change.chat)
    if writes and not wrote:
        return ChatChange("open" if _is_in(was) else "joined", chat, language=language)
    if not writes and (wrote or not _is_in(was)):
        reason = CHANNEL if change.chat.type == Chat.CHANNEL else UNWRITABLE
        return ChatChange("left", chat, reason, language=language)
    return None


def _told(message: Message) -> ChatChange | None:
    """What a service message says."""
    chat = Target(PLATFORM, str(message.chat.id))
    language = (message.from_user.language_code if message.from_user else None) or ""
    if message.migrate_to_chat_id:
        new = Target(PLATFORM, str(message.migrate_to_chat_id))
        return ChatChange("moved", chat, to=new, language=language)
    if message.migrate_from_chat_id:
        old = Target(PLATFORM, str(message.migrate_from_chat_id))
        return ChatChange("moved", old, to=chat, language=language)
    number = str(message.message_thread_id or GENERAL)
    # What is said in General bears no thread, and so do the subscriptions made there.
    alone = number == GENERAL
    topic = chat if alone else Target(PLATFORM, chat.chat, number)
    if message.forum_topic_closed or message.general_forum_topic_hidden:
        return ChatChange("left", topic, TOPIC_CLOSED, language=language, alone=alone)
    if message.forum_topic_reopened or message.general_forum_topic_unhidden:
        return ChatChange("open", topic, language=language, alone=alone)
    return None


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in {ChatMember.LEFT, ChatMember.BANNED}


def _may_write(member: ChatMember, chat: Chat) -> bool:
    """Whether a member may send messages and photos, as far as its own standing says."""
    match member:
        case ChatMemberRestricted():
            return member.can_send_messages and member.can_send_photos
        case ChatMemberAdministrator():
            return chat.type != Chat.CHANNEL or bool(member.can_post_messages)
        case _:
            return chat.type != Chat.CHANNEL or member.status == ChatMember.OWNER
