"""A day in Telegram as a page: a group with the post and its replies, and a private chat."""

import json
from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from babel.dates import format_skeleton
from day import Day
from discord_page import BOT, disc, png

from bot.adapters.telegram_body import chart_of
from bot.adapters.telegram_render import answer, private, thread
from bot.charts import draw
from core.blocks import Post
from core.delivery import Frozen

_TAGS = {
    "bold": "b",
    "italic": "i",
    "code": "code",
    "underline": "u",
    "strikethrough": "s",
}
_DOWN = (
    '<svg width="12" height="8" viewBox="0 0 12 8" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round"><path d="m1 1 5 5 5-5"/></svg>'
)
# A quote of three lines or less is shown whole.
_UNFOLD = (
    "<script>for (const one of document.querySelectorAll('.folded'))"
    " if (one.firstChild.scrollHeight <= 57) one.classList.remove('folded')</script>"
)
_GROUP = disc(
    "#e17076",
    '<circle cx="14" cy="17" r="5" fill="#fff"/><circle cx="26" cy="17" r="5" fill="#fff"/>'
    '<path d="M5 36c0-16 18-16 18 0zM17 36c0-16 18-16 18 0z" fill="#fff"/>',
)
# Telegram's own words, as its clients say them, and a group's name.
_CLIENT = {
    "ko": {
        "group": "AI 논문 읽기",
        "members": "구성원 24명",
        "bot": "봇",
        "at": "오전 11:00",
        "asked": "오후 12:00",
    },
    "en": {
        "group": "AI paper readers",
        "members": "24 members",
        "bot": "bot",
        "at": "11:00 AM",
        "asked": "12:00 PM",
    },
}


def page(day: Day, answered: Post) -> str:
    """A group with the day's post, and a private chat in which a category's button was pressed."""
    client = _CLIENT[day.words.language]
    on = _on(day, day.post.day)
    group = _bodies(thread(day.post))
    alone = _bodies(private(day.post))
    left = "".join(_message(one, client["at"], group[0]) for one in group)
    right = "".join(_message(one, client["at"], alone[0]) for one in alone)
    right += "".join(_message(one, client["asked"], alone[0]) for one in _answers(answered))
    return _html(
        day,
        _phone("group", _GROUP, client["group"], client["members"], on, left)
        + _phone("private", BOT, "Paperround", client["bot"], on, right),
    )


def chat(day: Day, shown: Sequence[tuple[str, Post]]) -> str:
    """A private chat with posts, and with what was typed and answered."""
    client = _CLIENT[day.words.language]
    messages = ""
    for typed, post in shown:
        if typed:
            said = f"<time>{client['asked']}</time>"
            messages += f'<div class="mine"><div class="text">{escape(typed)}{said}</div></div>'
        bodies = _answers(post) if typed else _bodies(private(post))
        messages += "".join(_message(one, client["asked"], one) for one in bodies)
    on = _on(day, shown[0][1].day or day.post.day)
    return _html(day, _phone("private", BOT, "Paperround", client["bot"], on, messages))


def _bodies(frozen: Sequence[Frozen]) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in frozen]


def _answers(post: Post) -> list[dict[str, Any]]:
    return [json.loads(body.frozen()) for body in answer(post)]


def _html(day: Day, phones: str) -> str:
    css = Path(__file__).with_name("telegram.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="{day.words.language}"><meta charset="utf-8">'
        f"<style>{css}</style><main>{phones}</main>{_UNFOLD}"
    )


def _on(day: Day, written: str) -> str:
    """The date above a day's messages, as the app writes it."""
    return format_skeleton("MMMMd", date.fromisoformat(written), locale=day.words.language)


def _phone(kind: str, picture: str, name: str, below: str, on: str, messages: str) -> str:
    return (
        f'<section class="phone {kind}"><header>←<img src="{picture}"><div><b>{name}</b>'
        f"<span>{below}</span></div></header>"
        f'<div class="day">{on}</div>{messages}</section>'
    )


def _message(body: dict[str, Any], at: str, parent: dict[str, Any]) -> str:
    parts = ['<div class="from">Paperround</div>']
    if body["reply"]:
        parts.append(_quoted(parent))
    if body["chart"]:
        parts.append(f'<img class="photo" src="{_drawn(body)}">')
    words = as_html(body["text"], body["entities"])
    parts.append(f'<div class="text">{words}<time>{at}</time></div>')
    keys = "".join(map(_keys, body["keyboard"] or ()))
    below = f'<div class="keys">{keys}</div>' if keys else ""
    return (
        f'<div class="row{" keyed" if keys else ""}"><img src="{BOT}">'
        f'<div class="bubble">{"".join(parts)}</div>{below}</div>'
    )


def _keys(row: list[dict[str, str]]) -> str:
    labels = "".join(f"<span>{escape(key['text'])}</span>" for key in row)
    return f"<div>{labels}</div>"


def _drawn(body: dict[str, Any]) -> str:
    return png(draw(chart_of(json.dumps(body["chart"]))))


def _quoted(parent: dict[str, Any]) -> str:
    """The line above a reply, which shows the beginning of what it answers."""
    picture = f'<img src="{_drawn(parent)}">' if parent["chart"] else ""
    line = " ".join(parent["text"].split())
    return f'<div class="to">{picture}<div><b>Paperround</b><span>{escape(line)}</span></div></div>'


def as_html(text: str, entities: list[dict[str, Any]]) -> str:
    """The text with its entities, whose places count UTF-16 units."""
    units = text.encode("utf-16-le")
    starts: dict[int, list[dict[str, Any]]] = {}
    for one in sorted(entities, key=lambda one: -one["length"]):
        starts.setdefault(one["offset"], []).append(one)
    edges = {0, len(units) // 2}
    for one in entities:
        edges |= {one["offset"], one["offset"] + one["length"]}
    places = sorted(edges)
    done: list[str] = []
    open_: list[dict[str, Any]] = []
    after_quote = False
    for place, end in zip(places, [*places[1:], places[-1]], strict=True):
        while open_ and open_[-1]["offset"] + open_[-1]["length"] <= place:
            closed = open_.pop()
            done.append(_tags(closed)[1])
            after_quote = "blockquote" in closed["type"]
        for one in starts.get(place, ()):
            done.append(_tags(one)[0])
            open_.append(one)
        piece = units[2 * place : 2 * end].decode("utf-16-le")
        # A quote is a block: the line break behind it is its own.
        done.append(escape(piece.removeprefix("\n") if after_quote else piece))
        after_quote = after_quote and not piece
    return "".join(done)


def _tags(entity: dict[str, Any]) -> tuple[str, str]:
    match entity["type"]:
        case "text_link":
            return f'<a href="{escape(entity["url"])}">', "</a>"
        case "expandable_blockquote":
            return '<blockquote class="folded"><div>', f"</div>{_DOWN}</blockquote>"
        case "blockquote":
            return "<blockquote>", "</blockquote>"
        case other:
            return f"<{_TAGS[other]}>", f"</{_TAGS[other]}>"
