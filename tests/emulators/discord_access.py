"""Which channel, message and guild a request means, and whether the bot may."""

from aiohttp import web

from tests.emulators.discord_errors import Refusal, snowflake
from tests.emulators.discord_permissions import Permission
from tests.emulators.discord_world import GROUP_DM, Channel, Guild, Message, World


def find_channel(world: World, request: web.Request) -> Channel:
    """The channel of the path, which the bot can see."""
    channel = world.channels.get(snowflake(request.match_info["channel"]))
    if channel is None:
        raise Refusal(10003)
    if channel.type == GROUP_DM or (channel.guild and not channel.guild.present):
        raise Refusal(50001)
    if not held(world, channel) & Permission.VIEW_CHANNEL:
        raise Refusal(50001)
    return channel


def find_message(channel: Channel, request: web.Request) -> Message:
    """The message of the path, which is not private to an asker."""
    message = channel.messages.get(snowflake(request.match_info["message"]))
    if message is None or message.ephemeral:
        raise Refusal(10008)
    return message


def find_guild(world: World, request: web.Request) -> Guild:
    """The guild of the path, which the bot is in."""
    guild = world.guilds.get(snowflake(request.match_info["guild"]))
    if guild is None or not guild.present:
        raise Refusal(10004)
    return guild


def held(world: World, channel: Channel) -> int:
    """The bot's permissions in the channel."""
    return channel.permissions(world.bot)


def need(world: World, channel: Channel, permission: Permission) -> None:
    """Refuse when the bot lacks the permission in the channel."""
    if permission & ~held(world, channel):
        raise Refusal(50013)
