"""Messages that were sent, shown as they should read now: corrected, and linked to their replies."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.adapters.base import SendError, UnknowableError
from bot.adapters.discord_history import MESSAGE, History, shows
from bot.adapters.discord_markup import message_address
from bot.adapters.discord_places import PERSON, THREADED, Places
from bot.adapters.discord_render import Json, linked
from bot.adapters.discord_rest import Rest, edit_of, or_put_off
from bot.adapters.discord_verdicts import ARCHIVED, NO_MESSAGE, Verdicts
from core.delivery import Delivery


class Corrector:
    """Edits messages of deliveries, where they do not read already as they should."""

    def __init__(self, rest: Rest, places: Places, history: History, verdicts: Verdicts) -> None:
        self._rest = rest
        self._places = places
        self._history = history
        self._verdicts = verdicts

    async def amend(self, delivery: Delivery, links: Mapping[str, str]) -> None:
        """Show the message as its body is, with ``links`` (ids by part). Raises as ``send`` does.

        An edit is the same however often it is made, so no failure leaves it in doubt.
        """
        try:
            await self._amend(delivery, links)
        except discord.HTTPException as error:
            failure = or_put_off(error)
            if failure is error:
                failure = self._judged(delivery, error)
            raise failure from error
        except (aiohttp.ClientError, OSError, discord.DiscordException) as error:
            raise or_put_off(error) from error

    def _judged(self, delivery: Delivery, error: discord.HTTPException) -> Exception:
        """What a refusal means; what somebody deleted or locked ends this message alone."""
        if error.code == NO_MESSAGE:
            return UnknowableError("it was deleted")
        if error.code == ARCHIVED:
            return UnknowableError("its thread is archived and cannot be opened again")
        judged = self._verdicts.of_chat(delivery.target, error)
        if isinstance(judged, SendError):
            return judged
        return UnknowableError(f"Discord does not take this change: {error.code}")

    async def _amend(self, delivery: Delivery, links: Mapping[str, str]) -> None:
        body = json.loads(delivery.body)
        home = await self._places.home(delivery.target)
        guild, thread = await self._thread(delivery, home)
        embed = linked(
            body,
            {part: message_address(guild, thread, number) for part, number in links.items()},
        )
        # A post in a forum begins with its parent; elsewhere the parent is outside of its thread.
        in_thread = delivery.reply_to or (await self._is_post(delivery, home))
        channel = thread if in_thread else home
        standing = await self._standing(channel, delivery.message_id)
        edit = edit_of(body, embed, pictured=standing is None or _is_pictured(standing))
        if standing is not None and _reads_so(standing, edit):
            return
        await self._edit(channel, delivery.message_id, edit)

    async def _thread(self, delivery: Delivery, home: str) -> tuple[str, str]:
        """The server, and the channel in which the parent's replies stand."""
        if delivery.target.chat.startswith(PERSON):
            return "@me", home
        place = await self._places.of(home)
        if delivery.target.thread or place.kind not in THREADED:
            return place.guild, home
        return place.guild, delivery.reply_to or delivery.message_id

    async def _is_post(self, delivery: Delivery, home: str) -> bool:
        return home == delivery.target.chat and (await self._places.of(home)).is_forum

    async def _standing(self, channel: str, number: str) -> Json | None:
        """The message as it reads now; None where it may not be read."""
        try:
            return await self._history.message(channel, number)
        except discord.Forbidden:
            return None

    async def _edit(self, channel: str, number: str, edit: Json) -> None:
        """Edit it; an archived thread is opened for that, as it is for a new message."""
        route = Route("PATCH", MESSAGE, channel_id=channel, message_id=number)
        try:
            await self._rest.ask(route, edit)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
        else:
            return
        opened = Route("PATCH", "/channels/{channel_id}", channel_id=channel)
        try:
            await self._rest.ask(opened, {"archived": False})
        except discord.Forbidden as error:
            raise UnknowableError("its thread is archived and cannot be opened again") from error
        await self._rest.ask(route, edit)


def _is_pictured(message: Json) -> bool:
    return "image" in (message.get("embeds") or [{}])[0]


def _reads_so(message: Json, edit: Json) -> bool:
    """Whether the message says, leads and offers what the edit would have it."""
    embed = edit["embeds"][0]
    shown = (message.get("embeds") or [{}])[0]
    return (
        shows(message, embed, linked=True)
        and shown.get("color") == embed.get("color")
        and _buttons(message) == _buttons(edit)
    )


def _buttons(message: Mapping[str, Any]) -> list[list[tuple[Any, ...]]]:
    """The buttons and menus in their rows, without what Discord adds."""
    return [
        [
            (
                part.get("custom_id"),
                part.get("label"),
                [(choice.get("label"), choice.get("value")) for choice in part.get("options", ())],
            )
            for part in row.get("components", ())
        ]
        for row in message.get("components") or ()
    ]
