"""What holds of any Post in the chats and in a terminal; each check raises where it does not."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from rich.cells import cell_len
from rich.console import Console

from bot.adapters.discord_render import freeze
from bot.adapters.telegram_body import Body as TelegramBody
from bot.adapters.telegram_render import answer, private, thread
from core.blocks import (
    Action,
    Actions,
    Heading,
    Items,
    Jump,
    Line,
    Message,
    Paragraph,
    Post,
    Quote,
)
from core.render.pages import rows
from core.render.terminal import message_panel
from core.render.tidy import one_line
from tests.emulators import discord_spec
from tests.emulators.discord_rules import Body, Upload, check_message, check_not_empty
from tests.rendered import ink, said, without_pictures
from tests.telegram_posts import shown, taken

# --- Discord


def check_discord(post: Post) -> None:
    """Discord takes every message as it is, each part is numbered, and no word is lost."""
    for alone in (False, True):
        frozen = freeze(post, private=alone)
        bodies = [json.loads(one.body) for one in frozen]
        for body in bodies:
            _discord_takes(body)
            assert bool(body["thread"]) is not alone
        _check_numbers([one.part for one in frozen])
        if post.day and not alone:
            _check_footers(post, bodies, [one.part for one in frozen])
    for message in post.messages:
        alone_post = Post("", "en", message)
        found = [json.loads(one.body)["embed"] for one in freeze(alone_post, private=False)]
        shown_words = ink(read(embed.get("description", "")) for embed in found)
        words = (said(span) for row in rows(message.blocks) for span in row.spans)
        assert shown_words == ink(words).translate(_LOOK_ALIKES)


_LOOK_ALIKES = str.maketrans("［］ˋ", "[]`")


def _discord_takes(body: dict[str, Any]) -> None:
    message: dict[str, Any] = {"embeds": [body["embed"]], "components": body["components"]}
    message["allowed_mentions"] = {"parse": []}
    json.dumps(body, ensure_ascii=False).encode()
    request = Body(message, {0: Upload("chart.png", b"x", "image/png")} if body["chart"] else {})
    with discord_spec.checked("MessageCreateRequest", message):
        check_message(request)
        check_not_empty(request)
    for name in ("title", "description"):
        # What Discord would trim would not be recognised.
        assert body["embed"].get(name, "") == body["embed"].get(name, "").strip()
    assert len(body["thread"]) <= 100
    assert len(body["alt"]) <= 1024


def _check_numbers(parts: Sequence[str]) -> None:
    """The parts of each message follow it, from 2 on."""
    for before, part in zip(("", *parts), parts, strict=False):
        name, _, number = part.partition("/")
        if number:
            assert before == (name if number == "2" else f"{name}/{int(number) - 1}")


def _check_footers(post: Post, bodies: Sequence[dict[str, Any]], parts: Sequence[str]) -> None:
    """The marks by which sent messages are recognised: 1/n to n/n, each its own."""
    totals = Counter(part.partition("/")[0] for part in parts)
    for body, part in zip(bodies, parts, strict=True):
        name, _, number = part.partition("/")
        mark = f"{post.day} · {name} · {number or 1}/{totals[name]}"
        assert body["embed"]["footer"]["text"].endswith(mark)


_MARKUP = re.compile(
    r"\\(?P<escaped>[^0-9A-Za-z\s])|`(?P<code>[^`]*)`|\[(?P<cite>\[\d+\])\]\([^()\s]*\)"
    r"|\]\(https?:[^()\s]*\)|[*\[]|(?P<other>.)",
    re.IGNORECASE,
)


def read(text: str) -> str:
    """What a reader sees of Discord's Markdown, without spaces and the marks of lists."""
    lines = (re.sub(r"^(-# |- |\d+\. )", "", line) for line in text.split("\n"))
    pieces = (
        found[found.lastgroup or 0]
        for line in lines
        for found in _MARKUP.finditer(line)
        if found.lastgroup
    )
    return re.sub(r"[\s\x00-\x1f\x7f]+", "", "".join(pieces).translate(_SEEN))


_SEEN = str.maketrans("［］ˋ", "[]`", "\u200b")


# --- Telegram

_JOINER = "\u2060"


def check_telegram(post: Post) -> None:
    """Telegram takes every message as it is, and no word is lost or told twice."""
    for frozen in (thread(post), private(post)):
        for one in frozen:
            taken(shown(one.body))
            one.body.encode()
            assert TelegramBody.thawed(one.body).frozen() == one.body
        _check_numbers([one.part for one in frozen])
    for body in answer(post):
        taken(shown(body.frozen()))
    words_alone = without_pictures(post)
    for message in words_alone.messages:
        found = [
            shown(one.body) for one in thread(replace(words_alone, parent=message, replies=()))
        ]
        texts = [
            _without_footer(body, words_alone, message, number, len(found))
            for number, body in enumerate(found, 1)
        ]
        content = rows((Heading(message.title), *message.blocks))
        words = (
            part
            for row in content
            for part in (row.mark if _shows(row.spans) else "", *map(said, row.spans))
        )
        assert ink(texts) == ink(words) or (texts == ["…"] and not ink(words))


def _shows(line: Line) -> bool:
    return bool(one_line("".join(map(said, line))).strip())


def _footer(post: Post, message: Message, part: int, parts: int) -> str:
    page = f"{part}/{parts}" if parts > 1 else ""
    return one_line(" · ".join(filter(None, (message.label, post.day, page)))).strip()


def _without_footer(
    body: dict[str, Any], post: Post, message: Message, part: int, parts: int
) -> str:
    # Joiners keep words from becoming mentions and links, in the footer too.
    text = str(body["text"]).replace(_JOINER, "")
    footer = _footer(post, message, part, parts).replace(_JOINER, "")
    end = footer if len(footer) <= 256 else footer[-200:]
    assert text.endswith(end)
    return text.rpartition("\n")[0] if footer else text


# --- terminal

_OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^;\x1b\x07]*;[^\x1b\x07]*\x1b\\")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def check_terminal(post: Post, width: int = 80) -> None:
    """No words give the terminal orders or run over its edge, and none is lost."""
    for message in post.messages:
        text = printed(post, message, width)
        assert not _CONTROL.search(text)
        assert not _CONTROL.search(_OURS.sub("", printed(post, message, width, colours=True)))
        text.encode()
        assert all(cell_len(row) <= width for row in text.splitlines())
    for message in without_pictures(post).messages:
        found = printed(post, message, width).split("\n")[1:-2]
        shown_words = (row.strip()[1:-1] for row in found)
        assert ink(shown_words) == ink(_told(message))


def printed(post: Post, message: Message, width: int, *, colours: bool = False) -> str:
    system: Literal["truecolor"] | None = "truecolor" if colours else None
    console = Console(file=io.StringIO(), width=width, force_terminal=colours, color_system=system)
    console.print(message_panel(post, message))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _told(message: Message) -> Iterator[str]:
    for block in message.blocks:
        match block:
            case Heading(text):
                yield text
            case Paragraph(spans):
                yield from map(said, spans)
            case Items(lines, numbered) if not _leads(lines):
                for number, line in enumerate(lines, 1):
                    yield f"{number}." if numbered else "•"
                    yield from map(said, line)
            case Quote(lines):
                yield from (said(span) for line in lines for span in line)
            case Actions(actions):
                yield from (f"[ {_label(action)} ]" for action in actions)
            case _:
                pass


def _leads(lines: Sequence[Line]) -> bool:
    return any(isinstance(span, Jump) for line in lines for span in line)


def _label(action: Action) -> str:
    return action.label
