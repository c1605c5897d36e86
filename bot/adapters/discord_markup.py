"""Lines of a Post in Discord's Markdown, in which no text but our own markup is markup.

Discord: "Markdown Text 101"; a backslash takes the meaning of any sign that is no letter or digit.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never
from urllib.parse import quote

from core.blocks import Cite, Code, Emphasis, Jump, Line, Link, Span, Strong, Text
from core.render.pages import Row
from core.render.tidy import one_line

# A colon begins an address (https://) or an emoji (:name:), where no space follows it.
_MARKUP = re.compile(r"[\\`*_~|<>\[\]#@]|:(?=\S)")
_LIST = re.compile(r"^(?:([-+])(?=[\s#]|$)|(\d+)\.(?=\s|$))")
_SPACES = re.compile(r"\s+")
_UNSAFE = re.compile(r"[^\w\-.~:/?#@!$&+,;=%]")
_BRACKETS = str.maketrans("[]", "［］")
_LONGEST_URL = 1500
_LONGEST_LETTER = 32
_JOINER = "\u200d"
_BETWEEN = "\u200b"


def plain(text: str) -> str:
    """The text on one line, without what cannot be seen at its ends."""
    return _flat(text).strip()


def escape(text: str) -> str:
    """The text on one line, with everything escaped that Discord would take for markup."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", _flat(text))


def _flat(text: str) -> str:
    return _SPACES.sub(" ", one_line(text))


def address(url: str) -> str:
    """An http address that ends where the brackets of a link do; empty for any other."""
    if not url.lower().startswith(("http://", "https://")):
        return ""
    safe = _UNSAFE.sub(lambda found: quote(found[0], safe="", errors="replace"), url)
    return safe if len(safe) <= _LONGEST_URL else ""


def safe(span: Span) -> Span:
    """The span without what would be too long for a page or leads nowhere."""
    if isinstance(span, Cite):
        return span if address(span.url) else Text(f"[{span.number}]")
    text = span.text if span.text.isascii() else "".join(_letters(span.text))
    if isinstance(span, Link) and not address(span.url):
        return Text(text)
    return replace(span, text=text)


def _letters(text: str) -> Iterator[str]:
    """The text's characters; of accents and joined emoji as many as one letter can need."""
    length = 0
    last = ""
    for char in text:
        joined = _JOINER in (char, last) or unicodedata.category(char)[0] == "M"
        length = length + 1 if joined or "\U0001f3fb" <= char <= "\U0001f3ff" else 0
        last = char
        if length < _LONGEST_LETTER:
            yield char


def page(rows: Sequence[Row]) -> str:
    """The rows below each other, a blank line where the kind changes and between paragraphs."""
    parts: list[str] = []
    last: Row | None = None
    for row in rows:
        text = _row(row)
        if not text:
            continue
        if last is not None:
            close = last.kind == "heading" or last.kind == row.kind != "paragraph"
            parts.append("\n" if close else "\n\n")
        parts.append(text)
        last = row
    return "".join(parts)


def _row(row: Row) -> str:
    text = _LIST.sub(_unlisted, line(row.spans).strip())
    if not text:
        return ""
    match row.kind:
        case "heading":
            return f"**{text}**"
        case "item" if row.begins and row.mark:
            return f"{'-' if row.mark == '•' else row.mark} {text}"
        case "quote":
            # Small and grey: sources are looked up, not read.
            return f"-# {text}"
        case _:
            return text


def _unlisted(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\."


def line(spans: Line) -> str:
    """The spans as one line."""
    parts: list[str] = []
    for span in spans:
        part = _span(span)
        if not part:
            continue
        # Two signs that meet would be read as one of another meaning.
        if parts and parts[-1][-1] == part[0] and part[0] in "*`":
            parts.append(_BETWEEN)
        parts.append(part)
    return "".join(parts)


def _span(span: Span) -> str:
    match span:
        case Text(text) | Jump(text, _):
            return escape(text)
        case Strong(text):
            return _around("**", escape(text))
        case Emphasis(text):
            return _around("*", escape(text))
        case Code(text):
            # No fence is safe in every client, so a backtick in it becomes its look-alike.
            return _around("`", _flat(text).replace("`", "ˋ"))
        case Link(text, url):
            return _link(text, url)
        case Cite(number, url):
            return f"[[{number}]]({address(url)})"
        case _:
            assert_never(span)


def _around(sign: str, text: str) -> str:
    """The text between the signs, which must touch it."""
    inner = text.strip()
    if not inner:
        return text
    start = len(text) - len(text.lstrip())
    return f"{text[:start]}{sign}{inner}{sign}{text[start + len(inner) :]}"


def _link(text: str, url: str) -> str:
    shown, to = text if _is_balanced(text) else text.translate(_BRACKETS), address(url)
    inner = escape(shown).strip()
    if not inner or not to:
        return escape(text)
    ends = [" " if end.isspace() else "" for end in (text[:1], text[-1:])]
    return f"{ends[0]}[{inner}]({to}){ends[1]}"


def _is_balanced(text: str) -> bool:
    """Whether Discord finds the end of a link's words: brackets in pairs, none inside another."""
    depth = 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if depth not in (0, 1):
            return False
    return depth == 0
