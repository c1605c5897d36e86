"""Users, applications, guilds, channels and messages: Discord developer documentation."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.emulators import discord_messages
from tests.emulators.discord_access import find_channel, find_guild, find_message, held, need
from tests.emulators.discord_bodies import read_body
from tests.emulators.discord_errors import Form, Json, Refusal, snowflake
from tests.emulators.discord_payloads import (
    channel_json,
    guild_json,
    is_postable,
    member_json,
    message_event_json,
    message_json,
    role_json,
    user_json,
)
from tests.emulators.discord_permissions import Permission
from tests.emulators.discord_rules import Body
from tests.emulators.discord_world import CROSSPOSTED, NEWS, Channel, Guild, User, World

Reply = Json | list[Json] | web.StreamResponse | None
Handler = Callable[[World, web.Request], Awaitable[Reply]]


async def _me(world: World, _: web.Request) -> Reply:
    return user_json(world.bot) | {"mfa_enabled": False, "verified": True, "locale": "en-US"}


async def _application(world: World, _: web.Request) -> Reply:
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "description": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "team": None,
        "rpc_origins": [],
        "owner": user_json(world.owner),
        "integration_types_config": {"0": {}, "1": {}},
    }


async def _gateway(world: World, _: web.Request) -> Reply:
    return {"url": world.base_url.replace("http", "ws", 1) + "/gateway/"}


async def _gateway_bot(world: World, request: web.Request) -> Reply:
    start = {
        "total": 1000,
        "remaining": world.session_starts,
        "reset_after": world.starts_again_ms,
        "max_concurrency": world.at_once,
    }
    head = await _gateway(world, request)
    return {
        **(head if isinstance(head, dict) else {}),
        "shards": world.shards,
        "session_start_limit": start,
    }


async def _channel(world: World, request: web.Request) -> Reply:
    return channel_json(world, find_channel(world, request))


async def _messages(world: World, request: web.Request) -> Reply:
    channel = find_channel(world, request)
    if not is_postable(channel):
        raise Refusal(50008)
    limit = request.query.get("limit", "50")
    if not limit.isdecimal() or not 1 <= int(limit) <= 100:
        form = Form()
        message = "int value should be between 1 and 100."
        form.fail(("limit",), "NUMBER_TYPE_RANGE", message)
        form.done()
    if not held(world, channel) & Permission.READ_MESSAGE_HISTORY:
        return []
    found = _page(channel, request, int(limit))
    return [message_json(world, channel.messages[number]) for number in found]


def _page(channel: Channel, request: web.Request, limit: int) -> list[int]:
    ids = sorted((n for n, m in channel.messages.items() if not m.ephemeral), reverse=True)
    if around := snowflake(request.query.get("around")):
        older = [n for n in ids if n < around][: limit // 2]
        newer = [n for n in ids if n >= around][-(limit - limit // 2) :]
        return newer + older
    if after := snowflake(request.query.get("after")):
        return [n for n in ids if n > after][-limit:]
    before = snowflake(request.query.get("before"))
    return [n for n in ids if not before or n < before][:limit]


async def _message(world: World, request: web.Request) -> Reply:
    channel = find_channel(world, request)
    need(world, channel, Permission.READ_MESSAGE_HISTORY)
    return message_json(world, find_message(channel, request))


def check_may_post(world: World, channel: Channel, body: Body) -> None:
    """Refuse a message that the bot may not send here."""
    if not is_postable(channel):
        raise Refusal(50008)
    in_thread = channel.is_thread
    need(
        world,
        channel,
        Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES,
    )
    check_may_attach(world, channel, body)
    if channel.locked and not held(world, channel) & Permission.MANAGE_THREADS:
        raise Refusal(160005)
    for person in channel.recipients:
        if person.blocks_dms:
            raise Refusal(50007)
        if not world.shares_guild(person):
            raise Refusal(50278)


def check_may_attach(world: World, channel: Channel, body: Body) -> None:
    """Refuse embeds and files that the bot may not send here."""
    if body.json.get("embeds"):
        need(world, channel, Permission.EMBED_LINKS)
    if body.files:
        need(world, channel, Permission.ATTACH_FILES)


async def _send(world: World, request: web.Request) -> Reply:
    channel = find_channel(world, request)
    body = await read_body(request)
    check_may_post(world, channel, body)
    discord_messages.check_new(body, "MessageCreateRequest")
    if known := discord_messages.repeated(world, world.bot, channel, body.json):
        return message_json(world, known)
    reference, kind = discord_messages.check_reference(channel, held(world, channel), body.json)
    message = discord_messages.create(
        world, channel, world.bot, body, kind=kind, reference=reference
    )
    return message_json(world, message)


async def _edit(world: World, request: web.Request) -> Reply:
    channel = find_channel(world, request)
    message = find_message(channel, request)
    body = await read_body(request)
    if message.author is not world.bot:
        raise Refusal(50005)
    if channel.archived:
        raise Refusal(50083)
    check_may_attach(world, channel, body)
    if message.flags & CROSSPOSTED:
        world.published_edits -= 1
        if world.published_edits < 0:
            raise Refusal(20022)
    discord_messages.edit(world, message, body, "MessageEditRequestPartial")
    return message_json(world, message)


async def _delete(world: World, request: web.Request) -> Reply:
    channel = find_channel(world, request)
    message = find_message(channel, request)
    if message.author is not world.bot:
        need(world, channel, Permission.MANAGE_MESSAGES)
    if channel.archived:
        raise Refusal(50083)
    discord_messages.delete(world, message)
    return None


async def _crosspost(world: World, request: web.Request) -> Reply:
    channel = find_channel(world, request)
    message = find_message(channel, request)
    if channel.type != NEWS:
        raise Refusal(50024)
    own = message.author is world.bot
    need(world, channel, Permission.SEND_MESSAGES if own else Permission.MANAGE_MESSAGES)
    if message.flags & CROSSPOSTED:
        raise Refusal(40033)
    message.flags |= CROSSPOSTED
    world.emit("MESSAGE_UPDATE", message_event_json(world, message), channel.guild)
    return message_json(world, message)


async def _typing(world: World, request: web.Request) -> Reply:
    need(world, find_channel(world, request), Permission.SEND_MESSAGES)
    return None


async def _open_direct(world: World, request: web.Request) -> Reply:
    body = await read_body(request)
    user = world.users.get(snowflake(body.json.get("recipient_id")))
    if user is None:
        raise Refusal(10013)
    if user.bot:
        raise Refusal(50007)
    return channel_json(world, world.direct_channel(user))


async def _user(world: World, request: web.Request) -> Reply:
    user = world.users.get(snowflake(request.match_info["user"]))
    if user is None:
        raise Refusal(10013)
    return user_json(user)


async def _guilds(world: World, _: web.Request) -> Reply:
    return [guild_json(world, guild) for guild in world.guilds.values() if guild.present]


async def _guild(world: World, request: web.Request) -> Reply:
    return guild_json(world, find_guild(world, request))


async def _guild_channels(world: World, request: web.Request) -> Reply:
    guild = find_guild(world, request)
    inside = [other for other in world.channels.values() if other.guild is guild]
    return [channel_json(world, other) for other in inside if not other.is_thread]


async def _roles(world: World, request: web.Request) -> Reply:
    return [role_json(role) for role in find_guild(world, request).roles.values()]


async def _member(world: World, request: web.Request) -> Reply:
    guild = find_guild(world, request)
    name = request.match_info["member"]
    user = world.bot if name == "@me" else world.users.get(snowflake(name))
    if user is None or user.id not in guild.members:
        raise Refusal(10013)
    return _full_member(guild, user)


def _full_member(guild: Guild, user: User) -> Json:
    return member_json(guild, user) | {"user": user_json(user)}


async def _leave(world: World, request: web.Request) -> Reply:
    guild = find_guild(world, request)
    guild.present = False
    guild.members.pop(world.bot.id, None)
    world.emit("GUILD_DELETE", {"id": str(guild.id)}, guild)
    return None


_MESSAGE = "/channels/{channel}/messages/{message}"

ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/users/@me", _me),
    ("GET", "/oauth2/applications/@me", _application),
    ("GET", "/applications/@me", _application),
    ("GET", "/users/@me/guilds", _guilds),
    ("GET", "/users/{user}", _user),
    ("GET", "/gateway", _gateway),
    ("GET", "/gateway/bot", _gateway_bot),
    ("GET", "/channels/{channel}", _channel),
    ("GET", "/channels/{channel}/messages", _messages),
    ("POST", "/channels/{channel}/messages", _send),
    ("GET", _MESSAGE, _message),
    ("PATCH", _MESSAGE, _edit),
    ("DELETE", _MESSAGE, _delete),
    ("POST", f"{_MESSAGE}/crosspost", _crosspost),
    ("POST", "/channels/{channel}/typing", _typing),
    ("POST", "/users/@me/channels", _open_direct),
    ("GET", "/guilds/{guild}", _guild),
    ("GET", "/guilds/{guild}/channels", _guild_channels),
    ("GET", "/guilds/{guild}/roles", _roles),
    ("GET", "/guilds/{guild}/members/{member}", _member),
    ("DELETE", "/users/@me/guilds/{guild}", _leave),
]
