"""A day's post, and whether Telegram takes it, for the tests of the Telegram adapter."""

import json
import re
from collections.abc import Sequence
from typing import Any

from bot.adapters.telegram_text import CAPTION_LIMIT, TEXT_LIMIT
from core.blocks import Post
from core.category import Taxonomy
from core.history import History
from core.i18n import catalog
from core.post import compose
from core.ranking import Entry
from core.report.writing import write_reports
from tests.emulators.telegram_detect import detected
from tests.emulators.telegram_rules import check_keyboard, formatted
from tests.factories import make_edition, make_paper

SHELVES = ("cv", "llm", "robotics")
# A public forum's name, topic and message, none of which can be longer.
LONGEST = f"https://t.me/{'n' * 32}/{2**31 - 1}/{2**31 - 1}"


def day_post(
    taxonomy: Taxonomy,
    *,
    papers: int = 3,
    for_you: Sequence[Entry] = (),
    history: History | None = None,
) -> Post:
    """15 July 2025 in Korean, with this many papers in each of three categories."""
    shelves = {
        slug: [make_paper(100 * shelf + n) for n in range(1, papers + 1)]
        for shelf, slug in enumerate(SHELVES)
    }
    edition = make_edition(shelves, taxonomy)
    words = catalog("ko")
    reports = write_reports(edition, SHELVES, 5, words)
    return compose(edition, reports, taxonomy, words, for_you, history or History())


def taken(body: dict[str, Any]) -> None:
    """Telegram takes the body as it is, before and after its jumps lead somewhere.

    Nothing is cut, trimmed or left out.
    """
    limit = CAPTION_LIMIT if body["chart"] else TEXT_LIMIT
    for address in ("", LONGEST):
        found = formatted(body["text"], None, _linked(body["entities"], address), limit)
        assert (found.text, found.dropped) == (body["text"], [])
        assert [
            one for one in detected(found.text, found.entities) if not _is_meant(one, body)
        ] == []
    assert body["text"].strip() or body["chart"]
    check_keyboard({"inline_keyboard": button_rows(body)})


def _is_meant(entity: dict[str, Any], body: dict[str, Any]) -> bool:
    """Whether it may be pressed: a command of ours, an address that says what it is."""
    raw = body["text"].encode("utf-16-le")
    start = 2 * entity["offset"]
    said = raw[start : start + 2 * entity["length"]].decode("utf-16-le")
    if entity["type"] == "bot_command":
        return f"command.{said.lstrip('/').partition('@')[0]}.name" in catalog("en").keys
    return entity["type"] == "url" and bool(re.match("https?://", said, re.IGNORECASE))


def _linked(entities: list[dict[str, Any]], address: str) -> list[dict[str, Any]]:
    jump = {"type": "text_link", "url": address}
    shown = [
        {n: v for n, v in one.items() if n != "part"} | (jump if one["type"] == "jump" else {})
        for one in entities
    ]
    return [one for one in shown if one.get("url") or one["type"] != "text_link"]


def button_rows(body: dict[str, Any]) -> list[list[dict[str, str]]]:
    return [
        [{"text": one["text"], "callback_data": one["data"]} for one in row]
        for row in body["keyboard"] or []
    ]


def shown(frozen: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(frozen)
    return body
