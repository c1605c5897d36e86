"""deeplearn.org: the front page with its panels, and the page of each paper.

All panels are alike but for their title; only "Hot Papers" holds what is hot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol

from aiohttp import web

from tests.emulators.faults import Fault, broken_answer, sent, spoilt

ON = "deeplearn"
PROBLEM = "There was a problem with this request. The server said: try again in a little while."
_BRAND = "Deep Learning Monitor - Find new Arxiv papers, tweets and Reddit posts for you"


@dataclass(frozen=True, slots=True)
class HotPaper:
    """A paper of the site; ``href`` is how the panel links to it, by default by its path."""

    number: int
    title: str
    abstract: str
    href: str = ""
    extra: str = ""

    @property
    def path(self) -> str:
        """``/arxiv/541926/the-title:-with-its-signs``."""
        return f"/arxiv/{self.number}/{self.title.lower().replace(' ', '-')}"


class Host(Protocol):
    """The server; ``hot`` are the papers of the panel in its order."""

    hot: list[HotPaper]

    async def note(self, request: web.Request, on: str, page: int = 1) -> list[Fault]: ...


def hot_paper(number: int, **fields: str) -> HotPaper:
    """A paper with a text of its own."""
    text = f"Matter {number} is hard. We propose Hot{number}, which solves it, and show why it does so."
    given = {"title": f"Hot{number}: A Look At Matter {number}", "abstract": f"{text} It is new."}
    return HotPaper(number, **(given | fields))


# What stands in the other panels; these papers exist too, and are not hot.
DECOYS = tuple(hot_paper(number) for number in (900001, 900002, 900003))


async def front(host: Host, request: web.Request) -> web.StreamResponse:
    """The front page, page 1 for the faults."""
    struck = await host.note(request, ON)
    for fault in struck:
        if response := await broken_answer(request, fault):
            return response
    kinds = {fault.kind: fault.detail for fault in struck}
    hot = _panel(kinds.get("renamed") or "Hot Papers", [] if "empty_page" in kinds else host.hot)
    text = _page(
        _BRAND,
        _panel("Recent Papers", DECOYS[:1]),
        "" if "no_panel" in kinds else hot,
        _panel("Hot Tweets", DECOYS[1:2]),
        _panel("News", DECOYS[2:]),
    )
    return await _sent(request, text, struck)


async def paper(host: Host, request: web.Request) -> web.StreamResponse:
    """A paper's page; for the faults, page 2 is that of the first hot paper, 3 of the second."""
    number = request.match_info["number"]
    known = [*host.hot, *DECOYS]
    rank = next((n for n, paper in enumerate(known, 2) if str(paper.number) == number), 0)
    struck = await host.note(request, ON, rank)
    for fault in struck:
        if response := await broken_answer(request, fault):
            return response
    if not rank:
        raise web.HTTPNotFound
    kinds = {fault.kind for fault in struck}
    shown = DECOYS[0] if "other_paper" in kinds else known[rank - 2]
    abstract = PROBLEM if "problem" in kinds else "" if "empty_page" in kinds else shown.abstract
    text = _page(
        f"{shown.title} - Paper Detail",
        f"<h2>{escape(shown.title)}</h2>\n<div class='article-content'>\n<p> </p>\n"
        f"<p>{escape(abstract)}</p>\n<p>Comments: 12 pages</p>\n{shown.extra}</div>\n",
        _panel("Related Papers", DECOYS),
    )
    return await _sent(request, text, struck)


async def _sent(request: web.Request, text: str, struck: Sequence[Fault]) -> web.StreamResponse:
    for fault in struck:
        text = spoilt(text, fault, "\n")
    return await sent(request, text, struck, "text/html")


def _page(title: str, *parts: str) -> str:
    return (
        "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        f"<title>{escape(title)}</title>\n<script>var hot = '<div class=\"panel\">';</script>\n"
        "</head>\n<body>\n<nav class='navbar'><a href='/'>Deep Learning Monitor</a></nav>\n"
        f"<div class='container'>\n{''.join(parts)}</div>\n</body>\n</html>\n"
    )


def _panel(title: str, papers: Sequence[HotPaper]) -> str:
    rows = "".join(
        "<div class='list-group-item'>\n"
        f'<div class="title"><a href="{escape(paper.href or paper.path)}">'
        f"{escape(paper.title)}</a></div>\n"
        "<div class='authors'>Ada Author, Bob Builder</div>\n"
        "<div class='links'><a href='https://arxiv.org/abs/1706.03762'>arXiv</a></div>\n</div>\n"
        for paper in papers
    )
    return (
        "<div class='panel panel-default'>\n<div class='panel-heading'>"
        f"<h3 class='panel-title'>\n  {escape(title)}\n</h3></div>\n"
        f"<div class='panel-body'>\n{rows}</div>\n</div>\n"
    )
