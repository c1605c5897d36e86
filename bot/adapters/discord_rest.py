"""Requests to Discord: paced, timed, and their failures in words."""

import io
import json
from asyncio import Lock
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import structlog
from aiolimiter import AsyncLimiter
from discord.http import HTTPClient, Route

from bot.adapters.base import InDoubtError, TransientError
from bot.adapters.discord_render import EMPTY, PICTURE, Json
from core.blocks import Chart
from core.chart_json import chart_from_json

log = structlog.get_logger(__name__)

AWAY = (OSError, aiohttp.ClientError, discord.HTTPException, discord.RateLimited)
UNREACHABLE = timedelta(seconds=30)
NO_PINGS = {"parse": [], "replied_user": False}
_BANNED = timedelta(minutes=1)
_TOKEN_GONE = timedelta(minutes=10)
_TOO_MANY_THREADS = timedelta(minutes=15)
# What was published to followers can be edited a few times an hour.
_PUBLISHED = timedelta(minutes=30)
_SECONDS = 20.0
_PICTURES = 32
_TOO_MANY_REQUESTS, _UNAUTHORIZED, _SERVER_ERROR = 429, 401, 500


class Rest:
    """Requests of the bot, at most ``rate`` a second; ``away`` says why none can be made.

    Uses the library's own client, for it knows the limits of each route.
    """

    def __init__(self, rate: float) -> None:
        # Evenly: Discord counts each second by itself, so bursts would add up.
        self._pace = AsyncLimiter(1, 1 / rate)
        self._http: HTTPClient | None = None
        self.away = "not connected to Discord"
        self.wait = UNREACHABLE

    def use(self, http: HTTPClient) -> None:
        """Ask through this client, which is logged in."""
        self._http = http

    def close(self, reason: str, wait: timedelta = UNREACHABLE) -> None:
        """Ask no more, for this reason."""
        self._http, self.away, self.wait = None, reason, wait

    async def ask(
        self,
        route: Route,
        body: object = None,
        *,
        query: Mapping[str, str] | None = None,
        picture: bytes | None = None,
        paced: bool = True,
        once: bool = False,
    ) -> Any:  # noqa: ANN401 - whatever Discord answers
        """The answer to one request; ``picture`` goes with the body as a file.

        Raises TransientError when there is no connection, and what the library raises; with
        ``once`` InDoubtError where the library would ask again after a failure.
        """
        if paced:
            await self._pace.acquire()
        if self._http is None:
            raise TransientError(self.away, self.wait)
        given: dict[str, Any] = {"timeout": aiohttp.ClientTimeout(total=_SECONDS)}
        if query is not None:
            given["params"] = dict(query)
        kind = _Once if once else discord.File
        if picture is None:
            if body is not None:
                given["json"] = body
            if once:
                given["files"] = [_Once(io.BytesIO(), PICTURE)]
            return await self._http.request(route, **given)
        file = kind(io.BytesIO(picture), PICTURE)
        form: list[dict[str, Any]] = [
            {"name": "payload_json", "value": json.dumps(body)},
            {
                "name": "files[0]",
                "value": file.fp,
                "filename": PICTURE,
                "content_type": "image/png",
            },
        ]
        try:
            return await self._http.request(route, files=[file], form=form, **given)
        finally:
            file.close()


class _Once(discord.File):
    """A file that is rewound for no second try: the library offers no other way to have just one."""

    def reset(self, *, seek: int | bool = True) -> None:
        """Rewind for the first try, 0; raise InDoubtError for any other."""
        if seek:
            raise InDoubtError("Discord failed; whether it was sent is to be looked up")
        super().reset(seek=seek)


def put_off(error: Exception) -> TransientError | None:
    """When to try again what surely did not happen; None for any other failure."""
    if isinstance(error, TransientError):
        return error
    if isinstance(error, discord.RateLimited):
        return TransientError("too many requests", timedelta(seconds=error.retry_after))
    if isinstance(error, aiohttp.ClientConnectorError):
        return TransientError(f"Discord is out of reach: {said(error)}", UNREACHABLE)
    if not isinstance(error, discord.HTTPException):
        return None
    if error.status == _TOO_MANY_REQUESTS:
        return TransientError("too many requests", _retry_after(error))
    if error.status == _UNAUTHORIZED:
        return TransientError("DISCORD_TOKEN: Discord does not know this token now", _TOKEN_GONE)
    waits = {
        20022: _PUBLISHED,
        40003: _BANNED,
        40333: _BANNED,
        160006: _TOO_MANY_THREADS,
    }
    return TransientError(said(error), waits[error.code]) if error.code in waits else None


def or_put_off(error: Exception) -> Exception:
    """The failure of a request that changes nothing a reader sees, or changes it once."""
    if later := put_off(error):
        return later
    if isinstance(error, discord.HTTPException) and error.status < _SERVER_ERROR:
        return error
    return TransientError(f"Discord does not answer: {said(error)}", UNREACHABLE)


def said(error: Exception) -> str:
    """The failure in a line; no request is quoted, for it may carry a secret."""
    if isinstance(error, discord.HTTPException):
        text = " ".join(error.text.split())[:300]
        return f"{text or error.status} ({error.code})"
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or "no connection"
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def _retry_after(error: discord.HTTPException) -> timedelta:
    """What Discord, or who stands before it, asks for; a minute where that is not said."""
    try:
        return timedelta(seconds=float(error.response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return _BANNED


class Pictures:
    """Charts drawn once for all who get them."""

    def __init__(self, draw: Callable[[Chart], Awaitable[bytes]]) -> None:
        self._draw = draw
        self._drawn: OrderedDict[str, bytes] = OrderedDict()
        self._drawing = Lock()

    async def of(self, body: Json) -> bytes | None:
        """The picture that a body needs; None without one, and where it cannot be drawn."""
        if body["chart"] is None:
            return None
        key = json.dumps(body["chart"], sort_keys=True)
        async with self._drawing:
            if key not in self._drawn:
                try:
                    self._drawn[key] = await self._draw(chart_from_json(body["chart"]))
                except Exception:
                    # The papers are worth more than their picture.
                    log.exception("no chart", title=body["chart"].get("title"))
                    return None
            self._drawn.move_to_end(key)
            while len(self._drawn) > _PICTURES:
                self._drawn.popitem(last=False)
            return self._drawn[key]


def edit_of(body: Json, embed: Json, *, pictured: bool) -> Json:
    """What a sent body reads as with this embed; files that are not named stay with the message."""
    if not pictured:
        embed.pop("image", None)
    shown = embed if embed.keys() - {"type", "color", "footer"} else embed | {"description": EMPTY}
    return {"embeds": [shown], "components": body["components"], "allowed_mentions": NO_PINGS}


def message_of(body: Json, picture: bytes | None) -> Json:
    """A frozen body as a request has it; it notifies nobody by its words."""
    message = edit_of(body, dict(body["embed"]), pictured=picture is not None)
    if picture is not None:
        listed: Json = {"id": 0, "filename": PICTURE}
        message["attachments"] = [listed | ({"description": body["alt"]} if body["alt"] else {})]
    return message
