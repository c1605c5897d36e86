"""A Post with nothing in it that a page, a document or a terminal would take for more than words."""

import re
from dataclasses import replace
from urllib.parse import quote

from core.blocks import (
    Action,
    Actions,
    BarChart,
    Block,
    Chart,
    Choices,
    Cite,
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
    Text,
)

# Control characters, among them the one that begins a terminal's commands, and line breaks.
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# They turn the words that follow them, ours too (Unicode Standard Annex 9).
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Halves of a character, which no encoding of a text can hold.
_HALVES = re.compile("[\ud800-\udfff]")
# A host with a dot in its name or this machine, and no name of a user before it.
_WEB = re.compile(r"https?://(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:[/?#]|\Z)", re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w\-.~:/?#@!$&'()*+,;=%\[\]]")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NO_NAME = re.compile(r"[^\w.-]|^\.+")
_GREY = "#777777"


def tidy(post: Post) -> Post:
    """The post with every message tidied, and the rest in one line too."""
    return replace(
        post,
        day=one_line(post.day),
        language=name(post.language),
        parent=tidy_message(post.parent),
        replies=tuple(map(tidy_message, post.replies)),
        thread=one_line(post.thread),
    )


def tidy_message(message: Message) -> Message:
    """The message with each text in one line, links to web addresses alone, and real colours."""
    return replace(
        message,
        part=name(message.part),
        title=one_line(message.title),
        colour=_colour(message.colour),
        blocks=tuple(map(_block, message.blocks)),
        label=one_line(message.label),
    )


def one_line(text: str) -> str:
    """The text without line breaks and without what is no letter."""
    return _HALVES.sub("\ufffd", _TURNS.sub("", _BREAKS.sub(" ", text)))


def web_address(url: str) -> str:
    """The http or https address without a sign that ends one; empty for any other."""
    if not _WEB.match(url):
        return ""
    return _UNSAFE.sub(lambda found: quote(found[0], safe="", errors="replace"), url)


def name(text: str) -> str:
    """A name that can stand in an address, such as a part's or a file's."""
    return _NO_NAME.sub("-", one_line(text))


def _colour(text: str) -> str:
    return text if _COLOUR.fullmatch(text) else _GREY


def _block(block: Block) -> Block:
    match block:
        case Heading(text):
            return Heading(one_line(text))
        case Paragraph(spans):
            return Paragraph(_line(spans))
        case Items(lines) | Quote(lines):
            return replace(block, lines=tuple(map(_line, lines)))
        case Image(file, alt, chart):
            return Image(name(file), one_line(alt), _chart(chart))
        case Actions(actions):
            return Actions(tuple(map(_action, actions)))
        case Choices(question, choices=choices):
            shown = tuple(replace(choice, label=one_line(choice.label)) for choice in choices)
            return replace(block, question=one_line(question), choices=shown)


def _line(spans: Line) -> Line:
    return tuple(map(_span, spans))


def _span(span: Span) -> Span:
    match span:
        case Cite(number, url):
            address = web_address(url)
            return Cite(number, address) if address else Text(f"[{number}]")
        case Link(text, url):
            address = web_address(url)
            return Link(one_line(text), address) if address else Text(one_line(text))
        case Jump(text, part):
            return Jump(one_line(text), name(part))
        case _:
            return replace(span, text=one_line(span.text))


def _chart(chart: Chart) -> Chart:
    """What is told of a chart in words: its bars."""
    if not isinstance(chart, BarChart):
        return chart
    bars = (replace(bar, name=one_line(bar.name), colour=_colour(bar.colour)) for bar in chart.bars)
    return replace(chart, bars=tuple(bars))


def _action(action: Action) -> Action:
    return replace(action, label=one_line(action.label))
