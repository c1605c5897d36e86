"""What happens on Discord without the bot's doing: the test's hand, every change told to the bot."""

from tests.emulators import discord_messages
from tests.emulators.discord_errors import Json
from tests.emulators.discord_gateway import Gateway
from tests.emulators.discord_payloads import (
    channel_json,
    guild_create_json,
    member_json,
    role_json,
    user_json,
)
from tests.emulators.discord_permissions import DEFAULT, bits
from tests.emulators.discord_rules import Body
from tests.emulators.discord_threads import remove_channel, set_thread, write_post
from tests.emulators.discord_watch import Watch
from tests.emulators.discord_world import (
    DM,
    FORUM,
    GROUP_DM,
    NEWS,
    TEXT,
    Channel,
    Clock,
    Guild,
    Message,
    User,
    World,
)


class Hand:
    """Changes of the world; the gateway tells the bot of them as Discord would."""

    def __init__(self, token: str) -> None:
        self.clock = Clock()
        self.watch = Watch()
        self.world = World(token, self.clock)
        self.gateway = Gateway(self.world, self.watch)
        self.world.emit = self.gateway.emit

    def add_user(
        self, name: str, *, locale: str = "en-US", guild: Guild | None = None, permissions: str = ""
    ) -> User:
        """A new person, a member of the guild with these permissions of their own."""
        user = self.world.add_user(name, locale=locale)
        if guild:
            self.world.join(guild, user, bits(permissions))
        return user

    def add_guild(
        self,
        name: str,
        owner: User,
        *,
        locale: str = "en-US",
        permissions: str = "",
    ) -> Guild:
        """A guild that invites the bot; ``permissions`` are the bot's beyond everyone's."""
        guild = self.world.add_guild(name, owner, locale, DEFAULT | bits(permissions))
        self._announce(guild)
        return guild

    def _announce(self, guild: Guild) -> None:
        data = guild_create_json(self.world, guild, all_members=False)
        self.world.emit("GUILD_CREATE", data, guild)

    def add_channel(self, guild: Guild, name: str, kind: int = TEXT) -> Channel:
        """A new channel: ``TEXT``, ``NEWS`` or ``FORUM``."""
        channel = self.world.add_channel(guild, name, kind)
        self.world.emit("CHANNEL_CREATE", channel_json(self.world, channel), guild)
        return channel

    def add_news(self, guild: Guild, name: str) -> Channel:
        """A new announcement channel."""
        return self.add_channel(guild, name, NEWS)

    def add_forum(
        self,
        guild: Guild,
        name: str,
        tags: tuple[str, ...] = (),
        *,
        tag_required: bool = False,
        moderated: tuple[str, ...] = (),
        kind: int = FORUM,
    ) -> Channel:
        """A new forum (or ``MEDIA`` channel) with tags, some of which only moderators may set."""
        forum = self.world.add_channel(guild, name, kind)
        forum.tag_required = tag_required
        forum.tags = [
            {
                "id": str(self.world.static_id()),
                "name": tag,
                "moderated": tag in moderated,
                "emoji_id": None,
                "emoji_name": None,
            }
            for tag in tags
        ]
        self.world.emit("CHANNEL_CREATE", channel_json(self.world, forum), guild)
        return forum

    def open_post(self, forum: Channel, user: User, name: str) -> Channel:
        """A person's post in a forum."""
        return write_post(self.world, forum, user, name)

    def direct(self, user: User) -> Channel:
        """The user's conversation with the bot."""
        return self.world.direct_channel(user)

    def private_group(self, *users: User) -> Channel:
        """A conversation between people, where only user-installed commands work."""
        channel = self.world.add_channel(None, "group", GROUP_DM)
        channel.recipients = list(users)
        channel.owner_id = users[0].id
        return channel

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel with its threads, or a thread."""
        if channel.id not in self.world.channels:
            raise LookupError(f"{channel.name} is deleted already")
        remove_channel(self.world, channel)

    def change_thread(
        self, thread: Channel, *, archived: bool | None = None, locked: bool | None = None
    ) -> None:
        """Archive, unarchive, lock or unlock a thread."""
        set_thread(self.world, thread, {"archived": archived, "locked": locked})

    def remove_bot(self, guild: Guild) -> None:
        """The guild removes the bot."""
        guild.members.pop(self.world.bot.id, None)
        guild.present = False
        self.world.emit("GUILD_DELETE", {"id": str(guild.id)}, guild)

    def invite_bot(self, guild: Guild, permissions: str = "") -> None:
        """The guild invites the bot again."""
        guild.present = True
        self.world.join(guild, self.world.bot, DEFAULT | bits(permissions))
        self._announce(guild)

    def forbid(self, channel: Channel, permissions: str, user: User | None = None) -> None:
        """Take permissions from the bot, or from the user, in one channel."""
        number = (user or self.world.bot).id
        channel.denied[number] = channel.denied.get(number, 0) | bits(permissions)
        channel.allowed[number] = channel.allowed.get(number, 0) & ~bits(permissions)
        self.world.emit("CHANNEL_UPDATE", channel_json(self.world, channel), channel.guild)

    def permit(self, channel: Channel, permissions: str, user: User | None = None) -> None:
        """Give permissions to the bot, or to the user, in one channel."""
        number = (user or self.world.bot).id
        channel.allowed[number] = channel.allowed.get(number, 0) | bits(permissions)
        channel.denied[number] = channel.denied.get(number, 0) & ~bits(permissions)
        self.world.emit("CHANNEL_UPDATE", channel_json(self.world, channel), channel.guild)

    def set_permissions(self, guild: Guild, user: User, permissions: str) -> None:
        """What the member's own role allows from now on."""
        role = guild.roles[guild.members[user.id][0]]
        role.permissions = bits(permissions)
        data: Json = {"guild_id": str(guild.id), "role": role_json(role)}
        self.world.emit("GUILD_ROLE_UPDATE", data, guild)

    def set_everyone(self, guild: Guild, permissions: str) -> None:
        """What everyone may do in the guild from now on."""
        role = guild.roles[guild.id]
        role.permissions = bits(permissions)
        data: Json = {"guild_id": str(guild.id), "role": role_json(role)}
        self.world.emit("GUILD_ROLE_UPDATE", data, guild)

    def set_roles(self, guild: Guild, user: User, roles: list[int]) -> None:
        """Which roles the member has from now on."""
        guild.members[user.id] = roles
        data = member_json(guild, user) | {"guild_id": str(guild.id), "user": user_json(user)}
        self.world.emit("GUILD_MEMBER_UPDATE", data, guild)

    def delete_role(self, guild: Guild, role: int) -> None:
        """Delete a role; whoever had it has it no more."""
        del guild.roles[role]
        for roles in guild.members.values():
            if role in roles:
                roles.remove(role)
        data: Json = {"guild_id": str(guild.id), "role_id": str(role)}
        self.world.emit("GUILD_ROLE_DELETE", data, guild)

    def convert(self, channel: Channel, kind: int) -> None:
        """Make a text channel an announcement channel, or the other way round."""
        channel.type = kind
        self.world.emit("CHANNEL_UPDATE", channel_json(self.world, channel), channel.guild)

    def outage(self, guild: Guild, *, over: bool = False) -> None:
        """The guild is not available for a while, or available again."""
        if over:
            self._announce(guild)
        else:
            data: Json = {"id": str(guild.id), "unavailable": True}
            self.world.emit("GUILD_DELETE", data, guild)

    def block(self, user: User, *, blocked: bool = True) -> None:
        """The user takes no more direct messages from the bot."""
        user.blocks_dms = blocked

    def say(self, channel: Channel, user: User, text: str) -> Message:
        """A person writes a message."""
        if channel.type == DM and user not in channel.recipients:
            raise LookupError(f"{user.name} is not in this conversation")
        return discord_messages.create(self.world, channel, user, Body({"content": text}))

    def delete_message(self, message: Message) -> None:
        """Somebody deletes a message."""
        discord_messages.delete(self.world, message)
