"""Interactions answered: promised at once, for Discord waits three seconds, then kept."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.http import Route

from bot.adapters.base import Commands, Option, Reply, TransientError
from bot.adapters.discord_commands import focused, language_of, request_of
from bot.adapters.discord_render import Json, freeze
from bot.adapters.discord_rest import Pictures, Rest, message_of, said
from core.blocks import Message, Paragraph, Post, Text
from core.i18n import catalog, languages

log = structlog.get_logger(__name__)
_COLOUR = "#5865f2"
_EPHEMERAL = 1 << 6
_ANSWER = "/webhooks/{webhook_id}/{webhook_token}"
# Too late, answered already, the promise deleted, the token over: nobody waits any more.
_OVER = frozenset({10008, 10015, 10062, 40060, 50027})
_NO_MORE_FOLLOWUPS = 40094
_CHOICES, _LONGEST = 25, 100
_REPEATS = 3
_LAST_WORDS = 1.0


class Answers:
    """Answers commands, buttons and what is being typed."""

    def __init__(self, commands: Commands, rest: Rest, pictures: Pictures) -> None:
        self._commands = commands
        self._rest = rest
        self._pictures = pictures
        self._busy: set[asyncio.Task[None]] = set()

    async def answer(self, interaction: discord.Interaction) -> None:
        """Answer one interaction, whatever becomes of it; raises nothing."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        self._busy.add(task)
        try:
            await self._answer(interaction)
        except discord.HTTPException as error:
            over = error.code in _OVER
            (log.debug if over else log.warning)("answer not delivered", error=said(error))
        except (aiohttp.ClientError, OSError, discord.RateLimited, TransientError) as error:
            log.warning("answer not delivered", error=said(error))
        except Exception:
            log.exception("answer not delivered")
        finally:
            self._busy.discard(task)

    async def close(self) -> None:
        """Give the answers under way a moment, then end them."""
        if self._busy:
            _, late = await asyncio.wait(self._busy, timeout=_LAST_WORDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _answer(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete(self._choices(interaction))
        elif interaction.type in (
            discord.InteractionType.application_command,
            discord.InteractionType.component,
        ):
            pressed = interaction.type is discord.InteractionType.component
            request = request_of(interaction)
            private = pressed or request.arguments.get("public") != "true"
            await interaction.response.defer(ephemeral=private, thinking=True)
            try:
                reply = await self._commands.answer(request)
            except Exception:
                log.exception("no answer", command=request.command)
                reply = _broken(request.language)
            await self._deliver(interaction, reply, private=private)

    def _choices(self, interaction: discord.Interaction) -> list[app_commands.Choice[str]]:
        """What may be meant; nothing where that goes wrong, for people can go on typing."""
        command, name, typed = focused(interaction)
        option = self._option(command, name)
        if option is None:
            return []
        try:
            found = self._commands.suggest(option, typed, language_of(interaction))
        except Exception:
            log.exception("no suggestions", option=name)
            return []
        return [
            app_commands.Choice(name=one.label[:_LONGEST], value=one.value)
            for one in found
            if one.label.strip() and 0 < len(one.value) <= _LONGEST
        ][:_CHOICES]

    def _option(self, command: str, name: str) -> Option | None:
        for known in self._commands.table:
            for option in known.options:
                if known.name == command and option.name == name:
                    return option
        return None

    async def _deliver(
        self, interaction: discord.Interaction, reply: Reply, *, private: bool
    ) -> None:
        """The first message in the place of the promise, the others behind it."""
        first, *others = [json.loads(frozen.body) for frozen in freeze(reply.post, private=False)]
        await self._edit(interaction, first)
        route = Route("POST", _ANSWER, **_place(interaction))
        for body in others:
            picture = await self._pictures.of(body)
            message = message_of(body, picture) | ({"flags": _EPHEMERAL} if private else {})
            try:
                await self._rest.ask(route, message, picture=picture, paced=False)
            except discord.HTTPException as error:
                if error.code != _NO_MORE_FOLLOWUPS:
                    raise
                log.info("answer cut short", error=said(error))
                return

    async def _edit(self, interaction: discord.Interaction, body: Json) -> None:
        """An edit can be repeated, so one that is lost on its way is."""
        picture = await self._pictures.of(body)
        message = message_of(body, picture)
        route = Route("PATCH", f"{_ANSWER}/messages/@original", **_place(interaction))
        for left in reversed(range(_REPEATS)):
            try:
                await self._rest.ask(route, message, picture=picture, paced=False)
            except (aiohttp.ClientError, OSError):
                if not left:
                    raise
            else:
                return


def _place(interaction: discord.Interaction) -> dict[str, Any]:
    """Where the answers to an interaction go."""
    return {"webhook_id": str(interaction.application_id), "webhook_token": interaction.token}


def _broken(language: str) -> Reply:
    words = catalog(language if language in languages() else "en")
    blocks: Sequence[Paragraph] = (Paragraph((Text(words.say("answer.broken")),)),)
    return Reply(Post("", words.language, Message("answer", "", _COLOUR, tuple(blocks))))
