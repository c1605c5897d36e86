"""Interactions answered: promised at once, for Discord waits three seconds, then kept."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.http import Route

from bot.adapters.base import Commands, Option, Reply, Request, TransientError
from bot.adapters.discord_commands import focused, form, language_of, mark_of, request_of
from bot.adapters.discord_render import Json, freeze
from bot.adapters.discord_rest import Pictures, Rest, message_of, said
from core.blocks import Actions, Message, Paragraph, Post, Text
from core.i18n import catalog, languages

log = structlog.get_logger(__name__)
_COLOUR = "#5865f2"
_ALONE = {"flags": 1 << 6}
_NONE: Mapping[str, Any] = {}
_ANSWER = "/webhooks/{webhook_id}/{webhook_token}"
_CALLBACK = "/interactions/{number}/{token}/callback"
_MESSAGE, _FORM = 4, 9
# Discord waits three seconds, on the way there and back too.
_FORM_SECONDS = 2.0
_ANSWERED = (
    discord.InteractionType.application_command,
    discord.InteractionType.component,
    discord.InteractionType.modal_submit,
)
# Too late, answered already, the promise deleted, the token over: nobody waits any more.
_OVER = frozenset({10008, 10015, 10062, 40060, 50027})
_NO_MORE_FOLLOWUPS = 40094
_CHOICES, _LONGEST = 25, 100
_REPEATS = 3
_LAST_WORDS = 1.0


class Answers:
    """Answers commands, buttons, menus, forms and what is being typed."""

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
            return
        request = request_of(interaction)
        if request.asks:
            await self._ask(interaction, request)
        elif request.pressed and interaction.message and mark_of(interaction).in_place:
            await interaction.response.defer()
            await self._deliver_in_place(interaction, await self._reply(request))
        elif interaction.type in _ANSWERED:
            private = request.pressed or request.arguments.get("public") != "true"
            await interaction.response.defer(ephemeral=private, thinking=True)
            await self._deliver(interaction, await self._reply(request), private=private)

    async def _reply(self, request: Request) -> Reply:
        try:
            return await self._commands.answer(request)
        except Exception:
            log.exception("no answer", command=request.command)
            return _broken(request.language)

    async def _ask(self, interaction: discord.Interaction, request: Request) -> None:
        """A form for what is asked, which no promise may come before; else the answer itself."""
        try:
            async with asyncio.timeout(_FORM_SECONDS):
                reply = await self._reply(request)
        except TimeoutError:
            reply = _broken(request.language)
        for block in reply.post.parent.blocks:
            for action in block.actions if isinstance(block, Actions) else ():
                if action.asks:
                    await self._call_back(interaction, _FORM, form(action, action.asks))
                    return
        body = json.loads(freeze(reply.post, private=False)[0].body)
        await self._call_back(interaction, _MESSAGE, message_of(body, None) | _ALONE)

    async def _call_back(self, interaction: discord.Interaction, kind: int, data: Json) -> None:
        route = Route("POST", _CALLBACK, number=str(interaction.id), token=interaction.token)
        await self._rest.ask(route, {"type": kind, "data": data}, paced=False)

    async def _deliver_in_place(self, interaction: discord.Interaction, reply: Reply) -> None:
        """The message that was pressed changed, or a word beside it for who pressed."""
        bodies = [json.loads(frozen.body) for frozen in freeze(reply.post, private=False)]
        if not reply.beside:
            # What the message showed before is gone with its picture.
            await self._edit(interaction, bodies.pop(0), {"attachments": []})
        await self._follow(interaction, bodies, private=True)

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
        await self._follow(interaction, others, private=private)

    async def _follow(
        self, interaction: discord.Interaction, bodies: Sequence[Json], *, private: bool
    ) -> None:
        route = Route("POST", _ANSWER, **_place(interaction))
        for body in bodies:
            picture = await self._pictures.of(body)
            message = message_of(body, picture) | (_ALONE if private else {})
            try:
                await self._rest.ask(route, message, picture=picture, paced=False)
            except discord.HTTPException as error:
                if error.code != _NO_MORE_FOLLOWUPS:
                    raise
                log.info("answer cut short", error=said(error))
                return

    async def _edit(
        self, interaction: discord.Interaction, body: Json, changes: Mapping[str, Any] = _NONE
    ) -> None:
        """An edit can be repeated, so one that is lost on its way is."""
        picture = await self._pictures.of(body)
        message = {**changes, **message_of(body, picture)}
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
    message = Message("answer", "", _COLOUR, tuple(blocks))
    return Reply(Post("", words.language, message), beside=True)
