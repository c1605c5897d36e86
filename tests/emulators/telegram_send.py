"""sendMessage, sendPhoto, sendMediaGroup: from checked parameters to messages in the chat."""

from typing import Any

from tests.emulators.telegram_detect import detected
from tests.emulators.telegram_errors import Json, bad
from tests.emulators.telegram_images import StoredFile, Upload, photo_sizes
from tests.emulators.telegram_message import Message
from tests.emulators.telegram_rules import (
    CAPTION_LIMIT,
    TEXT_LIMIT,
    Formatted,
    check_keyboard,
    formatted,
)
from tests.emulators.telegram_spec import need
from tests.emulators.telegram_state import State
from tests.emulators.telegram_world import Chat

_LOST_REPLY = "message to be replied not found"


def send_message(state: State, params: Json) -> Json:
    """A text."""
    chat = state.writable(need(params, "chat_id"), "can_send_messages", "text messages")
    text = body_text(state, params)
    body: Json = text_fields(text)
    if options := params.get("link_preview_options"):
        body["link_preview_options"] = options
    return _put(state, chat, params, [body])[0].json


def send_photo(state: State, params: Json) -> Json:
    """One photo, uploaded or known by its file_id."""
    chat = state.writable(need(params, "chat_id"), "can_send_photos", "photos")
    caption = caption_text(state, params)
    sizes = _photo(state, need(params, "photo"))
    body = {"photo": sizes} | caption_fields(caption)
    return _put(state, chat, params, [body])[0].json


def send_media_group(state: State, params: Json) -> list[Json]:
    """2 to 10 photos as one album."""
    chat = state.writable(need(params, "chat_id"), "can_send_photos", "photos")
    media = need(params, "media")
    if not 2 <= len(media) <= 10:
        raise bad("must include 2-10 items")
    bodies: list[Json] = []
    for item in media:
        if item.get("type") != "photo":
            raise bad(f'the emulator knows no media of type "{item.get("type")}"')
        caption = caption_text(state, item)
        source = item["media"]
        if source.startswith("attach://"):
            name = source.removeprefix("attach://")
            if name not in params:
                raise bad("wrong file identifier/HTTP URL specified")
            source = params[name]
        bodies.append({"photo": _photo(state, source)} | caption_fields(caption))
    sent = _put(state, chat, params, bodies)
    for one in sent:
        one.json["media_group_id"] = str(10**12 + sent[0].id)
    return [one.json for one in sent]


def body_text(state: State, params: Json) -> Formatted:
    """The checked text of a message. Raises ApiError."""
    given = need(params, "text")
    text = formatted(given, params.get("parse_mode"), params.get("entities"), TEXT_LIMIT)
    if not text.text:
        raise bad("message text is empty" if not given else "text must be non-empty")
    return _noted(state, text)


def caption_text(state: State, params: Json) -> Formatted:
    """The checked caption of a medium. Raises ApiError."""
    given = params.get("caption", "")
    entities = params.get("caption_entities")
    return _noted(state, formatted(given, params.get("parse_mode"), entities, CAPTION_LIMIT))


def _noted(state: State, text: Formatted) -> Formatted:
    state.dropped_entities.extend(text.dropped)
    raw = text.text.encode("utf-16-le")
    state.detected += [
        (one["type"], raw[2 * one["offset"] :][: 2 * one["length"]].decode("utf-16-le"))
        for one in detected(text.text, text.entities)
    ]
    return text


def text_fields(text: Formatted) -> Json:
    """What a text adds to a Message object."""
    return {"text": text.text} | ({"entities": text.entities} if text.entities else {})


def caption_fields(text: Formatted) -> Json:
    """What a caption adds to a Message object."""
    if not text.text:
        return {}
    return {"caption": text.text} | ({"caption_entities": text.entities} if text.entities else {})


def _photo(state: State, source: Any) -> list[Json]:  # noqa: ANN401 - an upload or a string
    files = state.world.files
    if isinstance(source, Upload):
        state.world.uploads += 1
        sizes = photo_sizes(source, state.world.uploads)
        files.update({one.file_id: one for one in sizes})
        return [one.photo_size() for one in sizes]
    if str(source).startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    known = files.get(str(source))
    if not known:
        raise bad("wrong file identifier/HTTP URL specified")
    return [one.photo_size() for one in _siblings(known, files.values())]


def _siblings(known: StoredFile, files: Any) -> list[StoredFile]:  # noqa: ANN401 - dict values
    head = known.file_id.split("-", maxsplit=1)[0]
    return [one for one in files if one.file_id.split("-", maxsplit=1)[0] == head]


def _put(state: State, chat: Chat, params: Json, bodies: list[Json]) -> list[Message]:
    """Check what all sends share, count them, and store the messages. Raises ApiError."""
    markup = params.get("reply_markup")
    check_keyboard(markup)
    shared = _replied(state, chat, params)
    thread = params.get("message_thread_id", shared.get("message_thread_id"))
    if topic := state.topic(chat, thread):
        shared = state.world.in_topic(chat, topic) | shared
    state.take_flood(chat, len(bodies))
    if "inline_keyboard" in (markup or {}):
        shared["reply_markup"] = markup
    if params.get("protect_content"):
        shared["has_protected_content"] = True
    sent = []
    for body in bodies:
        message = state.world.add(chat, state.world.bot, shared | body)
        message.silent = params.get("disable_notification", False)
        message.parse_mode = params.get("parse_mode")
        sent.append(message)
    return sent


def _replied(state: State, chat: Chat, params: Json) -> Json:
    """The fields of a reply: the message in this topic, or an outline of one elsewhere."""
    reply = params.get("reply_parameters")
    if not reply:
        return {}
    home = state.chat(reply["chat_id"]) if "chat_id" in reply else chat
    thread = params.get("message_thread_id")
    target = home.messages.get(reply["message_id"])
    if target is None or target.deleted:
        # The Bot API says of the flag: always false in another chat or forum topic.
        lenient = home is chat and thread is None
        if lenient and reply.get("allow_sending_without_reply"):
            return {}
        raise bad(_LOST_REPLY)
    if home is chat and (thread is None or target.thread == thread):
        inherited = {"message_thread_id": target.thread} if target.thread else {}
        return {"reply_to_message": target.bare()} | inherited
    return {"external_reply": _outline(target)}


def _outline(target: Message) -> Json:
    json = target.json
    origin: Json = {"date": json["date"]}
    if json["chat"]["type"] == "channel":
        origin |= {"type": "channel", "chat": json["chat"], "message_id": target.id}
    elif "sender_chat" in json:
        origin |= {"type": "chat", "sender_chat": json["sender_chat"]}
    else:
        origin |= {"type": "user", "sender_user": json["from"]}
    return {"origin": origin, "chat": json["chat"], "message_id": target.id}
