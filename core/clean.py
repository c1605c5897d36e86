"""Text from arXiv and its mirrors as plain Unicode on one line, with the links found in it."""

import html
import re
import unicodedata
from dataclasses import dataclass

from core.latex import URL, address, render

# Controls, lone surrogates, and whatever shows nothing: soft hyphens, zero-width and bidirectional
# marks, tags, variation selectors, fillers, the empty Braille cell. An emoji loses its joiners with
# them; its parts stay. Source: Default_Ignorable_Code_Point,
# https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKED = re.compile(r"[\\$^{}~`]|--|''")
_LATEX = re.compile(r"[\\$]|[\^_]\{|\d\{,\}\d")
_HOSTS = r"(?<![\w/.@-])(?:github\.com|gitlab\.com|huggingface\.co)/[^\s{}\\$<>\"()]+"
_ADDRESS = re.compile(rf"(?:{URL}|{_HOSTS})(?<![.,;:!?'’”`*\]])")
_SIGNS = ("://", "www.", ".com/", ".co/")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

# What a printer would set: the characters a rule needs, its pattern, what stands there instead.
_TYPOGRAPHY: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("---", re.compile(r"(?<![-<!])---(?![->])"), "—"),
    ("--", re.compile(r"(?<![-<!])--(?![->])"), "–"),
    ("``", re.compile(r"``([^`\"“”]{1,200})\""), r"“\1”"),
    ("``", re.compile(r"``"), "“"),
    ("''", re.compile(r"(?<![\w.,!?)’”%°])''(?=\w)"), "“"),
    ("''", re.compile(r"(?<=[\w.,!?)’%])''(?![\w(])"), "”"),
    ("`", re.compile(r"(?<![\w`])`([^`'\"“”]{1,200})'(?!\w)"), r"‘\1’"),
    # A tie is a space; before a number "~" means "about", and between two it is a range.
    (
        "~",
        re.compile(r"(?<=[^\s~(\[=<>≈\d%])~+(?=[^\s~])|(?<=[\d%])~(?=[^\s~\d])|(?<=\S)~(?=\s)"),
        " ",
    ),
    ("~", re.compile(r"(?<!\S)~+(?=[^\s~\d.$/])"), ""),
)
_POWER = re.compile(r"(?<=[\w)\]])\^(-?\d+)(?![\w^/]|\.\d)")


@dataclass(frozen=True, slots=True)
class Clean:
    """A text a person can read, and the addresses it held, in order and without repeats."""

    text: str
    links: tuple[str, ...]


def clean(text: str) -> Clean:
    """LaTeX, HTML entities and arXiv's quirks turned into plain Unicode; never raises."""
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    text = " ".join(text.split())
    if not (text.isascii() and text.isprintable()):
        text = " ".join(_INVISIBLE.sub("", text).split())
    links: list[str] = []
    if _MARKED.search(text):
        text, links = _unmarked(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return Clean(text, _addresses(text, links))


def _unmarked(text: str) -> tuple[str, list[str]]:
    """The text without LaTeX and with a printer's dashes and quotation marks."""
    links: list[str] = []
    if _LATEX.search(text):
        try:
            text, links = render(text)
        except (ValueError, IndexError, KeyError, RecursionError):
            # No input is known to come here; a digest must not stop for one that does.
            text = re.sub(r"[\\{}]+", " ", text)
    text = "".join(
        part if address_at % 2 else _printed(part)
        for address_at, part in enumerate(_with_addresses(text))
    )
    return " ".join(_INVISIBLE.sub("", _balanced(text)).split()), links


def _with_addresses(text: str) -> list[str]:
    """The text cut at its addresses: prose, address, prose, ..."""
    if not any(sign in text for sign in _SIGNS):
        return [text]
    parts, at = [], 0
    for match in _ADDRESS.finditer(text):
        parts += [text[at : match.start()], match[0]]
        at = match.end()
    return [*parts, text[at:]]


def _printed(text: str) -> str:
    """Prose with the dashes, quotation marks, ties and powers a printer would set."""
    for needed, pattern, new in _TYPOGRAPHY:
        if needed in text:
            text = pattern.sub(new, text)
    if "^" in text:
        text = _POWER.sub(lambda match: match[1].translate(_RAISED), text)
    return text


def _balanced(text: str) -> str:
    """The text without the braces that have no partner."""
    opened: list[int] = []
    lonely: set[int] = set()
    for match in re.finditer("[{}]", text):
        if match[0] == "{":
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            lonely.add(match.start())
    lonely.update(opened)
    if not lonely:
        return text
    return "".join(" " if at in lonely else char for at, char in enumerate(text))


def _addresses(text: str, links: list[str]) -> tuple[str, ...]:
    """The commands' addresses, then those that stand in the text."""
    found = [*links, *(address(link) for link in _with_addresses(text)[1::2])]
    return tuple(dict.fromkeys(link if "://" in link[:8] else f"https://{link}" for link in found))
