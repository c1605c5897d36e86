"""The service's web server: it says that it is well, and lets in only whom a hook admits."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO

import pytest
from aiohttp import ClientSession

from bot.settings import BadSettingError
from bot.web import Web
from tests.program import free_port


@dataclass(slots=True)
class FakeHook:
    """Admits who says so, and keeps what it takes."""

    path: str = "/hook"
    taken: list[bytes] = field(default_factory=list)

    def admits(self, headers: Mapping[str, str]) -> bool:
        return headers.get("X-Who") == "it is me"

    def take(self, body: bytes) -> HTTPStatus:
        self.taken.append(body)
        return HTTPStatus.OK


HIM = {"X-Who": "it is me"}


@pytest.fixture
def hook() -> FakeHook:
    return FakeHook()


@pytest.fixture
async def address(hook: FakeHook) -> AsyncIterator[str]:
    port = free_port()
    web = Web(port, [hook])
    await web.start()
    yield f"http://127.0.0.1:{port}"
    await web.stop()


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def test_it_says_that_it_is_well_and_knows_nothing_else(
    client: ClientSession, address: str
) -> None:
    found = {}
    for path in ("/healthz", "/", "/hook"):
        async with client.get(address + path) as response:
            found[path] = response.status
    assert found == {"/healthz": 200, "/": 404, "/hook": 405}


async def test_a_hook_takes_what_the_platform_posts(
    client: ClientSession, address: str, hook: FakeHook
) -> None:
    async with client.post(f"{address}/hook", data=b"news", headers=HIM) as response:
        assert response.status == 200
    assert hook.taken == [b"news"]


async def test_a_stranger_is_sent_away_before_anything_is_read(
    client: ClientSession, address: str, hook: FakeHook
) -> None:
    async with client.post(f"{address}/hook", data=b"news") as response:
        assert response.status == 403
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    writer.write(b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 403")
    writer.close()
    assert hook.taken == []


async def test_what_is_too_long_or_too_slow_is_not_taken(
    client: ClientSession, address: str, hook: FakeHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with client.post(f"{address}/hook", data=BytesIO(b"x" * 2**21), headers=HIM) as response:
        assert response.status == 413
    monkeypatch.setattr("bot.web._BODY_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    writer.write(b"POST /hook HTTP/1.1\r\nHost: x\r\nX-Who: it is me\r\nContent-Length: 9\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 408")
    writer.close()
    assert hook.taken == []


async def test_a_port_that_is_taken_is_one_line_that_names_the_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(BadSettingError) as caught:
            await Web(port).start()
    said = f"WEB_PORT: {port} cannot be listened on: Address already in use"
    assert str(caught.value) == said
