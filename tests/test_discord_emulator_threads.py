"""The emulated Discord's threads and forum posts."""

from typing import Any

import pytest

from tests.emulators.discord_caller import Caller, emulated
from tests.emulators.discord_server import DiscordServer


async def opened(server: DiscordServer, call: Caller) -> str:
    path = f"/channels/{server.text.id}/messages"
    number = str((await call("POST", path, {"content": "parent"})).json["id"])
    made = await call("POST", f"{path}/{number}/threads", {"name": "thread"})
    assert (made.status, made.json["id"]) == (201, number)
    return number


async def test_a_message_has_one_thread_which_has_its_id() -> None:
    async with emulated() as (server, call):
        number = await opened(server, call)
        path = f"/channels/{server.text.id}/messages/{number}"
        again = await call("POST", f"{path}/threads", {"name": "again"})
        assert (again.status, again.code) == (400, 160004)
        parent = (await call("GET", path)).json
        assert parent["thread"]["id"] == number
        assert parent["flags"] & 32
        assert (await call("GET", f"/channels/{number}")).json["parent_id"] == str(server.text.id)


async def test_a_thread_begins_with_a_system_message_that_is_no_message_of_ours() -> None:
    async with emulated() as (server, call):
        number = await opened(server, call)
        inside = (await call("GET", f"/channels/{number}/messages")).json
        assert [(m["type"], m["referenced_message"]["content"]) for m in inside] == [(21, "parent")]
        assert server.messages(server.threads(server.text)[0]) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"name": "x" * 101}, "name BASE_TYPE_BAD_LENGTH"),
        ({"name": ""}, "name BASE_TYPE_REQUIRED"),
        ({}, "name BASE_TYPE_REQUIRED"),
        (
            {"name": "x", "auto_archive_duration": 61},
            "auto_archive_duration BASE_TYPE_CHOICES",
        ),
        ({"name": "x", "rate_limit_per_user": 21601}, "rate_limit_per_user NUMBER_TYPE_RANGE"),
    ],
)
async def test_a_bad_thread_is_refused(body: dict[str, Any], fault: str) -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.text.id}"
        number = (await call("POST", f"{path}/messages", {"content": "x"})).json["id"]
        message = {"message": {"content": "x"}}
        for answer in (
            await call("POST", f"{path}/messages/{number}/threads", body),
            await call("POST", f"{path}/threads", body | {"type": 11}),
            await call("POST", f"/channels/{server.forum.id}/threads", body | message),
        ):
            assert (answer.code, answer.faults) == (50035, [fault])
        assert server.threads(server.text) == []


async def test_sending_wakes_an_archived_thread_and_editing_does_not() -> None:
    async with emulated() as (server, call):
        number = await opened(server, call)
        path = f"/channels/{number}/messages"
        reply = (await call("POST", path, {"content": "x"})).json["id"]
        thread = server.threads(server.text)[0]
        server.change_thread(thread, archived=True)
        assert (await call("PATCH", f"{path}/{reply}", {"content": "y"})).code == 50083
        assert (await call("DELETE", f"{path}/{reply}")).code == 50083
        assert (await call("PATCH", f"/channels/{number}", {"name": "y"})).code == 50083
        assert (await call("PUT", f"/channels/{number}/thread-members/@me")).code == 50083
        assert thread.archived
        assert (await call("POST", path, {"content": "z"})).status == 200
        assert not thread.archived
        assert (await call("PATCH", f"{path}/{reply}", {"content": "y"})).status == 200
        assert (await call("PUT", f"/channels/{number}/thread-members/@me")).status == 204


async def test_a_locked_thread_takes_messages_only_from_who_manages_threads() -> None:
    async with emulated() as (server, call):
        number = await opened(server, call)
        thread = server.threads(server.text)[0]
        server.change_thread(thread, archived=True, locked=True)
        path = f"/channels/{number}/messages"
        assert (await call("POST", path, {"content": "x"})).code == 160005
        unlock = {"archived": False, "locked": False}
        assert (await call("PATCH", f"/channels/{number}", unlock)).code == 50013
        server.permit(server.text, "MANAGE_THREADS")
        assert (await call("POST", path, {"content": "x"})).status == 200
        assert (await call("PATCH", f"/channels/{number}", unlock)).status == 200


async def test_the_bot_archives_and_renames_its_own_thread() -> None:
    async with emulated() as (server, call):
        number = await opened(server, call)
        changed = await call("PATCH", f"/channels/{number}", {"name": "new", "archived": True})
        assert changed.json["name"] == "new"
        assert changed.json["thread_metadata"]["archived"] is True
        assert (await call("PATCH", f"/channels/{server.text.id}", {"name": "x"})).code == 50013


async def test_active_and_archived_threads_are_listed() -> None:
    async with emulated() as (server, call):
        number = await opened(server, call)
        active = f"/guilds/{server.home.id}/threads/active"
        archived = f"/channels/{server.text.id}/threads/archived/public"
        assert [t["id"] for t in (await call("GET", active)).json["threads"]] == [number]
        assert (await call("GET", archived)).json["threads"] == []
        server.change_thread(server.threads(server.text)[0], archived=True)
        assert (await call("GET", active)).json["threads"] == []
        assert [t["id"] for t in (await call("GET", archived)).json["threads"]] == [number]


async def test_threads_need_permissions_of_their_own() -> None:
    async with emulated() as (server, call):
        number = await opened(server, call)
        server.forbid(server.text, "SEND_MESSAGES")
        assert (await call("POST", f"/channels/{number}/messages", {"content": "x"})).status == 200
        server.forbid(server.text, "SEND_MESSAGES_IN_THREADS CREATE_PUBLIC_THREADS")
        refused = await call("POST", f"/channels/{number}/messages", {"content": "x"})
        assert (refused.status, refused.code) == (403, 50013)
        other = server.say(server.text, server.reader, "hello")
        path = f"/channels/{server.text.id}"
        made = await call("POST", f"{path}/messages/{other.id}/threads", {"name": "x"})
        assert made.code == 50013
        plain = await call("POST", f"{path}/threads", {"name": "x", "type": 11})
        assert plain.code == 50013


async def test_a_forum_post_begins_with_a_message_of_its_own_id() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.forum.id}"
        body = {
            "name": "post",
            "applied_tags": [server.forum.tags[0]["id"]],
            "message": {"embeds": [{"image": {"url": "attachment://chart.png"}}]},
        }
        made = await call("POST", f"{path}/threads", body, {"chart.png": b"PNG"})
        assert made.status == 201, made.json
        assert made.json["message"]["id"] == made.json["id"]
        assert made.json["applied_tags"] == [server.forum.tags[0]["id"]]
        reply = await call("POST", f"/channels/{made.json['id']}/messages", {"content": "x"})
        assert reply.status == 200
        contents = [
            m["type"] for m in (await call("GET", f"/channels/{made.json['id']}/messages")).json
        ]
        assert contents == [0, 0]
        assert (await call("POST", f"{path}/messages", {"content": "x"})).code == 50008
        assert (await call("GET", f"{path}/messages")).code == 50008


async def test_a_forum_post_has_no_nonce() -> None:
    async with emulated() as (server, call):
        message = {"content": "x", "nonce": "n", "enforce_nonce": True}
        body = {"name": "post", "message": message}
        for _ in range(2):
            await call("POST", f"/channels/{server.forum.id}/threads", body)
        posts = server.threads(server.forum)
        assert len(posts) == 2
        assert server.messages(posts[0])[0].nonce is None


async def test_a_forum_checks_its_tags() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.forum.id}/threads"
        body: dict[str, Any] = {"name": "post", "message": {"content": "x"}}
        unknown = await call("POST", path, body | {"applied_tags": ["1"]})
        assert unknown.faults == ["applied_tags.0 FORUM_TAG_UNKNOWN"]
        server.forum.tag_required = True
        assert (await call("POST", path, body)).code == 40067
        assert (await call("POST", path, {"name": "post"})).faults == ["message BASE_TYPE_REQUIRED"]
        empty = await call("POST", path, {"name": "post", "message": {}})
        assert empty.code == 50006
        server.forbid(server.forum, "SEND_MESSAGES")
        assert (await call("POST", path, body)).code == 50013


async def test_an_announcement_s_thread_is_an_announcement_thread() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.news.id}/messages"
        number = (await call("POST", path, {"content": "x"})).json["id"]
        made = await call("POST", f"{path}/{number}/threads", {"name": "x"})
        assert made.json["type"] == 10
        inside = f"/channels/{number}"
        reply = (await call("POST", f"{inside}/messages", {"content": "x"})).json["id"]
        nested = await call("POST", f"{inside}/messages/{reply}/threads", {"name": "x"})
        assert nested.code == 50024


async def test_a_guild_has_so_many_active_threads() -> None:
    async with emulated() as (server, call):
        server.world.max_active_threads = 1
        await opened(server, call)
        body = {"name": "post", "message": {"content": "x"}}
        assert (await call("POST", f"/channels/{server.forum.id}/threads", body)).code == 160006
        server.change_thread(server.threads(server.text)[0], archived=True)
        assert (await call("POST", f"/channels/{server.forum.id}/threads", body)).status == 201


async def test_deleting_a_thread_needs_its_permission() -> None:
    async with emulated() as (server, call):
        number = await opened(server, call)
        assert (await call("DELETE", f"/channels/{number}")).code == 50013
        server.permit(server.text, "MANAGE_THREADS")
        assert (await call("DELETE", f"/channels/{number}")).json["id"] == number
        assert (await call("GET", f"/channels/{number}")).code == 10003
