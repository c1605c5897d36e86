"""How Discord can break on demand.

A fault is written ``KIND[:DETAIL][,KEY=VALUE…]``:

====================  ============================================================================
``status:500``        that status; ``status:429`` as a rate limit (``retry_after=S``, ``scope=user``,
                      ``shared`` or ``global``)
``status_after:500``  everything happened, that status all the same
``banned``            429 as HTML and without ``Via``, as Cloudflare answers a banned address
``drop_before``       the connection closed before anything happened
``drop_after``        everything happened, the connection closed without an answer
``stall``             no answer at all, nothing happened
``stall_after``       everything happened, no answer at all
====================  ============================================================================

and strikes the requests that match ``method=POST`` and ``path=*/messages`` (a glob over the path
after ``/api/v10``): all of them, or only the ``nth=N``, the ``first=K``, those ``after=K``.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Self

from aiohttp import web

from tests.emulators.discord_bodies import answer
from tests.emulators.discord_limits import limited_answer

_KINDS = frozenset(re.findall(r"^``(\w+)", __doc__ or "", re.MULTILINE))
_KEYS = frozenset({"nth", "first", "after", "method", "path", "retry_after", "scope"})

NO_ANSWER = 499

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Fault:
    """One way to break and when; ``seen`` counts the requests it looked at."""

    kind: str
    detail: str = ""
    nth: int | None = None
    first: int | None = None
    after: int | None = None
    method: str = "*"
    path: str = "*"
    retry_after: float = 1.0
    scope: str = "user"
    seen: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """The fault of a command line. Raises ValueError."""
        head, *rest = text.split(",")
        kind, _, detail = head.partition(":")
        given = dict(part.split("=", 1) for part in rest)
        if kind not in _KINDS or not _KEYS.issuperset(given):
            raise ValueError(f"no such fault: {text}")
        if kind.startswith("status") and not detail.isdecimal():
            raise ValueError(f"a status is a number: {text}")
        return cls(
            kind,
            detail,
            nth=int(given["nth"]) if "nth" in given else None,
            first=int(given["first"]) if "first" in given else None,
            after=int(given["after"]) if "after" in given else None,
            method=given.get("method", "*").upper(),
            path=given.get("path", "*"),
            retry_after=float(given.get("retry_after", 1.0)),
            scope=given.get("scope", "user"),
        )

    def strikes(self, method: str, path: str) -> bool:
        """Whether this request is hit; every request that fits is counted."""
        if not fnmatchcase(method, self.method) or not fnmatchcase(path, self.path):
            return False
        self.seen += 1
        return (
            (self.nth is None or self.seen == self.nth)
            and (self.first is None or self.seen <= self.first)
            and (self.after is None or self.seen > self.after)
        )


async def served(request: web.Request, faults: list[Fault], serve: Serve) -> web.StreamResponse:
    """The answer under the faults that struck."""
    for fault in faults:
        if (instead := await _instead(request, fault)) is not None:
            return instead
    response = await serve(request)
    for fault in faults:
        match fault.kind:
            case "status_after":
                return _failed(int(fault.detail))
            case "drop_after":
                return _hung_up(request)
            case "stall_after":
                await asyncio.Event().wait()
    return response


async def _instead(request: web.Request, fault: Fault) -> web.StreamResponse | None:
    """What comes in the place of anything being done."""
    match fault.kind:
        case "status" if fault.detail == "429":
            return limited_answer(fault.retry_after, fault.scope, {})
        case "status":
            return _failed(int(fault.detail))
        case "banned":
            html = "<!DOCTYPE html><title>Access denied</title>Error 1015"
            return web.Response(text=html, status=429, content_type="text/html")
        case "drop_before":
            return _hung_up(request)
        case "stall":
            await asyncio.Event().wait()
    return None


def _failed(status: int) -> web.StreamResponse:
    return answer({"message": f"{status}: Sorry", "code": 0}, status)


def _hung_up(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.close()
    return web.Response(status=NO_ANSWER)
