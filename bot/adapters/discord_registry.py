"""The commands told to Discord, where it has others; it allows only so many changes a day."""

import asyncio
from collections.abc import Sequence

import discord
import structlog
from discord.http import Route

from bot.adapters.base import Command
from bot.adapters.discord_commands import differs, payload
from bot.adapters.discord_render import Json
from bot.adapters.discord_rest import AWAY, Rest, put_off

log = structlog.get_logger(__name__)
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 90.0
_SERVER_ERROR = 500
_COMMANDS = "/applications/{application_id}/commands"


async def register(rest: Rest, application: int, table: Sequence[Command]) -> None:
    """Tell Discord the commands of this application, however long it takes."""
    wanted = payload(table)
    wait = _FIRST_WAIT
    while True:
        try:
            if differs(await _registered(rest, application), wanted):
                await rest.ask(_route("PUT", application), wanted)
                log.info("commands registered", count=len(wanted))
        except Exception as error:
            later = put_off(error)
            away = isinstance(error, AWAY) and getattr(error, "status", 500) >= _SERVER_ERROR
            if not later and not away:
                log.exception("commands cannot be registered")
                return
            wait = max(
                wait, later.retry_after.total_seconds() if later and later.retry_after else 0
            )
        else:
            return
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


async def _registered(rest: Rest, application: int) -> list[Json]:
    """The commands Discord has; none where it does not tell, so that ours are sent."""
    try:
        found: list[Json] = await rest.ask(
            _route("GET", application), query={"with_localizations": "true"}
        )
    except discord.HTTPException as error:
        log.info("registered commands not told", status=error.status)
        return []
    return found


def _route(method: str, application: int) -> Route:
    return Route(method, _COMMANDS, application_id=application)
