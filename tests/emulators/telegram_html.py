"""``parse_mode=HTML`` by the rules of TDLib's parser, with its words and byte offsets.

The rules are those of ``parse_html`` in td/telegram/MessageEntity.cpp: a closed list of tags, four
named references, anything else after ``<`` refused.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.emulators.telegram_errors import Json, bad

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_ORDER = (
    "blockquote expandable_blockquote pre code text_link text_mention bold italic underline "
    "strikethrough spoiler date_time custom_emoji"
).split()
_REFERENCE = re.compile(rb"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_NAME_TOKEN = re.compile(rb"[A-Za-z0-9.-]*")
_TAG_NAME = re.compile(rb"[^\s\0>]*")
_ATTRIBUTE_NAME = re.compile(rb"[^\s\0=>/\"']*")
_SPACES = re.compile(rb"[\s\0]*")
_SCHEMES = {"http", "https", "ton", "tg", "tonsite"}
_MAX_LENGTH_OF_REFERENCE = 10
_MAX_CODE_POINT = 0x10FFFF
_HOST_WITH_DOT = re.compile(r"[^\s.]+(\.[^\s.]+)+")


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end: where its text begins, in UTF-16 units and in bytes."""

    tag: str
    argument: str
    offset: int
    begin: int


def units(text: str) -> int:
    """How long Telegram says a text is: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_link(url: str) -> bool:
    """Whether Telegram makes a link of it: http(s), tg or ton, or a bare host with a dot."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "tg":
        return bool(host)
    known = parts.scheme in _SCHEMES and not re.search(r"\s", url)
    return known and bool(_HOST_WITH_DOT.fullmatch(host) or host == "localhost")


def user_of_link(url: str) -> int | None:
    """The user a ``tg://user?id=`` link mentions."""
    found = re.fullmatch(r"tg:(?://)?user\?id=(\d+)", url)
    return int(found[1]) if found else None


class HtmlParser:
    """One text being parsed; ``dropped`` are the entities Telegram leaves out without a word."""

    def __init__(self, html: str) -> None:
        self._html = html.encode("utf-8", "surrogatepass")
        self._at = 0
        self._out = bytearray()
        self._offset = 0
        self._open: list[_Open] = []
        self.entities: list[Json] = []
        self.dropped: list[Json] = []

    def parse(self) -> str:
        """The text without its tags. Raises ApiError."""
        while self._at < len(self._html):
            start = self._at
            if self._html[start : start + 2] == b"</":
                self._end_tag(start)
            elif self._html[start : start + 1] == b"<":
                self._start_tag(start)
            else:
                self._text(start)
        if self._open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        self.entities.sort(key=lambda e: (e["offset"], -e["length"], _ORDER.index(e["type"])))
        try:
            return self._out.decode()
        except UnicodeDecodeError as error:
            raise bad("strings must be encoded in UTF-8") from error

    def _text(self, start: int) -> None:
        if self._html[start : start + 1] == b"&" and (found := self._reference(start)):
            self._add(found)
            return
        stop = min(
            (place for mark in (b"<", b"&") if (place := self._html.find(mark, start + 1)) >= 0),
            default=len(self._html),
        )
        self._add(self._html[start:stop].decode("utf-8", "surrogatepass"))
        self._at = stop

    def _add(self, text: str) -> None:
        self._out += text.encode("utf-8", "surrogatepass")
        self._offset += units(text)

    def _reference(self, start: int) -> str:
        found = _REFERENCE.match(self._html, start)
        if not found:
            return ""
        if found[3]:
            self._at = found.end()
            return _NAMED[found[3]]
        code = int(found[1], 16) if found[1] else int(found[2])
        length = len(found[0].rstrip(b";"))
        if not 0 < code < _MAX_CODE_POINT or length >= _MAX_LENGTH_OF_REFERENCE:
            return ""
        self._at = found.end()
        return chr(code)

    def _take(self, pattern: re.Pattern[bytes]) -> bytes:
        found = pattern.match(self._html, self._at)
        self._at = found.end() if found else self._at
        return found[0] if found else b""

    def _here(self) -> bytes:
        return self._html[self._at : self._at + 1]

    def _start_tag(self, start: int) -> None:
        self._at = start + 1
        tag = self._take(_TAG_NAME).decode("utf-8", "replace").lower()
        if not self._here():
            raise _wrong(f"Unclosed start tag at byte offset {start}")
        if tag not in _KINDS:
            raise _wrong(f'Unsupported start tag "{tag}" at byte offset {start}')
        argument = ""
        while True:
            self._take(_SPACES)
            if self._here() == b">":
                break
            argument = self._attribute(tag, start) or argument
        if tag == "span" and argument != "spoiler":
            raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {start}')
        self._at += 1
        self._open.append(_Open(tag, argument, self._offset, len(self._out)))

    def _attribute(self, tag: str, start: int) -> str:
        name = self._take(_ATTRIBUTE_NAME).decode("utf-8", "replace")
        if not name:
            if not self._here():
                raise _wrong(f'Unclosed start tag "{tag}" at byte offset {start}')
            raise _wrong(f'Empty attribute name in the tag "{tag}" at byte offset {start}')
        self._take(_SPACES)
        value = None
        if self._here() == b"=":
            self._at += 1
            self._take(_SPACES)
            value = self._value(tag, start)
        if not self._here():
            named = f' "{tag}"' if value is None else ""
            raise _wrong(f"Unclosed start tag{named} at byte offset {start}")
        return _argument(tag, name, value or "")

    def _value(self, tag: str, start: int) -> str:
        quote = self._here()
        if not quote:
            raise _wrong(f'Unclosed start tag "{tag}" at byte offset {start}')
        if quote not in {b"'", b'"'}:
            begin = self._at
            token = self._take(_NAME_TOKEN).decode().lower()
            if self._here() not in {b">", b" ", b"\t", b"\r", b"\n", b"\v", b"\0", b""}:
                raise _wrong(f"Unexpected end of name token at byte offset {begin}")
            return token
        self._at += 1
        value = bytearray()
        while self._here() not in {quote, b""}:
            if self._here() == b"&" and (found := self._reference(self._at)):
                value += found.encode("utf-8", "surrogatepass")
            else:
                value += self._here()
                self._at += 1
        self._at += 1
        return value.decode("utf-8", "replace")

    def _end_tag(self, start: int) -> None:
        if not self._open:
            raise _wrong(f"Unexpected end tag at byte offset {start}")
        self._at = start + 2
        name = self._take(_TAG_NAME).decode("utf-8", "replace")
        self._take(_SPACES)
        if self._here() != b">":
            raise _wrong(f"Unclosed end tag at byte offset {start}")
        tag = self._open[-1].tag
        if name and name != tag:
            raise _wrong(
                f'Unmatched end tag at byte offset {start}, expected "</{tag}>", found "</{name}>"'
            )
        self._at += 1
        self._close(self._open.pop())

    def _close(self, opened: _Open) -> None:
        length = self._offset - opened.offset
        if opened.tag == "tg-emoji" and not re.fullmatch(r"[1-9]\d{0,18}", opened.argument):
            raise _wrong("Invalid custom emoji identifier specified")
        if not length:
            return
        entity: Json = {"offset": opened.offset, "length": length, "type": _KINDS[opened.tag]}
        last = self.entities[-1] if self.entities else {}
        same = (last.get("offset"), last.get("length")) == (opened.offset, length)
        if opened.tag in {"pre", "code"} and same:
            if (opened.tag, last["type"]) == ("pre", "code") and "language" in last:
                last["type"] = "pre"
                return
            if (opened.tag, last["type"]) == ("code", "pre") and opened.argument:
                last["language"] = opened.argument
                return
        self._name(entity, opened)

    def _name(self, entity: Json, opened: _Open) -> None:
        if opened.tag == "a":
            url = opened.argument or bytes(self._out[opened.begin :]).decode("utf-8", "replace")
            if user := user_of_link(url):
                entity |= {"type": "text_mention", "user": {"id": user}}
            elif is_link(url):
                entity["url"] = url
            else:
                self.dropped.append(entity | {"url": url})
                return
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        self.entities.append(entity)


def _argument(tag: str, name: str, value: str) -> str:
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "1" if (tag, name) == ("blockquote", "expandable") else ""


def _wrong(words: str) -> Exception:
    return bad(f"can't parse entities: {words}")


def parse_html(html: str) -> tuple[str, list[Json], list[Json]]:
    """The text, its entities (sorted), and those left out silently. Raises ApiError."""
    parser = HtmlParser(html)
    text = parser.parse()
    for entity in parser.entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, parser.entities, parser.dropped
