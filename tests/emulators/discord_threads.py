"""Threads and forum posts: Discord developer documentation, "Threads"."""

from aiohttp import web

from tests.emulators import discord_messages, discord_spec
from tests.emulators.discord_access import find_channel, find_guild, find_message, held, need
from tests.emulators.discord_bodies import answer, inner, read_body
from tests.emulators.discord_errors import Form, Json, Refusal, snowflake
from tests.emulators.discord_payloads import (
    channel_json,
    message_event_json,
    message_json,
    thread_member_json,
)
from tests.emulators.discord_permissions import Permission
from tests.emulators.discord_rest import Handler, Reply, check_may_attach
from tests.emulators.discord_rules import Body, check_message, check_not_empty
from tests.emulators.discord_world import (
    FORUMS,
    HAS_THREAD,
    NEWS,
    NEWS_THREAD,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    Channel,
    Message,
    User,
    World,
    iso,
)

_DURATIONS = (60, 1440, 4320, 10080)
_WRITING = Permission.SEND_MESSAGES_IN_THREADS
STARTER = 21


def _check_thread(form: Form, body: Json) -> None:
    form.text(("name",), body.get("name"), 100, 1)
    form.choice(("auto_archive_duration",), body.get("auto_archive_duration"), _DURATIONS)
    pause = body.get("rate_limit_per_user")
    if pause is not None and (not isinstance(pause, int) or not 0 <= pause <= 21600):
        message = "int value should be between 0 and 21600."
        form.fail(("rate_limit_per_user",), "NUMBER_TYPE_RANGE", message)


def _open(world: World, parent: Channel, body: Json, kind: int, number: int) -> Channel:
    open_now = [c for c in world.channels.values() if c.is_thread and not c.archived]
    if sum(other.guild is parent.guild for other in open_now) >= world.max_active_threads:
        raise Refusal(160006)
    thread = Channel(number, kind, str(body["name"]).strip(), parent.guild, parent)
    thread.created = world.clock.now()
    thread.owner_id = world.bot.id
    thread.auto_archive = body.get("auto_archive_duration") or 1440
    world.channels[thread.id] = thread
    return thread


def _announce(world: World, thread: Channel) -> None:
    data = channel_json(world, thread) | {"newly_created": True}
    world.emit("THREAD_CREATE", data, thread.guild)


async def _from_message(world: World, request: web.Request) -> Reply:
    channel = find_channel(world, request)
    message = find_message(channel, request)
    body = await read_body(request)
    if channel.type not in {TEXT, NEWS}:
        raise Refusal(50024)
    need(world, channel, Permission.CREATE_PUBLIC_THREADS)
    with discord_spec.checked("CreateTextThreadWithMessageRequest", body.json):
        form = Form()
        _check_thread(form, body.json)
        form.done()
    if message.thread is not None or message.id in world.channels:
        raise Refusal(160004)
    kind = NEWS_THREAD if channel.type == NEWS else PUBLIC_THREAD
    thread = _open(world, channel, body.json, kind, message.id)
    message.thread = thread
    message.flags |= HAS_THREAD
    _announce(world, thread)
    world.emit("MESSAGE_UPDATE", message_event_json(world, message), channel.guild)
    starter = Message(world.new_id(), thread, message.author, STARTER, reference=message.id)
    starter.created = world.clock.now()
    discord_messages.place(world, starter)
    return answer(channel_json(world, thread), 201)


async def _from_channel(world: World, request: web.Request) -> Reply:
    channel = find_channel(world, request)
    body = await read_body(request)
    if channel.type in FORUMS:
        return _post(world, channel, body)
    if channel.type not in {TEXT, NEWS}:
        raise Refusal(50024)
    kind = body.json.get("type") or PRIVATE_THREAD
    is_private = kind == PRIVATE_THREAD
    need(
        world,
        channel,
        Permission.CREATE_PRIVATE_THREADS if is_private else Permission.CREATE_PUBLIC_THREADS,
    )
    with discord_spec.checked("CreateTextThreadWithoutMessageRequest", body.json):
        form = Form()
        _check_thread(form, body.json)
        form.choice(("type",), kind, (NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD))
        form.done()
    thread = _open(world, channel, body.json, kind, world.new_id())
    _announce(world, thread)
    return answer(channel_json(world, thread), 201)


def _post(world: World, forum: Channel, body: Body) -> Reply:
    need(world, forum, Permission.SEND_MESSAGES)
    message_body = inner(body, "message")
    check_may_attach(world, forum, message_body)
    with discord_spec.checked("CreateForumThreadRequest", body.json):
        form = Form()
        _check_thread(form, body.json)
        if not isinstance(body.json.get("message"), dict):
            form.required(("message",))
        tags = _check_tags(form, forum, body.json)
        form.done()
        check_message(message_body, at=("message",))
        check_not_empty(message_body)
    if forum.tag_required and not tags:
        raise Refusal(40067)
    if any(tag["moderated"] for tag in forum.tags if int(tag["id"]) in tags):
        need(world, forum, Permission.MANAGE_THREADS)
    thread = _open(world, forum, body.json, PUBLIC_THREAD, world.new_id())
    thread.applied_tags = tags
    _announce(world, thread)
    # A nonce in a forum post is not one: it is kept with the body and means nothing.
    plain = {k: v for k, v in message_body.json.items() if k not in {"nonce", "enforce_nonce"}}
    message = discord_messages.create(
        world, thread, world.bot, Body(plain, body.files), number=thread.id
    )
    forum.last_message_id = thread.id
    data = channel_json(world, thread) | {"message": message_json(world, message)}
    return answer(data, 201)


def write_post(world: World, forum: Channel, user: User, name: str) -> Channel:
    """A person's post in a forum, and tell of it."""
    post = _open(world, forum, {"name": name}, PUBLIC_THREAD, world.new_id())
    post.owner_id = user.id
    _announce(world, post)
    discord_messages.create(world, post, user, Body({"content": name}), number=post.id)
    return post


def _check_tags(form: Form, forum: Channel, body: Json) -> list[int]:
    given = body.get("applied_tags")
    tags = [snowflake(tag) for tag in given] if isinstance(given, list) else []
    known = {int(tag["id"]) for tag in forum.tags}
    if len(tags) > 5:
        form.fail(("applied_tags",), "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")
    for n, tag in enumerate(tags):
        if tag not in known:
            form.fail(("applied_tags", n), "FORUM_TAG_UNKNOWN", "Unknown forum tag.")
    return tags


async def _change(world: World, request: web.Request) -> Reply:
    channel = find_channel(world, request)
    body = (await read_body(request)).json
    if not channel.is_thread:
        return _change_channel(world, channel, body)
    with discord_spec.checked("UpdateThreadRequestPartial", body):
        _check_change(world, channel, body)
    set_thread(world, channel, body)
    return channel_json(world, channel)


def _check_change(world: World, thread: Channel, body: Json) -> None:
    manages = bool(held(world, thread) & Permission.MANAGE_THREADS)
    # Whoever may write there may also open it again.
    opens = body == {"archived": False} and held(world, thread) & _WRITING
    if not manages and (thread.locked or (not opens and thread.owner_id != world.bot.id)):
        raise Refusal(50013)
    if thread.archived and body.get("archived") is not False:
        raise Refusal(50083)
    form = Form()
    if body.get("name") is not None:
        form.text(("name",), body["name"], 100, 1)
    form.choice(("auto_archive_duration",), body.get("auto_archive_duration"), _DURATIONS)
    tags = _check_tags(form, thread.parent or thread, body)
    form.done()
    if body.get("applied_tags") is not None:
        thread.applied_tags = tags


def set_thread(world: World, thread: Channel, changes: Json) -> None:
    """Change a thread and tell of it: ``name``, ``archived``, ``locked`` and the archive time."""
    thread.name = changes.get("name") or thread.name
    thread.auto_archive = changes.get("auto_archive_duration") or thread.auto_archive
    if changes.get("archived") is not None and changes["archived"] != thread.archived:
        thread.archived = bool(changes["archived"])
        thread.archive_time = world.clock.now()
    if changes.get("locked") is not None:
        thread.locked = bool(changes["locked"])
    world.emit("THREAD_UPDATE", channel_json(world, thread), thread.guild)


def _change_channel(world: World, channel: Channel, body: Json) -> Reply:
    need(world, channel, Permission.MANAGE_CHANNELS)
    form = Form()
    if "name" in body:
        channel.name = form.text(("name",), body["name"], 100, 1) or channel.name
    channel.topic = form.text(("topic",), body.get("topic", channel.topic), 1024) or None
    form.done()
    world.emit("CHANNEL_UPDATE", channel_json(world, channel), channel.guild)
    return channel_json(world, channel)


async def _remove(world: World, request: web.Request) -> Reply:
    channel = find_channel(world, request)
    if channel.guild is None:
        raise Refusal(50024)
    manage = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
    need(world, channel, manage)
    data = channel_json(world, channel)
    remove_channel(world, channel)
    return data


def remove_channel(world: World, channel: Channel) -> None:
    """Delete a channel with its threads, or a thread, and tell of it."""
    for thread in list(world.threads_of(channel)):
        del world.channels[thread.id]
    data = channel_json(world, channel)
    del world.channels[channel.id]
    event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
    world.emit(event, data, channel.guild)


async def _active(world: World, request: web.Request) -> Reply:
    guild = find_guild(world, request)
    return _listed(world, [c for c in world.channels.values() if c.guild is guild], archived=False)


async def _archived(world: World, request: web.Request) -> Reply:
    channel = find_channel(world, request)
    need(world, channel, Permission.READ_MESSAGE_HISTORY)
    before = request.query.get("before")
    threads = [
        thread
        for thread in world.threads_of(channel)
        if not before or iso(thread.archive_time) < before.replace("Z", "+00:00")
    ]
    threads.sort(key=lambda thread: thread.archive_time, reverse=True)
    limit = int(request.query.get("limit", "50"))
    found = [thread for thread in threads if thread.archived]
    return _listed(world, found[:limit], archived=True) | {"has_more": len(found) > limit}


def _listed(world: World, channels: list[Channel], *, archived: bool) -> Json:
    threads = [c for c in channels if c.is_thread and c.archived is archived]
    return {
        "threads": [channel_json(world, thread) for thread in threads],
        "members": [thread_member_json(world, thread) for thread in threads],
    }


async def _join(world: World, request: web.Request) -> Reply:
    thread = find_channel(world, request)
    if not thread.is_thread:
        raise Refusal(50024)
    if thread.archived:
        raise Refusal(50083)
    return None


THREAD_ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/channels/{channel}/messages/{message}/threads", _from_message),
    ("POST", "/channels/{channel}/threads", _from_channel),
    ("PATCH", "/channels/{channel}", _change),
    ("DELETE", "/channels/{channel}", _remove),
    ("GET", "/guilds/{guild}/threads/active", _active),
    ("GET", "/channels/{channel}/threads/archived/public", _archived),
    ("PUT", "/channels/{channel}/thread-members/@me", _join),
]
