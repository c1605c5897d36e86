"""The table of commands as Discord registers it, and what comes back when one is used.

Rules: Discord developer documentation, "Application Commands", "Receiving and Responding".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.adapters.base import Command, Option, Request
from bot.adapters.discord_places import PERSON, PLATFORM
from bot.adapters.discord_render import Json, Mark, decode, encode
from core.blocks import Action, Ask
from core.i18n import catalog, languages
from core.subscription import Target

SUGGESTED = frozenset({"category", "date", "days", "language"})
_STRING, _INTEGER, _BOOLEAN = 3, 4, 5
_KINDS = {"flag": _BOOLEAN, "number": _INTEGER}
_MANAGE_CHANNELS = str(discord.Permissions(manage_channels=True).value)
_EVERYWHERE = {"contexts": [0, 1, 2], "integration_types": [0, 1]}
_NAME = re.compile(r"[-_'\w]{1,32}")
_LONGEST = 100
_BUTTON, _FIELD, _LABEL, _ONE_LINE = 2, 4, 18, 1
# "Label" and "Text Input" of the component reference; twenty terms of fifty letters have room.
_LONGEST_LABEL, _LONGEST_LINE = 45, 1500
# Discord knows English by its countries; every other language by its own code.
_LOCALES = {"en": ("en-US", "en-GB"), "zh": ("zh-CN",)}
_KNOWN = frozenset(locale.value for locale in discord.Locale)


def payload(table: Sequence[Command]) -> list[Json]:
    """The commands as a bulk overwrite has them."""
    return [_command(command) for command in table]


def _command(command: Command) -> Json:
    given: Json = {
        "type": 1,
        "name": command.name,
        **_words("command", command.name),
        "options": _options(command.options),
        "default_member_permissions": _MANAGE_CHANNELS if command.managers else None,
        **_EVERYWHERE,
    }
    return given


def _options(options: Sequence[Option]) -> list[Json]:
    """The options; a translated name that another one has too in that language is left out."""
    shown: list[Json] = []
    taken: set[tuple[str, str]] = {(locale, option.name) for option in options for locale in _KNOWN}
    for option in options:
        words = _words("option", option.name)
        names = words["name_localizations"]
        words["name_localizations"] = {
            locale: name for locale, name in names.items() if (locale, name) not in taken
        }
        taken |= set(names.items())
        kind = _KINDS.get(option.kind, _STRING)
        shown.append({"type": kind, "name": option.name, **words})
        if option.kind in SUGGESTED:
            shown[-1]["autocomplete"] = True
    return shown


def _words(kind: str, name: str) -> Json:
    """A command's or option's description and names in every language there is."""
    found: Json = {"name_localizations": {}, "description_localizations": {}}
    for language in sorted(languages()):
        for locale in _LOCALES.get(language, (language,)):
            if locale not in _KNOWN:
                continue
            said = _said(language, f"{kind}.{name}.description") or name
            found["description_localizations"][locale] = said[:_LONGEST]
            own = _said(language, f"{kind}.{name}.name")
            if language != "en" and own == own.lower() and _NAME.fullmatch(own):
                found["name_localizations"][locale] = own
    english = _said("en", f"{kind}.{name}.description") or name
    return {"description": english[:_LONGEST], **found}


def _said(language: str, key: str) -> str:
    try:
        return catalog(language).template(key)
    except KeyError:
        return ""


def differs(registered: Sequence[Json], wanted: Sequence[Json]) -> bool:
    """Whether Discord has other commands than these; their order means nothing."""
    return _essence(registered) != _essence(wanted)


def _essence(commands: Sequence[Json]) -> dict[str, Any]:
    """What was chosen of the commands, without what Discord adds."""
    return {
        command["name"]: (
            command.get("type") or 1,
            _texts(command),
            command.get("default_member_permissions"),
            sorted(command.get("contexts") or []),
            sorted(command.get("integration_types") or []),
            [
                (
                    o["type"],
                    o["name"],
                    _texts(o),
                    bool(o.get("autocomplete")),
                    bool(o.get("required")),
                )
                for o in command.get("options") or []
            ],
        )
        for command in commands
    }


def _texts(item: Json) -> tuple[Any, ...]:
    return (
        item.get("description"),
        item.get("description_localizations") or {},
        item.get("name_localizations") or {},
    )


def request_of(interaction: discord.Interaction) -> Request:
    """What was asked with a command, a button, a menu or a form, where and by whom.

    Where the bot itself is not, whoever asks is the chat: the answer can go to nobody else.
    """
    data: Mapping[str, Any] = interaction.data or {}
    pressed = interaction.type is not discord.InteractionType.application_command
    mark = mark_of(interaction) if pressed else Mark(str(data.get("name", "")), _given(data))
    asks = mark.fills if pressed and data.get("component_type") == _BUTTON else ""
    target = _target(interaction)
    private = target.chat.startswith(PERSON)
    return Request(
        command=mark.command,
        target=target,
        person=str(interaction.user.id),
        arguments={name: value for name, value in mark.arguments.items() if name != asks},
        language=language_of(interaction),
        private=private,
        manager=not private and interaction.permissions.manage_channels,
        place="" if private else _place(interaction.channel),
        forum=_forum(interaction.channel, target),
        pressed=pressed,
        asks=asks,
        alone=True,
        elsewhere=private and not interaction.context.dm_channel,
    )


def mark_of(interaction: discord.Interaction) -> Mark:
    """What the button, menu or form says that was used, with what was chosen or written in it."""
    data: Mapping[str, Any] = interaction.data or {}
    mark = decode(str(data.get("custom_id", "")))
    said = ",".join(map(str, data.get("values") or ())) or _written(data.get("components") or ())
    if mark.fills and said:
        return replace(mark, arguments={**mark.arguments, mark.fills: said})
    return mark


def _written(parts: Sequence[Json]) -> str:
    """What was written in the one field of a form."""
    for part in parts:
        inner = part.get("component") or {}
        found = str(part.get("value") or inner.get("value") or "").strip()
        if found := found or _written(part.get("components") or ()):
            return found
    return ""


def form(action: Action, ask: Ask) -> Json:
    """A form with one line for what is asked."""
    field: Json = {
        "type": _FIELD,
        "custom_id": ask.option,
        "style": _ONE_LINE,
        "required": not ask.empty,
        "max_length": _LONGEST_LINE,
    }
    if value := ask.value[:_LONGEST_LINE].strip():
        field["value"] = value
    label = ask.label[:_LONGEST_LABEL].strip() or "…"
    return {
        "custom_id": encode(action),
        "title": label,
        "components": [{"type": _LABEL, "label": label, "component": field}],
    }


def _given(data: Mapping[str, Any]) -> dict[str, str]:
    return {option["name"]: _value(option.get("value")) for option in data.get("options") or ()}


def language_of(interaction: discord.Interaction) -> str:
    """The language of the asker's Discord: ``ko``, ``en``."""
    return str(interaction.locale.value).partition("-")[0].lower()


def focused(interaction: discord.Interaction) -> tuple[str, str, str]:
    """The command, the option that is being filled in and what is typed so far."""
    data: Mapping[str, Any] = interaction.data or {}
    for option in data.get("options") or ():
        if option.get("focused"):
            return str(data.get("name", "")), option["name"], str(option.get("value") or "")
    return str(data.get("name", "")), "", ""


def _value(value: object) -> str:
    return (
        str(value).lower() if isinstance(value, bool) else str(value if value is not None else "")
    )


def _target(interaction: discord.Interaction) -> Target:
    channel = interaction.channel
    if channel is None or interaction.guild_id is None or not interaction.is_guild_integration():
        return Target(PLATFORM, f"{PERSON}{interaction.user.id}")
    if isinstance(channel, discord.Thread):
        return Target(PLATFORM, str(channel.parent_id), str(channel.id))
    return Target(PLATFORM, str(channel.id))


def _forum(channel: object, target: Target) -> Target | None:
    """The forum of which the target is one post."""
    parent = channel.parent if isinstance(channel, discord.Thread) else None
    if not target.thread or not isinstance(parent, discord.ForumChannel):
        return None
    return Target(PLATFORM, str(parent.id))


def _place(channel: object) -> str:
    """The channel as people write it, empty where its name is not known."""
    name = getattr(channel, "name", None)
    if isinstance(channel, discord.Thread) or not name:
        return str(name or "")
    return f"#{name}"
