"""A Post as Discord takes it: each message an embed, a picture to be drawn, and buttons.

Limits: Discord developer documentation, "Embed Limits", "Component Object", "Start Thread".
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

from bot.adapters import discord_markup as markup
from core.blocks import (
    Action,
    Actions,
    Choice,
    Choices,
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
# What is never empty to Discord, and to nobody's eye anything.
EMPTY = "\u200b"
_TITLE, _DESCRIPTION, _ALT, _THREAD = 256, 4096, 1024, 100
# Discord allows 2048, but no more than 6000 in all of a message's texts together.
_FOOTER = 512
_LABEL, _CUSTOM_ID, _IN_ROW, _ROWS = 80, 100, 5, 5
_ROW, _BUTTON, _MENU, _GREY = 1, 2, 3, 2
_CHOICES, _CHOICE, _QUESTION = 25, 100, 150
# Before an option that a menu fills in, and one that a form does: both may be for the same.
_IN_PLACE, _CHOSEN, _WRITTEN = "~", "*", "?"
_PARTING = "|=%~*?"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# Answers that are asked for again and again.
_KEPT = 64
Json = dict[str, Any]


@lru_cache(_KEPT)
def freeze(post: Post, *, private: bool) -> tuple[Frozen, ...]:
    """The messages as bodies, the parent first; a long one goes on in ``cv/2``.

    A body is ``embed``, ``jumps`` (from where to where its description names which part), ``chart``
    (what its picture shows, or null), ``alt``, ``components``, ``thread`` (the name of the thread
    for the replies) and ``categories`` (the slugs of the replies). ``private``: the parent with a
    button for each reply, and in full only what no command can bring.
    """
    thread = "" if private else _name(post)
    frozen = []
    for message in _for_one(post) if private else post.messages:
        for number, body in enumerate(_bodies(post, message), 1):
            part = message.part if number == 1 else f"{message.part}/{number}"
            body |= {"thread": thread, "categories": _categories(post)}
            frozen.append(Frozen(part, json.dumps(body, ensure_ascii=False)))
    return tuple(frozen)


def _name(post: Post) -> str:
    return (markup.plain(post.thread or post.parent.title or post.day) or "…")[:_THREAD].strip()


def _categories(post: Post) -> list[str]:
    return [reply.part for reply in post.replies if reply.part != FOR_YOU]


def _for_one(post: Post) -> list[Message]:
    """The parent with a button for each reply, and the papers of the reader's own words."""
    buttons = tuple(
        Action(post.label(reply), "digest", (("category", reply.part), ("date", post.day)))
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
        text, jumps = markup.page(page)
        embed = _embed(message, text, _footer(post, message, number, len(found)))
        if shown:
            embed["image"] = {"url": f"attachment://{PICTURE}"}
        if not {"title", "description", "image"} & embed.keys():
            embed["description"] = EMPTY
        yield {
            "embed": embed,
            "jumps": jumps,
            "chart": chart_to_json(shown.chart) if shown else None,
            "alt": markup.plain(shown.alt)[:_ALT] if shown else "",
            "components": components(message) if last else [],
        }


def _fits(page: Sequence[Row]) -> bool:
    text, jumps = markup.page(page)
    return len(text) + len(jumps) * markup.LINK <= _DESCRIPTION


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


def linked(body: Json, links: Mapping[str, str]) -> Json:
    """A body's embed in which the parts that it names lead to these addresses."""
    embed = dict(body["embed"])
    if jumps := body.get("jumps"):
        embed["description"] = markup.linked(embed["description"], jumps, links)
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
    """The menus and buttons in rows; one that does not fit, or is there already, is left out."""
    seen: set[str] = set()
    lines: list[list[Json]] = []
    for block in message.blocks:
        if isinstance(block, Choices):
            menu = _menu(block)
            lines += [[menu]] if menu and not _known(menu["custom_id"], seen) else []
        elif isinstance(block, Actions):
            found = [b for b in map(_button, block.actions) if b]
            buttons = [button for button in found if not _known(button["custom_id"], seen)]
            lines += [buttons[at : at + _IN_ROW] for at in range(0, len(buttons), _IN_ROW)]
    if len(lines) > _ROWS:
        menus = [line for line in lines if line[0]["type"] == _MENU][:_ROWS]
        left = _ROWS - len(menus)
        every = [part for line in lines for part in line if part["type"] == _BUTTON]
        every = every[: _IN_ROW * left]
        lines = [*menus, *(every[at : at + _IN_ROW] for at in range(0, len(every), _IN_ROW))]
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


def _is_usable(choice: Choice) -> bool:
    """Whether Discord shows it and gives its value back as it is."""
    value = one_line(choice.value).strip()
    return 0 < len(value) <= _CHOICE and value == choice.value and bool(markup.plain(choice.label))


def _menu(menu: Choices) -> Json | None:
    """The menu; of more choices than Discord shows, those that are chosen and the first ones."""
    none = menu.none.value if menu.none else ""
    filled = f"{_CHOSEN}{_quoted(menu.option)}={_quoted(none)}"
    mark = _mark(menu.command, menu.arguments, filled, in_place=True)
    # The first of those that say the same; by what no encoding can hold nothing can be said.
    by_value = {choice.value: choice for choice in reversed(menu.choices) if _is_usable(choice)}
    usable = [choice for choice in menu.choices if by_value.get(choice.value) is choice]
    kept = sorted(usable, key=lambda choice: not choice.chosen)[:_CHOICES]
    if not (kept and menu.command) or len(mark) > _CUSTOM_ID or one_line(mark) != mark:
        return None
    chosen = [choice for choice in kept if choice.chosen][: None if menu.several else 1]
    options = [
        {
            "label": markup.plain(choice.label)[:_CHOICE].strip(),
            "value": choice.value,
            "default": choice in chosen,
        }
        for choice in usable
        if choice in kept
    ]
    none_chosen = menu.none is not None and menu.none.chosen
    question = f"{menu.question} {menu.none.label}" if menu.none and none_chosen else menu.question
    return {
        "type": _MENU,
        "custom_id": mark,
        "placeholder": markup.plain(question)[:_QUESTION].strip(),
        "options": options,
        "min_values": 0 if menu.several and menu.none else 1,
        "max_values": len(options) if menu.several else 1,
    }


@dataclass(frozen=True, slots=True)
class Mark:
    """What a button, menu or form says: a command, and how it is to be answered.

    ``fills`` is the option that a menu or a form fills in; what it says itself is in ``arguments``.
    """

    command: str
    arguments: dict[str, str] = field(default_factory=dict)
    fills: str = ""
    in_place: bool = False


def encode(action: Action) -> str:
    """What a button says: ``digest|category=cv|date=2025-07-15``.

    ``~`` before it: to be answered in place; ``|?words=`` behind it: that option is written in a
    form (``*`` where it is chosen from a menu), with what follows where nothing is said.
    """
    asks = action.asks
    written = f"{_WRITTEN}{_quoted(asks.option)}={_quoted(asks.empty)}" if asks else ""
    return _mark(action.command, action.arguments, written, in_place=action.in_place)


def _mark(
    command: str,
    arguments: Iterable[tuple[str, str]],
    filled: str,
    *,
    in_place: bool,
) -> str:
    start = f"{_IN_PLACE if in_place else ''}{_quoted(command)}"
    pairs = [f"{_quoted(name)}={_quoted(value)}" for name, value in arguments if value]
    return "|".join(filter(None, (start, *pairs, filled)))


def decode(mark: str) -> Mark:
    """What a button, menu or form says, whatever stands there."""
    command, *pairs = mark.removeprefix(_IN_PLACE).split("|")
    arguments: dict[str, str] = {}
    fills = ""
    for pair in pairs:
        is_filled = pair.startswith((_CHOSEN, _WRITTEN))
        name, _, value = pair[is_filled:].partition("=")
        fills = unquote(name) if is_filled else fills
        arguments[unquote(name)] = unquote(value)
    return Mark(unquote(command), arguments, fills, mark.startswith(_IN_PLACE))


def _quoted(text: str) -> str:
    """The text with the signs quoted that part a button's mark, and what Discord would trim."""
    return "".join(
        # Python's quote() leaves the tilde alone.
        quote(c, safe="").replace("~", "%7E") if c in _PARTING or c.isspace() else c
        for c in text
    )
