"""A loopback server that answers as the paper sources do, and breaks on demand.

    python -m tests.emulators.sources_server --port 8080 --date 2025-07-15 \\
        --papers ../shared/corpus/2025-07-15.jsonl --fault status:503,first=2 --fault html,pages=3

The first line on standard output is the address. It serves ``/api/query`` and, with a
``--feed-date``, ``/rss/cs.AI+cs.CL`` as arXiv does.

The faults are listed in ``faults.py``.
"""

import argparse
import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.emulators import arxiv_api, arxiv_feed, deeplearn_site, faults, huggingface_api
from tests.emulators.arxiv_api import Entry
from tests.emulators.faults import API, FEED, Fault, atom_response, broken_answer, sent, spoilt


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came: ``on`` is which source, ``at`` is ``time.monotonic``."""

    path: str
    query: dict[str, str]
    at: float
    on: str = API


# What a fault takes a request for, whatever it asked.
_OTHERWISE = {"same_page": {"start": "0"}, "any_id": {"id_list": "", "search_query": "all"}}


class SourcesServer:
    """The server in this process: ``async with SourcesServer(entries, faults=["html"]) as server``.

    ``asked`` are the requests so far; ``faults``, ``announced``, what arXiv's feed says, ``daily``,
    Hugging Face's lists, and ``hot``, deeplearn.org's papers, may be changed between them.
    """

    def __init__(
        self, entries: Iterable[Entry] = (), *, faults: Iterable[str | Fault] = (), port: int = 0
    ) -> None:
        self.entries = list(entries)
        self.faults = [f if isinstance(f, Fault) else Fault.parse(f) for f in faults]
        self.announced = arxiv_feed.Announced()
        self.daily: dict[date, Sequence[Any]] = {}
        self.hot: list[deeplearn_site.HotPaper] = []
        self.asked: list[Asked] = []
        self._news = asyncio.Condition()
        self._port = port
        app = web.Application()
        app.router.add_get("/api/query", self._query)
        app.router.add_get("/rss/{codes}", self._feed)
        app.router.add_get("/api/daily_papers", partial(huggingface_api.answer, self))
        app.router.add_get("/", partial(deeplearn_site.front, self))
        app.router.add_get("/arxiv/{number}{slug:.*}", partial(deeplearn_site.paper, self))
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def arxiv_api_url(self) -> str:
        """What ``ARXIV_API_URL`` should be."""
        return f"{self.url}/api/query"

    @property
    def arxiv_feed_url(self) -> str:
        """What ``ARXIV_FEED_URL`` should be."""
        return self.url

    @property
    def huggingface_url(self) -> str:
        """What ``HUGGINGFACE_URL`` should be."""
        return self.url

    @property
    def deeplearn_url(self) -> str:
        """What ``DEEPLEARN_URL`` should be."""
        return self.url

    async def start(self) -> None:
        """Listen; port 0 finds a free one."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every connection and stop."""
        await self._runner.cleanup()

    async def wait_for(self, requests: int) -> None:
        """Return when this many requests have come."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.asked) >= requests)

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

    async def note(self, request: web.Request, on: str, page: int = 1) -> list[Fault]:
        """Write a request for this source down; the faults that strike it."""
        async with self._news:
            self.asked.append(Asked(request.path, dict(request.query), monotonic(), on))
            self._news.notify_all()
        number = sum(asked.on == on for asked in self.asked)
        return [fault for fault in self.faults if fault.on == on and fault.strikes(number, page)]

    async def _query(self, request: web.Request) -> web.StreamResponse:
        parameters = dict(request.query)
        start, size = (parameters.get(name, "") for name in ("start", "max_results"))
        page = int(start or 0) // max(1, int(size or 10)) + 1 if (start + size).isdecimal() else 1
        struck = await self.note(request, API, page)
        for fault in struck:
            if fault.kind == "error_entry":
                text = arxiv_api.error_atom("incorrect search_query")
                return atom_response(text, int(fault.detail or 200))
            if response := await broken_answer(request, fault):
                return response
            self._change_list(fault)
            parameters |= _OTHERWISE.get(fault.kind, {})
            if fault.kind == "longer":
                parameters["max_results"] = fault.detail
        absent = {int(fault.detail) - 1 for fault in struck if fault.kind == "left_out"}
        entries = [entry for place, entry in enumerate(self.entries) if place not in absent]
        try:
            answer = arxiv_api.answer(entries, parameters)
        except arxiv_api.QueryError as error:
            return atom_response(arxiv_api.error_atom(str(error)), 400)
        for fault in struck:
            if fault.kind in {"empty_page", "empty_list"}:
                answer = replace(answer, entries=())
            if fault.kind in {"short_total", "empty_list"}:
                answer = replace(answer, total=len(answer.entries))
        text = arxiv_api.atom(answer, with_total=all(f.kind != "no_total" for f in struck))
        for fault in struck:
            text = spoilt(text, fault)
        return await sent(request, text, struck)

    async def _feed(self, request: web.Request) -> web.StreamResponse:
        struck = await self.note(request, FEED)
        for fault in struck:
            if response := await broken_answer(request, fault):
                return response
        told = self.announced
        if told.day is None:
            raise web.HTTPNotFound
        kinds = {fault.kind: fault.detail for fault in struck}
        day = arxiv_feed.before(told.day) if "other_day" in kinds else told.day
        if "stale" in kinds:
            told = replace(told, stale={*told.stale, kinds["stale"]})
        # A "+" stands for itself in a path.
        codes = request.match_info["codes"].split("+")
        items = {} if "empty_page" in kinds else told.items(self.entries, codes, day)
        text = arxiv_feed.rss(self.entries, items, codes, day, full="full" in kinds)
        for fault in struck:
            text = spoilt(text, fault, arxiv_feed.ITEM_END)
        return await sent(request, text, struck, "application/rss+xml")

    def _change_list(self, fault: Fault) -> None:
        oldest = min(self.entries, key=lambda entry: entry.published, default=None)
        if oldest and fault.kind == "shift":
            earlier = oldest.published - timedelta(seconds=1)
            number = f"0001.{len(self.asked):05}"
            self.entries.append(replace(oldest, id=number, title="Newcomer", published=earlier))
        if oldest and fault.kind == "unshift":
            self.entries.remove(oldest)


async def _serve(options: argparse.Namespace) -> None:
    entries = arxiv_api.load(options.papers, options.date) if options.papers else []
    async with SourcesServer(entries, faults=options.fault, port=options.port) as server:
        server.announced.day = options.feed_date
        print(server.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        description=f"{__doc__}\n{faults.__doc__}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--papers", type=Path, help="JSON Lines, one paper a line")
    parser.add_argument(
        "--date", type=date.fromisoformat, default=date(2025, 7, 15), help="the papers' listing"
    )
    parser.add_argument(
        "--feed-date", type=date.fromisoformat, help="the listing that arXiv's feed is of"
    )
    parser.add_argument("--fault", action="append", default=[], help="see above; may be repeated")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
