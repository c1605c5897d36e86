"""A Post as Discord takes it: each message an embed, a picture to be drawn, and buttons.

Limits: Discord developer documentation, "Embed Limits", "Component Object", "Start Thread".
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

from bot.adapters import discord_markup as markup
from core.blocks import (
    Action,
    Actions,
    Image,
    Message,
    Post,
)
from core.chart_json import chart_to_json
from core.delivery import Frozen
from core.post import FOR_YOU
from core.render.pages import Row, pages, rows
from core.render.tidy import one_line

PICTURE = "chart.png"
_TITLE, _DESCRIPTION, _ALT, _THREAD = 256, 4096, 1024, 100
# Discord allows 2048, but no more than 6000 in all of a message's texts together.
_FOOTER = 512
_LABEL, _CUSTOM_ID, _IN_ROW, _ROWS = 80, 100, 5, 5
_ROW, _BUTTON, _GREY = 1, 2, 2
# What is never empty to Discord, and to nobody's eye anything.
_NOTHING = "\u200b"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# Answers that are asked for again and again.
_KEPT = 64
Json = dict[str, Any]


@lru_cache(_KEPT)
def freeze(post: Post, *, private: bool) -> tuple[Frozen, ...]:
    """The messages as bodies, the parent first; a long one goes on in ``cv/2``.

    A body is ``embed``, ``chart`` (what its picture shows, or null), ``alt``, ``components`` and
    ``thread`` (the name of the thread for the replies). ``private``: the parent with a button for
    each reply, and in full only what no command can bring.
    """
    thread = "" if private else _name(post)
    frozen = []
    for message in _for_one(post) if private else post.messages:
        for number, body in enumerate(_bodies(post, message), 1):
            part = message.part if number == 1 else f"{message.part}/{number}"
            body["thread"] = thread
            frozen.append(Frozen(part, json.dumps(body, ensure_ascii=False)))
    return tuple(frozen)


def _name(post: Post) -> str:
    return (markup.plain(post.thread or post.parent.title or post.day) or "…")[:_THREAD].strip()


def _for_one(post: Post) -> list[Message]:
    """The parent with a button for each reply, and the papers of the reader's own words."""
    buttons = tuple(
        Action(reply.title, "digest", (("category", reply.part), ("date", post.day)))
        for reply in post.replies
        if reply.part != FOR_YOU
    )
    parent = replace(post.parent, blocks=(*post.parent.blocks, Actions(buttons)))
    return [parent, *(reply for reply in post.replies if reply.part == FOR_YOU)]


def _bodies(post: Post, message: Message) -> Iterator[Json]:
    """One body a page; the picture and the buttons stand on the last one."""
    content = [
        replace(row, spans=tuple(map(markup.safe, row.spans))) for row in rows(message.blocks)
    ]
    found = pages(content, _fits)
    image = next((block for block in message.blocks if isinstance(block, Image)), None)
    for number, page in enumerate(found, 1):
        last = number == len(found)
        shown = image if last else None
        embed = _embed(message, markup.page(page), _footer(post, message, number, len(found)))
        if shown:
            embed["image"] = {"url": f"attachment://{PICTURE}"}
        if not {"title", "description", "image"} & embed.keys():
            embed["description"] = _NOTHING
        yield {
            "embed": embed,
            "chart": chart_to_json(shown.chart) if shown else None,
            "alt": markup.plain(shown.alt)[:_ALT] if shown else "",
            "components": components(message) if last else [],
        }


def _fits(page: Sequence[Row]) -> bool:
    return len(markup.page(page)) <= _DESCRIPTION


def _embed(message: Message, description: str, footer: str) -> Json:
    embed: Json = {"type": "rich"}
    if _COLOUR.fullmatch(message.colour):
        embed["color"] = int(message.colour[1:], 16)
    if title := _title(message.title):
        embed["title"] = title
    if description:
        embed["description"] = description
    if footer:
        embed["footer"] = {"text": footer}
    return embed


def _title(text: str) -> str:
    """The title escaped, and shortened where it is too long."""
    whole = markup.plain(text)
    kept, shown = whole, markup.escape(whole)
    while len(shown) > _TITLE:
        kept = kept[: min(len(kept) - 1, _TITLE)]
        shown = f"{markup.escape(kept.rstrip())}…"
    return shown


def _footer(post: Post, message: Message, part: int, parts: int) -> str:
    """The label and the mark by which the message is recognised, which is not shortened first."""
    mark = markup.plain(post.footer(message, part, parts))[:_FOOTER] if post.day else ""
    label = markup.plain(message.label)[: max(_FOOTER - len(mark) - 3, 0)].strip()
    return " · ".join(filter(None, (label, mark))).strip()


def components(message: Message) -> list[Json]:
    """The buttons in rows; one that does not fit, or is there already, is left out."""
    groups = [block.actions for block in message.blocks if isinstance(block, Actions)]
    seen: set[str] = set()
    lines: list[list[Json]] = []
    for actions in groups:
        buttons = [b for b in map(_button, actions) if b and not _known(b["custom_id"], seen)]
        lines += [buttons[at : at + _IN_ROW] for at in range(0, len(buttons), _IN_ROW)]
    if len(lines) > _ROWS:
        every = [button for line in lines for button in line][: _IN_ROW * _ROWS]
        lines = [every[at : at + _IN_ROW] for at in range(0, len(every), _IN_ROW)]
    return [{"type": _ROW, "components": line} for line in lines]


def _known(mark: str, seen: set[str]) -> bool:
    known = mark in seen
    seen.add(mark)
    return known


def _button(action: Action) -> Json | None:
    mark, label = encode(action), markup.plain(action.label)[:_LABEL].strip()
    # What no encoding can hold would come back as something else, if at all.
    if not (label and action.command) or len(mark) > _CUSTOM_ID or one_line(mark) != mark:
        return None
    return {"type": _BUTTON, "style": _GREY, "label": label, "custom_id": mark}


def encode(action: Action) -> str:
    """The command that a button gives: ``digest|category=cv|date=2025-07-15``."""
    pairs = (f"{_quoted(name)}={_quoted(value)}" for name, value in action.arguments if value)
    return "|".join((_quoted(action.command), *pairs))


def decode(mark: str) -> tuple[str, dict[str, str]]:
    """A button's command and its arguments."""
    command, *pairs = mark.split("|")
    split = (pair.partition("=") for pair in pairs)
    return unquote(command), {unquote(name): unquote(value) for name, _, value in split}


def _quoted(text: str) -> str:
    """The text with the signs quoted that part a button's mark, and what Discord would trim."""
    return "".join(quote(c, safe="") if c in "|=%" or c.isspace() else c for c in text)
