"""The argument lines of Telegram's commands: ``cv,llm time=09:00 include="diffusion model"``."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache

from bot.dates import BadDateError, parse_day
from bot.refusal import Refusal, echo
from core.i18n import Phrase, catalog, languages

FIRST = "categories"
NUMBER = "number"
KEYS = (FIRST, "time", "timezone", "language", "include", "exclude", "weekdays")

# Said to be a date even where it is none, so that it is refused as one: 2025-13-40.
_DATE_LIKE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}")
_NUMBERED = re.compile(r"\s*#?(?P<number>\d{1,18})(?=\s|$)")
# Of the kinds of options, those that one word is enough for.
_ONE_WORD = frozenset({"date", "flag", "number", "days", "language"})

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


def parse_arguments(text: str, keys: tuple[str, ...] = KEYS) -> dict[str, str]:
    """What the line says, by key; what stands before the first key is the categories.

    Bare words after a value belong to it (``time=9:30 pm``); of a repeated key the last counts.
    Raises Refusal for a key there is not and for a quote that is never closed.
    """
    parts: dict[str, list[str]] = {}
    key = FIRST
    for named, piece in _pieces(text):
        if named:
            key = _known(named, keys)
            parts[key] = []
        else:
            parts.setdefault(key, []).append(piece)
    return {key: " ".join("".join(found).split()) for key, found in parts.items()}


def parse_change(text: str) -> dict[str, str]:
    """What the line says of one subscription: its number, if that stands first, and its wish.

    Raises Refusal as ``parse_arguments`` does.
    """
    line = unicodedata.normalize("NFKC", text)
    keys = (NUMBER, *KEYS)
    if numbered := _NUMBERED.match(line):
        return {**parse_arguments(line[numbered.end() :], keys), NUMBER: numbered["number"]}
    return parse_arguments(line, keys)


def parse_words(line: str, options: Mapping[str, str]) -> dict[str, str]:
    """What a line says of one thing (``CV 어제``, ``cv date=2025-08-06``), by option.

    ``options`` leads from names to kinds. A word that is a date or names a flag is that; the others
    together are the first option that is neither. Raises Refusal as ``parse_arguments`` does.
    """
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    words = rest
    for key, word in _words(line):
        name = _option(key, options)
        if key and name is None:
            if re.fullmatch(r"\w+", key) and options:
                known = ", ".join(options)
                raise Refusal(Phrase("subscription.refused.key", given=echo(key), known=known))
            # An address may have an equals sign in it.
            rest.append(f"{key}={word}")
        elif key and name:
            found[name] = [word]
            words = rest if options[name] in _ONE_WORD else found[name]
        elif (flag := _option(word, options)) and options[flag] == "flag":
            found[flag] = ["true"]
        elif "date" in options and _is_day(word):
            found["date"] = [word]
        else:
            words.append(word)
    free = [name for name, kind in options.items() if kind not in {"date", "flag"}]
    if rest and free:
        found.setdefault(free[0], rest)
    return {name: " ".join(said).strip() for name, said in found.items()}


def _is_day(word: str) -> bool:
    if _DATE_LIKE.fullmatch(word):
        return True
    try:
        parse_day(word, date.min.replace(year=2000))
    except BadDateError:
        return False
    return True


def _words(text: str) -> Iterator[tuple[str, str]]:
    """The words and quoted phrases, the first behind each key with that key."""
    key, word = "", ""
    for named, piece in _pieces(text):
        if not named and not piece.isspace():
            word += piece
            continue
        # A space right behind a key parts nothing.
        if word or (named and key):
            yield key, word
            key, word = "", ""
        key = named or key
    if word or key:
        yield key, word


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The line in order: keys (``time``, ""), and pieces of what is said ("", ``9``).

    Raises Refusal for a quote that is never closed.
    """
    line = unicodedata.normalize("NFKC", text).strip()
    place = 0
    while place < len(line):
        starts = place == 0 or line[place - 1].isspace()
        if starts and (named := _KEY.match(line, place)):
            yield named[1], ""
            place = named.end()
            continue
        piece = _piece(line, place)
        yield "", piece[piece.lastindex or 0]
        place = piece.end()


def _piece(line: str, place: int) -> re.Match[str]:
    """What stands at a place where a quote would open. Raises Refusal if it opens and stays so."""
    found = _QUOTED.match(line, place)
    if found is None and line[place] not in _QUOTES:
        found = _BARE.match(line, place)
    if found is None:
        raise Refusal(Phrase("subscription.refused.quote", given=echo(line[place:])))
    return found


def _known(name: str, keys: tuple[str, ...]) -> str:
    key = _option(name, keys)
    if key is None:
        known = ", ".join(keys)
        raise Refusal(Phrase("subscription.refused.key", given=echo(name), known=known), keys)
    return key


def _option(name: str, options: Iterable[str]) -> str | None:
    """The option of this name in any of our languages."""
    folded = name.casefold()
    return next((one for one in options if folded == one or folded in _names(one)), None)


@cache
def _names(option: str) -> frozenset[str]:
    found = set()
    for language in languages():
        try:
            name = catalog(language).template(f"option.{option}.name")
        except KeyError:
            continue
        found.add(unicodedata.normalize("NFKC", name).casefold())
    return frozenset(found)
