"""Registering commands: Discord developer documentation, "Application Commands"."""

from contextlib import ExitStack

from aiohttp import web

from tests.emulators import discord_spec
from tests.emulators.discord_access import find_guild
from tests.emulators.discord_bodies import read_list
from tests.emulators.discord_command_rules import check_commands
from tests.emulators.discord_errors import Json, Refusal, snowflake
from tests.emulators.discord_rest import Handler, Reply
from tests.emulators.discord_world import World


def _scope(world: World, request: web.Request) -> int | None:
    if snowflake(request.match_info["application"]) != world.application_id:
        raise Refusal(10002)
    return find_guild(world, request).id if "guild" in request.match_info else None


async def _commands(world: World, request: web.Request) -> Reply:
    return world.commands.get(_scope(world, request), [])


async def _put_commands(world: World, request: web.Request) -> Reply:
    scope = _scope(world, request)
    body = await read_list(request)
    with ExitStack() as stack:
        for n, command in enumerate(body if isinstance(body, list) else []):
            stack.enter_context(
                discord_spec.checked("ApplicationCommandUpdateRequest", command, (n,))
            )
        listed = check_commands(body)
    known = {(old["type"], old["name"]): old["id"] for old in world.commands.get(scope, [])}
    world.commands[scope] = [_command_json(world, scope, known, command) for command in listed]
    world.synced += 1
    return world.commands[scope]


def _command_json(
    world: World, scope: int | None, known: dict[tuple[int, str], str], command: Json
) -> Json:
    kind = command.get("type") or 1
    permissions = command.get("default_member_permissions")
    return {
        **command,
        "id": known.get((kind, command["name"])) or str(world.new_id()),
        "type": kind,
        "application_id": str(world.application_id),
        "version": str(world.new_id()),
        "description": command.get("description") or "",
        "options": command.get("options") or [],
        "default_member_permissions": None if permissions is None else str(permissions),
        "nsfw": bool(command.get("nsfw")),
        "contexts": command.get("contexts"),
        "integration_types": command.get("integration_types") or [0],
    } | ({"guild_id": str(scope)} if scope else {})


_COMMANDS = "/applications/{application}/commands"
_GUILD_COMMANDS = "/applications/{application}/guilds/{guild}/commands"

COMMAND_ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", _COMMANDS, _commands),
    ("PUT", _COMMANDS, _put_commands),
    ("GET", _GUILD_COMMANDS, _commands),
    ("PUT", _GUILD_COMMANDS, _put_commands),
]
