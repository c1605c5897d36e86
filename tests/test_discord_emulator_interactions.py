"""The emulated Discord's commands and the answers to them."""

from typing import Any

import pytest

from tests.emulators.discord_asking import CannotUseError
from tests.emulators.discord_caller import applied, callback, webhook


async def test_a_command_arrives_as_registered() -> None:
    async with applied() as (server, _, socket):
        server.reader.locale = "ko"
        options = {"category": "cv", "days": 7, "public": True, "who": server.owner}
        await server.command("digest", options, guild_locale="fr")
        data = await socket.until("INTERACTION_CREATE")
        assert (data["type"], data["context"], data["locale"]) == (2, 0, "ko")
        assert data["guild_locale"] == "fr"
        assert data["member"]["user"]["id"] == str(server.reader.id)
        assert data["authorizing_integration_owners"] == {"0": str(server.home.id)}
        assert data["data"]["options"] == [
            {"name": "category", "type": 3, "value": "cv"},
            {"name": "days", "type": 4, "value": 7},
            {"name": "public", "type": 5, "value": True},
            {"name": "who", "type": 6, "value": str(server.owner.id)},
        ]
        assert data["data"]["resolved"]["users"][str(server.owner.id)]["username"] == "owner"


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("nothing", {}, "not registered; registered are ['digest', 'post']"),
        ("digest", {"colour": "red"}, "no 'colour' among"),
        ("digest", {"days": "7"}, "not of the option's type"),
        ("digest", {"days": True}, "not of the option's type"),
        ("digest", {"days": 31}, "outside 1 to 30"),
        ("digest", {"size": "xl"}, "not among the choices"),
        ("post", {}, "not shown to reader"),
    ],
)
async def test_what_discord_would_not_offer_cannot_be_used(
    name: str, options: dict[str, object], reason: str
) -> None:
    async with applied() as (server, _, __):
        with pytest.raises(CannotUseError) as caught:
            await server.command(name, options)
        assert reason in str(caught.value)


async def test_a_required_option_is_required_and_a_context_is_kept() -> None:
    async with applied() as (server, _, __):
        with pytest.raises(CannotUseError, match="required options are missing"):
            await server.command("post", user=server.owner)
        manager = server.add_user("manager", guild=server.home, permissions="MANAGE_GUILD")
        await server.command("post", {"date": "today"}, user=manager)
        direct = server.direct(server.owner)
        with pytest.raises(CannotUseError, match="context 1"):
            await server.command("post", {"date": "today"}, user=server.owner, channel=direct)
        with pytest.raises(CannotUseError, match="kind of installation"):
            await server.command("post", {"date": "x"}, user=server.owner, by_user_install=True)


async def test_a_command_is_offered_only_where_the_user_sees_the_channel() -> None:
    async with applied() as (server, _, __):
        for permission in ("VIEW_CHANNEL", "USE_APPLICATION_COMMANDS"):
            server.forbid(server.news, permission, server.reader)
            with pytest.raises(CannotUseError, match="may not use commands in news"):
                await server.command("digest", channel=server.news)
            server.permit(server.news, permission, server.reader)
        server.delete_channel(server.news)
        with pytest.raises(CannotUseError, match="deleted"):
            await server.command("digest", channel=server.news)


async def test_a_user_s_own_installation_is_the_owner_where_the_bot_is_not() -> None:
    async with applied() as (server, call, socket):
        group = server.private_group(server.reader, server.owner)
        with pytest.raises(CannotUseError, match="the bot is not here"):
            await server.command("digest", channel=group)
        asked = await server.command("digest", channel=group, by_user_install=True)
        data = await socket.until("INTERACTION_CREATE")
        assert (data["context"], data["user"]["username"]) == (2, "reader")
        assert data["authorizing_integration_owners"] == {"1": str(server.reader.id)}
        await call("POST", callback(asked), {"type": 4, "data": {"content": "x"}})
        path = webhook(server, asked)
        for _ in range(5):
            assert (await call("POST", path, {"content": "x"})).status == 200
        assert (await call("POST", path, {"content": "x"})).code == 40094


async def test_an_answer_is_one_message() -> None:
    async with applied() as (server, call, _):
        asked = await server.command("digest")
        body = {"type": 4, "data": {"content": "x", "flags": 64}}
        answer = await call("POST", f"{callback(asked)}?with_response=1", body)
        assert answer.status == 200
        message = await asked.answer()
        assert answer.json["interaction"]["response_message_id"] == str(message.id)
        assert answer.json["resource"]["message"]["content"] == "x"
        assert message.ephemeral
        assert server.messages(server.text) == []
        assert server.messages(server.text, private=True) == [message]
        assert (await call("GET", f"/channels/{server.text.id}/messages")).json == []
        assert (await call("GET", f"{webhook(server, asked)}/messages/@original")).status == 200


async def test_a_second_acknowledgement_is_refused() -> None:
    async with applied() as (server, call, _):
        asked = await server.command("digest")
        assert (await call("POST", callback(asked), {"type": 5})).status == 204
        again = await call("POST", callback(asked), {"type": 5})
        assert (again.status, again.code) == (400, 40060)
        assert asked.refused == [40060]


async def test_a_late_acknowledgement_is_refused() -> None:
    async with applied() as (server, call, _):
        asked = await server.command("digest")
        server.clock.advance(3)
        late = await call("POST", callback(asked), {"type": 5})
        assert (late.status, late.code) == (404, 10062)
        assert (await call("POST", webhook(server, asked), {"content": "x"})).code == 10015
        unknown = await call("POST", "/interactions/1/none/callback", {"type": 5})
        assert unknown.code == 10062


async def test_a_token_lives_a_quarter_of_an_hour() -> None:
    async with applied() as (server, call, _):
        asked = await server.command("digest")
        await call("POST", callback(asked), {"type": 5})
        server.clock.advance(899)
        path = f"{webhook(server, asked)}/messages/@original"
        assert (await call("PATCH", path, {"content": "x"})).status == 200
        server.clock.advance(2)
        expired = await call("PATCH", path, {"content": "y"})
        assert (expired.status, expired.code) == (401, 50027)
        assert (await call("POST", "/webhooks/1/none", {"content": "x"})).code == 10015


async def test_a_followup_fills_a_deferred_answer_and_the_next_is_a_new_message() -> None:
    async with applied() as (server, call, _):
        asked = await server.command("digest")
        await call("POST", callback(asked), {"type": 5, "data": {"flags": 64}})
        assert asked.loading
        first = await call("POST", webhook(server, asked), {"content": "one"})
        second = await call("POST", webhook(server, asked), {"content": "two", "flags": 0})
        message = await asked.answer()
        assert (message.content, message.ephemeral) == ("one", True)
        assert first.json["id"] == str(message.id)
        assert [m.content for m in asked.messages] == ["one", "two"]
        path = f"{webhook(server, asked)}/messages/{second.json['id']}"
        assert (await call("PATCH", path, {"content": "three"})).json["content"] == "three"
        assert (await call("DELETE", path)).status == 204
        assert (await call("GET", path)).code == 10008


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"type": 6}, "type BASE_TYPE_CHOICES"),
        ({"type": 7, "data": {"content": "x"}}, "type BASE_TYPE_CHOICES"),
        ({"type": 8, "data": {"choices": []}}, "type BASE_TYPE_CHOICES"),
        ({}, "type BASE_TYPE_CHOICES"),
        ({"type": 4, "data": {"content": "x" * 2001}}, "data.content BASE_TYPE_MAX_LENGTH"),
        (
            {"type": 9, "data": {"title": "x" * 46, "custom_id": "c", "components": [{"type": 1}]}},
            "data.title BASE_TYPE_BAD_LENGTH",
        ),
    ],
)
async def test_a_bad_answer_is_refused_and_can_be_given_again(
    body: dict[str, Any], fault: str
) -> None:
    async with applied() as (server, call, _):
        asked = await server.command("digest")
        refused = await call("POST", callback(asked), body)
        assert refused.code == 50035
        assert fault in refused.faults
        good = {"type": 4, "data": {"content": "x"}}
        assert (await call("POST", callback(asked), good)).status == 204


async def test_an_empty_answer_is_refused() -> None:
    async with applied() as (server, call, _):
        asked = await server.command("digest")
        assert (await call("POST", callback(asked), {"type": 4, "data": {}})).code == 50006
        await call("POST", callback(asked), {"type": 5})
        assert (await call("POST", webhook(server, asked), {"content": ""})).code == 50006
        path = f"{webhook(server, asked)}/messages/@original"
        refused = await call("PATCH", path, {"content": "x" * 2001})
        assert refused.faults == ["content BASE_TYPE_MAX_LENGTH"]


async def test_suggestions_are_at_most_twenty_five() -> None:
    async with applied() as (server, call, _):
        asked = await server.autocomplete("digest", "category", "c")
        choices = [{"name": "n", "value": str(n)} for n in range(26)]
        body = {"type": 8, "data": {"choices": choices}}
        refused = await call("POST", callback(asked), body)
        assert refused.faults == ["data.choices BASE_TYPE_BAD_LENGTH"]
        long = {"type": 8, "data": {"choices": [{"name": "x" * 101, "value": "v"}]}}
        assert (await call("POST", callback(asked), long)).code == 50035
        assert (await call("POST", callback(asked), {"type": 4})).code == 50035
        body["data"] = {"choices": choices[:25]}
        assert (await call("POST", callback(asked), body)).status == 204
        assert len(await asked.choices()) == 25
        with pytest.raises(CannotUseError, match="no autocomplete"):
            await server.autocomplete("digest", "size", "s")


async def test_an_answer_in_a_deleted_channel_is_refused() -> None:
    async with applied() as (server, call, _):
        asked, other = await server.command("digest"), await server.command("digest")
        await call("POST", callback(asked), {"type": 5})
        server.delete_channel(server.text)
        assert (await call("POST", callback(other), {"type": 5})).code == 10003
        path = f"{webhook(server, asked)}/messages/@original"
        assert (await call("PATCH", path, {"content": "x"})).code == 10003
        assert (asked.refused, other.refused) == ([10003], [10003])


async def test_an_answer_s_file_over_ten_mebibytes_is_refused() -> None:
    async with applied() as (server, call, _):
        asked = await server.command("digest")
        big = {"a.bin": bytes(10 * 2**20 + 1)}
        refused = await call("POST", callback(asked), {"type": 4, "data": {}}, big)
        assert (refused.status, refused.code) == (413, 40005)
        small = {"a.bin": b"."}
        assert (await call("POST", callback(asked), {"type": 4, "data": {}}, small)).status == 204
        assert (await asked.answer()).files[0].content == b"."
