"""The emulator's HTTP: every request counted, checked, broken if a fault says so, and answered."""

from collections.abc import Iterable
from functools import partial

from aiohttp import web

from tests.emulators.discord_bodies import ASKED, MAX_REQUEST, Asked, answer
from tests.emulators.discord_commands import COMMAND_ROUTES
from tests.emulators.discord_errors import Refusal
from tests.emulators.discord_faults import Fault, served
from tests.emulators.discord_hand import Hand
from tests.emulators.discord_interactions import Interactions
from tests.emulators.discord_limits import RateLimited, RateLimits
from tests.emulators.discord_rest import ROUTES, Handler
from tests.emulators.discord_threads import THREAD_ROUTES

API = "/api/v10"
_OPEN = ("/interactions/", "/webhooks/")
_INVALID = frozenset({401, 403, 429})


class Front(Hand):
    """The routes of Discord; ``requests`` are those so far, ``faults`` may be changed any time.

    ``limited`` counts the answers 429, ``invalid`` those that Discord counts towards banning an
    address: 401, 403 and 429 but for shared limits.
    """

    def __init__(
        self,
        token: str,
        faults: Iterable[str | Fault],
        channel_limit: tuple[int, float] | None,
        global_limit: int | None,
    ) -> None:
        super().__init__(token)
        self.faults = [f if isinstance(f, Fault) else Fault.parse(f) for f in faults]
        self.limits = RateLimits(self.clock, channel_limit, global_limit)
        self.interactions = Interactions(self.world, self.watch)
        self.requests: list[Asked] = []
        self.limited = 0
        self.invalid = 0

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=MAX_REQUEST)
        routes = (*ROUTES, *COMMAND_ROUTES, *THREAD_ROUTES, *self.interactions.routes())
        for method, path, handler in routes:
            app.router.add_route(method, API + path, partial(self._api, handler))
        app.router.add_route("*", API + "/{rest:.*}", partial(self._api, _unknown))
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/cdn/{rest:.*}", self._file)
        return app

    async def _api(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        asked = Asked(request.method, request.path, dict(request.query), self.clock.now())
        request[ASKED] = asked
        self.requests.append(asked)
        path = request.path.removeprefix(API)
        struck = [fault for fault in self.faults if fault.strikes(request.method, path)]
        self.watch.changed()
        response = await served(request, struck, partial(self._answer, handler))
        asked.status = response.status
        self.limited += response.status == 429
        is_shared = response.headers.get("X-RateLimit-Scope") == "shared"
        self.invalid += response.status in _INVALID and not is_shared
        self.watch.changed()
        return response

    async def _answer(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        headers: dict[str, str] = {}
        try:
            self._authorize(request)
            headers = self._count(request)
            reply = await handler(self.world, request)
        except Refusal as refusal:
            reply = answer(refusal.body, refusal.status)
        except RateLimited as limited:
            reply = limited.response()
        if reply is None:
            reply = web.Response(status=204)
        if not isinstance(reply, web.StreamResponse):
            reply = answer(reply)
        reply.headers.update(headers)
        return reply

    def _authorize(self, request: web.Request) -> None:
        agent = request.headers.get("User-Agent", "")
        if request.path.removeprefix(API).startswith(_OPEN):
            if not agent:
                raise Refusal(40333)
            return
        if not agent.startswith("DiscordBot ("):
            raise Refusal(40333)
        if request.headers.get("Authorization") != f"Bot {self.world.token}":
            raise Refusal(0)

    def _count(self, request: web.Request) -> dict[str, str]:
        if request.path.removeprefix(API).startswith(_OPEN):
            return {}
        self.limits.take_global()
        resource = request.match_info.route.resource
        route = resource.canonical if resource else ""
        if "/channels/{channel}/messages" not in route:
            return {}
        return self.limits.take_route(request.method, route, request.match_info["channel"])

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self.world.files.get(request.path)
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.content, headers={"Content-Type": file.content_type})


async def _unknown(_: object, __: web.Request) -> web.StreamResponse:
    return answer({"message": "404: Not Found", "code": 0}, 404)
