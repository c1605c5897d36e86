"""The test's hand over HTTP."""

import asyncio
from typing import Any

from tests.emulators.discord_caller import Caller, emulated, identified


class Hand:
    def __init__(self, call: Caller, url: str) -> None:
        self._call = call
        self._url = f"{url}/_control"

    async def get(self, path: str) -> Any:  # noqa: ANN401
        return (await self._call("GET", f"{self._url}/{path}")).json

    async def post(self, path: str, body: object, status: int = 200) -> Any:  # noqa: ANN401
        answer = await self._call("POST", f"{self._url}/{path}", body)
        assert answer.status == status, answer.json
        return answer.json


async def test_the_state_shows_messages_threads_requests_and_pings() -> None:
    async with emulated() as (server, call):
        hand = Hand(call, server.url)
        path = f"/channels/{server.text.id}/messages"
        number = (await call("POST", path, {"content": "@everyone"}, {"a.txt": b"a"})).json["id"]
        await call("POST", f"{path}/{number}/threads", {"name": "t"})
        state = await hand.get("state")
        channels = {channel["name"]: channel for channel in state["channels"]}
        message = channels["papers"]["messages"][0]
        assert (message["content"], message["files"][0]["filename"]) == ("@everyone", "a.txt")
        assert channels["t"]["parent_id"] == str(server.text.id)
        assert state["pings"] == [{"message": number, "mention": "@everyone", "where": "content"}]
        assert [(asked["method"], asked["status"]) for asked in state["requests"]] == [
            ("POST", 200),
            ("POST", 201),
        ]
        assert state["requests"][0]["body"] == {"content": "@everyone"}
        assert state["requests"][0]["files"] == {"a.txt": 1}


async def test_commands_and_buttons_are_used_from_outside() -> None:
    async with emulated() as (server, call), identified(server):
        hand = Hand(call, server.url)
        path = f"/applications/{server.world.application_id}/commands"
        await call("PUT", path, [{"name": "digest", "description": "d"}])
        asked = await hand.post("command", {"name": "digest", "user": "owner", "wait": False})
        token = next(iter(server.interactions.by_token))
        button = {"type": 2, "style": 1, "label": "More", "custom_id": "more"}
        data = {"content": "x", "components": [{"type": 1, "components": [button]}]}
        await call(
            "POST", f"/interactions/{asked['id']}/{token}/callback", {"type": 4, "data": data}
        )
        answered = await hand.get(f"interaction/{asked['id']}")
        assert answered["message"]["content"] == "x"
        assert answered["user"] == str(server.owner.id)
        body = {"message": answered["message"]["id"], "button": "More", "wait": False}
        assert (await hand.post("press", body))["data"]["custom_id"] == "more"
        assert "not registered" in (await hand.post("command", {"name": "no"}, 409))["error"]
        assert (
            "no message"
            in (await hand.post("press", {"message": "1", "button": "x"}, 409))["error"]
        )
        await hand.post("nothing", {}, 404)


async def test_the_world_the_clock_the_gateway_and_the_faults_are_changed_from_outside() -> None:
    async with emulated() as (server, call), identified(server) as socket:
        hand = Hand(call, server.url)
        await hand.post("world/forbid", {"channel": "papers", "permissions": "SEND_MESSAGES"})
        path = f"/channels/{server.text.id}/messages"
        assert (await call("POST", path, {"content": "x"})).code == 50013
        await hand.post("world/delete_channel", {"channel": "papers"})
        assert (await call("POST", path, {"content": "x"})).code == 10003
        made = await hand.post(
            "world/add_channel", {"guild": "Home", "name": "new", "kind": "news"}
        )
        assert server.world.channels[int(made["id"])].type == 5
        await hand.post("world/block", {"user": "reader"})
        assert server.reader.blocks_dms
        direct = await hand.post("world/direct", {"user": "reader"})
        assert direct["id"] == str(server.direct(server.reader).id)
        await hand.post("world/remove_bot", {"guild": "Home"})
        await socket.until("GUILD_DELETE")
        await hand.post("world/explode", {}, 404)
        await hand.post("world/delete_channel", {"channel": "papers"}, 409)
        before = server.clock.now()
        await hand.post("clock", {"advance": 60})
        assert server.clock.now() >= before + 60
        await hand.post("gateway/disconnect", {"code": 4000})
        assert await socket.receive() == {"close": 4000}
        await hand.post("fault", {"faults": ["status:503,first=1"]})
        assert (await call("GET", "/users/@me")).status == 503
        assert "no such fault" in (await hand.post("fault", {"faults": ["boom"]}, 409))["error"]
        await hand.post("fault", {"faults": []})
        assert (await call("GET", "/users/@me")).status == 200


async def test_what_has_not_happened_yet_is_waited_for_from_outside() -> None:
    async with emulated() as (server, call):
        hand = Hand(call, server.url)
        never = {"channel": "papers", "messages": 1, "patience": 0}
        assert "1 messages in papers" in (await hand.post("wait", never, 409))["error"]
        waiting = asyncio.create_task(hand.post("wait", {"channel": "papers", "messages": 1}))
        await call("POST", f"/channels/{server.text.id}/messages", {"content": "x"})
        await waiting
        ready = asyncio.create_task(hand.post("wait", {}))
        async with identified(server):
            path = f"/applications/{server.world.application_id}/commands"
            await call("PUT", path, [])
            await ready
