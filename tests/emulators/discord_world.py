"""What there is on the emulated Discord: users, guilds, channels, threads and messages."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import time

from tests.emulators.discord_errors import Json
from tests.emulators.discord_permissions import DEFAULT, EVERYTHING, Permission

TEXT, DM, GROUP_DM, NEWS, FORUM, MEDIA = 0, 1, 3, 5, 15, 16
NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
FORUMS = frozenset({FORUM, MEDIA})
THREADS = frozenset({NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD})
EPHEMERAL, LOADING, HAS_THREAD, CROSSPOSTED, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 5, 1 << 0, 1 << 15

_EPOCH_MS = 1_420_070_400_000
_FIRST_STATIC = 100_000_000_000


class Clock:
    """The emulator's time; ``advance`` lets deadlines and windows pass without waiting."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let this much time have passed."""
        self._ahead += seconds


@dataclass(slots=True, eq=False)
class User:
    """A person or the bot; ``locale`` is the language of their client."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"
    blocks_dms: bool = False


@dataclass(slots=True, eq=False)
class Role:
    """A set of permissions; ``@everyone`` has the guild's id."""

    id: int
    name: str
    permissions: int
    position: int = 0


@dataclass(slots=True, eq=False)
class Guild:
    """A server; ``members`` gives each user's own role ids, ``present`` whether the bot is in it."""

    id: int
    name: str
    owner: User
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    present: bool = True
    system_channel: int = 0

    def permissions(self, user: User) -> int:
        """What the user may do here, before a channel's overwrites."""
        if user is self.owner:
            return EVERYTHING
        held = self.roles[self.id].permissions
        for role in self.members.get(user.id, []):
            held |= self.roles[role].permissions
        return EVERYTHING if held & Permission.ADMINISTRATOR else held


@dataclass(slots=True, eq=False)
class Attachment:
    """A file that was sent, with its bytes."""

    id: int
    filename: str
    content: bytes = field(repr=False)
    url: str
    content_type: str
    description: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(slots=True, eq=False)
class Channel:
    """A channel, thread or direct conversation; ``denied`` and ``allowed`` are by user id."""

    id: int
    type: int
    name: str
    guild: Guild | None = None
    parent: "Channel | None" = None
    messages: "dict[int, Message]" = field(default_factory=dict, repr=False)
    allowed: dict[int, int] = field(default_factory=dict)
    denied: dict[int, int] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    tags: list[Json] = field(default_factory=list)
    applied_tags: list[int] = field(default_factory=list)
    tag_required: bool = False
    owner_id: int = 0
    archived: bool = False
    locked: bool = False
    auto_archive: int = 1440
    archive_time: float = 0.0
    created: float = 0.0
    sent: int = 0
    last_message_id: int | None = None
    topic: str | None = None

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread or forum post."""
        return self.type in THREADS

    def permissions(self, user: User) -> int:
        """What the user may do here, overwrites counted."""
        if self.guild is None:
            return EVERYTHING
        held = self.guild.permissions(user)
        home = self.parent if self.is_thread and self.parent else self
        if held == EVERYTHING:
            return held
        return held & ~home.denied.get(user.id, 0) | home.allowed.get(user.id, 0)


@dataclass(slots=True, eq=False)
class Message:
    """A message as stored; ``files`` are all that were attached, ``body`` what was asked for."""

    id: int
    channel: Channel
    author: User
    type: int = 0
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    nonce: str | int | None = None
    reference: int | None = None
    thread: Channel | None = None
    created: float = 0.0
    edited: float | None = None
    asker: User | None = None
    interaction: Json | None = None
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    body: Json = field(default_factory=dict, repr=False)

    @property
    def ephemeral(self) -> bool:
        """Whether only ``asker`` sees it."""
        return bool(self.flags & EPHEMERAL)


@dataclass(frozen=True, slots=True)
class Ping:
    """A mention that a message would have notified; ``where`` is ``content`` or ``embeds``."""

    message: Message
    mention: str
    where: str


Emit = Callable[[str, Json, Guild | None], None]


class World:
    """Everything there is; ``emit`` tells the gateway what changed."""

    def __init__(self, token: str, clock: Clock) -> None:
        self.token = token
        self.clock = clock
        self.base_url = ""
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.direct: dict[int, Channel] = {}
        self.commands: dict[int | None, list[Json]] = {None: []}
        self.synced = 0
        self.shards = 1
        self.at_once = 1
        self.session_starts = 1000
        self.starts_again_ms = 0
        self.published_edits = 3
        self.max_active_threads = 1000
        self.pings: list[Ping] = []
        self.files: dict[str, Attachment] = {}
        self.nonces: dict[tuple[int, str], tuple[float, Message]] = {}
        self.nonce_window = 300.0
        self.emit: Emit = lambda _event, _data, _guild: None
        self._last_id = 0
        self._statics = _FIRST_STATIC
        self.bot = self.add_user("Paperround", bot=True)
        self.owner = self.add_user("owner")

    @property
    def application_id(self) -> int:
        """The bot's application has the bot's id, as new applications have."""
        return self.bot.id

    def static_id(self) -> int:
        """The next id of a seeded thing: the same in every run, each in another shard."""
        self._statics += 1
        return self._statics << 22

    def new_id(self) -> int:
        """A snowflake of now, greater than any before."""
        stamp = int(self.clock.now() * 1000 - _EPOCH_MS) << 22
        self._last_id = max(self._last_id + 1, stamp)
        return self._last_id

    def add_user(self, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        """A new account."""
        user = User(self.static_id(), name, bot, locale)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, owner: User, locale: str, bot_permissions: int) -> Guild:
        """A new guild with its owner and the bot, whose role has these permissions."""
        guild = Guild(self.static_id(), name, owner, locale)
        guild.roles[guild.id] = Role(guild.id, "@everyone", DEFAULT)
        self.guilds[guild.id] = guild
        self.join(guild, owner, 0)
        self.join(guild, self.bot, bot_permissions)
        return guild

    def join(self, guild: Guild, user: User, permissions: int) -> Role:
        """Make the user a member, with a role of their own that holds these permissions."""
        role = Role(self.static_id(), user.name, permissions, len(guild.roles))
        guild.roles[role.id] = role
        guild.members.setdefault(user.id, []).append(role.id)
        return role

    def add_channel(self, guild: Guild | None, name: str, type_: int) -> Channel:
        """A new channel."""
        channel = Channel(self.static_id(), type_, name, guild, created=self.clock.now())
        self.channels[channel.id] = channel
        return channel

    def direct_channel(self, user: User) -> Channel:
        """The conversation of the bot with this user."""
        if user.id not in self.direct:
            channel = self.add_channel(None, user.name, DM)
            channel.recipients = [user]
            self.direct[user.id] = channel
        return self.direct[user.id]

    def threads_of(self, channel: Channel) -> Iterator[Channel]:
        """The threads whose parent this is, in the order of their creation."""
        return (other for other in self.channels.values() if other.parent is channel)

    def shares_guild(self, user: User) -> bool:
        """Whether the bot and the user are both members of some guild."""
        return any(guild.present and user.id in guild.members for guild in self.guilds.values())

    def store_file(
        self, channel: Channel, filename: str, content: bytes, content_type: str
    ) -> Attachment:
        """Keep an attached file under an address of its own."""
        number = self.new_id()
        path = f"/cdn/attachments/{channel.id}/{number}/{filename}"
        mark = hashlib.sha1(content, usedforsecurity=False).hexdigest()[:16]
        kept = Attachment(
            number, filename, content, f"{self.base_url}{path}?hm={mark}", content_type
        )
        if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
            kept.width = int.from_bytes(content[16:20])
            kept.height = int.from_bytes(content[20:24])
        self.files[path] = kept
        return kept


def iso(seconds: float) -> str:
    """A time as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()
