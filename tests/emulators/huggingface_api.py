"""Hugging Face's ``/api/daily_papers``: the list of a date, page by page, one entry a line."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from aiohttp import web

from tests.emulators.faults import Fault, broken_answer, sent, spoilt

ON = "huggingface"
_MOST = 100


class Host(Protocol):
    """The server; ``daily`` are the entries of each date's list, as JSON will spell them.

    A date after the last of them is not open yet, any other date without a list had no papers.
    """

    daily: dict[date, Sequence[Any]]

    async def note(self, request: web.Request, on: str, page: int = 1) -> list[Fault]: ...


def listed(number: int, day: date, upvotes: object = 0, **fields: object) -> dict[str, object]:
    """One entry of the list of this day; ``fields`` replace values of its paper."""
    paper = {
        "id": f"{day:%y%m}.{number:05}",
        "authors": [
            {"_id": f"65a{number}", "name": f"Ada Author{number}", "hidden": False},
            {"_id": f"65b{number}", "name": "Turned Away", "hidden": True},
        ],
        "publishedAt": f"{day}T09:00:00.000Z",
        "submittedOnDailyAt": f"{day}T00:00:00.000Z",
        "title": f"Listed {number}: A Study of Subject {number}",
        "submittedOnDailyBy": {"_id": "5f1", "fullname": "A Curator", "type": "user"},
        "summary": f"Subject {number} is hard.\nWe propose Listed{number}, which solves it.",
        "upvotes": upvotes,
        "discussionId": f"687{number}",
        "ai_summary": "A summary that a machine wrote.",
        "ai_keywords": ["subject", "study"],
    } | fields
    return {
        "paper": paper,
        "publishedAt": f"{day}T05:00:00.000Z",
        "title": paper["title"],
        "summary": paper["summary"],
        "thumbnail": f"https://cdn-thumbnails.huggingface.co/social/{number}.png",
        "numComments": 0,
        "submittedBy": {"_id": "5f1", "fullname": "A Curator", "type": "user"},
    }


async def answer(host: Host, request: web.Request) -> web.StreamResponse:
    """The answer to a request, with the faults that strike it."""
    place = request.query.get("p", "0")
    struck = await host.note(request, ON, int(place) + 1 if place.isdecimal() else 1)
    for fault in struck:
        if response := await broken_answer(request, fault):
            return response
    kinds = {fault.kind for fault in struck}
    try:
        entries = _page(
            host.daily, {**request.query, **({"p": "0"} if "same_page" in kinds else {})}
        )
    except ValueError as error:
        return web.json_response({"error": str(error)}, status=400)
    text = _json([] if "empty_page" in kinds else entries)
    for fault in struck:
        text = spoilt(text, fault, "\n")
    return await sent(request, text, struck, "application/json")


def _page(daily: Mapping[date, Sequence[Any]], query: Mapping[str, str]) -> Sequence[Any]:
    """The entries asked for. Raises ValueError, which the API answers with status 400."""
    day = datetime.fromisoformat(query.get("date", "")).date()
    size, number = int(query.get("limit", _MOST)), int(query.get("p", "0"))
    if not 1 <= size <= _MOST:
        raise ValueError(f"limit must be at most {_MOST}")
    if daily and day > max(daily):
        raise ValueError(f"date must be at most {max(daily)}")
    return daily.get(day, ())[number * size : (number + 1) * size]


def _json(entries: Sequence[Any]) -> str:
    # A string here stands for itself, so that what is no JSON can be said too.
    lines = [entry if isinstance(entry, Raw) else json.dumps(entry) for entry in entries]
    return "[" + ",\n".join(lines) + "\n]"


class Raw(str):
    """JSON, or what is none, sent as it stands."""

    __slots__ = ()
