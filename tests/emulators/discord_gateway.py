"""The websocket: Discord developer documentation, "Gateway".

More sessions than ``session_starts`` cost the token. A session ends when its client closes it with 1000 or 1001; however else a connection ends, it can
be resumed. Frames are plain JSON text, whatever compression the address asks for; clients take both.
"""

import asyncio
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.emulators.discord_errors import Json
from tests.emulators.discord_payloads import guild_create_json, member_json, user_json
from tests.emulators.discord_watch import Watch
from tests.emulators.discord_world import Guild, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
PRESENCE, VOICE = 3, 4
MEMBERS, INVALID_SESSION, HELLO, ACK = 8, 9, 10, 11
_GUILDS, _GUILD_MEMBERS, _MESSAGES, _DIRECT, _CONTENT = 1, 1 << 1, 1 << 9, 1 << 12, 1 << 15
_OVER = frozenset({1000, 1001})
_KEPT = 20
_PRIVILEGED = _GUILD_MEMBERS | 1 << 8 | _CONTENT


@dataclass(slots=True, eq=False)
class Session:
    """One identified shard; ``sent`` are its dispatches by number, kept for resuming."""

    id: str
    intents: int
    shard: tuple[int, int]
    sent: list[Json] = field(default_factory=list, repr=False)
    socket: web.WebSocketResponse | None = None
    heartbeats: int = 0
    resumes: int = 0

    def wants(self, event: str, guild: Guild | None) -> bool:
        """Whether the session's intents and shard cover the event."""
        place = (guild.id >> 22) % self.shard[1] if guild else 0
        if place != self.shard[0]:
            return False
        if event.startswith("MESSAGE_"):
            return bool(self.intents & (_MESSAGES if guild else _DIRECT))
        if event.startswith(("GUILD_", "CHANNEL_", "THREAD_")):
            return bool(self.intents & _GUILDS)
        return True


@dataclass(slots=True)
class _Link:
    """One connection and what it has become."""

    socket: web.WebSocketResponse
    session: Session | None = None
    sender: asyncio.Task[None] | None = None


class Gateway:
    """The sessions and what is told to them.

    Not ``accepting`` refuses connections (``refused`` counts them), ``hangs_up`` ends them after the
    first word, not ``answering`` leaves heartbeats unanswered.
    """

    def __init__(self, world: World, watch: Watch) -> None:
        self.world = world
        self.sessions: list[Session] = []
        self.identifies: list[Json] = []
        self.privileged = _PRIVILEGED
        self.heartbeat_ms = 41_250
        self.accepting = True
        self.refused = 0
        self.hangs_up = False
        self.answering = True
        self._watch = watch
        self._queues: dict[Session, asyncio.Queue[Json]] = {}

    @property
    def url(self) -> str:
        """The websocket's address."""
        return self.world.base_url.replace("http", "ws", 1) + "/gateway/"

    def connected(self) -> list[Session]:
        """The sessions whose connection is open."""
        return [s for s in self.sessions if s.socket is not None and not s.socket.closed]

    def emit(self, event: str, data: Json, guild: Guild | None) -> None:
        """Send the event to every session that is to have it; closed ones get it on resuming."""
        for session in self.sessions:
            if session.wants(event, guild) and (guild is None or self._sees(event, guild)):
                self._dispatch(session, event, data)
        self._watch.changed()

    @staticmethod
    def _sees(event: str, guild: Guild) -> bool:
        return guild.present or event in {"GUILD_DELETE", "INTERACTION_CREATE"}

    def _dispatch(self, session: Session, event: str, data: Json) -> None:
        if event.startswith("MESSAGE_") and not session.intents & _CONTENT:
            data = self._without_content(data)
        frame = {"op": DISPATCH, "t": event, "s": len(session.sent) + 1, "d": data}
        session.sent.append(frame)
        if queue := self._queues.get(session):
            queue.put_nowait(frame)

    def _without_content(self, data: Json) -> Json:
        people = [data.get("author", {}), *data.get("mentions", [])]
        meant = str(self.world.bot.id) in {person.get("id") for person in people}
        if meant or "guild_id" not in data or "content" not in data:
            return data
        return data | {"content": "", "embeds": [], "attachments": [], "components": []}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, until it ends."""
        if not self.accepting:
            self.refused += 1
            self._watch.changed()
            return web.Response(status=503)
        link = _Link(web.WebSocketResponse(max_msg_size=4096, timeout=0.5))
        await link.socket.prepare(request)
        await link.socket.send_json({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}})
        if self.hangs_up:
            await link.socket.close(code=4000)
            return link.socket
        try:
            async for message in link.socket:
                if message.type == WSMsgType.TEXT:
                    await self._received(link, json.loads(message.data))
        finally:
            if link.sender:
                link.sender.cancel()
            if link.session and link.session.socket is link.socket:
                self._unplug(link.session)
                if link.socket.close_code in _OVER and link.session in self.sessions:
                    self.sessions.remove(link.session)
            self._watch.changed()
        return link.socket

    def _unplug(self, session: Session) -> None:
        session.socket = None
        self._queues.pop(session, None)

    async def _received(self, link: _Link, frame: Json) -> None:
        op, session = frame.get("op"), link.session
        if op == HEARTBEAT:
            if session:
                session.heartbeats += 1
                self._watch.changed()
            if self.answering:
                await link.socket.send_json({"op": ACK, "d": None})
        elif op in {IDENTIFY, RESUME} and session is None:
            link.session = await self._open(link.socket, op, frame["d"])
            if link.session:
                link.sender = asyncio.create_task(self._send(link.session, link.socket))
        elif session is None or op in {IDENTIFY, RESUME}:
            await link.socket.close(code=4005 if session else 4003)
        elif op == MEMBERS:
            self._send_members(session, frame["d"])
        elif op not in {PRESENCE, VOICE}:
            await link.socket.close(code=4001)

    async def _open(self, socket: web.WebSocketResponse, op: int, data: Json) -> Session | None:
        if data.get("token", "").removeprefix("Bot ") != self.world.token:
            await socket.close(code=4004, message=b"Authentication failed.")
            return None
        return await (self._identify if op == IDENTIFY else self._resume)(socket, data)

    async def _identify(self, socket: web.WebSocketResponse, data: Json) -> Session | None:
        self.identifies.append(data)
        number, count = data.get("shard") or (0, 1)
        intents = data.get("intents")
        if not 0 <= number < count:
            await socket.close(code=4010, message=b"Invalid shard.")
            return None
        if not isinstance(intents, int):
            await socket.close(code=4013, message=b"Invalid intent(s).")
            return None
        if intents & _PRIVILEGED & ~self.privileged:
            await socket.close(code=4014, message=b"Disallowed intent(s).")
            return None
        self.world.session_starts -= 1
        if self.world.session_starts < 0:
            # Who begins more sessions than the day allows has to get a new token.
            self.world.token = secrets.token_hex(16)
            await socket.close(code=4004, message=b"Authentication failed.")
            return None
        session = Session(secrets.token_hex(16), intents, (number, count), socket=socket)
        for old in [other for other in self.sessions if other.socket is None][:-_KEPT]:
            self.sessions.remove(old)
        self.sessions.append(session)
        self._queues[session] = asyncio.Queue()
        self._dispatch(session, "READY", self._ready(session))
        for guild in self._guilds_of(session):
            if intents & _GUILDS:
                everyone = bool(intents & _GUILD_MEMBERS)
                data = guild_create_json(self.world, guild, all_members=everyone)
                self._dispatch(session, "GUILD_CREATE", data)
        self._watch.changed()
        return session

    def _guilds_of(self, session: Session) -> list[Guild]:
        number, count = session.shard
        return [
            guild
            for guild in self.world.guilds.values()
            if guild.present and (guild.id >> 22) % count == number
        ]

    def _ready(self, session: Session) -> Json:
        return {
            "v": 10,
            "user": user_json(self.world.bot) | {"mfa_enabled": False, "verified": True},
            "guilds": [{"id": str(g.id), "unavailable": True} for g in self._guilds_of(session)],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(self.world.application_id), "flags": 0},
        }

    async def _resume(self, socket: web.WebSocketResponse, data: Json) -> Session | None:
        found = [s for s in self.sessions if s.id == data.get("session_id")]
        if not found or data.get("seq", 0) > len(found[0].sent):
            await socket.send_json({"op": INVALID_SESSION, "d": False})
            return None
        session = found[0]
        session.socket = socket
        session.resumes += 1
        queue: asyncio.Queue[Json] = asyncio.Queue()
        for frame in session.sent[data["seq"] :]:
            queue.put_nowait(frame)
        self._queues[session] = queue
        self._dispatch(session, "RESUMED", {"_trace": []})
        self._watch.changed()
        return session

    async def _send(self, session: Session, socket: web.WebSocketResponse) -> None:
        queue = self._queues[session]
        with suppress(ConnectionError):
            while True:
                await socket.send_json(await queue.get())

    def _send_members(self, session: Session, data: Json) -> None:
        guild = self.world.guilds.get(int(data.get("guild_id") or 0))
        if guild is None:
            return
        people = [self.world.users[number] for number in guild.members]
        members = [member_json(guild, user) | {"user": user_json(user)} for user in people]
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": members,
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        if nonce := data.get("nonce"):
            chunk["nonce"] = nonce
        self._dispatch(session, "GUILD_MEMBERS_CHUNK", chunk)

    async def disconnect(self, code: int = 4000, shard: int | None = None) -> None:
        """Close every connection, or this shard's; the sessions can be resumed."""
        for session in self.connected():
            if shard not in {None, session.shard[0]}:
                continue
            if socket := session.socket:
                self._unplug(session)
                await socket.close(code=code)

    async def accept(self, *, accepting: bool = True, answering: bool = True) -> None:
        """Whether to take connections and to answer heartbeats from now on."""
        self.accepting, self.answering = accepting, answering

    async def ask_reconnect(self) -> None:
        """Ask every client to reconnect and resume."""
        for session in self.connected():
            if session.socket:
                await session.socket.send_json({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is no longer valid."""
        open_now = self.connected()
        if not resumable:
            self.sessions = [session for session in self.sessions if session not in open_now]
        for session in open_now:
            if session.socket:
                await session.socket.send_json({"op": INVALID_SESSION, "d": resumable})
