"""A loopback Telegram: the Bot API with its limits, refusals and floods, and a test's hand behind.

    python -m tests.emulators.telegram_server --port 8081 --token 123456:TEST \\
        --world world.json --fault drop_after,nth=3,method=sendMessage --no-flood

The first line on standard output is the address (what ``TELEGRAM_API_URL`` should be). It serves
``/bot<token>/<method>`` and ``/file/bot<token>/<path>`` as the real one does, and ``/_control/…``
for tests in other processes (see ``telegram_control.py``). The faults are listed in
``telegram_faults.py``, the world file's shape in ``telegram_control.py``.

Entities that Telegram finds by itself in what the bot sends (addresses, mentions, hashtags) are
listed aside, and added to no message. Not emulated: Markdown, media other than photos, photos by address, scaling of photos, quotes
in replies, floods of uploads, the end of updates after a day. An edit counts as a message.
"""

import argparse
import asyncio
import inspect
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, time
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.emulators import telegram_control, telegram_faults, telegram_webhook
from tests.emulators.telegram_errors import ApiError, Json, bad
from tests.emulators.telegram_faults import Fault, broken_answer
from tests.emulators.telegram_flood import Flood
from tests.emulators.telegram_hand import Asked, Hand
from tests.emulators.telegram_images import StoredFile, Upload
from tests.emulators.telegram_methods import METHODS, NAMES
from tests.emulators.telegram_spec import Spec, default_spec
from tests.emulators.telegram_state import State
from tests.emulators.telegram_updates import Updates
from tests.emulators.telegram_world import User, World

TOKEN = "123456:TEST"  # noqa: S105 - nobody's
_BODY_BYTES = 60 * 2**20
_OWN_FLOOD = Flood()


class TelegramServer(Hand):
    """The server in this process: ``async with TelegramServer(faults=["html"]) as server``.

    ``flood=None`` takes the limits off; ``privacy=False`` lets the bot hear all a group says;
    ``webhook_base`` takes the place of the scheme and host of the webhook the bot sets;
    ``clock`` dates the messages. ``requests``, ``faults`` and ``world`` may be read and changed
    at any time.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "paperround_test_bot",
        faults: Iterable[str | Fault] = (),
        flood: Flood | None = _OWN_FLOOD,
        privacy: bool = True,
        webhook_base: str = "",
        clock: Callable[[], float] = time,
        spec: Spec | None = None,
        port: int = 0,
    ) -> None:
        bot = User(int(token.partition(":")[0]), "Paperround", is_bot=True, username=username)
        updates = Updates()
        own = Flood() if flood is _OWN_FLOOD else flood
        super().__init__(State(token, World(bot, clock), updates, own, privacy))
        self.token = token
        self.faults = [f if isinstance(f, Fault) else Fault.parse(f) for f in faults]
        self.spec = spec or default_spec()
        self._port = port
        app = web.Application(client_max_size=_BODY_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        telegram_control.add_routes(app, self)
        app.cleanup_ctx.append(lambda _: telegram_webhook.delivering(updates, webhook_base))
        self._runner = web.AppRunner(
            app, shutdown_timeout=0.1, handler_cancellation=True, access_log=None
        )

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``, what ``TELEGRAM_API_URL`` should be."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot calls ``base_url``."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """What python-telegram-bot calls ``base_file_url``."""
        return f"{self.url}/file/bot"

    @property
    def files(self) -> dict[str, StoredFile]:
        """Every file, by its file_id."""
        return self.world.files

    @property
    def dropped_entities(self) -> list[Json]:
        """The entities that the real server would have left out without a word."""
        return self.state.dropped_entities

    @property
    def detected(self) -> list[tuple[str, str]]:
        """What Telegram sees by itself in the texts that were sent: its type and its words."""
        return self.state.detected

    @property
    def flooded(self) -> int:
        """How many 429s the limits have handed out."""
        return self.state.flood.refused if self.state.flood else 0

    async def start(self) -> None:
        """Listen; port 0 finds a free one."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every connection and stop."""
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def calls(self, method: str) -> list[Asked]:
        """The requests of one method, oldest first."""
        return [one for one in self.requests if one.method == method]

    def add_fault(self, fault: str) -> Fault:
        """Break from now on; remove it from ``faults`` to mend."""
        self.faults.append(Fault.parse(fault))
        return self.faults[-1]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        written = request.match_info["method"]
        name = self.spec.name_of(written) or NAMES.get(written.lower(), written)
        asked = Asked(name, {}, monotonic())
        self.requests.append(asked)
        try:
            response = await self._answer(request, asked)
        except ApiError as error:
            asked.description = error.description
            response = web.json_response(error.body(), status=error.code)
        except Exception as error:
            asked.status, asked.description = 500, f"{type(error).__name__}: {error}"
            raise
        asked.status = response.status if not _hung_up(request) else 0
        self.changed()
        return response

    async def _answer(self, request: web.Request, asked: Asked) -> web.StreamResponse:
        self._check_token(request)
        if asked.method not in METHODS:
            known = asked.method in self.spec.methods
            raise ApiError(*((501, f"no {asked.method} here") if known else _NO_METHOD))
        asked.params = await _parameters(request)
        struck = [one for one in self.faults if one.strikes(asked.method, asked.params)]
        self.changed()
        for fault in struck:
            if not fault.afterwards:
                return await broken_answer(request, fault)
        self.state.living()
        asked.params = self.spec.decoded(asked.method, asked.params)
        result = METHODS[asked.method](self.state, asked.params)
        if inspect.isawaitable(result):
            result = await result
        self.changed()
        for fault in struck:
            return await broken_answer(request, fault)
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, request: web.Request) -> None:
        given = request.match_info["token"]
        if given != self.token:
            raise ApiError(401) if ":" in given else ApiError(404)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request)
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)
        path = request.match_info["path"]
        found = next((one for one in self.files.values() if one.path == path), None)
        if not found:
            return web.json_response(ApiError(404).body(), status=404)
        return web.Response(body=found.content, content_type="application/octet-stream")


_NO_METHOD = (404, "method not found")


def _hung_up(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


async def _parameters(request: web.Request) -> Json:
    """The parameters of the address and the body, as they came. Raises ApiError."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError as error:
            raise bad("can't parse JSON object") from error
        if not isinstance(body, dict):
            raise bad("can't parse request: expected an Object")
        return given | {name: value for name, value in body.items() if value is not None}
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge as error:
        raise ApiError(413) from error
    for name, value in form.items():
        if isinstance(value, web.FileField):
            given[name] = Upload(value.filename, value.file.read())
        else:
            given[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    return given


async def _serve(options: argparse.Namespace) -> None:
    server = TelegramServer(
        token=options.token,
        faults=options.fault,
        flood=None if options.no_flood else Flood(),
        privacy=not options.no_privacy,
        webhook_base=options.webhook_base,
        port=options.port,
    )
    if options.world:
        telegram_control.populate(server.world, json.loads(options.world.read_text("utf-8")))
    async with server:
        print(server.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        description=f"{__doc__}\n{telegram_faults.__doc__}\n{telegram_control.__doc__}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN, help="the bot's token")
    parser.add_argument("--world", type=Path, help="JSON: who and what exists, see above")
    parser.add_argument("--fault", action="append", default=[], help="see above; may be repeated")
    parser.add_argument("--no-flood", action="store_true", help="no rate limits")
    parser.add_argument("--no-privacy", action="store_true", help="hear all that groups say")
    parser.add_argument("--webhook-base", default="", help="where webhooks really are: http://…")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
