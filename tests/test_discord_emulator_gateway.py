"""The emulated Discord's websocket."""

from typing import Any

import aiohttp
import pytest

from tests.emulators.discord_caller import emulated, gateway, identified


async def test_an_identified_session_is_told_of_its_guilds() -> None:
    async with emulated() as (server, _), gateway(server) as socket:
        await socket.send(2, {"token": server.token, "intents": 1, "shard": [0, 1]})
        ready = await socket.until("READY")
        assert ready["resume_gateway_url"] == server.gateway_url
        assert ready["guilds"] == [{"id": str(server.home.id), "unavailable": True}]
        guild = await socket.until("GUILD_CREATE")
        assert [channel["name"] for channel in guild["channels"]] == ["papers", "news", "daily"]
        assert [member["flags"] for member in guild["members"]] == [0]
        await socket.send(1, 2)
        assert (await socket.receive())["op"] == 11
        assert server.gateway.sessions[0].heartbeats == 1
        assert server.gateway.identifies[0]["shard"] == [0, 1]


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (2, {"token": "wrong", "intents": 1}, 4004),
        (2, {"intents": 1, "shard": [1, 1]}, 4010),
        (2, {}, 4013),
        (2, {"intents": 1 << 15}, 4014),
        (8, {}, 4003),
    ],
)
async def test_a_bad_identification_closes_the_connection(
    op: int, data: dict[str, Any], code: int
) -> None:
    async with emulated() as (server, _), gateway(server) as socket:
        server.gateway.privileged = 0
        await socket.send(op, {"token": server.token} | data)
        assert await socket.receive() == {"close": code}


async def test_events_come_only_for_the_intents_asked_for() -> None:
    async with emulated() as (server, _), identified(server, 1 << 9) as socket:
        server.add_channel(server.home, "unseen")
        server.say(server.text, server.reader, "secret")
        event = await socket.receive()
        assert (event["t"], event["d"]["content"]) == ("MESSAGE_CREATE", "")
        assert event["d"]["member"]["flags"] == 0
    async with emulated() as (server, _), identified(server, 1 << 9 | 1 << 15) as socket:
        server.say(server.text, server.reader, "open")
        assert (await socket.receive())["d"]["content"] == "open"


async def test_changes_of_the_world_are_told() -> None:
    async with emulated() as (server, call), identified(server, 1 | 1 << 9) as socket:
        path = f"/channels/{server.text.id}/messages"
        number = (await call("POST", path, {"content": "x"})).json["id"]
        assert (await socket.until("MESSAGE_CREATE"))["id"] == number
        await call("POST", f"{path}/{number}/threads", {"name": "t"})
        assert (await socket.until("THREAD_CREATE"))["newly_created"] is True
        assert (await socket.until("MESSAGE_UPDATE"))["thread"]["id"] == number
        thread = server.threads(server.text)[0]
        server.change_thread(thread, archived=True, locked=True)
        told = await socket.until("THREAD_UPDATE")
        assert told["thread_metadata"]["archived"] is True
        server.delete_channel(thread)
        assert (await socket.until("THREAD_DELETE"))["id"] == number
        server.delete_message(server.messages(server.text)[0])
        assert (await socket.until("MESSAGE_DELETE"))["id"] == number
        server.forbid(server.text, "SEND_MESSAGES")
        assert (await socket.until("CHANNEL_UPDATE"))["permission_overwrites"][0]["deny"] == "2048"
        server.set_everyone(server.home, "VIEW_CHANNEL")
        assert (await socket.until("GUILD_ROLE_UPDATE"))["role"]["permissions"] == "1024"
        server.delete_channel(server.text)
        assert (await socket.until("CHANNEL_DELETE"))["id"] == str(server.text.id)
        server.remove_bot(server.home)
        assert await socket.until("GUILD_DELETE") == {"id": str(server.home.id)}


async def test_a_session_resumes_with_what_it_missed() -> None:
    async with emulated() as (server, _):
        async with identified(server) as socket:
            await server.gateway.disconnect(4000)
            assert await socket.receive() == {"close": 4000}
        session = server.gateway.sessions[0]
        server.add_channel(server.home, "missed")
        resume = {"token": server.token, "session_id": session.id, "seq": 2}
        async with gateway(server) as socket:
            await socket.send(6, resume)
            missed = await socket.receive()
            assert (missed["t"], missed["s"]) == ("CHANNEL_CREATE", 3)
            assert (await socket.receive())["t"] == "RESUMED"


async def test_an_unknown_session_is_invalid() -> None:
    async with emulated() as (server, _), gateway(server) as socket:
        await socket.send(6, {"token": server.token, "session_id": "none", "seq": 1})
        assert await socket.receive() == {"op": 9, "d": False}
        await socket.send(2, {"token": server.token, "intents": 0})
        assert (await socket.receive())["t"] == "READY"


async def test_clients_can_be_told_to_reconnect_or_that_their_session_is_over() -> None:
    async with emulated() as (server, _), identified(server) as socket:
        await server.gateway.ask_reconnect()
        assert (await socket.receive())["op"] == 7
        await server.gateway.invalidate()
        assert await socket.receive() == {"op": 9, "d": False}
        assert server.gateway.sessions == []


async def test_a_shard_is_told_only_of_its_guilds() -> None:
    async with emulated() as (server, _):
        number = (server.home.id >> 22) % 2
        async with gateway(server) as other:
            await other.send(2, {"token": server.token, "intents": 1, "shard": [1 - number, 2]})
            assert (await other.until("READY"))["guilds"] == []
            server.add_channel(server.home, "elsewhere")
            await server.gateway.ask_reconnect()
            assert (await other.receive())["op"] == 7


async def test_members_are_sent_when_asked_for() -> None:
    async with emulated() as (server, _), identified(server, 1 | 2) as socket:
        await socket.send(8, {"guild_id": str(server.home.id), "nonce": "n", "limit": 0})
        chunk = await socket.until("GUILD_MEMBERS_CHUNK")
        assert len(chunk["members"]) == 3
        assert chunk["nonce"] == "n"


async def test_a_client_that_says_goodbye_ends_its_session() -> None:
    async with emulated() as (server, _):
        async with identified(server):
            assert len(server.gateway.connected()) == 1
        await server.wait_for(lambda: not server.gateway.sessions)


async def test_the_gateway_can_be_closed_or_fall_silent() -> None:
    async with emulated() as (server, _), identified(server) as socket:
        await server.gateway.accept(accepting=False, answering=False)
        await socket.send(1, None)
        await server.wait_for(lambda: server.gateway.sessions[0].heartbeats)
        server.add_channel(server.home, "after")
        assert (await socket.receive())["t"] == "CHANNEL_CREATE"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            async with gateway(server):
                pass
