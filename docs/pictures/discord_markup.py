"""Discord's Markdown as HTML: of it, what our bodies use, and nothing that our code knows.

The rules are Discord's: a block takes the line break behind it, a backslash the meaning of a sign.
"""

import re
from html import escape

_ITEM = re.compile(r"( *)([-*]|\d+\.) +(.+)")
_SMALL = re.compile(r"-# +(.+)")
_QUOTE = re.compile(r"> (.*)")
_INLINE = re.compile(
    r"\\([^A-Za-z0-9\s])"
    r"|\[((?:\[[^\]]*\]|\\.|[^\[\]\\])+)\]\((https?://[^\s()]+)\)"
    r"|(`)([^`]+)`"
    r"|\*\*((?:\\.|[^\\])+?)\*\*(?!\*)"
    r"|\*((?:\\.|[^\\*])+)\*"
    r"|(https?://[^\s<]*[^<.,:;\"'\]\s])"
)


def as_html(text: str) -> str:
    """A description as HTML that keeps its white space (``pre-wrap``)."""
    lines = text.split("\n")
    done: list[str] = []
    plain: list[str] = []
    while lines:
        taken, block = _block(lines)
        if not block:
            plain.append(lines.pop(0))
            continue
        if plain:
            done.append(inline("\n".join(plain)) + "\n")
            plain = []
        done.append(block)
        del lines[:taken]
    return "".join([*done, inline("\n".join(plain))])


def _block(lines: list[str]) -> tuple[int, str]:
    """How many lines the block takes that begins here, and the block; none for plain words."""
    if small := _SMALL.fullmatch(lines[0]):
        return 1, f"<small>{inline(small[1])}</small>"
    if _QUOTE.fullmatch(lines[0]):
        quoted = _while(_QUOTE, lines)
        words = "\n".join(found[1] for found in quoted)
        return len(quoted), f"<blockquote>{inline(words)}</blockquote>"
    if first := _ITEM.fullmatch(lines[0]):
        found = _while(_ITEM, lines)
        items = "".join(f"<li>{inline(one[3])}</li>" for one in found)
        if first[2] in "-*":
            return len(found), f"<ul>{items}</ul>"
        return len(found), f'<ol start="{first[2][:-1]}">{items}</ol>'
    return 0, ""


def _while(kind: re.Pattern[str], lines: list[str]) -> list[re.Match[str]]:
    found = []
    for line in lines:
        match = kind.fullmatch(line)
        if match is None:
            break
        found.append(match)
    return found


def inline(text: str) -> str:
    """Words with bold, italics, code and links."""
    done: list[str] = []
    place = 0
    for found in _INLINE.finditer(text):
        done += [escape(text[place : found.start()]), _piece(found)]
        place = found.end()
    return "".join([*done, escape(text[place:])])


def _piece(found: re.Match[str]) -> str:
    sign, words, address, code, typed, bold, italic, bare = found.groups()
    if sign:
        return escape(sign)
    if words:
        # Inside a link Discord makes no other one, and keeps brackets as they are.
        return f'<a href="{escape(address)}">{inline(words)}</a>'
    if code:
        return f"<code>{escape(typed)}</code>"
    if bold:
        return f"<b>{inline(bold)}</b>"
    if italic:
        return f"<i>{inline(italic)}</i>"
    return f'<a href="{escape(bare)}">{escape(bare)}</a>'
