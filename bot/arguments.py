"""The argument lines of Telegram's commands: ``cv,llm time=09:00 include="diffusion model"``."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from bot.dates import BadDateError, parse_day
from bot.refusal import Refusal, echo
from core.i18n import Phrase

FIRST = "categories"
KEYS = (FIRST, "time", "timezone", "language", "include", "exclude", "weekdays")
_KOREAN = dict(zip("분야 시간 시간대 언어 포함 제외 요일".split(), KEYS, strict=True))

_SPOKEN = dict(
    zip(
        "분야 날짜 기간 공개 다시 번호 확인".split(),
        "category date days public again number confirm".split(),
        strict=True,
    )
)
# Said to be a date even where it is none, so that it is refused as one: 2025-13-40.
_DATE_LIKE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}")

_DOUBLE = '"“”„‟«»'
_SINGLE = "'‘’‚‛‹›"
_QUOTES = _DOUBLE + _SINGLE
_KEY = re.compile(rf"([^\s=,{_QUOTES}]+)\s*=\s*")
# Keyboards turn a quote into whichever typographic one they like, so any closes any of its kind.
# An apostrophe inside single quotes ("don't") is followed by a letter, a closing quote is not.
_QUOTED = re.compile(
    rf"[{_DOUBLE}]([^{_DOUBLE}]*)[{_DOUBLE}](?=[\s,]|$)|[{_SINGLE}](.*?)[{_SINGLE}](?=[\s,]|$)",
    re.DOTALL,
)
_BARE = re.compile(r"[^\s,]+|,|\s+")


def parse_arguments(text: str) -> dict[str, str]:
    """What the line says, by key; what stands before the first key is the categories.

    Bare words after a value belong to it (``time=9:30 pm``); of a repeated key the last counts.
    Raises Refusal for a key there is not and for a quote that is never closed.
    """
    line = unicodedata.normalize("NFKC", text).strip()
    parts: dict[str, list[str]] = {}
    key = FIRST
    place = 0
    while place < len(line):
        starts = place == 0 or line[place - 1].isspace()
        if starts and (named := _KEY.match(line, place)):
            key = _known(named[1])
            parts[key] = []
            place = named.end()
            continue
        piece = _piece(line, place)
        parts.setdefault(key, []).append(piece[piece.lastindex or 0])
        place = piece.end()
    return {key: " ".join("".join(found).split()) for key, found in parts.items()}


def parse_words(line: str, options: Mapping[str, str]) -> dict[str, str]:
    """What a line without quotes says (``CV 어제``, ``cv date=2025-08-06``), by option.

    ``options`` leads from names to kinds. A word that is a date or names a flag is that; the others
    together are the first option that is neither. Raises Refusal for a key there is not.
    """
    found: dict[str, str] = {}
    rest: list[str] = []
    for word in unicodedata.normalize("NFKC", line).split():
        key, equals, value = word.partition("=")
        name = _SPOKEN.get(key.casefold(), key.casefold())
        if equals and name in options:
            found[name] = value
        elif equals and options:
            known = ", ".join(options)
            raise Refusal(Phrase("subscription.refused.key", given=echo(key), known=known))
        elif options.get(name) == "flag":
            found[name] = "true"
        elif "date" in options and _is_day(word):
            found["date"] = word
        else:
            rest.append(word)
    free = [name for name, kind in options.items() if kind not in {"date", "flag"}]
    if rest and free:
        found.setdefault(free[0], " ".join(rest))
    return found


def _is_day(word: str) -> bool:
    if _DATE_LIKE.fullmatch(word):
        return True
    try:
        parse_day(word, date.min.replace(year=2000))
    except BadDateError:
        return False
    return True


def _piece(line: str, place: int) -> re.Match[str]:
    """What stands at a place where a quote would open. Raises Refusal if it opens and stays so."""
    found = _QUOTED.match(line, place)
    if found is None and line[place] not in _QUOTES:
        found = _BARE.match(line, place)
    if found is None:
        raise Refusal(Phrase("subscription.refused.quote", given=echo(line[place:])))
    return found


def _known(name: str) -> str:
    folded = name.casefold()
    key = _KOREAN.get(folded, folded)
    if key not in KEYS:
        known = ", ".join(KEYS)
        raise Refusal(Phrase("subscription.refused.key", given=echo(name), known=known), KEYS)
    return key
