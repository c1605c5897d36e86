"""Lines of a Post in Discord's Markdown, in which no text but our own markup is markup.

Discord: "Markdown Text 101"; a backslash takes the meaning of any sign that is no letter or digit.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, assert_never
from urllib.parse import quote

from core.blocks import Cite, Code, Emphasis, Jump, Line, Link, Span, Strong, Text
from core.render.pages import Row
from core.render.tidy import one_line

# A colon begins an address (https://) or an emoji (:name:), where no space follows it.
_MARKUP = re.compile(r"[\\`*_~|<>\[\]#@]|:(?=\S)")
_LIST = re.compile(r"^(\x02[^\x04]*\x04)?(?:([-+])(?=[\s#]|$)|(\d+)\.(?=\s|$))")
_SPACES = re.compile(r"\s+")
_UNSAFE = re.compile(r"[^\w\-.~:/?#@!$&+,;=%]")
_BRACKETS = str.maketrans("[]", "［］")
_LONGEST_URL = 1500
_LONGEST_LETTER = 32
_JOINER = "\u200d"
_BETWEEN = "\u200b"
# As wide as a letter is high, and Discord may break the line there.
_GAP = "\u2003"
# No text of ours holds such a sign: what leads elsewhere stands between them until it is counted.
_JUMP = re.compile(r"\x02([^\x04]*)\x04([^\x03]*)\x03")
_CHANNELS = "https://discord.com/channels"
_LED = re.compile(rf"(?<!\\)((?:\\\\)*)\[((?:\\.|[^\\\[\]])*)\]\({_CHANNELS}/[@\w/]+\)")
# Ids have twenty digits at most.
LINK = len(f"[]({_CHANNELS}///)") + 3 * 20
Jumps = list[tuple[int, int, str]]


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


def page(rows: Sequence[Row]) -> tuple[str, Jumps]:
    """The rows as text, and from where to where in it which part is named, to be linked later."""
    marked, found = _marked(rows), []
    shift = 0
    for jump in _JUMP.finditer(marked):
        start = jump.start() - shift
        found.append((start, start + len(jump[2]), jump[1]))
        shift += len(jump[0]) - len(jump[2])
    return _JUMP.sub(r"\2", marked), found


def linked(text: str, jumps: Iterable[Sequence[Any]], links: Mapping[str, str]) -> str:
    """The text with each named part leading to its address, where it has one."""
    for start, end, part in sorted(map(tuple, jumps), reverse=True):
        if url := links.get(part):
            text = f"{text[:start]}[{text[start:end]}]({url}){text[end:]}"
    return text


def unlinked(text: str) -> str:
    """The text as it was before it was linked."""
    return _LED.sub(r"\1\2", text)


def message_address(guild: str, channel: str, message: str) -> str:
    """Where a message is to be found; the ``guild`` of private ones is ``@me``."""
    return f"{_CHANNELS}/{guild}/{channel}/{message}"


def _marked(rows: Sequence[Row]) -> str:
    """The rows below each other, a blank line where the kind changes and between paragraphs.

    The entries of the contents flow, as many on a line as there is room for.
    """
    parts: list[str] = []
    last: Row | None = None
    for row in rows:
        text = _row(row)
        if not text:
            continue
        if last is not None:
            close = last.kind == "heading" or last.kind == row.kind != "paragraph"
            beside = _is_entry(last) and _is_entry(row)
            parts.append(_GAP if beside else "\n" if close else "\n\n")
        parts.append(text)
        last = row
    return "".join(parts)


def _is_entry(row: Row) -> bool:
    """Whether the row is one of the contents, which stand beside each other."""
    return row.kind == "item" and not row.mark


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
    sign = f"\\{found[2]}" if found[2] else f"{found[3]}\\."
    return f"{found[1] or ''}{sign}"


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
        case Text(text):
            return escape(text)
        case Jump(text, part):
            return _jump(text, part)
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


def _jump(text: str, part: str) -> str:
    """The text as a link would have it, without the link, and marked."""
    inner, ends = _linkable(text)
    return f"{ends[0]}\x02{plain(part)}\x04{inner}\x03{ends[1]}" if inner else escape(text)


def _link(text: str, url: str) -> str:
    to = address(url)
    inner, ends = _linkable(text)
    return f"{ends[0]}[{inner}]({to}){ends[1]}" if inner and to else escape(text)


def _linkable(text: str) -> tuple[str, list[str]]:
    """The text as the words of a link, and the spaces that stood around it."""
    shown = text if _is_balanced(text) else text.translate(_BRACKETS)
    ends = [" " if end.isspace() else "" for end in (text[:1], text[-1:])]
    return escape(shown).strip(), ends


def _is_balanced(text: str) -> bool:
    """Whether Discord finds the end of a link's words: brackets in pairs, none inside another."""
    depth = 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if depth not in (0, 1):
            return False
    return depth == 0
