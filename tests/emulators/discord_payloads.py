"""The emulated things as Discord's JSON: Discord developer documentation, "Resources"."""

from tests.emulators.discord_errors import Json
from tests.emulators.discord_world import (
    DM,
    FORUMS,
    GROUP_DM,
    NEWS,
    Attachment,
    Channel,
    Guild,
    Message,
    Role,
    User,
    World,
    iso,
)

_JOINED = "2024-01-01T00:00:00+00:00"


def user_json(user: User) -> Json:
    """A user."""
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": None if user.bot else user.name,
        "discriminator": "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
    }


def member_json(guild: Guild, user: User) -> Json:
    """A member, without the user and with ``flags``, which clients rely on."""
    return {
        "roles": [str(role) for role in guild.members.get(user.id, [])],
        "joined_at": _JOINED,
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def role_json(role: Role) -> Json:
    """A role."""
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(int(role.permissions)),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def guild_json(world: World, guild: Guild) -> Json:
    """A guild without its channels and members."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "features": ["COMMUNITY", "NEWS"],
        "emojis": [],
        "stickers": [],
        "roles": [role_json(role) for role in guild.roles.values()],
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "preferred_locale": guild.locale,
        "application_id": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": str(guild.system_channel) if guild.system_channel else None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "region": "us-west",
        "permissions": str(int(guild.permissions(world.bot))),
    }


def guild_create_json(world: World, guild: Guild, *, all_members: bool) -> Json:
    """What GUILD_CREATE carries; without the members intent only the bot itself."""
    members = guild.members if all_members else [world.bot.id]
    inside = [channel for channel in world.channels.values() if channel.guild is guild]
    return guild_json(world, guild) | {
        "joined_at": _JOINED,
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [
            member_json(guild, world.users[number]) | {"user": user_json(world.users[number])}
            for number in members
        ],
        "channels": [channel_json(world, other) for other in inside if not other.is_thread],
        "threads": [
            channel_json(world, other) for other in inside if other.is_thread and not other.archived
        ],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def channel_json(world: World, channel: Channel) -> Json:
    """A channel, thread or direct conversation."""
    last = str(channel.last_message_id) if channel.last_message_id else None
    head: Json = {"id": str(channel.id), "type": channel.type, "last_message_id": last, "flags": 0}
    if channel.type in {DM, GROUP_DM}:
        people = [user_json(user) for user in channel.recipients]
        group = {"name": channel.name, "icon": None, "owner_id": str(channel.owner_id)}
        return head | {"recipients": people} | (group if channel.type == GROUP_DM else {})
    head |= {"name": channel.name, "rate_limit_per_user": 0, "nsfw": False}
    head["guild_id"] = str(channel.guild.id) if channel.guild else None
    head["parent_id"] = str(channel.parent.id) if channel.parent else None
    if channel.is_thread:
        return head | _thread_json(world, channel)
    owners = channel.allowed.keys() | channel.denied.keys()
    head |= {
        "position": 0,
        "topic": channel.topic,
        "permission_overwrites": [
            {
                "id": str(owner),
                "type": 1,
                "allow": str(int(channel.allowed.get(owner, 0))),
                "deny": str(int(channel.denied.get(owner, 0))),
            }
            for owner in sorted(owners)
        ],
    }
    if channel.type in FORUMS:
        head |= {
            "available_tags": channel.tags,
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
            "flags": 1 << 4 if channel.tag_required else 0,
        }
    return head


def _thread_json(world: World, thread: Channel) -> Json:
    return {
        "owner_id": str(thread.owner_id),
        "applied_tags": [str(tag) for tag in thread.applied_tags],
        "member_count": 1,
        "message_count": min(thread.sent, 50),
        "total_message_sent": thread.sent,
        "thread_metadata": {
            "archived": thread.archived,
            "locked": thread.locked,
            "auto_archive_duration": thread.auto_archive,
            "archive_timestamp": iso(thread.archive_time or thread.created),
            "create_timestamp": iso(thread.created),
        },
        "member": thread_member_json(world, thread),
    }


def thread_member_json(world: World, thread: Channel) -> Json:
    """The bot's own membership of a thread."""
    return {
        "id": str(thread.id),
        "user_id": str(world.bot.id),
        "join_timestamp": iso(thread.created),
        "flags": 0,
    }


def attachment_json(file: Attachment) -> Json:
    """An attached file."""
    size = {"width": file.width, "height": file.height} if file.width else {}
    return {
        "id": str(file.id),
        "filename": file.filename,
        "size": len(file.content),
        "url": file.url,
        "proxy_url": file.url,
        "content_type": file.content_type,
        "description": file.description,
        "flags": 0,
    } | size


def message_json(world: World, message: Message) -> Json:
    """A message; files that an embed shows are not among its attachments."""
    shown = {embed.get(part, {}).get("url") for embed in message.embeds for part in _PICTURES}
    data: Json = {
        "id": str(message.id),
        "type": message.type,
        "channel_id": str(message.channel.id),
        "author": user_json(message.author),
        "content": message.content,
        "timestamp": iso(message.created),
        "edited_timestamp": iso(message.edited) if message.edited else None,
        "tts": False,
        "mention_everyone": message.mention_everyone,
        "mentions": [user_json(user) for user in message.mentions],
        "mention_roles": [str(role) for role in message.mention_roles],
        "attachments": [attachment_json(f) for f in message.files if f.url not in shown],
        "embeds": message.embeds,
        "components": message.components,
        "pinned": False,
        "flags": message.flags,
    }
    if message.nonce is not None:
        data["nonce"] = message.nonce
    if message.thread is not None:
        data["thread"] = channel_json(world, message.thread)
    if message.interaction is not None:
        data["interaction_metadata"] = message.interaction
        data["application_id"] = data["webhook_id"] = str(world.application_id)
    if message.reference is not None:
        data |= _reference_json(world, message, message.reference)
    return data


_PICTURES = ("image", "thumbnail")


def _reference_json(world: World, message: Message, target: int) -> Json:
    starter = message.type == 21 and message.channel.parent
    channel = starter or message.channel
    original = channel.messages.get(target)
    place: Json = {"type": 0, "message_id": str(target), "channel_id": str(channel.id)}
    if channel.guild:
        place["guild_id"] = str(channel.guild.id)
    shown = message_json(world, original) if original else None
    return {"message_reference": place, "referenced_message": shown}


def message_event_json(world: World, message: Message) -> Json:
    """A message as MESSAGE_CREATE and MESSAGE_UPDATE carry it."""
    data = message_json(world, message) | {"channel_type": message.channel.type}
    if guild := message.channel.guild:
        data |= {"guild_id": str(guild.id), "member": member_json(guild, message.author)}
    return data


def is_postable(channel: Channel) -> bool:
    """Whether messages can be sent straight into it."""
    return channel.type in {0, NEWS, DM, GROUP_DM} or channel.is_thread
