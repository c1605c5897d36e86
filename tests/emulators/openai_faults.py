"""How a model's server can break: what a fault is called, when it strikes and what it does.

A fault is written ``KIND[:DETAIL][,KEY=VALUE…]``:

==============  =====================================================================
``status:500``  that status in OpenAI's error shape (``retry_after=S`` adds the header)
``quota``       429 because the account has no money left
``html``        a gateway's HTML page with status 502
``garbage``     status 200 and a body that is no JSON
``cut``         the connection breaks in the middle of the answer
``drop``        the connection closed without an answer
``stall``       no answer at all
``empty``       an answer with no choices
==============  =====================================================================

and strikes always, or only at the ``nth=N`` completion, the ``first=K`` completions, those from
``after=K`` on.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import Self

from aiohttp import web

from tests.emulators.openai_rules import Refused

_KINDS = frozenset(re.findall(r"^``(\w+)", __doc__ or "", re.MULTILINE))
_KEYS = frozenset({"nth", "first", "after", "retry_after"})
_HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_TYPES = {
    429: ("rate_limit_exceeded", "Rate limit reached for requests."),
    503: (None, "Overloaded."),
}
_BROKE = "You exceeded your current quota, please check your plan and billing details."


@dataclass(slots=True)
class Fault:
    """One way to break and when; see the module's text."""

    kind: str
    detail: str = ""
    nth: int | None = None
    first: int | None = None
    after: int | None = None
    retry_after: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """The fault of a command line. Raises ValueError."""
        head, *rest = text.split(",")
        kind, _, detail = head.partition(":")
        given = dict(part.split("=", 1) for part in rest)
        if kind not in _KINDS or not _KEYS.issuperset(given):
            raise ValueError(f"no such fault: {text}")
        wait = given.pop("retry_after", None)
        numbers = {name: int(value) for name, value in given.items()}
        return cls(kind, detail, **numbers, retry_after=wait)

    def strikes(self, request: int) -> bool:
        """Whether this completion (from 1) is hit."""
        return (
            (self.nth is None or request == self.nth)
            and (self.first is None or request <= self.first)
            and (self.after is None or request > self.after)
        )


def refusal(fault: Fault) -> Refused | None:
    """The error answer of a fault that is one."""
    if fault.kind == "quota":
        return Refused(429, _BROKE, code="insufficient_quota", kind="insufficient_quota")
    if fault.kind != "status":
        return None
    status = int(fault.detail)
    code, words = _TYPES.get(status, (None, "The server had an error processing your request."))
    kind = "requests" if status == 429 else "server_error"
    return Refused(status, words, code=code, kind=kind)


async def broken_answer(request: web.Request, fault: Fault) -> web.StreamResponse | None:
    """The answer of a fault that is no error answer; None for ``empty``."""
    match fault.kind:
        case "html":
            return web.Response(status=502, text=_HTML, content_type="text/html")
        case "garbage":
            return web.Response(text='{"id": "chatcmpl-', content_type="application/json")
        case "empty":
            return None
        case "stall":
            await asyncio.sleep(3600)
        case "cut":
            response = web.StreamResponse(headers={"Content-Type": "application/json"})
            response.content_length = 1000
            await response.prepare(request)
            await response.write(b'{"id": "chatcmpl-')
    if request.transport:
        request.transport.close()
    return web.Response()
