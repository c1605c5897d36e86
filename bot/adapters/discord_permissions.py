"""What the bot may do in a channel, and what it lacks there, in words."""

from collections.abc import Sequence

import discord

from core.i18n import catalog
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
# Without one of these, most of the others count as missing too, granted or not.
_FIRST = frozenset({"view_channel", "send_messages"})


def missing(client: discord.Client | None, target: Target) -> list[str]:
    """The permissions that the bot lacks to post there, by the library's names.

    Empty too where that is not known: a person's messages, a channel it was not told of.
    """
    chat = target.thread or target.chat
    if client is None or not chat.isdecimal():
        return []
    channel = client.get_channel(int(chat))
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return []
    held = channel.permissions_for(channel.guild.me)
    wanted = _IN_THREAD if target.thread else _IN_CHANNEL
    lacks = [name for name in wanted if not getattr(held, name)]
    return lacks[:1] if _FIRST.intersection(lacks[:1]) else lacks


def lacking(client: discord.Client | None, target: Target, guess: Sequence[str]) -> str:
    """What is missing, in a sentence for those who can allow it; ``guess`` where it is not known."""
    names = ", ".join(f"‘{permission(name, 'en')}’" for name in missing(client, target) or guess)
    role = client.user.name if client and client.user else "Paperround"
    return f"The bot may not post here. Allow the role ‘{role}’ in this channel: {names}."


def permission(name: str, language: str) -> str:
    """A permission as Discord's settings call it."""
    try:
        return catalog(language).template(f"permission.{name}")
    except (KeyError, ValueError):
        return name.replace("_", " ").title()
