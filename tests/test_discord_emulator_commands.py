"""The emulated Discord's rules for commands."""

from typing import Any

import pytest

from tests.emulators.discord_caller import Caller, emulated, identified
from tests.emulators.discord_server import DiscordServer

DIGEST = {"name": "digest", "description": "d"}


async def registered(server: DiscordServer, call: Caller) -> str:
    path = f"/applications/{server.world.application_id}/commands"
    assert (await call("PUT", path, [DIGEST, DIGEST | {"name": "post"}])).status == 200
    return path


def named(count: int) -> list[dict[str, Any]]:
    return [{"name": f"c{n}", "description": "d"} for n in range(count)]


def optioned(**parts: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    option = {"type": 3, "name": "o", "description": "d"} | parts
    return [{"name": "c", "description": "d", "options": [option]}]


def texts(number: int) -> dict[str, Any]:
    choices = [{"name": f"{n}", "value": "x" * 100} for n in range(25)]
    return {"type": 3, "name": f"o{number}", "description": "d", "choices": choices}


@pytest.mark.parametrize(
    ("commands", "fault"),
    [
        (named(101), " APPLICATION_COMMANDS_MAX_EXCEEDED"),
        (
            [{"name": "big", "description": "d", "options": [texts(n) for n in range(4)]}],
            "0 APPLICATION_COMMAND_TOO_LARGE",
        ),
        (named(1) * 2, "1.name APPLICATION_COMMANDS_DUPLICATE_NAME"),
        ([{"name": "x" * 33, "description": "d"}], "0.name BASE_TYPE_BAD_LENGTH"),
        ([{"name": "Digest", "description": "d"}], "0.name APPLICATION_COMMAND_INVALID_NAME"),
        ([{"name": "a b", "description": "d"}], "0.name APPLICATION_COMMAND_INVALID_NAME"),
        ([{"name": "c", "description": "x" * 101}], "0.description BASE_TYPE_BAD_LENGTH"),
        ([{"name": "c"}], "0.description BASE_TYPE_REQUIRED"),
        (
            [{"name": "c", "description": "d", "name_localizations": {"ko": "다 이"}}],
            "0.name_localizations.ko APPLICATION_COMMAND_INVALID_NAME",
        ),
        (
            [{"name": "c", "description": "d", "description_localizations": {"ko-KR": "가"}}],
            "0.description_localizations.ko-KR BASE_TYPE_CHOICES",
        ),
        (
            [{"name": "c", "description": "d", "description_localizations": {"ko": "가" * 101}}],
            "0.description_localizations.ko BASE_TYPE_BAD_LENGTH",
        ),
        (optioned(description="x" * 101), "0.options.0.description BASE_TYPE_BAD_LENGTH"),
        (
            optioned(choices=[{"name": "n", "value": str(n)} for n in range(26)]),
            "0.options.0.choices BASE_TYPE_BAD_LENGTH",
        ),
        (
            optioned(choices=[{"name": "x" * 101, "value": "v"}]),
            "0.options.0.choices.0.name BASE_TYPE_BAD_LENGTH",
        ),
        (
            optioned(choices=[{"name": "n", "value": "v"}], autocomplete=True),
            "0.options.0 APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
        ),
        (
            [{"name": "c", "description": "d", "options": optioned()[0]["options"] * 2}],
            "0.options APPLICATION_COMMAND_OPTIONS_NAME_INVALID",
        ),
        (
            [
                {
                    "name": "c",
                    "description": "d",
                    "options": [
                        {"type": 3, "name": f"o{n}", "description": "d"} for n in range(26)
                    ],
                }
            ],
            "0.options BASE_TYPE_BAD_LENGTH",
        ),
        (
            [
                {
                    "name": "c",
                    "description": "d",
                    "options": [
                        {"type": 3, "name": "a", "description": "d"},
                        {"type": 3, "name": "b", "description": "d", "required": True},
                    ],
                }
            ],
            "0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
    ],
)
async def test_bad_commands_are_refused_and_the_old_ones_stay(
    commands: list[dict[str, Any]], fault: str
) -> None:
    async with emulated() as (server, call):
        path = await registered(server, call)
        refused = await call("PUT", path, commands)
        assert refused.code == 50035
        assert fault in refused.faults
        assert [command["name"] for command in (await call("GET", path)).json] == ["digest", "post"]


async def test_a_command_s_id_survives_registering_it_again() -> None:
    async with emulated() as (server, call), identified(server):
        await registered(server, call)
        base = f"/applications/{server.world.application_id}"
        before = (await call("GET", f"{base}/commands")).json[0]["id"]
        assert (await call("PUT", f"{base}/commands", [DIGEST])).json[0]["id"] == before
        guild = f"{base}/guilds/{server.home.id}/commands"
        made = (await call("PUT", guild, [DIGEST | {"name": "here"}])).json
        assert made[0]["guild_id"] == str(server.home.id)
        await server.command("here")
        assert (await call("PUT", "/applications/1/commands", [])).code == 10002
