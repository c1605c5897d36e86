"""What holds of a Post in each of its forms, whatever it holds; each check raises where it does not.

Words are compared as letters, digits, punctuation and signs in their order: white space, accents
and what cannot be seen are left to each form.
"""

import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any, Literal
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.cells import cell_len
from rich.console import Console

from bot.adapters.discord_render import freeze
from bot.adapters.telegram_body import Body as TelegramBody
from bot.adapters.telegram_render import answer, private, thread
from core.blocks import (
    Action,
    Actions,
    Block,
    Cite,
    Code,
    Emphasis,
    Heading,
    Image,
    Items,
    Jump,
    Line,
    Link,
    Message,
    Paragraph,
    Post,
    Quote,
    Span,
    Strong,
)
from core.render.html import to_html
from core.render.markdown import to_markdown
from core.render.pages import rows
from core.render.terminal import message_panel
from core.render.tidy import one_line, web_address
from tests.emulators import discord_spec
from tests.emulators.discord_rules import Body, Upload, check_message, check_not_empty
from tests.telegram_posts import shown, taken

_UNSEEN = frozenset("MCZ")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")


def ink(texts: Iterable[str]) -> str:
    """What is compared of texts."""
    whole = _SKIN.sub("", one_line("".join(texts)))
    return "".join(c for c in whole if unicodedata.category(c)[0] not in _UNSEEN)


def said(span: Span) -> str:
    return f"[{span.number}]" if isinstance(span, Cite) else span.text


def spans_of(block: Block) -> Iterator[Span]:
    match block:
        case Paragraph(spans):
            yield from spans
        case Items(lines) | Quote(lines):
            for line in lines:
                yield from line
        case _:
            pass


def without_pictures(post: Post) -> Post:
    """The post with its words alone, whose order no picture changes."""
    return replace(
        post, parent=_bare(post.parent), replies=tuple(_bare(reply) for reply in post.replies)
    )


def _bare(message: Message) -> Message:
    left = (block for block in message.blocks if not isinstance(block, Image))
    return replace(message, blocks=tuple(left))


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


# --- Markdown

_TAG = re.compile(r"</?(?:a|sub|strong|em|code)>|<a id=\"[\w.-]*\">")


def check_markdown(post: Post) -> None:
    """Read back, the document has the post's words, links, lists and headings, and no others."""
    document = to_markdown(post)
    document.encode()
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = list(_flat(parser.parse(document)))
    kinds = Counter(token.type for token in tokens)
    tags = Counter(token.content for token in tokens if token.type == "html_inline")
    assert all(_TAG.fullmatch(tag) for tag in tags)
    assert not kinds.keys() & {"hr", "fence", "code_block", "table_open", "s_open", "softbreak"}
    expected = _counts(post)
    for tag, kind in (("strong", Strong), ("em", Emphasis)):
        assert kinds[f"{tag}_open"] + tags[f"<{tag}>"] == tags[f"</{tag}>"] + kinds[f"{tag}_close"]
        assert kinds[f"{tag}_open"] + tags[f"<{tag}>"] == expected[kind]
    assert kinds["code_inline"] + tags["<code>"] == expected[Code]
    assert (tags["<sub>"], kinds["heading_open"]) == (
        len(post.messages),
        len(post.messages) + expected[Heading],
    )
    lists = kinds["bullet_list_open"] + kinds["ordered_list_open"]
    assert (lists, kinds["blockquote_open"]) == (expected[Items], expected[Quote])
    assert kinds["image"] == expected[Image]
    assert [unquote(str(t.attrs["href"])) for t in tokens if t.type == "link_open"] == [
        unquote(parser.normalizeLink(to)) for to in _addresses(post, blank=False)
    ]
    words = (t.content for t in tokens if t.type in {"text", "text_special", "code_inline"})
    assert ink(words) == ink(_words(post))


def _flat(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or ())


def _counts(post: Post) -> Counter[type]:
    """How many there are of each kind of block and span that shows something."""
    found: Counter[type] = Counter()
    for message in post.messages:
        for block in message.blocks:
            found[type(block)] += not isinstance(block, Items | Quote) or bool(block.lines)
            found.update(type(span) for span in spans_of(block) if one_line(said(span)).strip())
    return found


def _addresses(post: Post, *, blank: bool) -> list[str]:
    """Where the links lead, in their order; ``blank``: those too that show no words."""
    found = []
    for message in post.messages:
        for span in (span for block in message.blocks for span in spans_of(block)):
            if isinstance(span, Jump):
                to = f"#{span.part}"
            else:
                to = web_address(span.url) if isinstance(span, Link | Cite) else ""
            if to and (blank or one_line(said(span)).strip()):
                found.append(to)
    return found


def _words(post: Post, joint: str = " · ") -> Iterator[str]:
    """Everything that a document says, in its order; ``joint`` stands in the footers."""
    for message in post.messages:
        yield message.title
        for block in message.blocks:
            if isinstance(block, Heading):
                yield block.text
            elif isinstance(block, Image):
                yield block.alt
            yield from map(said, spans_of(block))
        yield joint.join(filter(None, (message.label, post.footer(message))))


# --- HTML


def check_html(post: Post) -> None:
    """The page is well formed and has the post's words, links and tags, and no others."""
    page = to_html(post)
    page.encode()
    reader = Reader(page)
    counts = _counts_of_tags(post)
    assert {tag: reader.tags[tag] for tag in counts} == counts
    assert (
        not reader.tags.keys()
        - counts.keys()
        - {*("html", "head", "meta", "title", "style", "body", "main")}
    )
    assert reader.links == _addresses(post, blank=True)
    assert reader.names <= {
        *("lang", "charset", "name", "content", "id", "class", "style", "href", "src", "alt")
    }
    words = _words(without_pictures(post), joint="")
    assert ink(reader.words) == ink([post.parent.title, *words])


def _counts_of_tags(post: Post) -> dict[str, int]:
    blocks = [block for message in post.messages for block in message.blocks]
    kinds: Counter[type] = Counter(type(block) for block in blocks)
    kinds.update(type(span) for block in blocks for span in spans_of(block))
    items = [len(block.lines) for block in blocks if isinstance(block, Items)]
    quoted = [len(block.lines) for block in blocks if isinstance(block, Quote)]
    numbered = sum(isinstance(block, Items) and block.numbered for block in blocks)
    each = len(post.messages)
    return {
        **dict.fromkeys(("article", "footer"), each),
        **dict.fromkeys(("img", "figure"), kinds[Image]),
        "span": 2 * each,
        "h1": 1,
        "h2": len(post.replies),
        "h3": kinds[Heading],
        "strong": kinds[Strong],
        "em": kinds[Emphasis],
        "code": kinds[Code],
        "a": len(_addresses(post, blank=True)),
        "ol": numbered,
        "ul": len(items) - numbered,
        "li": sum(items),
        "blockquote": len(quoted),
        "p": kinds[Paragraph] + sum(quoted),
    }


class Reader(HTMLParser):
    """What a browser would see: visible words, tags, addresses; raises on unbalanced tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: Counter[str] = Counter()
        self.names: set[str] = set()
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.names.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in {"meta", "img", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


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
