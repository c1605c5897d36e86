"""What the bot may do in a channel, and what it lacks there, in words."""

from collections.abc import Sequence

import discord

from core.i18n import Phrase, catalog
from core.subscription import Target

_IN_CHANNEL = (
    "view_channel",
    "send_messages",
    "embed_links",
    "attach_files",
    "read_message_history",
    "create_public_threads",
    "send_messages_in_threads",
)
_IN_THREAD = tuple(
    name for name in _IN_CHANNEL if name not in {"send_messages", "create_public_threads"}
)
_IN_FORUM = tuple(name for name in _IN_CHANNEL if name != "create_public_threads")
# Discord's settings call the same permissions by other names where posts are made.
_OF_POSTS = {
    "send_messages": "create_posts",
    "send_messages_in_threads": "send_messages_in_posts",
}
# Without one of these, most of the others count as missing too, granted or not.
_FIRST = frozenset({"view_channel", "send_messages"})
# Without it posts arrive all the same; what a crash leaves in doubt cannot be looked up.
_SPARE = "read_message_history"


def missing(client: discord.Client | None, target: Target) -> list[str]:
    """The permissions that the bot lacks to post there, as the language files name them.

    Empty too where that is not known: a person's messages, a channel it was not told of.
    """
    chat = target.thread or target.chat
    if client is None or not chat.isdecimal():
        return []
    return missing_in(client.get_channel(int(chat)))


def missing_in(channel: object) -> list[str]:
    """What the bot lacks to post in a channel or thread that the library knows."""
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return []
    thread = isinstance(channel, discord.Thread)
    home = channel.parent if isinstance(channel, discord.Thread) else channel
    if home is None or channel.guild.me is None:
        return []
    forum = isinstance(home, discord.ForumChannel)
    held = channel.permissions_for(channel.guild.me)
    wanted = _IN_THREAD if thread else _IN_FORUM if forum else _IN_CHANNEL
    lacks = [name for name in wanted if not getattr(held, name)]
    if _FIRST.intersection(lacks[:1]):
        del lacks[1:]
    return [_OF_POSTS.get(name, name) for name in lacks] if forum else lacks


def hindrance(channel: object) -> Phrase | None:
    """Why nothing can arrive in a channel that the library knows; None where it can."""
    lacks = [name for name in missing_in(channel) if name != _SPARE]
    guild = getattr(channel, "guild", None)
    return allowing(lacks, _role(guild, "")) if lacks else None


def role(client: discord.Client | None, target: Target) -> str:
    """The role of the bot in a target's server, as far as the library knows it."""
    channel = _channel(client, target)
    name = client.user.name if client and client.user else ""
    return _role(getattr(channel, "guild", None), name)


def lacking(client: discord.Client | None, target: Target, guess: Sequence[str]) -> Phrase:
    """What is missing, in a sentence for those who can allow it; ``guess`` where it is not known."""
    return allowing(missing_in(_channel(client, target)) or guess, role(client, target))


def _channel(client: discord.Client | None, target: Target) -> object:
    chat = target.thread or target.chat
    return client.get_channel(int(chat)) if client and chat.isdecimal() else None


def allowing(names: Sequence[str], role: str) -> Phrase:
    """What the first of these keeps the bot from, and that the role should be allowed them all."""
    what = Phrase(f"pause.discord.lacks.{names[0]}")
    return Phrase("pause.discord.allow", what=what, role=role, names=_listed(names))


def permission(name: str, language: str) -> str:
    """A permission as Discord's settings call it."""
    try:
        return catalog(language).template(f"permission.{name}")
    except (KeyError, ValueError):
        return name.replace("_", " ").title()


def _listed(names: Sequence[str]) -> Phrase:
    first = Phrase("pause.discord.name", name=Phrase(f"permission.{names[0]}"))
    if len(names) == 1:
        return first
    return Phrase("pause.discord.names", first=first, rest=_listed(names[1:]))


def _role(guild: discord.Guild | None, name: str) -> str:
    """The role that Discord made for the bot: it bears the bot's name unless somebody changed it."""
    if guild is not None and guild.self_role is not None:
        return guild.self_role.name
    if not name and guild is not None and guild.me is not None:
        return guild.me.name
    return name or "Paperround"
