"""The emulator breaks on demand, and stops a flood."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientError, ClientSession

from tests.emulators.telegram_client import Answer, Api
from tests.emulators.telegram_faults import Fault
from tests.emulators.telegram_flood import Flood
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(flood=None) as running:
        yield running


@pytest.fixture
async def api(server: TelegramServer) -> AsyncIterator[Api]:
    async with Api(server.url, server.token) as client:
        yield client


@pytest.fixture
def chat(server: TelegramServer) -> Chat:
    return server.world.private(server.world.user("Ann"))


# Faults


async def test_a_status_is_answered_and_nothing_done(
    server: TelegramServer, api: Api, chat: Chat
) -> None:
    server.add_fault("status:429,retry_after=7,nth=2,method=sendMessage")
    server.add_fault("status:500,nth=3")
    params = {"chat_id": chat.id, "text": "x"}
    answers = [await api("sendMessage", **params) for _ in range(4)]
    assert [one.status for one in answers] == [200, 429, 500, 200]
    assert answers[1].body["parameters"] == {"retry_after": 7}
    assert answers[2].body["description"] == "Internal Server Error"
    assert len(server.messages(chat)) == 2


async def test_a_gateways_page_is_no_json(server: TelegramServer, chat: Chat) -> None:
    server.add_fault(f"html,chat={chat.id}")
    url = f"{server.base_url}{server.token}/sendMessage"
    body = {"chat_id": chat.id, "text": "x"}
    async with ClientSession() as session, session.post(url, json=body) as response:
        assert (response.status, response.content_type) == (502, "text/html")
        assert "502 Bad Gateway" in await response.text()
    assert server.messages(chat) == []


@pytest.mark.parametrize(("fault", "stored"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_connection_leaves_the_message_or_not(
    server: TelegramServer, api: Api, chat: Chat, fault: str, stored: int
) -> None:
    struck = server.add_fault(f"{fault},first=1")
    with pytest.raises(ClientError):
        await api("sendMessage", chat_id=chat.id, text="x")
    assert struck.struck == 1
    assert len(server.messages(chat)) == stored
    assert (await api("sendMessage", chat_id=chat.id, text="y")).status == 200


@pytest.mark.parametrize(("fault", "stored"), [("stall", 0), ("stall_after", 1)])
async def test_a_stalled_answer_leaves_the_message_or_not(
    server: TelegramServer, api: Api, chat: Chat, fault: str, stored: int
) -> None:
    struck = server.add_fault(f"{fault},after=0,method=sendMessage")
    call = asyncio.create_task(api("sendMessage", chat_id=chat.id, text="x"))
    await server.wait_for(lambda: struck.struck)
    assert len(server.messages(chat)) == stored
    assert not call.done()
    call.cancel()


async def test_polls_break_only_when_they_are_meant(server: TelegramServer, api: Api) -> None:
    server.add_fault("status:500")
    assert (await api("getUpdates")).status == 200
    server.add_fault("status:502,method=getUpdates")
    assert (await api("getUpdates")).status == 502


@pytest.mark.parametrize("text", ["bang", "status:500,when=now", "drop"])
def test_an_unknown_fault_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        Fault.parse(text)


async def test_waiting_in_vain_names_the_last_requests(server: TelegramServer, api: Api) -> None:
    await api("getMe")
    with pytest.raises(AssertionError, match="getMe 200"):
        await server.wait_for(lambda: False, within=0)


# Floods, counted on a clock of ours


async def send(api: Api, chat: Chat) -> Answer:
    return await api("sendMessage", chat_id=chat.id, text="hi")


def flooded(answer: Answer) -> int:
    """The seconds to wait, 0 for a success."""
    if answer.status == 200:
        return 0
    seconds = int(answer.body["parameters"]["retry_after"])
    assert answer.body["description"] == f"Too Many Requests: retry after {seconds}"
    assert answer.status == answer.body["error_code"] == 429
    return seconds


async def test_private_chats_groups_and_the_token_have_their_own_limits() -> None:
    now = [0.0]
    flood = Flood(clock=lambda: now[0])
    async with TelegramServer(flood=flood) as server, Api(server.url, server.token) as api:
        people = [server.world.private(server.world.user("P")) for _ in range(30)]
        group = server.world.group("AI")
        waits = [flooded(await send(api, people[0])) for _ in range(7)]
        assert waits == [0, 0, 0, 0, 0, 5, 5]
        now[0] = 4.5
        assert flooded(await send(api, people[0])) == 1
        now[0] = 5.0
        assert flooded(await send(api, people[0])) == 0
        now[0] = 10.0
        assert [flooded(await send(api, group)) for _ in range(21)] == [0] * 20 + [60]
        now[0] = 20.0
        assert [flooded(await send(api, one)) for one in people[1:]] == [0] * 29
        assert flooded(await send(api, people[0])) == 0
        now[0] = 20.5
        assert flooded(await send(api, people[1])) == 1
        assert server.flooded == 5
