"""What Telegram's refusals and broken connections mean for a message: later, never, moved, unknown.

The words are those of the Bot API server (telegram-bot-api, Client.cpp) in small letters.
"""

import os
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.adapters.base import (
    InDoubtError,
    MovedError,
    RefusedError,
    TransientError,
    UnknowableError,
)
from core.i18n import Phrase
from core.subscription import Target

PLATFORM = "telegram"

# Read whenever python-telegram-bot makes a RetryAfter: without it, that warns of the number it has.
os.environ.setdefault("PTB_TIMEDELTA", "1")

# Nothing had left for Telegram when these came up.
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_TOKEN_AGAIN = timedelta(minutes=5)
_REACH_AGAIN = timedelta(seconds=30)
BLOCKED = Phrase("pause.telegram.blocked")
REMOVED = Phrase("pause.telegram.removed")
UNWRITABLE = Phrase("pause.telegram.unwritable")
CHANNEL = Phrase("pause.telegram.channel")
TOPIC_CLOSED = Phrase("pause.telegram.topic_closed")
UNKNOWN = Phrase("pause.telegram.unknown")
_TOPIC_DELETED = Phrase("pause.telegram.topic_deleted")
_REFUSALS = {
    "blocked by the user": BLOCKED,
    "user is deactivated": Phrase("pause.telegram.deactivated"),
    "kicked from": REMOVED,
    "is not a member": REMOVED,
    "chat was deleted": Phrase("pause.telegram.deleted"),
    "can't initiate conversation": Phrase("pause.telegram.stranger"),
    "chat not found": UNKNOWN,
    "thread not found": _TOPIC_DELETED,
    "topic_deleted": _TOPIC_DELETED,
    "topic_closed": TOPIC_CLOSED,
    "in the channel chat": CHANNEL,
    "not enough rights": UNWRITABLE,
    "need administrator rights": UNWRITABLE,
    "have no rights to send": UNWRITABLE,
    "chat_write_forbidden": UNWRITABLE,
    "chat_restricted": UNWRITABLE,
}


def meaning(error: TelegramError, target: Target) -> Exception:
    """The error that the rest of the program understands, for a message to this target."""
    words = str(error).lower()
    match error:
        case RetryAfter():
            wait = waiting(error)
            return TransientError(f"Telegram asks to wait {wait.total_seconds():.0f} s", wait)
        case ChatMigrated():
            return MovedError(Target(PLATFORM, str(error.new_chat_id), target.thread))
        case InvalidToken():
            # It may be a proxy's 404 as well: nothing the chat's people could do anything about.
            return TransientError("Telegram does not know TELEGRAM_TOKEN any more", _TOKEN_AGAIN)
        case Forbidden() | BadRequest():
            for part, reason in _REFUSALS.items():
                if part in words:
                    return RefusedError(reason)
            if isinstance(error, Forbidden):
                return RefusedError(Phrase("pause.telegram.refused", words=cause(error)))
            return UnknowableError(f"Telegram refuses it: {cause(error)}")
        case NetworkError() if isinstance(error.__cause__, _BEFORE_SENDING):
            return TransientError(f"Telegram cannot be reached: {cause(error)}", _REACH_AGAIN)
        case _:
            return InDoubtError(f"Telegram gave no answer to the message: {cause(error)}")


def waiting(error: RetryAfter) -> timedelta:
    """How long Telegram asks to wait."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def cause(error: BaseException) -> str:
    """What went wrong, in a few words that hold no address."""
    if isinstance(error.__cause__, httpx.HTTPError | httpx.InvalidURL):
        return type(error.__cause__).__name__
    first, *_ = str(error).splitlines() or [""]
    return first[:200] or type(error).__name__


def is_about_reply(error: BadRequest) -> bool:
    """Whether the message to be answered is gone."""
    return "message to be replied not found" in str(error).lower()


def is_unchanged(error: TelegramError) -> bool:
    """Whether a message that was to be edited stands like that already."""
    return "message is not modified" in str(error).lower()


def is_about_file(error: BadRequest) -> bool:
    """Whether Telegram does not know the file any more."""
    return "file" in str(error).lower()
