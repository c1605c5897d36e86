"""The service's own door: whether it is well, and what platforms bring by themselves."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Protocol

import structlog
from aiohttp import web

from bot.settings import HEALTH, BadSettingError

log = structlog.get_logger(__name__)

# What a platform brings at once is some tens of kilobytes at most.
_BODY_BYTES = 2**20
_BODY_SECONDS = 10.0
_STOP_SECONDS = 1.0
# Behind a proxy or in a container it is reached by names that nobody knows here.
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - what may come in is for the hooks to say


class Hook(Protocol):
    """What a platform posts to."""

    @property
    def path(self) -> str:
        """Where: ``/telegram``."""

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether it is the platform that posts; asked before a byte of the body is read."""

    def take(self, body: bytes) -> HTTPStatus:
        """Take what was posted, and say how it went. Raises nothing."""


class Web:
    """An HTTP server without TLS, which a proxy in front of it has; ``port`` is local."""

    def __init__(self, port: int, hooks: Sequence[Hook] = ()) -> None:
        self._port = port
        self._hooks = hooks
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. Raises BadSettingError."""
        app = web.Application(client_max_size=_BODY_BYTES)
        app.router.add_get(HEALTH, _well)
        for hook in self._hooks:
            app.router.add_post(hook.path, _Door(hook).answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_SECONDS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, _EVERYWHERE, self._port).start()
        except OSError as error:
            await self.stop()
            said = os.strerror(error.errno) if error.errno else str(error)
            raise BadSettingError(f"WEB_PORT: {self._port} cannot be listened on: {said}") from None
        log.info("web server up", port=self._port)

    async def stop(self) -> None:
        """Take nothing more, and close every connection."""
        if runner := self._runner:
            self._runner = None
            await runner.cleanup()


class _Door:
    """What stands before a hook: who is it, and is it short and soon enough."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    async def answer(self, request: web.Request) -> web.Response:
        """Let the hook take what is posted."""
        if not self._hook.admits(request.headers):
            return _said(HTTPStatus.FORBIDDEN)
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await request.read()
        except TimeoutError:
            return _said(HTTPStatus.REQUEST_TIMEOUT)
        return _said(self._hook.take(body))


async def _well(_: web.Request) -> web.Response:
    return _said(HTTPStatus.OK)


def _said(status: HTTPStatus) -> web.Response:
    return web.Response(status=status, text=f"{status.phrase}\n")
