"""Telegram's way of bringing updates by itself: to an address of ours, with a secret."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.adapters.telegram_errors import cause

log = structlog.get_logger(__name__)

Take = Callable[[Update], None]
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
# Updates are answered in tasks of their own: more connections would bring none of them sooner.
_CONNECTIONS = 20


class Webhook:
    """One bot's webhook at this public address; what comes is taken while it is ``open``."""

    def __init__(self, bot: Bot, url: str) -> None:
        self._bot = bot
        self._url = url
        self._secret = _secret(bot.token, url)
        self._take: Take | None = None

    @property
    def path(self) -> str:
        """The address's own path: a proxy passes it on as it is."""
        return urlsplit(self._url).path

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether the secret stands beside the update."""
        given = headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._secret.encode())

    def take(self, body: bytes) -> HTTPStatus:
        """Hand an update over; 503 while nobody listens, so that Telegram brings it again."""
        if self._take is None:
            return HTTPStatus.SERVICE_UNAVAILABLE
        try:
            shown = json.loads(body)
        except (ValueError, RecursionError):
            return HTTPStatus.BAD_REQUEST
        if not isinstance(shown, dict) or not isinstance(shown.get("update_id"), int):
            return HTTPStatus.BAD_REQUEST
        try:
            self._take(Update.de_json(shown, self._bot))
        except Exception as error:  # noqa: BLE001 - it would be brought again and again
            log.error("update left out", error=f"{type(error).__name__}: {cause(error)}")  # noqa: TRY400
        return HTTPStatus.OK

    def open(self, take: Take) -> None:
        """Take updates from now on."""
        self._take = take

    def close(self) -> None:
        """Take none any more; the webhook stays, for whoever serves it next."""
        self._take = None

    async def set(self, kinds: list[str]) -> None:
        """Tell Telegram where to bring these kinds of updates. Raises TelegramError."""
        await self._bot.set_webhook(
            self._url,
            max_connections=_CONNECTIONS,
            allowed_updates=kinds,
            secret_token=self._secret,
        )

    async def is_set(self) -> bool:
        """Whether Telegram knows the address; what it complains of is logged."""
        try:
            info = await self._bot.get_webhook_info()
        except TelegramError as error:
            log.info("webhook not told by telegram", error=cause(error))
            return True
        if info.last_error_message and info.pending_update_count:
            log.warning("telegram cannot bring updates", error=info.last_error_message)
        return info.url == self._url


def _secret(token: str, url: str) -> str:
    """The same after every start and in every replica, and nothing of the token in it."""
    return hmac.new(token.encode(), f"webhook {url}".encode(), hashlib.sha256).hexdigest()
