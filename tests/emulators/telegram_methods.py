"""The table of the Bot API's methods, and those about the bot itself."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from yarl import URL

from tests.emulators import telegram_chats, telegram_edits, telegram_send
from tests.emulators.telegram_errors import Json, bad
from tests.emulators.telegram_rules import check_commands
from tests.emulators.telegram_spec import need
from tests.emulators.telegram_state import State
from tests.emulators.telegram_updates import MOST

Method = Callable[[State, Json], Any]

_SCOPES = frozenset(
    "default all_private_chats all_group_chats all_chat_administrators chat "
    "chat_administrators chat_member".split()
)
_LIMITS = {"name": 64, "description": 512, "short_description": 120}
_HOOK_PORTS = {80, 88, 443, 8443}
_DOWNLOAD_BYTES = 20 * 2**20


def get_me(state: State, _: Json) -> Json:
    """The bot."""
    can = {
        "can_join_groups": True,
        "can_read_all_group_messages": not state.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return state.world.bot.json() | can


def get_updates(state: State, params: Json) -> Awaitable[list[Json]]:
    """The long poll."""
    state.updates.allow(params.get("allowed_updates"))
    return state.updates.get(
        params.get("offset", 0), params.get("limit", MOST), params.get("timeout", 0)
    )


def set_webhook(state: State, params: Json) -> bool:
    """Updates go to an address; an empty one is deleteWebhook."""
    url = params.get("url", "")
    secret = params.get("secret_token", "")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad("secret token contains unallowed characters")
    if url and not re.match(r"https?://", url):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if url.startswith("https:") and URL(url).port not in _HOOK_PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    state.updates.allow(params.get("allowed_updates"))
    if params.get("drop_pending_updates"):
        state.updates.pending.clear()
    state.updates.webhook = {"url": url, "secret_token": secret} if url else {}
    state.updates.on_add()
    return True


def delete_webhook(state: State, params: Json) -> bool:
    """Back to getUpdates."""
    if params.get("drop_pending_updates"):
        state.updates.pending.clear()
    state.updates.webhook = {}
    return True


def get_webhook_info(state: State, _: Json) -> Json:
    """A WebhookInfo object."""
    return {
        "url": state.updates.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates.pending),
    }


def _scope(state: State, params: Json) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    language = params.get("language_code", "")
    if scope["type"] not in _SCOPES:
        raise bad("can't parse BotCommandScope: unsupported type specified")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    if "chat_id" in scope:
        chat = state.entered(scope["chat_id"])
        if scope["type"] != "chat" and chat.type == "private":
            raise bad("can't use the scope in a private chat")
        scope = scope | {"chat_id": chat.id}
    return json.dumps(scope, sort_keys=True), language


def set_my_commands(state: State, params: Json) -> bool:
    """The commands of one scope in one language."""
    commands = need(params, "commands")
    check_commands(commands)
    state.commands[_scope(state, params)] = commands
    return True


def get_my_commands(state: State, params: Json) -> list[Json]:
    """Those set for exactly this scope and language."""
    return state.commands.get(_scope(state, params), [])


def delete_my_commands(state: State, params: Json) -> bool:
    """None for this scope and language."""
    state.commands.pop(_scope(state, params), None)
    return True


def _set_described(what: str) -> Method:
    def method(state: State, params: Json) -> bool:
        text = params.get(what, "")
        if len(text) > _LIMITS[what]:
            raise bad(f"bot {what.replace('_', ' ')} is too long")
        state.descriptions[what, params.get("language_code", "")] = text
        return True

    return method


def _get_described(what: str) -> Method:
    def method(state: State, params: Json) -> Json:
        language = params.get("language_code", "")
        general = state.descriptions.get((what, ""), "")
        return {what: state.descriptions.get((what, language), general)}

    return method


def get_file(state: State, params: Json) -> Json:
    """A File object, to be downloaded from /file/bot<token>/<file_path>."""
    known = state.world.files.get(need(params, "file_id"))
    if not known:
        raise bad("invalid file_id")
    if len(known.content) > _DOWNLOAD_BYTES:
        raise bad("file is too big")
    file = known.photo_size() | {"file_path": known.path}
    return {name: file[name] for name in file if name not in {"width", "height"}}


def log_out(state: State, _: Json) -> bool:
    """No method works after it."""
    state.logged_out = True
    return True


def close(_: State, __: Json) -> bool:
    """The bot may move to another server."""
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _set_described("name"),
    "getMyName": _get_described("name"),
    "setMyDescription": _set_described("description"),
    "getMyDescription": _get_described("description"),
    "setMyShortDescription": _set_described("short_description"),
    "getMyShortDescription": _get_described("short_description"),
    "getFile": get_file,
    "logOut": log_out,
    "close": close,
    "sendMessage": telegram_send.send_message,
    "sendPhoto": telegram_send.send_photo,
    "sendMediaGroup": telegram_send.send_media_group,
    "editMessageText": telegram_edits.edit_text,
    "editMessageCaption": telegram_edits.edit_caption,
    "editMessageReplyMarkup": telegram_edits.edit_markup,
    "deleteMessage": telegram_edits.delete_message,
    "deleteMessages": telegram_edits.delete_messages,
    "pinChatMessage": telegram_edits.pin,
    "unpinChatMessage": telegram_edits.unpin,
    "answerCallbackQuery": telegram_edits.answer_callback_query,
    "getChat": telegram_chats.get_chat,
    "getChatMember": telegram_chats.get_chat_member,
    "getChatAdministrators": telegram_chats.get_chat_administrators,
    "getChatMemberCount": telegram_chats.get_chat_member_count,
    "leaveChat": telegram_chats.leave_chat,
    "sendChatAction": telegram_chats.send_chat_action,
    "createForumTopic": telegram_chats.create_topic,
    "closeForumTopic": telegram_chats.close_topic,
    "reopenForumTopic": telegram_chats.reopen_topic,
    "deleteForumTopic": telegram_chats.delete_topic,
    "closeGeneralForumTopic": telegram_chats.close_general,
    "reopenGeneralForumTopic": telegram_chats.reopen_general,
}
NAMES = {name.lower(): name for name in METHODS}
