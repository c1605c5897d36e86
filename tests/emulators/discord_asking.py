"""Commands as people use them, turned into INTERACTION_CREATE."""

import secrets
from collections.abc import Iterator, Mapping

from tests.emulators.discord_errors import Json
from tests.emulators.discord_interaction import AUTOCOMPLETE, COMMAND, Interaction
from tests.emulators.discord_interactions import Interactions
from tests.emulators.discord_payloads import channel_json, member_json, message_json, user_json
from tests.emulators.discord_permissions import EVERYTHING, Permission
from tests.emulators.discord_world import DM, Channel, Role, User, World

GUILD_CONTEXT, BOT_DM, PRIVATE = 0, 1, 2
_VALUES: dict[int, type | tuple[type, ...]] = {
    3: str,
    4: int,
    5: bool,
    6: User,
    7: Channel,
    8: Role,
    9: (User, Role),
    10: (int, float),
}
_RESOLVED = {User: "users", Channel: "channels", Role: "roles"}


class CannotUseError(LookupError):
    """A person could not have done this on Discord; the text says why."""


def command(
    home: Interactions,
    name: str,
    options: Mapping[str, object],
    *,
    user: User,
    channel: Channel,
    by_user_install: bool = False,
    focused: str | None = None,
    guild_locale: str | None = None,
) -> Interaction:
    """The command, "group sub" for a subcommand, as the registered one wants its options."""
    world = home.world
    path = name.split()
    registered = _registered(world, path[0], channel)
    _check_shown(world, registered, user, channel, by_user_install=by_user_install)
    holder, wrap = registered, []
    for step in path[1:]:
        holder = _named(holder.get("options", []), step)
        wrap.append(holder)
    resolved: Json = {}
    given = list(_options(world, holder, options, resolved, focused))
    for part in reversed(wrap):
        given = [{"name": part["name"], "type": part["type"], "options": given}]
    data: Json = {"id": registered["id"], "name": registered["name"], "type": 1, "options": given}
    if resolved:
        data["resolved"] = resolved
    if registered.get("guild_id"):
        data["guild_id"] = registered["guild_id"]
    kind = AUTOCOMPLETE if focused else COMMAND
    interaction = new(home, kind, user, channel, data, by_user_install=by_user_install)
    dispatch(home, interaction, guild_locale)
    return interaction


def new(
    home: Interactions,
    kind: int,
    user: User,
    channel: Channel,
    data: Json,
    *,
    by_user_install: bool,
) -> Interaction:
    """An interaction that nobody has been told of."""
    world = home.world
    token = secrets.token_urlsafe(48)
    interaction = Interaction(
        world.new_id(),
        token,
        kind,
        user,
        channel,
        data,
        world.clock.now(),
        world,
        home.watch,
        by_user_install,
    )
    home.by_token[token] = interaction
    return interaction


def dispatch(home: Interactions, interaction: Interaction, guild_locale: str | None) -> None:
    """Tell the application of the interaction."""
    world, channel, user = home.world, interaction.channel, interaction.user
    guild = channel.guild
    shown = channel_json(world, channel) | {"permissions": str(int(channel.permissions(user)))}
    present = guild.present if guild else channel.type == DM
    app = channel.permissions(world.bot) if present else EVERYTHING
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": interaction.type,
        "data": interaction.data,
        "token": interaction.token,
        "version": 1,
        "channel": shown,
        "channel_id": str(channel.id),
        "locale": user.locale,
        "app_permissions": str(int(app)),
        "entitlements": [],
        "authorizing_integration_owners": interaction.owners(),
        "context": context_of(channel),
        "attachment_size_limit": 10 * 2**20,
    }
    if interaction.source:
        payload["message"] = message_json(world, interaction.source)
    if guild:
        locale = guild_locale or guild.locale
        member = member_json(guild, user) | {"user": user_json(user)}
        payload["member"] = member | {"permissions": str(int(channel.permissions(user)))}
        payload["guild_id"] = str(guild.id)
        payload["guild_locale"] = locale
        payload["guild"] = {"id": str(guild.id), "locale": locale, "features": ["COMMUNITY"]}
    else:
        payload["user"] = user_json(user)
    world.emit("INTERACTION_CREATE", payload, guild)


def context_of(channel: Channel) -> int:
    """Where a command is used: a guild, the bot's own conversation, another private channel."""
    if channel.guild:
        return GUILD_CONTEXT
    return BOT_DM if channel.type == DM else PRIVATE


def _registered(world: World, name: str, channel: Channel) -> Json:
    scopes = [channel.guild.id, None] if channel.guild else [None]
    for scope in scopes:
        for command_ in world.commands.get(scope, []):
            if command_["name"] == name and command_["type"] == 1:
                return command_
    known = sorted(c["name"] for scope in scopes for c in world.commands.get(scope, []))
    raise CannotUseError(f"/{name} is not registered; registered are {known}")


def _check_shown(
    world: World, registered: Json, user: User, channel: Channel, *, by_user_install: bool
) -> None:
    name, context = registered["name"], context_of(channel)
    if channel.id not in world.channels:
        raise CannotUseError(f"the channel {channel.name} is deleted")
    contexts = registered.get("contexts")
    if contexts is not None and context not in contexts:
        raise CannotUseError(f"/{name} is not offered in context {context}, only in {contexts}")
    if int(by_user_install) not in registered["integration_types"]:
        raise CannotUseError(f"/{name} is not offered to this kind of installation")
    guild = channel.guild
    if not by_user_install and (context == PRIVATE or (guild and not guild.present)):
        raise CannotUseError("the bot is not here, and the user has not installed it")
    if guild and user.id not in guild.members:
        raise CannotUseError(f"{user.name} is not a member of {guild.name}")
    held = channel.permissions(user)
    needed = registered.get("default_member_permissions")
    basic = Permission.USE_APPLICATION_COMMANDS | Permission.VIEW_CHANNEL
    if guild and basic & ~held:
        raise CannotUseError(f"{user.name} may not use commands in {channel.name}")
    if guild and needed is not None and held != EVERYTHING:
        lacks = int(needed) & ~held or int(needed) == 0
        if lacks:
            raise CannotUseError(f"/{name} is not shown to {user.name}: it needs {needed}")
    if world.bot.id == user.id:
        raise CannotUseError("a bot uses no commands")


def _named(items: list[Json], name: str) -> Json:
    for item in items:
        if item["name"] == name:
            return item
    raise CannotUseError(f"no {name!r} among {[item['name'] for item in items]}")


def _options(
    world: World, holder: Json, given: Mapping[str, object], resolved: Json, focused: str | None
) -> Iterator[Json]:
    registered = holder.get("options") or []
    for name in (*given, *([focused] if focused and focused not in given else [])):
        option = _named(registered, name)
        value = given.get(name, "")
        filling = name == focused
        if filling and not option.get("autocomplete"):
            raise CannotUseError(f"the option {name!r} has no autocomplete")
        sent = value if filling else _value(world, option, value, resolved)
        yield {"name": name, "type": option["type"], "value": sent} | (
            {"focused": True} if filling else {}
        )
    missing = [o["name"] for o in registered if o.get("required") and o["name"] not in given]
    if missing and not focused:
        raise CannotUseError(f"required options are missing: {missing}")


def _value(world: World, option: Json, value: object, resolved: Json) -> object:
    name, kind = option["name"], option["type"]
    wanted = _VALUES.get(kind)
    if wanted is None:
        raise NotImplementedError(f"options of type {kind} are not emulated")
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind != 5):
        raise CannotUseError(f"{name}={value!r} is not of the option's type {kind}")
    choices = option.get("choices")
    if choices and value not in {choice["value"] for choice in choices}:
        raise CannotUseError(f"{name}={value!r} is not among the choices")
    if isinstance(value, User | Channel | Role):
        resolve(world, value, resolved)
        return str(value.id)
    _check_range(option, value)
    return value


def _check_range(option: Json, value: object) -> None:
    if isinstance(value, str):
        low, high, size = option.get("min_length"), option.get("max_length"), float(len(value))
    elif isinstance(value, int | float):
        low, high, size = option.get("min_value"), option.get("max_value"), float(value)
    else:
        return
    if (low is not None and size < low) or (high is not None and size > high):
        raise CannotUseError(f"{option['name']}={value!r} is outside {low} to {high}")


def resolve(world: World, value: User | Channel | Role, resolved: Json) -> None:
    """Describe a chosen thing where the application looks it up by its id."""
    shown: Json = {"id": str(value.id), "name": value.name}
    if isinstance(value, User):
        shown = user_json(value)
    elif isinstance(value, Channel):
        shown = channel_json(world, value) | {"permissions": "0"}
    resolved.setdefault(_RESOLVED[type(value)], {})[str(value.id)] = shown
