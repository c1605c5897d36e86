"""The test's hand over HTTP, for tests in other processes: JSON in, JSON out.

==========================  ====================================================================
``GET /_control/state``     chats with the bot's messages, requests, commands, 429s, dropped
                            entities; ``?chat=ID`` for one chat's messages only
``POST /_control/world``    ``{"users": […], "chats": […]}`` (below); answers with both, ids given
``POST /_control/say``      ``{"chat", "user", "text", "thread"?, "anonymous"?, "reply_to"?}``
``POST /_control/press``    ``{"chat", "message", "button", "user", "wait"?}``: presses, and with
                            ``wait`` answers when the bot has
``POST /_control/change``   ``{"do": "block" | "unblock" | "deactivate", "user"}`` or ``{"do":
                            "add_bot" | "remove_bot" | "promote_bot" | "demote_bot" |
                            "restrict_bot" | "hide_general" | "upgrade" | "delete_chat" |
                            "close_topic" | "delete_topic", "chat", "user"?, "thread"?}``
``POST /_control/wait``     ``{"messages"?: N, "chat"?: ID, "polling"?: true, "within"?: S}``
``POST /_control/fault``    ``{"fault": "stall,nth=2"}``; ``DELETE`` mends all
==========================  ====================================================================

A world: a user is ``{"first_name", "id"?, "username"?, "language_code"?}``; a chat is ``{"type":
"private", "user": ID, "started"?: true}`` or ``{"type", "title", "id"?, "username"?, "members"?:
[ID], "admins"?: [ID], "anonymous"?: [ID], "topics"?: [name], "forum"?, "bot"?: status or [rights]}``.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from tests.emulators.telegram_errors import ApiError, Json
from tests.emulators.telegram_faults import Fault
from tests.emulators.telegram_hand import Asked
from tests.emulators.telegram_message import Message
from tests.emulators.telegram_world import Chat, User, World

if TYPE_CHECKING:
    from tests.emulators.telegram_server import TelegramServer

Answer = Callable[[web.Request], Awaitable[Json]]
_STANDINGS = frozenset(
    "add_bot remove_bot promote_bot demote_bot restrict_bot hide_general".split()
)


def populate(world: World, described: Json) -> Json:
    """Create what a world file describes. Raises KeyError and TypeError."""
    users = [world.user(**one) for one in described.get("users", [])]
    chats = [_chat(world, one) for one in described.get("chats", [])]
    return {"users": [one.json() for one in users], "chats": [_shown_chat(one) for one in chats]}


def _chat(world: World, described: Json) -> Chat:
    if described["type"] == "private":
        user = world.users[described["user"]]
        return world.private(user, started=described.get("started", True))
    people: Json = {
        name: [world.users[one] for one in described.get(name, [])]
        for name in ("members", "admins", "anonymous")
    }
    return world.group(**(described | people))


def _shown_chat(chat: Chat) -> Json:
    topics = [{"id": t.id, "name": t.name, "closed": t.closed} for t in chat.topics.values()]
    return chat.json() | {"topics": topics}


def _shown_message(message: Message) -> Json:
    return message.json | {"_silent": message.silent, "_edits": len(message.edits)}


def _shown_request(asked: Asked) -> Json:
    params = {n: v if _is_json(v) else repr(v) for n, v in asked.params.items()}
    return {
        "method": asked.method,
        "params": params,
        "status": asked.status,
        "description": asked.description,
    }


def _is_json(value: object) -> bool:
    return isinstance(value, str | int | float | bool | list | dict | None)


class Control:
    """The handlers of ``/_control/…``."""

    def __init__(self, server: "TelegramServer") -> None:
        self._server = server

    def _user(self, body: Json) -> User:
        return self._server.world.users[body["user"]]

    async def state(self, request: web.Request) -> Json:
        """All there is, or one chat's messages by the bot."""
        server = self._server
        if "chat" in request.query:
            sent = server.messages(int(request.query["chat"]))
            return {"messages": [_shown_message(one) for one in sent]}
        chats = [
            _shown_chat(chat) | {"messages": [_shown_message(m) for m in server.messages(chat)]}
            for chat in server.world.chats.values()
        ]
        commands = [
            {"scope": scope, "language_code": language, "commands": list_}
            for (scope, language), list_ in server.state.commands.items()
        ]
        return {
            "chats": chats,
            "commands": commands,
            "requests": [_shown_request(one) for one in server.requests],
            "flooded": server.flooded,
            "dropped_entities": server.dropped_entities,
            "pending_updates": len(server.state.updates.pending),
        }

    async def world(self, request: web.Request) -> Json:
        """Create users and chats."""
        return populate(self._server.world, await request.json())

    async def say(self, request: web.Request) -> Json:
        """A person writes."""
        body = await request.json()
        chat = self._server.chat(body["chat"])
        message = await self._server.say(
            chat,
            self._user(body),
            body["text"],
            body.get("thread"),
            reply_to=chat.messages[body["reply_to"]] if "reply_to" in body else None,
            anonymous=body.get("anonymous", False),
        )
        return message.json

    async def press(self, request: web.Request) -> Json:
        """A person presses a button."""
        body = await request.json()
        message = self._server.chat(body["chat"]).messages[body["message"]]
        press = self._server.press(message, body["button"], self._user(body))
        answer = await press.answered() if body.get("wait") else None
        return {"id": press.id, "data": press.data, "answer": answer}

    async def change(self, request: web.Request) -> Json:
        """The chat's life."""
        body, hand = await request.json(), self._server
        what = body["do"]
        if what in {"block", "unblock", "deactivate"}:
            getattr(hand, what)(self._user(body))
            return {}
        chat = hand.chat(body["chat"])
        if what in _STANDINGS:
            getattr(hand, what)(chat, self._user(body))
        elif what == "upgrade":
            return _shown_chat(hand.upgrade(chat, self._user(body)))
        elif what == "close_topic":
            hand.close_topic(chat, body["thread"], self._user(body))
        elif what == "delete_topic":
            hand.delete_topic(chat, body["thread"])
        elif what == "delete_chat":
            hand.delete_chat(chat)
        else:
            raise LookupError(f"nothing is called {what!r}")
        return {}

    async def wait(self, request: web.Request) -> Json:
        """Answer when the bot has sent this many messages, or polls."""
        body, server = await request.json(), self._server
        chats = [server.chat(body["chat"])] if "chat" in body else None

        def ready() -> bool:
            rooms = chats or list(server.world.chats.values())
            sent = sum(len(server.messages(chat)) for chat in rooms)
            polls = server.state.updates.pollers or not body.get("polling")
            return bool(polls) and sent >= body.get("messages", 0)

        await server.wait_for(ready, within=body.get("within", 30.0))
        return {}

    async def fault(self, request: web.Request) -> Json:
        """Break, or mend all."""
        if request.method == "DELETE":
            self._server.faults.clear()
            return {}
        self._server.faults.append(Fault.parse((await request.json())["fault"]))
        return {}


def _json(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler; what is not there or does not come about is a 400 with the reason."""

    async def handler(request: web.Request) -> web.Response:
        try:
            return web.json_response(await answer(request))
        except (ApiError, LookupError, TypeError, ValueError, AssertionError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    return handler


def add_routes(app: web.Application, server: "TelegramServer") -> None:
    """Serve ``/_control/…``."""
    control = Control(server)
    for method, name in (
        ("GET", "state"),
        ("POST", "world"),
        ("POST", "say"),
        ("POST", "press"),
        ("POST", "change"),
        ("POST", "wait"),
        ("POST", "fault"),
        ("DELETE", "fault"),
    ):
        app.router.add_route(method, f"/_control/{name}", _json(getattr(control, name)))
