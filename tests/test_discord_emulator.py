"""The emulated Discord's REST: who may ask, what is there, what is refused, how it breaks."""

import asyncio
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.emulators.discord_caller import AGENT, Caller, emulated
from tests.emulators.discord_server import DiscordServer


async def sent(call: Caller, channel: int, text: str = "x") -> str:
    answer = await call("POST", f"/channels/{channel}/messages", {"content": text})
    assert answer.status == 200, answer.json
    return str(answer.json["id"])


async def test_every_call_needs_the_token_and_a_user_agent() -> None:
    async with DiscordServer() as server:
        async with Caller(server, Authorization="Bot wrong") as call:
            refused = await call("GET", "/users/@me")
            assert (refused.status, refused.code) == (401, 0)
        async with Caller(server, Authorization=server.token) as call:
            assert (await call("GET", "/users/@me")).status == 401
        async with Caller(server, **{"User-Agent": "curl/8"}) as call:
            assert (await call("GET", "/users/@me")).code == 40333
        assert server.invalid == 3


async def test_answers_are_of_the_type_clients_compare_with() -> None:
    async with emulated() as (_, call):
        answer = await call("GET", "/users/@me")
        assert answer.headers["Content-Type"] == "application/json"
        assert (await call("GET", "/nothing/here")).status == 404


async def test_the_bot_its_application_and_the_gateway_are_described() -> None:
    async with emulated() as (server, call):
        me = (await call("GET", "/users/@me")).json
        application = (await call("GET", "/oauth2/applications/@me")).json
        assert me["bot"] is True
        assert application["id"] == me["id"]
        assert application["owner"]["id"] == str(server.owner.id)
        assert (await call("GET", "/applications/@me")).json == application
        assert (await call("GET", "/gateway")).json == {"url": server.gateway_url}
        assert (await call("GET", "/gateway/bot")).json["session_start_limit"]["remaining"] > 0


async def test_a_guild_shows_its_channels_roles_and_members() -> None:
    async with emulated() as (server, call):
        path = f"/guilds/{server.home.id}"
        assert (await call("GET", path)).json["name"] == "Home"
        channels = (await call("GET", f"{path}/channels")).json
        assert {channel["name"]: channel["type"] for channel in channels} == {
            "papers": 0,
            "news": 5,
            "daily": 15,
        }
        assert (await call("GET", f"{path}/roles")).json[0]["name"] == "@everyone"
        member = (await call("GET", f"{path}/members/{server.reader.id}")).json
        assert member["flags"] == 0
        me = (await call("GET", f"{path}/members/@me")).json
        assert me["user"]["id"] == str(server.world.bot.id)
        assert (await call("GET", f"{path}/members/1")).code == 10013
        assert (await call("GET", "/guilds/1")).code == 10004
        guilds = (await call("GET", "/users/@me/guilds")).json
        assert [guild["id"] for guild in guilds] == [str(server.home.id)]
        assert (await call("GET", f"/users/{server.reader.id}")).json["username"] == "reader"
        assert (await call("GET", "/users/1")).code == 10013


async def test_messages_are_read_in_pages() -> None:
    async with emulated() as (server, call):
        ids = [await sent(call, server.text.id, str(n)) for n in range(7)]
        path = f"/channels/{server.text.id}/messages"

        async def page(query: str) -> list[str]:
            return [message["content"] for message in (await call("GET", path + query)).json]

        assert await page("") == ["6", "5", "4", "3", "2", "1", "0"]
        assert await page("?limit=2") == ["6", "5"]
        assert await page(f"?limit=2&before={ids[3]}") == ["2", "1"]
        assert await page(f"?limit=2&after={ids[3]}") == ["5", "4"]
        assert await page(f"?limit=3&around={ids[3]}") == ["4", "3", "2"]
        assert (await call("GET", f"{path}?limit=101")).code == 50035
        assert (await call("GET", f"{path}/{ids[3]}")).json["content"] == "3"


async def test_unknown_channels_and_messages_are_refused() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.text.id}/messages"
        assert (await call("GET", "/channels/1")).code == 10003
        assert (await call("POST", "/channels/1/messages", {"content": "x"})).code == 10003
        for method in ("GET", "PATCH", "DELETE"):
            body = {"content": "x"} if method == "PATCH" else None
            refused = await call(method, f"{path}/1", body)
            assert (refused.status, refused.code) == (404, 10008)
        server.delete_channel(server.text)
        assert (await call("GET", path)).code == 10003


async def test_a_message_is_edited_and_deleted_but_not_anybody_elses() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.text.id}/messages"
        number = await sent(call, server.text.id)
        edited = await call("PATCH", f"{path}/{number}", {"content": "y"})
        assert (edited.json["content"], bool(edited.json["edited_timestamp"])) == ("y", True)
        assert (await call("DELETE", f"{path}/{number}")).status == 204
        theirs = server.say(server.text, server.reader, "hello")
        assert (await call("PATCH", f"{path}/{theirs.id}", {"content": "y"})).code == 50005
        assert (await call("DELETE", f"{path}/{theirs.id}")).code == 50013


async def test_a_missing_permission_refuses_what_needs_it() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.text.id}/messages"
        number = await sent(call, server.text.id)
        server.forbid(server.text, "EMBED_LINKS ATTACH_FILES READ_MESSAGE_HISTORY")
        assert (await call("POST", path, {"embeds": [{"title": "t"}]})).code == 50013
        assert (await call("POST", path, {}, {"a.txt": b"."})).code == 50013
        assert (await call("GET", path)).json == []
        assert (await call("GET", f"{path}/{number}")).code == 50013
        reply = {"content": "x", "message_reference": {"message_id": number}}
        assert (await call("POST", path, reply)).code == 160002
        server.permit(server.text, "READ_MESSAGE_HISTORY")
        assert (await call("POST", path, reply)).json["type"] == 19
        server.forbid(server.text, "SEND_MESSAGES")
        refused = await call("POST", path, {"content": "x"})
        assert (refused.status, refused.code) == (403, 50013)
        assert (await call("POST", f"/channels/{server.text.id}/typing")).code == 50013
        server.forbid(server.text, "VIEW_CHANNEL")
        assert (await call("POST", path, {"content": "x"})).code == 50001
        server.set_everyone(server.home, "")
        server.set_permissions(server.home, server.world.bot, "")
        assert (await call("GET", f"/channels/{server.news.id}")).code == 50001


async def test_a_guild_that_removed_the_bot_is_closed_to_it() -> None:
    async with emulated() as (server, call):
        server.remove_bot(server.home)
        refused = await call("POST", f"/channels/{server.text.id}/messages", {"content": "x"})
        assert (refused.status, refused.code) == (403, 50001)
        assert (await call("GET", f"/guilds/{server.home.id}")).code == 10004
        server.invite_bot(server.home)
        await sent(call, server.text.id)
        assert (await call("DELETE", f"/users/@me/guilds/{server.home.id}")).status == 204
        assert (await call("GET", f"/channels/{server.text.id}")).code == 50001


async def test_direct_messages_need_a_user_who_takes_them() -> None:
    async with emulated() as (server, call):
        reader = {"recipient_id": str(server.reader.id)}
        channel = (await call("POST", "/users/@me/channels", reader)).json
        assert (await call("POST", "/users/@me/channels", reader)).json["id"] == channel["id"]
        path = f"/channels/{channel['id']}/messages"
        assert (await call("POST", path, {"content": "x"})).status == 200
        server.block(server.reader)
        refused = await call("POST", path, {"content": "x"})
        assert (refused.status, refused.code) == (403, 50007)
        stranger = server.add_user("stranger")
        assert (
            await call("POST", f"/channels/{server.direct(stranger).id}/messages", {"content": "x"})
        ).code == 50278
        unknown = await call("POST", "/users/@me/channels", {"recipient_id": "1"})
        assert unknown.code == 10013
        group = server.private_group(server.reader, server.owner)
        assert (await call("GET", f"/channels/{group.id}/messages")).code == 50001


async def test_only_announcements_are_published_and_only_once() -> None:
    async with emulated() as (server, call):
        number = await sent(call, server.news.id)
        path = f"/channels/{server.news.id}/messages/{number}/crosspost"
        assert (await call("POST", path)).json["flags"] == 1
        assert (await call("POST", path)).code == 40033
        other = await sent(call, server.text.id)
        refused = await call("POST", f"/channels/{server.text.id}/messages/{other}/crosspost")
        assert refused.code == 50024


async def test_a_channel_takes_so_many_messages_in_so_many_seconds() -> None:
    async with emulated(channel_limit=(2, 5.0)) as (server, call):
        path = f"/channels/{server.text.id}/messages"
        first = await call("POST", path, {"content": "x"})
        assert first.headers["X-RateLimit-Limit"] == "2"
        assert first.headers["X-RateLimit-Remaining"] == "1"
        assert first.headers["X-RateLimit-Bucket"]
        await sent(call, server.text.id)
        refused = await call("POST", path, {"content": "x"})
        assert refused.status == 429
        assert refused.headers["Via"]
        assert refused.headers["X-RateLimit-Scope"] == "user"
        assert refused.json["global"] is False
        assert 0 < refused.json["retry_after"] <= 5
        assert server.limited == 1
        await sent(call, server.news.id)
        server.clock.advance(refused.json["retry_after"])
        await sent(call, server.text.id)


async def test_the_bot_takes_so_many_requests_a_second_in_all() -> None:
    async with emulated(global_limit=2) as (_, call):
        answers = [await call("GET", "/users/@me") for _ in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 429]
        assert answers[2].json["global"] is True
        assert answers[2].headers["X-RateLimit-Global"] == "true"
        assert answers[2].headers["X-RateLimit-Scope"] == "global"


async def test_faults_strike_the_requests_they_name() -> None:
    async with emulated("status:500,first=1,method=POST,path=*/messages") as (server, call):
        path = f"/channels/{server.text.id}/messages"
        assert (await call("GET", path)).status == 200
        assert (await call("POST", path, {"content": "x"})).status == 500
        await sent(call, server.text.id)
        assert len(server.messages(server.text)) == 1
        assert [asked.status for asked in server.requests] == [200, 500, 200]


async def test_a_forced_429_says_how_long_and_for_whom() -> None:
    async with emulated("status:429,retry_after=250,scope=shared,after=1") as (server, call):
        await sent(call, server.text.id)
        refused = await call("GET", f"/channels/{server.text.id}")
        assert refused.json["retry_after"] == 250
        assert refused.headers["X-RateLimit-Scope"] == "shared"
        assert refused.headers["Via"]
        assert (server.limited, server.invalid) == (1, 0)


async def test_a_banned_address_gets_html_without_via() -> None:
    async with emulated("banned") as (_, call):
        refused = await call("GET", "/users/@me")
        assert (refused.status, refused.json, "Via" in refused.headers) == (429, None, False)


@pytest.mark.parametrize(("fault", "stored"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_connection_drops_before_or_after_the_message_is_stored(
    fault: str, stored: int
) -> None:
    async with emulated(f"{fault},nth=1,method=POST") as (server, call):
        path = f"/channels/{server.text.id}/messages"
        body = {"content": "x", "nonce": "n", "enforce_nonce": True}
        with pytest.raises(aiohttp.ClientConnectionError):
            await call("POST", path, body)
        assert len(server.messages(server.text)) == stored
        assert (await call("POST", path, body)).status == 200
        assert len(server.messages(server.text)) == 1
        assert [asked.status for asked in server.requests] == [499, 200]


@pytest.mark.parametrize(("fault", "stored"), [("stall", 0), ("stall_after", 1)])
async def test_a_request_may_never_be_answered(fault: str, stored: int) -> None:
    async with emulated(fault) as (server, call):
        path = f"/channels/{server.text.id}/messages"
        waiting = asyncio.create_task(call("POST", path, {"content": "x"}))
        await server.wait_for(
            lambda: server.requests and len(server.messages(server.text)) >= stored
        )
        assert not waiting.done()
        waiting.cancel()
        assert len(server.messages(server.text)) == stored


async def test_it_runs_as_a_program_that_prints_its_address() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.emulators.discord_server",
        "--no-limits",
        "--token=secret",
        cwd=Path(__file__).parents[1],
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        url = (await process.stdout.readline()).decode().strip()
        headers = {"User-Agent": AGENT, "Authorization": "Bot secret"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.get(f"{url}/api/v10/users/@me") as response,
        ):
            assert (await response.json())["username"] == "Paperround"
    finally:
        process.terminate()
        await process.wait()
