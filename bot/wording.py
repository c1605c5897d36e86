"""Times, weekdays, languages and terms the way people write them."""

import re
from collections.abc import Iterator
from datetime import time
from functools import cache

from babel import Locale
from babel.dates import get_day_names

from bot.refusal import Refusal, cleaned, echo
from core.i18n import Phrase, languages
from core.subscription import EVERY_DAY

MAX_TERMS = 20
_TERM_LENGTH = (2, 50)
_NONE = frozenset({"", "-", "–", "—", "none", "없음"})

_NOON = 12
_MORNING = frozenset({"am", "오전"})
_NAMED_TIMES = {"noon": time(12), "정오": time(12), "midnight": time(0), "자정": time(0)}
_TIME = re.compile(
    r"(?P<before>오전|오후|am|pm)?\s*(?P<hour>[0-9]{1,2})\s*"
    r"(?::(?P<minute>[0-9]{2})|[h시]\s*(?:(?P<minutes>[0-9]{1,2})\s*분?|(?P<half>반))?)?"
    r"\s*(?P<after>am|pm)?"
)

_DAYS = {
    **dict.fromkeys(("매일", "every day", "everyday", "daily", "all", "전체", "*"), EVERY_DAY),
    **dict.fromkeys(("평일", "주중", "weekdays", "weekday"), frozenset(range(5))),
    **dict.fromkeys(("주말", "weekends", "weekend"), frozenset({5, 6})),
}
_DASH = re.compile(r"\s*[-~–—〜]\s*")
_BETWEEN = re.compile(r"[\s,;/·・、]+")

_QUOTES = "\"“”„«»'‘’‚"
_ITEM = re.compile(r"\s*(?:[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]|['‘‚]([^'’]*)['’]|([^,]*))\s*(?:,|$)")


def read_time(given: str) -> time:
    """The time of day meant by ``9``, ``09:00``, ``21시``, ``오전 9시`` or ``9:30 pm``.

    Raises Refusal.
    """
    wanted = cleaned(given).casefold().replace("a.m.", "am").replace("p.m.", "pm")
    if wanted in _NAMED_TIMES:
        return _NAMED_TIMES[wanted]
    found = _TIME.fullmatch(wanted)
    refusal = Refusal(Phrase("subscription.refused.time", given=echo(given)))
    if not found or (found["before"] and found["after"]):
        raise refusal
    hour = int(found["hour"])
    minute = 30 if found["half"] else int(found["minute"] or found["minutes"] or 0)
    if half := found["before"] or found["after"]:
        if not 1 <= hour <= _NOON:
            raise refusal
        hour = hour % _NOON + (0 if half in _MORNING else _NOON)
    try:
        return time(hour, minute)
    except ValueError:
        raise refusal from None


def read_language(given: str) -> str:
    """The code of the language meant by a code or a name in any of our languages.

    Raises Refusal.
    """
    wanted = cleaned(given).casefold()
    for name in (wanted, wanted.replace("_", "-").partition("-")[0]):
        if name in _language_names():
            return _language_names()[name]
    known = sorted(languages())
    names = " · ".join(f"{Locale.parse(code).get_language_name(code)} ({code})" for code in known)
    raise Refusal(
        Phrase("subscription.refused.language", given=echo(given), known=names), choices=known
    )


@cache
def _language_names() -> dict[str, str]:
    found = {code: code for code in languages()}
    for code in languages():
        for reader in languages():
            if name := Locale.parse(code).get_language_name(reader):
                found[name.casefold()] = code
    return found


def read_weekdays(given: str) -> frozenset[int]:
    """The weekdays (0 is Monday) meant by ``mon,wed``, ``월수금``, ``평일`` or ``mon-fri``.

    Raises Refusal.
    """
    wanted = cleaned(given).casefold()
    if wanted in _DAYS:
        return _DAYS[wanted]
    parts = [part for part in _BETWEEN.split(_DASH.sub("-", wanted)) if part]
    found = [_days_of(part) for part in parts]
    if not found or not all(found):
        raise Refusal(Phrase("subscription.refused.weekdays", given=echo(given)))
    return frozenset().union(*found)


def _days_of(part: str) -> frozenset[int]:
    """The days of a word between commas, none if it means no day for certain."""
    if part in _DAYS:
        return _DAYS[part]
    first, dash, last = part.partition("-")
    if dash:
        start, end = _day(first), _day(last)
        if start is None or end is None:
            return frozenset()
        return frozenset((start + step) % 7 for step in range((end - start) % 7 + 1))
    day = _day(part)
    if day is not None:
        return frozenset({day})
    # 월수금: letters that are a day's whole abbreviation.
    days = [_day_names().get(letter) for letter in part]
    return frozenset(day for day in days if day is not None and None not in days)


def _day(word: str) -> int | None:
    """The day a name or the beginning of one means, unless it begins the names of several."""
    if word in _day_names():
        return _day_names()[word]
    begun = {day for name, day in _day_names().items() if word and name.startswith(word)}
    return begun.pop() if len(begun) == 1 else None


@cache
def _day_names() -> dict[str, int]:
    return {
        name.casefold(): day
        for language in languages()
        for width in ("wide", "abbreviated")
        for day, name in get_day_names(width, locale=language).items()
    }


def read_terms(given: str) -> tuple[str, ...]:
    """The terms of a comma-separated list, quotes allowed around each; ``-`` and blank are none.

    Each is cleaned and kept once, whatever its case. Raises Refusal for too many or for one that
    is too short, too long or without a letter or digit.
    """
    if cleaned(given).casefold() in _NONE:
        return ()
    terms: dict[str, str] = {}
    for term in filter(None, map(cleaned, _items(given))):
        terms.setdefault(term.casefold(), term)
    if len(terms) > MAX_TERMS:
        raise Refusal(Phrase("subscription.refused.terms", count=len(terms), most=MAX_TERMS))
    least, most = _TERM_LENGTH
    for term in terms.values():
        if not least <= len(term) <= most or not any(map(str.isalnum, term)):
            raise Refusal(
                Phrase("subscription.refused.term", term=echo(term), least=least, most=most)
            )
    return tuple(terms.values())


def _items(given: str) -> Iterator[str]:
    for found in _ITEM.finditer(cleaned(given).replace("、", ",")):
        # A quote that is not closed before the comma is no quote, only a stray mark.
        yield found[found.lastindex or 0].strip(f" {_QUOTES}")
