"""How a source can break: what a fault is called, when it strikes and what it does.

A fault is written ``KIND[:DETAIL][,KEY=VALUE…]``:

=================  ====================================================================
``status:503``     that status (``retry_after=S`` adds the header)
``html``           an HTML page with status 200
``truncated:N``    the feed cut after N whole entries, inside the next (default half)
``cut:N``          the same, but the connection breaks there
``empty_page``     a feed with the right total and no entries
``empty_list``     a feed that says there is nothing
``short_total``    the length of the page for the length of the list
``no_total``       the page without totalResults
``error_entry``    the query refused, status 200 (``error_entry:400`` with that status)
``bad_date:N``     the Nth entry of the page (from 1) has a date that is none
``no_id:N``        it has no id
``ill_formed:N``   it is not well-formed XML
``drip:S``         the body byte by byte, S seconds apart
``drip_head:S``    the header byte by byte, S seconds apart
``stall``          no answer at all
``drop``           the connection closed without an answer
``shift``          a paper enters the list before the first one, then the page
``unshift``        the first paper leaves the list, then the page
``same_page``      the first page, whichever was asked for
``longer:N``       N entries, whatever max_results was
``endless``        a body that never ends
``any_id``         the list as if no ids had been asked for
``undated``        arXiv's feed without dates
``left_out:N``     the list without the server's Nth paper (from 1)
``other_day``      arXiv's feed of the listing before
``stale:CODE``     arXiv's feed with that listing's papers for one category
``full``           arXiv's feed with replacements up to its limit of 2000
``no_panel``       deeplearn.org's front page without its panel of hot papers
``renamed:TITLE``  that panel under another title
``problem``        its page of a paper with an error message where the abstract should be
``other_paper``    its page of another paper
=================  ====================================================================

and strikes always, or only at the ``nth=N`` request, the ``first=K`` requests, the requests from
``after=K`` on, the page ``pages=N`` or ``pages=N-M`` (from 1). It strikes arXiv's query API, with
``on=feed``, ``on=huggingface`` or ``on=deeplearn`` that one instead; requests are counted for each.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from aiohttp import web

_HTML = "<!DOCTYPE html>\n<html><head><title>arXiv</title></head><body><p>Rate limit</body></html>"
_ATOM = "application/atom+xml"
_ENTRY_END = "</entry>"
_KINDS = frozenset(re.findall(r"^``(\w+)", __doc__ or "", re.MULTILINE))
_KEYS = frozenset({"nth", "first", "after", "pages", "retry_after", "on"})
API = "api"
FEED = "feed"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break and when; see the module's text."""

    kind: str
    detail: str = ""
    nth: int | None = None
    first: int | None = None
    after: int | None = None
    pages: tuple[int, int] | None = None
    retry_after: str | None = None
    on: str = API

    @classmethod
    def parse(cls, text: str) -> Self:
        """The fault of a command line. Raises ValueError."""
        head, *rest = text.split(",")
        kind, _, detail = head.partition(":")
        given = dict(part.split("=", 1) for part in rest)
        if kind not in _KINDS or not _KEYS.issuperset(given):
            raise ValueError(f"no such fault: {text}")
        low, _, high = given.get("pages", "").partition("-")
        return cls(
            kind,
            detail,
            nth=int(given["nth"]) if "nth" in given else None,
            first=int(given["first"]) if "first" in given else None,
            after=int(given["after"]) if "after" in given else None,
            pages=(int(low), int(high or low)) if low else None,
            retry_after=given.get("retry_after"),
            on=given.get("on", API),
        )

    def strikes(self, request: int, page: int) -> bool:
        """Whether this request (from 1) for this page (from 1) is hit."""
        return (
            (self.nth is None or request == self.nth)
            and (self.first is None or request <= self.first)
            and (self.after is None or request > self.after)
            and (self.pages is None or self.pages[0] <= page <= self.pages[1])
        )


async def broken_answer(request: web.Request, fault: Fault) -> web.StreamResponse | None:
    """The answer of a fault that looks at no paper, None for the other faults."""
    answer = _ANSWERS.get(fault.kind)
    return await answer(request, fault) if answer else None


async def _status(_: web.Request, fault: Fault) -> web.StreamResponse:
    headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    return web.Response(status=int(fault.detail), text="Sorry", headers=headers)


async def _html(_: web.Request, __: Fault) -> web.StreamResponse:
    return web.Response(text=_HTML, content_type="text/html")


async def _stall(_: web.Request, __: Fault) -> web.StreamResponse:
    await asyncio.sleep(3600)
    return web.Response()


async def _drop(request: web.Request, _: Fault) -> web.StreamResponse:
    _hang_up(request)
    return web.Response()


async def _endless(request: web.Request, _: Fault) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    with suppress(ConnectionError):
        while True:
            await response.write(b"x" * 2**16)
    return response


async def _drip_head(request: web.Request, fault: Fault) -> web.StreamResponse:
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000:
        if request.transport is None or request.transport.is_closing():
            break
        request.transport.write(bytes([byte]))
        await asyncio.sleep(float(fault.detail))
    return web.Response()


_ANSWERS: dict[str, Callable[[web.Request, Fault], Awaitable[web.StreamResponse]]] = {
    "status": _status,
    "html": _html,
    "stall": _stall,
    "drop": _drop,
    "endless": _endless,
    "drip_head": _drip_head,
}


def spoilt(text: str, fault: Fault, entry_end: str = _ENTRY_END) -> str:
    """The feed with the damage this fault does to its text."""
    parts = text.split(entry_end)
    if fault.kind in {"truncated", "cut"}:
        whole = int(fault.detail or (len(parts) - 1) // 2)
        if whole >= len(parts) - 1:
            return text
        kept = entry_end.join((*parts[:whole], ""))
        return kept + parts[whole][: len(parts[whole]) // 2]
    if fault.kind == "undated":
        return re.sub(r"<(pubDate|lastBuildDate)>[^<]*</\1>", "", text)
    damage = {
        "bad_date": (r"<published>[^<]*</published>", "<published>yesterday</published>"),
        "no_id": (r"<id>[^<]*</id>|<(guid|link|description)\b[^>]*>[^<]*</\1>", ""),
        "ill_formed": (r"</title>", "</titel>"),
    }.get(fault.kind)
    place = int(fault.detail or 1) - 1 if damage else 0
    if damage and place < len(parts) - 1:
        # The first part holds the head of the feed too, which is not to be damaged.
        head, entry, rest = parts[place].rpartition(entry_end.replace("/", ""))
        parts[place] = head + entry + re.sub(*damage, rest)
    return entry_end.join(parts)


async def sent(
    request: web.Request, text: str, struck: Sequence[Fault], content_type: str = _ATOM
) -> web.StreamResponse:
    """The text on its way: at once, byte by byte, or with the connection broken at its end."""
    kinds = {fault.kind: fault for fault in struck}
    body = text.encode()
    if "drip" not in kinds and "cut" not in kinds:
        return atom_response(text, content_type=content_type)
    response = web.StreamResponse(headers={"Content-Type": content_type})
    response.content_length = len(body) + (1 if "cut" in kinds else 0)
    await response.prepare(request)
    if "cut" in kinds:
        await response.write(body)
        _hang_up(request)
    else:
        with suppress(ConnectionError):
            for byte in body:
                await response.write(bytes([byte]))
                await asyncio.sleep(float(kinds["drip"].detail))
    return response


def _hang_up(request: web.Request) -> None:
    if request.transport:
        request.transport.close()


def atom_response(text: str, status: int = 200, content_type: str = _ATOM) -> web.Response:
    """A feed, compressed as arXiv does for clients that take it."""
    response = web.Response(text=text, status=status, content_type=content_type)
    response.enable_compression()
    return response
