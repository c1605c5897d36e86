"""How Telegram can break: what a fault is called, when it strikes and what it does.

A fault is written ``KIND[:DETAIL][,KEY=VALUE…]``:

================  ===================================================================
``status:500``    that status and nothing done (``retry_after=S`` for a 429)
``html``          a gateway's HTML page with status 502, nothing done
``drop_before``   the connection closed without an answer, nothing done
``drop_after``    the message is stored, then the connection closed without an answer
``stall``         no answer at all, nothing done
``stall_after``   the message is stored, then no answer at all
================  ===================================================================

and strikes always, or only at the ``nth=N`` request, the ``first=K`` requests, the requests from
``after=K`` on; ``method=sendMessage`` and ``chat=ID`` count and strike those requests only. Without
``method``, polls (getUpdates) are neither counted nor struck. Requests are counted from the moment
the fault is there.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import Self

from aiohttp import web

from tests.emulators.telegram_errors import ApiError, Json, too_many

_HTML = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"
_KINDS = frozenset(re.findall(r"^``(\w+)", __doc__ or "", re.MULTILINE))
_KEYS = frozenset({"nth", "first", "after", "method", "chat", "retry_after"})


@dataclass(slots=True)
class Fault:
    """One way to break and when; see the module's text. ``struck`` counts its victims."""

    kind: str
    detail: str = ""
    nth: int | None = None
    first: int | None = None
    after: int | None = None
    method: str | None = None
    chat: int | None = None
    retry_after: int | None = None
    seen: int = 0
    struck: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """The fault of a command line. Raises ValueError."""
        head, *rest = text.split(",")
        kind, _, detail = head.partition(":")
        given = dict(part.split("=", 1) for part in rest)
        if kind not in _KINDS or not _KEYS.issuperset(given):
            raise ValueError(f"no such fault: {text}")
        numbers = {name: int(value) for name, value in given.items() if name != "method"}
        return cls(
            kind,
            detail,
            nth=numbers.get("nth"),
            first=numbers.get("first"),
            after=numbers.get("after"),
            method=given.get("method"),
            chat=numbers.get("chat"),
            retry_after=numbers.get("retry_after"),
        )

    def strikes(self, method: str, params: Json) -> bool:
        """Whether this request is hit; counts it."""
        if self.method != method and (self.method or method == "getUpdates"):
            return False
        if self.chat is not None and str(params.get("chat_id")) != str(self.chat):
            return False
        self.seen += 1
        hit = (
            (self.nth is None or self.seen == self.nth)
            and (self.first is None or self.seen <= self.first)
            and (self.after is None or self.seen > self.after)
        )
        self.struck += hit
        return hit

    @property
    def afterwards(self) -> bool:
        """Whether the request is done before it breaks."""
        return self.kind.endswith("_after")


async def broken_answer(request: web.Request, fault: Fault) -> web.Response:
    """What the bot gets instead. Raises ApiError for a status."""
    if fault.kind == "status":
        code = int(fault.detail)
        raise too_many(fault.retry_after) if fault.retry_after is not None else ApiError(code)
    if fault.kind == "html":
        return web.Response(status=502, text=_HTML, content_type="text/html")
    if fault.kind.startswith("stall"):
        await asyncio.sleep(3600)
    if request.transport:
        request.transport.close()
    return web.Response()
