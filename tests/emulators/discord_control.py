"""The test's hand over HTTP, for other processes; bodies and answers are JSON.

====================================  ==========================================================
``GET /_control/state``               everything: users, guilds, channels with their messages,
                                      threads, requests, interactions, pings, sessions
``POST /_control/command``            ``name, options, user, channel, guild_locale,
                                      by_user_install``
``POST /_control/autocomplete``       ``name, focused, typed, options, user, channel``
``POST /_control/press``              ``message, button, user``
``POST /_control/select``             ``message, menu, values, user``
``POST /_control/submit``             ``interaction`` (answered with a form), ``values``
``GET /_control/interaction/ID``      what came of it so far
``POST /_control/world/ACTION``       ``delete_channel, change_thread, remove_bot, invite_bot,
                                      forbid, permit, set_permissions, set_everyone, set_roles,
                                      delete_role, convert, outage, block, say, delete_message,
                                      add_user, add_guild, add_channel, add_news, add_forum,
                                      open_post, direct`` with that method's arguments
``POST /_control/gateway/ACTION``     ``accept, disconnect, ask_reconnect, invalidate``
``POST /_control/wait``               ``channel, messages``: once it holds so many; ``{}``: once
                                      the bot is connected and has registered commands
``POST /_control/clock``              ``advance``: seconds
``POST /_control/fault``              ``faults``: the list from now on, as on the command line
====================================  ==========================================================

A user, guild, channel or message is named by its id; users, guilds and channels by name too. The
five that use something answer with the interaction once it has an answer (``"wait": false``: at
once). What cannot be done is status 409 with the reason.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.emulators.discord_bodies import answer
from tests.emulators.discord_errors import Json, snowflake
from tests.emulators.discord_faults import Fault
from tests.emulators.discord_gateway import Session
from tests.emulators.discord_interaction import AUTOCOMPLETE, Interaction
from tests.emulators.discord_payloads import channel_json, message_json, user_json
from tests.emulators.discord_world import FORUM, MEDIA, NEWS, TEXT, Channel, Guild, Message, User

if TYPE_CHECKING:
    from tests.emulators.discord_server import DiscordServer

_WORLD = frozenset(
    "delete_channel change_thread remove_bot invite_bot forbid permit set_permissions set_everyone"
    " set_roles delete_role convert outage block say delete_message add_user add_guild add_channel"
    " add_news add_forum open_post direct".split()
)
_GATEWAY = frozenset({"accept", "disconnect", "ask_reconnect", "invalidate"})
_USES = frozenset({"command", "autocomplete", "press", "select", "submit"})
_KINDS = {"text": TEXT, "news": NEWS, "forum": FORUM, "media": MEDIA}


class Control:
    """The endpoints of one server."""

    def __init__(self, server: "DiscordServer") -> None:
        self._server = server

    async def state(self, _: web.Request) -> web.StreamResponse:
        """Everything there is."""
        server, world = self._server, self._server.world
        return answer(
            {
                "token": server.token,
                "bot": user_json(world.bot),
                "users": [user_json(user) for user in world.users.values()],
                "guilds": [
                    {"id": str(guild.id), "name": guild.name, "present": guild.present}
                    for guild in world.guilds.values()
                ],
                "channels": [self._channel(channel) for channel in world.channels.values()],
                "commands": world.commands[None],
                "requests": [asdict(asked) for asked in server.requests],
                "interactions": [one.state() for one in server.interactions.by_token.values()],
                "pings": [
                    {"message": str(p.message.id), "mention": p.mention, "where": p.where}
                    for p in server.pings
                ],
                "limited": server.limited,
                "invalid": server.invalid,
                "sessions": [self._session(session) for session in server.gateway.sessions],
            }
        )

    def _session(self, session: Session) -> Json:
        return {
            "id": session.id,
            "intents": session.intents,
            "shard": session.shard,
            "connected": session in self._server.gateway.connected(),
            "resumes": session.resumes,
            "heartbeats": session.heartbeats,
        }

    def _channel(self, channel: Channel) -> Json:
        world = self._server.world
        messages = self._server.messages(channel, private=True)
        shown = [
            message_json(world, message)
            | {"asker": str(message.asker.id) if message.asker else None}
            | {"files": [{"filename": f.filename, "url": f.url} for f in message.files]}
            for message in messages
        ]
        return channel_json(world, channel) | {"messages": shown}

    async def use(self, request: web.Request) -> web.StreamResponse:
        """A command, button or menu used."""
        what = request.match_info["use"]
        body: Json = await request.json()
        wait = body.pop("wait", True)
        if what not in _USES:
            return answer({"error": f"no such use: {what}"}, 404)
        try:
            interaction = await getattr(self._server, what)(**self._arguments(body))
            if wait:
                await _answered(interaction)
        except (LookupError, TypeError, TimeoutError) as error:
            return answer({"error": str(error)}, 409)
        return answer(interaction.state())

    async def wait(self, request: web.Request) -> web.StreamResponse:
        """Answered once the channel holds so many messages, or the bot is ready."""
        body: Json = await request.json()
        patience = float(body.pop("patience", 30.0))
        try:
            channel, count = self._arguments(body).get("channel"), int(body.get("messages", 0))
            if channel:
                await self._server.wait_for(
                    lambda: len(self._server.messages(channel)) >= count,
                    f"{count} messages in {channel.name}",
                    patience,
                )
            else:
                await self._server.ready()
        except (LookupError, TimeoutError) as error:
            return answer({"error": str(error)}, 409)
        return answer({})

    async def interaction(self, request: web.Request) -> web.StreamResponse:
        """What came of an interaction so far."""
        try:
            return answer(self._interaction(request.match_info["interaction"]).state())
        except LookupError as error:
            return answer({"error": str(error)}, 404)

    async def world(self, request: web.Request) -> web.StreamResponse:
        """A change of the world."""
        action = request.match_info["action"]
        if action not in _WORLD:
            return answer({"error": f"no such action: {action}"}, 404)
        try:
            result = getattr(self._server, action)(**self._arguments(await request.json()))
        except (LookupError, TypeError) as error:
            return answer({"error": str(error)}, 409)
        number = str(result.id) if isinstance(result, User | Guild | Channel | Message) else None
        return answer({"id": number})

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        """Something done to the connections."""
        action = request.match_info["action"]
        if action not in _GATEWAY:
            return answer({"error": f"no such action: {action}"}, 404)
        arguments = await request.json() if request.can_read_body else {}
        await getattr(self._server.gateway, action)(**arguments)
        return answer({})

    async def clock(self, request: web.Request) -> web.StreamResponse:
        """Time passed."""
        self._server.clock.advance(float((await request.json())["advance"]))
        return answer({})

    async def fault(self, request: web.Request) -> web.StreamResponse:
        """The faults from now on."""
        try:
            faults = [Fault.parse(text) for text in (await request.json())["faults"]]
        except ValueError as error:
            return answer({"error": str(error)}, 409)
        self._server.faults[:] = faults
        return answer({})

    def _arguments(self, body: Json) -> Json:
        world = self._server.world
        arguments = dict(body)
        homes: list[tuple[tuple[str, ...], dict[int, Any]]] = [
            (("user", "owner"), world.users),
            (("channel", "thread", "forum"), world.channels),
            (("guild",), world.guilds),
        ]
        for keys, home in homes:
            for key in keys:
                if isinstance(arguments.get(key), str):
                    arguments[key] = _find(home, arguments[key])
        if "message" in arguments:
            arguments["message"] = self._message(str(arguments["message"]))
        if "interaction" in arguments:
            arguments["asked"] = self._interaction(str(arguments.pop("interaction")))
        if isinstance(arguments.get("kind"), str):
            arguments["kind"] = _KINDS[arguments["kind"]]
        arguments |= {
            key: tuple(arguments[key]) for key in ("tags", "moderated") if key in arguments
        }
        return arguments

    def _interaction(self, number: str) -> Interaction:
        for interaction in self._server.interactions.by_token.values():
            if interaction.id == snowflake(number):
                return interaction
        raise LookupError(f"no interaction {number}")

    def _message(self, number: str) -> Message:
        for channel in self._server.world.channels.values():
            if found := channel.messages.get(snowflake(number)):
                return found
        raise LookupError(f"no message {number}")


async def _answered(interaction: Interaction) -> None:
    if interaction.type == AUTOCOMPLETE:
        await interaction.choices()
    elif await interaction.acknowledged() in {4, 5}:
        await interaction.answer()


def _find(home: dict[int, Any], wanted: str) -> User | Guild | Channel:
    for number, thing in home.items():
        if wanted in {str(number), thing.name}:
            found: User | Guild | Channel = thing
            return found
    raise LookupError(f"no {wanted!r} here")


def add_routes(app: web.Application, server: "DiscordServer") -> None:
    """Serve the test's hand."""
    control = Control(server)
    app.router.add_get("/_control/state", control.state)
    app.router.add_get("/_control/interaction/{interaction}", control.interaction)
    app.router.add_post("/_control/world/{action}", control.world)
    app.router.add_post("/_control/gateway/{action}", control.gateway)
    app.router.add_post("/_control/clock", control.clock)
    app.router.add_post("/_control/fault", control.fault)
    app.router.add_post("/_control/wait", control.wait)
    app.router.add_post("/_control/{use}", control.use)
