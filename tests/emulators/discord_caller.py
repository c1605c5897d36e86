"""A bare REST client for the emulator's own tests: what it sends is exactly what a test wrote."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.emulators.discord_errors import Json
from tests.emulators.discord_interaction import Interaction
from tests.emulators.discord_server import DiscordServer

AGENT = "DiscordBot (https://example.org, 1)"


@dataclass(slots=True)
class Answer:
    """What came back; ``json`` is None without a body."""

    status: int
    json: Any
    headers: dict[str, str] = field(repr=False)

    @property
    def code(self) -> int:
        """Discord's error number, 0 where there is none."""
        return int(self.json["code"]) if isinstance(self.json, dict) else 0

    @property
    def faults(self) -> list[str]:
        """The refused fields of a bad body with the rule they broke: ``content BASE_TYPE_…``."""
        return sorted(_leaves(self.json.get("errors", {}), ()))


def _leaves(errors: Json, path: tuple[str, ...]) -> list[str]:
    found = [f"{'.'.join(path)} {error['code']}" for error in errors.get("_errors", [])]
    for name, inner in errors.items():
        if name != "_errors":
            found += _leaves(inner, (*path, name))
    return found


class Caller:
    """``async with Caller(server) as call: await call("POST", "/channels/1/messages", {…})``."""

    def __init__(self, server: DiscordServer, **headers: str) -> None:
        self._server = server
        self._headers = {"User-Agent": AGENT, "Authorization": f"Bot {server.token}"} | headers
        self._session = aiohttp.ClientSession(headers=self._headers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def __call__(
        self, method: str, path: str, body: object = None, files: dict[str, bytes] | None = None
    ) -> Answer:
        """One request below the API's address; files make it multipart."""
        data: Any = None
        headers = {}
        if files is not None:
            data = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
            data.add_field("payload_json", json.dumps(body))
            for number, (name, content) in enumerate(files.items()):
                data.add_field(f"files[{number}]", io.BytesIO(content), filename=name)
        elif body is not None:
            data = json.dumps(body)
            headers["Content-Type"] = "application/json"
        url = path if path.startswith("http") else self._server.api_url + path
        async with self._session.request(method, url, data=data, headers=headers) as response:
            text = await response.text()
            is_json = response.headers.get("Content-Type") == "application/json"
            return Answer(
                response.status, json.loads(text) if is_json else None, dict(response.headers)
            )


@asynccontextmanager
async def emulated(
    *faults: str,
    channel_limit: tuple[int, float] | None = None,
    global_limit: int | None = None,
) -> AsyncIterator[tuple[DiscordServer, Caller]]:
    """A server, without rate limits unless given, and a caller."""
    server = DiscordServer(faults=faults, channel_limit=channel_limit, global_limit=global_limit)
    async with server, Caller(server) as call:
        yield server, call


class Socket:
    """A bare gateway connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def send(self, op: int, data: object) -> None:
        """One frame."""
        await self._socket.send_json({"op": op, "d": data})

    async def receive(self) -> Json:
        """The next frame; ``{"close": code}`` when the connection ended."""
        message = await self._socket.receive()
        if message.type != aiohttp.WSMsgType.TEXT:
            return {"close": self._socket.close_code}
        frame: Json = json.loads(message.data)
        return frame

    async def until(self, event: str) -> Json:
        """What the next dispatch of this event carries."""
        while (frame := await self.receive()).get("t") != event:
            if "close" in frame:
                raise ConnectionError(f"closed with {frame['close']} before {event}")
        data: Json = frame["d"]
        return data

    async def close(self) -> None:
        """Close the connection."""
        await self._socket.close()


@asynccontextmanager
async def gateway(server: DiscordServer) -> AsyncIterator[Socket]:
    """A connection that has had its HELLO."""
    async with aiohttp.ClientSession() as session, session.ws_connect(server.gateway_url) as raw:
        socket = Socket(raw)
        assert (await socket.receive())["op"] == 10
        yield socket


@asynccontextmanager
async def identified(server: DiscordServer, intents: int = 1) -> AsyncIterator[Socket]:
    """A connection that is READY and has seen the seeded guild."""
    async with gateway(server) as socket:
        await socket.send(2, {"token": server.token, "intents": intents, "properties": {}})
        await socket.until("READY")
        if intents & 1:
            await socket.until("GUILD_CREATE")
        yield socket


DIGEST: Json = {
    "name": "digest",
    "description": "The report",
    "integration_types": [0, 1],
    "options": [
        {"type": 3, "name": "category", "description": "c", "autocomplete": True},
        {"type": 4, "name": "days", "description": "d", "min_value": 1, "max_value": 30},
        {"type": 5, "name": "public", "description": "p"},
        {"type": 6, "name": "who", "description": "w"},
        {"type": 3, "name": "size", "description": "s", "choices": [{"name": "S", "value": "s"}]},
    ],
}
POST: Json = {
    "name": "post",
    "description": "Publish",
    "contexts": [0],
    "default_member_permissions": "32",
    "options": [{"type": 3, "name": "date", "description": "d", "required": True}],
}


@asynccontextmanager
async def applied() -> AsyncIterator[tuple[DiscordServer, Caller, Socket]]:
    """A server with ``/digest`` for everyone, ``/post`` for managers, and a connected bot."""
    async with emulated() as (server, call), identified(server) as socket:
        path = f"/applications/{server.world.application_id}/commands"
        await call("PUT", path, [DIGEST, POST])
        yield server, call, socket


def callback(asked: Interaction) -> str:
    """Where the first answer goes."""
    return f"/interactions/{asked.id}/{asked.token}/callback"


def webhook(server: DiscordServer, asked: Interaction) -> str:
    """Where later answers go."""
    return f"/webhooks/{server.world.application_id}/{asked.token}"
