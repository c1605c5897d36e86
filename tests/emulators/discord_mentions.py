"""Whom a message would notify: Discord developer documentation, "Allowed Mentions Object"."""

import re
from collections.abc import Iterator
from typing import Any

from tests.emulators.discord_errors import Json, snowflake
from tests.emulators.discord_permissions import Permission
from tests.emulators.discord_world import Message, Ping, World

_MENTION = re.compile(r"<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>|@(?P<all>everyone|here)\b")


def note_mentions(world: World, message: Message, body: Json, *, webhook: bool) -> None:
    """Fill in whom the message mentions and remember what it would have notified."""
    allowed = body.get("allowed_mentions")
    if allowed is None:
        allowed = {"parse": ["users"] if webhook else ["users", "roles", "everyone"]}
    message.mentions, message.mention_roles, message.mention_everyone = [], [], False
    for found in _MENTION.finditer(message.content):
        if _is_allowed(found, allowed):
            world.pings.append(Ping(message, found[0], "content"))
            _mention(world, message, found)
    if body.get("allowed_mentions") is None:
        for text in _texts(message.embeds):
            for found in _MENTION.finditer(text):
                world.pings.append(Ping(message, found[0], "embeds"))
    replied = message.channel.messages.get(message.reference or 0)
    if replied and allowed.get("replied_user", "parse" not in (body.get("allowed_mentions") or {})):
        message.mentions.append(replied.author)


def _is_allowed(found: re.Match[str], allowed: Json) -> bool:
    parse = allowed.get("parse") or []
    if found["all"]:
        return "everyone" in parse
    kind = "users" if found["user"] else "roles"
    ids = {snowflake(number) for number in allowed.get(kind) or []}
    return kind in parse or int(found["user"] or found["role"]) in ids


def _mention(world: World, message: Message, found: re.Match[str]) -> None:
    if found["all"]:
        held = message.channel.permissions(message.author)
        message.mention_everyone = bool(held & Permission.MENTION_EVERYONE)
    elif found["role"]:
        message.mention_roles.append(int(found["role"]))
    elif user := world.users.get(int(found["user"])):
        message.mentions.append(user)


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else ():
        yield from _texts(inner)
    for inner in value if isinstance(value, list) else ():
        yield from _texts(inner)
