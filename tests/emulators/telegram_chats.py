"""What the bot asks and does about chats: members, forum topics, leaving."""

from tests.emulators.telegram_errors import Json, bad
from tests.emulators.telegram_message import Topic
from tests.emulators.telegram_spec import need
from tests.emulators.telegram_state import State
from tests.emulators.telegram_world import GENERAL, PERMISSIONS, Chat, Member, User

_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note".split()
)
_COLORS = {7322096, 16766590, 13338331, 9367192, 16749490, 16478047}
_NAME_LIMIT = 128


def get_chat(state: State, params: Json) -> Json:
    """A ChatFullInfo object."""
    chat = state.readable(need(params, "chat_id"))
    gifts = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"]
    full: Json = chat.json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys([*gifts, "gifts_from_channels"], False),
    }
    if chat.type in {"group", "supergroup"}:
        full["permissions"] = {name: name in chat.permissions for name in PERMISSIONS}
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]].json
    return full


def get_chat_member(state: State, params: Json) -> Json:
    """How a user stands in a chat."""
    chat = state.readable(need(params, "chat_id"))
    number = need(params, "user_id")
    lead = state.own(chat).status == "administrator"
    if chat.type == "channel" and not lead and number != state.world.bot.id:
        raise bad("member list is inaccessible")
    if number in chat.members:
        return chat.members[number].json(chat.type)
    if number not in state.world.users:
        raise bad("invalid user_id specified")
    return Member(state.world.users[number], "left").json(chat.type)


def get_chat_administrators(state: State, params: Json) -> list[Json]:
    """The owner and the administrators, without bots other than this one."""
    chat = state.readable(need(params, "chat_id"))
    if chat.type == "private":
        raise bad("there are no administrators in the private chat")
    lead = {"creator", "administrator"}
    return [one.json(chat.type) for one in chat.members.values() if one.status in lead]


def get_chat_member_count(state: State, params: Json) -> int:
    """How many are in the chat."""
    chat = state.readable(need(params, "chat_id"))
    return sum(one.status not in {"left", "kicked"} for one in chat.members.values())


def leave_chat(state: State, params: Json) -> bool:
    """The bot goes."""
    chat = state.entered(need(params, "chat_id"))
    if chat.type == "private":
        raise bad("chat not found")
    stand(state, chat, Member(state.world.bot, "left"), by=state.world.bot.id)
    return True


def stand(state: State, chat: Chat, new: Member, *, by: int) -> None:
    """Change how someone stands in a chat, with the update the bot gets."""
    old = chat.members.get(new.user.id) or Member(new.user, "left")
    chat.members[new.user.id] = new
    kind = "my_chat_member" if new.user is state.world.bot else "chat_member"
    sees = kind == "my_chat_member" or state.own(chat).status == "administrator"
    if sees:
        change = {
            "chat": chat.json(),
            "from": state.world.users[by].json(),
            "date": int(state.world.clock()),
            "old_chat_member": old.json(chat.type),
            "new_chat_member": new.json(chat.type),
        }
        state.updates.add(kind, change)


def send_chat_action(state: State, params: Json) -> bool:
    """A status such as ``typing``; it is recorded."""
    chat = state.writable(need(params, "chat_id"), "can_send_messages", "text messages")
    if need(params, "action") not in _ACTIONS:
        raise bad("wrong parameter action in request")
    state.topic(chat, params.get("message_thread_id"))
    state.actions.append(params)
    return True


def _forum(state: State, params: Json) -> Chat:
    chat = state.entered(need(params, "chat_id"))
    if not chat.forum:
        raise bad("the chat is not a forum")
    if not (state.may(chat, "can_manage_topics") or _members_may(state, chat)):
        raise bad("not enough rights to create a topic")
    return chat


def _members_may(state: State, chat: Chat) -> bool:
    return state.own(chat).status != "administrator" and "can_manage_topics" in chat.permissions


def create_topic(state: State, params: Json) -> Json:
    """A new topic, a ForumTopic object."""
    chat = _forum(state, params)
    name = need(params, "name").strip()
    if not 1 <= len(name) <= _NAME_LIMIT:
        raise bad("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    color = params.get("icon_color", 7322096)
    if color not in _COLORS:
        raise bad("invalid topic icon color specified")
    topic = state.world.topic(chat, name)
    topic.icon_color = color
    return {"message_thread_id": topic.id, "name": name, "icon_color": color}


def _topic(state: State, params: Json) -> tuple[Chat, Topic]:
    chat = _forum(state, params)
    number = need(params, "message_thread_id")
    topic = chat.topics.get(number)
    if number == GENERAL or topic is None or topic.deleted:
        raise bad("TOPIC_ID_INVALID")
    return chat, topic


def close_topic(state: State, params: Json) -> bool:
    """Only those who manage topics may write there."""
    set_closed(state, *_topic(state, params), state.world.bot, closed=True)
    return True


def reopen_topic(state: State, params: Json) -> bool:
    """Everyone may write there again."""
    set_closed(state, *_topic(state, params), state.world.bot, closed=False)
    return True


def set_closed(state: State, chat: Chat, topic: Topic, by: User, *, closed: bool) -> Json:
    """Close or reopen, with the service message, which is returned."""
    if topic.closed == closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    name = "forum_topic_closed" if closed else "forum_topic_reopened"
    body = {name: {}, "message_thread_id": topic.id, "is_topic_message": True}
    return state.world.add(chat, by, body).json


def delete_topic(state: State, params: Json) -> bool:
    """The topic and its messages gone."""
    chat, topic = _topic(state, params)
    remove_topic(chat, topic)
    return True


def remove_topic(chat: Chat, topic: Topic) -> None:
    """Take a topic away with its messages."""
    topic.deleted = True
    for message in chat.messages.values():
        message.deleted = message.deleted or message.thread == topic.id


def close_general(state: State, params: Json) -> bool:
    """Close the General topic."""
    chat = _forum(state, params)
    chat.general_closed = True
    return True


def reopen_general(state: State, params: Json) -> bool:
    """Reopen the General topic."""
    chat = _forum(state, params)
    chat.general_closed = False
    return True
