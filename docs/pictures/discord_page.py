"""A day in Discord as a page: the channel with the post and an answer, and the post's thread."""

import json
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from day import Day
from discord_markup import as_html, inline

from bot.adapters.discord_render import freeze
from bot.charts import draw
from core.blocks import Post
from core.chart_json import chart_from_json
from core.delivery import Frozen

_HASH = (
    '<svg width="22" height="22" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round"><path d="M10 3 7 21M17 3l-3 18M4 9h16M3 15h16"/></svg>'
)
_THREAD = (
    '<svg width="22" height="22" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linejoin="round"><path d="M4 5h16v11H10l-4 4v-4H4z"/>'
    '<path d="M8 9h8M8 12h5"/></svg>'
)
# Discord's own words, as its clients say them.
_CLIENT = {
    "ko": {
        "app": "앱",
        "at": "오전 11:00",
        "asked": "오후 12:00",
        "used": "{person}님이 {command} 사용",
        "only": "나만 볼 수 있어요 · <i>메시지 닫기</i>",
        "count": "메시지 {count}개 ›",
        "ago": "1시간 전",
        "person": "민지",
        "channel": "papers",
    },
    "en": {
        "app": "APP",
        "at": "11:00 AM",
        "asked": "12:00 PM",
        "used": "{person} used {command}",
        "only": "Only you can see this · <i>Dismiss message</i>",
        "count": "{count} Messages ›",
        "ago": "1h ago",
        "person": "Minji",
        "channel": "papers",
    },
}


def page(day: Day, answer: Post) -> str:
    """The channel with the day's post and what somebody asked, beside it the post's thread."""
    client = _CLIENT[day.words.language]
    parent, *replies = freeze(day.post, private=False)
    thread = json.loads(parent.body)["thread"]
    channel = [
        _message(client, "at", [json.loads(parent.body)], after=_box(client, thread, replies)),
        _asked(client, "/digest", answer),
    ]
    shown = [_message(client, "at", [json.loads(one.body) for one in replies])]
    return _html(
        day,
        f"<section><header>{_HASH}{client['channel']}</header>{''.join(channel)}</section>"
        f'<section class="thread"><header>{_THREAD}{escape(thread)}</header>{"".join(shown)}'
        "</section>",
    )


def channel(day: Day, shown: Sequence[tuple[str, Post]]) -> str:
    """A channel with posts, and with what commands answered: each with the command or without."""
    client = _CLIENT[day.words.language]
    articles = [
        _asked(client, command, post)
        if command
        else _message(client, "at", [json.loads(one.body) for one in freeze(post, private=False)])
        for command, post in shown
    ]
    return _html(
        day, f"<section><header>{_HASH}{client['channel']}</header>{''.join(articles)}</section>"
    )


def _asked(client: dict[str, str], command: str, answer: Post) -> str:
    """What somebody asked, and alone can see."""
    used = client["used"].format(person=client["person"], command=f"<b>{command}</b>")
    return _message(
        client,
        "asked",
        [json.loads(one.body) for one in freeze(answer, private=False)],
        before=f'<div class="used"><img src="{_person()}">{used}</div>',
        after=f'<div class="private">👁 {client["only"]}</div>',
    )


def _html(day: Day, sections: str) -> str:
    css = Path(__file__).with_name("discord.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="{day.words.language}"><meta charset="utf-8">'
        f"<style>{css}</style><main>{sections}</main>"
    )


def _message(
    client: dict[str, str],
    at: str,
    bodies: list[dict[str, Any]],
    *,
    before: str = "",
    after: str = "",
) -> str:
    parts = "".join(_embed(body) + _buttons(body) for body in bodies)
    return (
        f'<article>{before}<img class="avatar" src="{_bot()}">'
        f'<span class="name">Paperround</span><span class="app">{client["app"]}</span>'
        f"<time>{client[at]}</time>{parts}{after}</article>"
    )


def _embed(body: dict[str, Any]) -> str:
    embed, chart = body["embed"], body["chart"]
    parts = []
    if "title" in embed:
        parts.append(f'<div class="title">{inline(embed["title"])}</div>')
    if "description" in embed:
        parts.append(f'<div class="description">{as_html(embed["description"])}</div>')
    if chart:
        parts.append(f'<img src="{png(draw(chart_from_json(chart), dark=True))}">')
    if "footer" in embed:
        parts.append(f'<div class="footer">{escape(embed["footer"]["text"])}</div>')
    colour = f"#{embed.get('color', 0x4E5058):06x}"
    return f'<div class="embed" style="border-color:{colour}">{"".join(parts)}</div>'


def _buttons(body: dict[str, Any]) -> str:
    rows = []
    for row in body["components"]:
        labels = "".join(f"<span>{escape(one['label'])}</span>" for one in row["components"])
        rows.append(f'<div class="buttons">{labels}</div>')
    return "".join(rows)


def _box(client: dict[str, str], thread: str, replies: list[Frozen]) -> str:
    last = json.loads(replies[-1].body)["embed"]["title"]
    count = client["count"].format(count=len(replies))
    return (
        f'<div class="thread-box"><b>{escape(thread)}</b><em>{count}</em>'
        f'<div><img src="{_bot()}"><b>Paperround</b><span>{inline(last)}</span>'
        f"<span>{client['ago']}</span></div></div>"
    )


def png(data: bytes) -> str:
    """The picture as an address."""
    return f"data:image/png;base64,{b64encode(data).decode()}"


def disc(colour: str, drawing: str) -> str:
    """A round picture of somebody, as an address."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" fill="{colour}"/>{drawing}</svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _bot() -> str:
    return disc(
        "#5865f2",
        '<path d="M11 9h13l6 6v17H11z" fill="#fff"/>'
        '<path d="M15 27v-5M20 27V17M25 27v-7" stroke="#5865f2" stroke-width="3"/>',
    )


def _person() -> str:
    return disc(
        "#2f9e75",
        '<circle cx="20" cy="16" r="7" fill="#fff"/><path d="M6 40c0-20 28-20 28 0z" fill="#fff"/>',
    )


BOT = _bot()
