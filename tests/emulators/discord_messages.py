"""Messages made, changed and deleted, with the events that tell of it."""

from typing import Any

from tests.emulators import discord_spec
from tests.emulators.discord_components import walk
from tests.emulators.discord_errors import Form, Json, Path, Refusal, snowflake
from tests.emulators.discord_mentions import note_mentions
from tests.emulators.discord_payloads import channel_json, message_event_json
from tests.emulators.discord_permissions import Permission
from tests.emulators.discord_rules import Body, check_message, check_not_empty
from tests.emulators.discord_world import (
    COMPONENTS_V2,
    EPHEMERAL,
    Attachment,
    Channel,
    Message,
    User,
    World,
)

_OWN_FLAGS = 1 << 2 | 1 << 12 | EPHEMERAL | COMPONENTS_V2
_ICONS = (("footer", "icon_url"), ("author", "icon_url"))


def check_new(body: Body, schema: str, at: Path = ()) -> None:
    """Refuse a new message that breaks a rule."""
    with discord_spec.checked(schema, body.json):
        check_message(body, at=at)
        check_not_empty(body)


def check_reference(channel: Channel, held: int, body: Json) -> tuple[int | None, int]:
    """The message replied to and the message type that makes."""
    reference = body.get("message_reference")
    if not isinstance(reference, dict):
        return None, 0
    target = snowflake(reference.get("message_id"))
    if not held & Permission.READ_MESSAGE_HISTORY:
        raise Refusal(160002)
    place = snowflake(reference.get("channel_id") or channel.id)
    if place != channel.id or target not in channel.messages:
        if reference.get("fail_if_not_exists") is False:
            return None, 0
        form = Form()
        code = "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"
        form.fail(("message_reference",), code, "Unknown message")
        form.done()
    return target, 19


def repeated(world: World, author: User, channel: Channel, body: Json) -> Message | None:
    """The message that had this nonce before; that it was deleted is an unknown message."""
    nonce = body.get("nonce")
    if nonce is None or not body.get("enforce_nonce"):
        return None
    known = world.nonces.get((channel.id, f"{author.id}:{nonce}"))
    if known is None or world.clock.now() - known[0] > world.nonce_window:
        return None
    if known[1].id not in channel.messages:
        raise Refusal(10008)
    return known[1]


def create(
    world: World,
    channel: Channel,
    author: User,
    body: Body,
    *,
    number: int = 0,
    kind: int = 0,
    reference: int | None = None,
    interaction: Json | None = None,
    asker: User | None = None,
) -> Message:
    """A new message in the channel."""
    message = Message(number or world.new_id(), channel, author, kind)
    message.created = world.clock.now()
    message.reference = reference
    message.interaction = interaction
    message.asker = asker
    fill(world, message, body)
    if interaction is None:
        message.flags &= ~EPHEMERAL
    message.nonce = body.json.get("nonce")
    if message.nonce is not None and body.json.get("enforce_nonce"):
        world.nonces[channel.id, f"{author.id}:{message.nonce}"] = (message.created, message)
    place(world, message)
    return message


def place(world: World, message: Message) -> None:
    """Put the message into its channel and tell of it."""
    channel = message.channel
    if channel.is_thread and channel.archived:
        channel.archived = False
        channel.archive_time = world.clock.now()
        world.emit("THREAD_UPDATE", channel_json(world, channel), channel.guild)
    channel.messages[message.id] = message
    channel.last_message_id = message.id
    if channel.is_thread and message.id != channel.id and message.type in {0, 19, 20}:
        channel.sent += 1
    world.emit("MESSAGE_CREATE", message_event_json(world, message), channel.guild)


def fill(world: World, message: Message, body: Body) -> None:
    """Give the message what the body holds; what it does not name stays."""
    json = body.json
    message.body = json
    _keep_files(world, message, body)
    if "content" in json:
        message.content = str(json["content"] or "").strip()
    if "embeds" in json:
        message.embeds = [_shown(message, embed) for embed in json["embeds"] or []]
    if "components" in json:
        message.components = _numbered(json["components"] or [])
    if json.get("flags"):
        message.flags |= int(json["flags"]) & _OWN_FLAGS
    note_mentions(world, message, json, webhook=message.interaction is not None)


def edit(world: World, message: Message, body: Body, schema: str, *, answered: int = 0) -> None:
    """Change a message; ``answered`` are the flags that an answer to an interaction loses."""
    with discord_spec.checked(schema, body.json):
        check_message(body, kept=frozenset(file.filename for file in message.files))
    was = message.content, message.embeds, message.components, message.files, message.flags
    fill(world, message, body)
    if not (message.content or message.embeds or message.components or message.files):
        message.content, message.embeds, message.components, message.files, message.flags = was
        raise Refusal(50006)
    # Whether an answer is private was decided when it was promised.
    message.flags = (message.flags & ~EPHEMERAL | was[4] & EPHEMERAL) & ~answered
    message.edited = world.clock.now()
    world.emit("MESSAGE_UPDATE", message_event_json(world, message), message.channel.guild)


def delete(world: World, message: Message) -> None:
    """Delete a message."""
    channel = message.channel
    channel.messages.pop(message.id, None)
    data: Json = {"id": str(message.id), "channel_id": str(channel.id)}
    if channel.guild:
        data["guild_id"] = str(channel.guild.id)
    world.emit("MESSAGE_DELETE", data, channel.guild)


def _keep_files(world: World, message: Message, body: Body) -> None:
    listed = body.json.get("attachments")
    named: dict[int, Json] = {snowflake(item.get("id")): item for item in listed or []}
    if listed is not None:
        message.files = [file for file in message.files if file.id in named]
    for number, file in sorted(body.files.items()):
        item = named.get(number, {})
        name = str(item.get("filename") or file.filename)
        kept = world.store_file(message.channel, name, file.content, file.content_type)
        kept.description = item.get("description")
        message.files.append(kept)


def _shown(message: Message, embed: Json) -> Json:
    files = {f"attachment://{file.filename}": file for file in message.files}
    shown: Json = {"type": "rich"} | {k: v for k, v in embed.items() if v is not None}
    for part in ("title", "description"):
        if isinstance(shown.get(part), str):
            shown[part] = shown[part].strip()
    for part in ("image", "thumbnail"):
        if shown.get(part):
            shown[part] = _picture(shown[part], files)
    for part, key in _ICONS:
        if file := files.get(shown.get(part, {}).get(key, "")):
            shown[part] = shown[part] | {key: file.url}
    return shown


def _picture(picture: Json, files: dict[str, Attachment]) -> Json:
    url = picture["url"]
    file = files.get(url)
    size: dict[str, Any] = {"width": file.width, "height": file.height} if file else {}
    address = file.url if file else url
    return {"url": address, "proxy_url": address, "flags": 0} | size


def _numbered(components: list[Json]) -> list[Json]:
    parts = list(walk(components))
    for number, part in enumerate(parts, 1):
        part.setdefault("id", number)
    return components
