"""Edits and deletions of messages, pins, and the answers to pressed buttons."""

from tests.emulators.telegram_errors import Json, bad
from tests.emulators.telegram_message import Message
from tests.emulators.telegram_rules import check_keyboard
from tests.emulators.telegram_send import body_text, caption_fields, caption_text, text_fields
from tests.emulators.telegram_spec import need
from tests.emulators.telegram_state import LATE, State
from tests.emulators.telegram_world import Chat

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_TWO_DAYS = 48 * 3600
_ANSWER_LIMIT = 200


def edit_text(state: State, params: Json) -> Json:
    """A new text; without ``reply_markup`` the keyboard goes."""
    message = _editable(state, params)
    if "text" not in message.json:
        raise bad("there is no text in the message to edit")
    text = text_fields(body_text(state, params))
    if options := params.get("link_preview_options"):
        text["link_preview_options"] = options
    return _changed(state, message, {"text", "entities", "link_preview_options"}, text, params)


def edit_caption(state: State, params: Json) -> Json:
    """A new caption, or none."""
    message = _editable(state, params)
    if "photo" not in message.json:
        raise bad("there is no caption in the message to edit")
    caption = caption_fields(caption_text(state, params))
    return _changed(state, message, {"caption", "caption_entities"}, caption, params)


def edit_markup(state: State, params: Json) -> Json:
    """A new keyboard, or none."""
    return _changed(state, _editable(state, params), set(), {}, params)


def _editable(state: State, params: Json) -> Message:
    if "inline_message_id" in params:
        raise bad("MESSAGE_ID_INVALID")
    chat = state.entered(need(params, "chat_id"))
    message = state.message(chat, need(params, "message_id"), "message to edit not found")
    allowed = chat.type == "channel" and state.may(chat, "can_edit_messages")
    service = not ({"text", "photo"} & message.json.keys())
    if service or not (message.by_bot or allowed):
        raise bad("message can't be edited")
    return message


def _changed(state: State, message: Message, names: set[str], new: Json, params: Json) -> Json:
    markup = params.get("reply_markup")
    check_keyboard(markup)
    names = names | {"reply_markup"}
    if (markup or {}).get("inline_keyboard"):
        new = new | {"reply_markup": markup}
    old = {name: message.json[name] for name in names if name in message.json}
    if old == new:
        raise bad(_SAME)
    state.take_flood(state.chat(message.chat_id))
    message.edits.append(old)
    for name in old:
        del message.json[name]
    message.json.update(new)
    message.json["edit_date"] = int(state.world.clock())
    return message.json


def delete_message(state: State, params: Json) -> bool:
    """One message gone for everyone."""
    chat = state.entered(need(params, "chat_id"))
    number = need(params, "message_id")
    message = state.message(chat, number, "message to delete not found")
    _check_deletable(state, chat, message)
    message.deleted = True
    return True


def delete_messages(state: State, params: Json) -> bool:
    """Several messages gone; those not found are passed over."""
    chat = state.entered(need(params, "chat_id"))
    found = [chat.messages[n] for n in need(params, "message_ids") if n in chat.messages]
    for message in found:
        _check_deletable(state, chat, message)
    for message in found:
        message.deleted = True
    return True


def _check_deletable(state: State, chat: Chat, message: Message) -> None:
    manages = state.may(chat, "can_delete_messages")
    if not (message.by_bot or chat.type == "private" or manages):
        raise bad("message can't be deleted")
    old = state.world.clock() - message.json["date"] > _TWO_DAYS
    if old and not (manages and chat.type != "group"):
        raise bad("message can't be deleted for everyone")


def pin(state: State, params: Json) -> bool:
    """Pin a message, with its service message."""
    chat = state.entered(need(params, "chat_id"))
    free = chat.type == "private"
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    if not (free or state.may(chat, right)):
        raise bad("not enough rights to manage pinned messages in the chat")
    message = state.message(chat, need(params, "message_id"), "message to pin not found")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        body: Json = {"pinned_message": message.json}
        if message.thread:
            body |= {"message_thread_id": message.thread, "is_topic_message": True}
        state.world.add(chat, state.world.bot, body)
    return True


def unpin(state: State, params: Json) -> bool:
    """Unpin a message, the newest by default."""
    chat = state.entered(need(params, "chat_id"))
    number = params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if number not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(number)
    return True


def answer_callback_query(state: State, params: Json) -> bool:
    """The answer to a pressed button."""
    press = state.presses.get(need(params, "callback_query_id"))
    if press is None:
        raise bad(LATE)
    if len(params.get("text", "")) > _ANSWER_LIMIT:
        raise bad("MESSAGE_TOO_LONG")
    press.take(params)
    return True
