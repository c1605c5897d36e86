"""Scripts: which writing each character belongs to, and which a language uses."""

import re
from collections import Counter
from functools import cache

_RANGES: tuple[tuple[str, int, int], ...] = (
    ("latin", 0x41, 0x5A), ("latin", 0x61, 0x7A), ("latin", 0xC0, 0xD6), ("latin", 0xD8, 0xF6),
    ("latin", 0xF8, 0x24F), ("latin", 0x1E00, 0x1EFF), ("latin", 0x250, 0x2AF),
    ("greek", 0x370, 0x3FF), ("greek", 0x1F00, 0x1FFF), ("cyrillic", 0x400, 0x52F),
    ("armenian", 0x530, 0x58F), ("hebrew", 0x590, 0x5FF), ("arabic", 0x600, 0x77F),
    ("arabic", 0x8A0, 0x8FF), ("arabic", 0xFB50, 0xFDFF), ("arabic", 0xFE70, 0xFEFC),
    ("devanagari", 0x900, 0x97F), ("indic", 0x980, 0xDFF), ("thai", 0xE00, 0xE7F),
    ("lao", 0xE80, 0xEFF), ("tibetan", 0xF00, 0xFFF), ("burmese", 0x1000, 0x109F),
    ("georgian", 0x10A0, 0x10FF), ("hangul", 0x1100, 0x11FF), ("ethiopic", 0x1200, 0x139F),
    ("khmer", 0x1780, 0x17FF), ("mongolian", 0x1800, 0x18AF), ("han", 0x2E80, 0x2FDF),
    ("han", 0x3005, 0x3007), ("kana", 0x3041, 0x309F), ("kana", 0x30A1, 0x30FA),
    ("kana", 0x30FD, 0x30FF), ("bopomofo", 0x3105, 0x312F), ("hangul", 0x3131, 0x318E),
    ("kana", 0x31F0, 0x31FF), ("han", 0x3400, 0x4DBF), ("han", 0x4E00, 0x9FFF),
    ("yi", 0xA000, 0xA4CF), ("cyrillic", 0xA640, 0xA69F), ("hangul", 0xA960, 0xA97F),
    ("hangul", 0xAC00, 0xD7FB), ("han", 0xF900, 0xFAFF), ("kana", 0xFF66, 0xFF9F),
    ("hangul", 0xFFA1, 0xFFDC), ("han", 0x20000, 0x3FFFF),
)  # fmt: skip

# Every language may hold names in Latin letters and Greek signs.
_WRITTEN = {
    "ko": "hangul", "ja": "han kana", "zh": "han", "ru": "cyrillic", "uk": "cyrillic",
    "bg": "cyrillic", "sr": "cyrillic", "el": "greek", "he": "hebrew", "ar": "arabic",
    "fa": "arabic", "ur": "arabic", "hi": "devanagari", "mr": "devanagari", "ne": "devanagari",
    "bn": "indic", "ta": "indic", "te": "indic", "th": "thai", "lo": "lao", "my": "burmese",
    "km": "khmer", "ka": "georgian", "hy": "armenian", "am": "ethiopic",
}  # fmt: skip


def script(char: str) -> str:
    """The script of a letter, or nothing for digits, signs and spaces."""
    code = ord(char)
    if code < 0x80:  # noqa: PLR2004
        return "latin" if char.isalpha() else ""
    return next((name for name, first, last in _RANGES if first <= code <= last), "")


def own_scripts(language: str) -> frozenset[str]:
    """The scripts a language of this code is written in; Latin where nothing else is known."""
    return frozenset(_WRITTEN.get(language.partition("-")[0].lower(), "latin").split())


def shares(text: str) -> Counter[str]:
    """How many letters of each script a text has."""
    return Counter(name for name in map(script, text) if name)


@cache
def foreign_letters(language: str) -> re.Pattern[str]:
    """Runs of letters that neither the language nor a name in Latin letters is written in."""
    sound = own_scripts(language) | {"latin", "greek"}
    ranges = "".join(
        f"{chr(first)}-{chr(last)}" for name, first, last in _RANGES if name not in sound
    )
    return re.compile(f"[{ranges}]+")


@cache
def only_chinese(char: str) -> bool:
    """Whether a Han character is written so in China alone: it is in GB 2312, not in JIS X 0208."""
    return _encodes(char, "gb2312") and not _encodes(char, "shift_jis")


@cache
def only_japanese(char: str) -> bool:
    """Whether a Han character is written so in Japan alone: in JIS X 0208, not in GBK or Big5."""
    return (
        _encodes(char, "shift_jis") and not _encodes(char, "gb2312") and not _encodes(char, "big5")
    )


def _encodes(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
