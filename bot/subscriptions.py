"""The rules of subscribing: from a person's words to a wish, its limits, and its description."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_day_names

from bot.arguments import parse_arguments
from bot.refusal import Refusal, cleaned, echo
from bot.wording import read_language, read_terms, read_time, read_weekdays
from bot.zones import read_zone
from core.category import OTHER, Category, Taxonomy, UnknownCategoryError
from core.i18n import Catalog, Phrase
from core.subscription import EVERY_DAY, Wish

__all__ = [
    "MAX_PER_PERSON",
    "MAX_PER_TARGET",
    "Refusal",
    "brings_the_same",
    "check_new",
    "check_room",
    "describe",
    "parse_arguments",
    "parse_wish",
]

MAX_PER_TARGET = 5
MAX_PER_PERSON = 50
_ALL = frozenset({"all", "전체", "*"})
# Names without commas between them are looked for in so many words, each of at most so many.
_MOST_WORDS = 20
_LONGEST_NAME = 5
_MONDAY_TO_FRIDAY = frozenset(range(5))
# A change of what there is: +cv, -llm.
_SIGN = re.compile(r"(?P<sign>[-+\u2212])(?P<name>.*)", re.DOTALL)


def parse_wish(given: Mapping[str, str], taxonomy: Taxonomy, defaults: Wish) -> Wish:
    """The wish a person put in words; what they left out is as in ``defaults``.

    The keys are those of ``parse_arguments``. A blank value says nothing, except that blank terms
    are no terms. Categories and weekdays may say what changes (``+cv,-llm``). Raises Refusal.
    """
    said = {key: value for key, value in given.items() if cleaned(value)}
    wish = defaults
    if "categories" in said:
        wish = replace(wish, categories=_categories(said["categories"], taxonomy, wish.categories))
    if "time" in said:
        wish = replace(wish, at=read_time(said["time"]))
    if "timezone" in said:
        wish = replace(wish, zone=read_zone(said["timezone"]))
    if "language" in said:
        wish = replace(wish, language=read_language(said["language"]))
    if "weekdays" in said:
        wish = replace(wish, weekdays=_weekdays(said["weekdays"], wish.weekdays))
    if "include" in given:
        wish = replace(wish, include=read_terms(given["include"]))
    if "exclude" in given:
        wish = replace(wish, exclude=read_terms(given["exclude"]))
    return wish


def check_room(existing: int, made: int = 0) -> None:
    """Raises Refusal if a target with this many subscriptions cannot have another.

    Nor can one whom a person subscribes who ``made`` so many in all chats.
    """
    if existing >= MAX_PER_TARGET:
        raise Refusal(Phrase("subscription.refused.full", count=MAX_PER_TARGET))
    if made >= MAX_PER_PERSON:
        raise Refusal(Phrase("answer.menu.person", count=MAX_PER_PERSON))


def check_new(wish: Wish, existing: Iterable[Wish]) -> None:
    """Raises Refusal if the target has a subscription that brings the same at the same time."""
    if any(brings_the_same(wish, other) for other in existing):
        raise Refusal(Phrase("subscription.refused.duplicate"))


def brings_the_same(wish: Wish, other: Wish) -> bool:
    """Whether two wishes bring the same at the same time, however they were put."""
    return _essence(wish) == _essence(other)


def describe(
    wish: Wish, taxonomy: Taxonomy, words: Catalog, next_due: datetime, channel: str = ""
) -> tuple[str, ...]:
    """What was agreed, in three lines: when, what, and the next time.

    ``channel`` is the name of the channel it goes to, empty in a private chat. Times are in the
    wish's own zone.
    """
    when = {"days": _days(wish, words), "time": f"{wish.at:%H:%M}", "zone": wish.zone}
    local = next_due.astimezone(ZoneInfo(wish.zone))
    pattern = words.template("subscription.day")
    day = format_date(local, format=pattern, locale=words.language)
    return (
        words.say("subscription.channel", channel=channel, **when)
        if channel
        else words.say("subscription.direct", **when),
        " · ".join(words.text(phrase) for phrase in _contents(wish, taxonomy, words)),
        words.say("subscription.next", day=day, time=f"{local:%H:%M}"),
    )


def _categories(given: str, taxonomy: Taxonomy, now: tuple[str, ...]) -> tuple[str, ...]:
    """The slugs of a comma-separated list, each once; none if it says all.

    Where the list says what changes, it changes what there is ``now``.
    """
    names = [name for name in cleaned(given).replace("、", ",").split(",") if name.strip()]
    if any(name.strip().casefold() in _ALL for name in names):
        return ()
    signed = _signed(names)
    if signed is None:
        return tuple(dict.fromkeys(slug for name in names for slug in _slugs(name, taxonomy)))
    found = dict.fromkeys(now)
    if not now and signed[0][0] == "-":
        found = dict.fromkeys(slug for slug in taxonomy.slugs if slug != OTHER)
    for sign, name in signed:
        for slug in _slugs(name, taxonomy):
            if sign == "+":
                found.setdefault(slug)
            else:
                found.pop(slug, None)
    return tuple(found)


def _weekdays(given: str, now: frozenset[int]) -> frozenset[int]:
    """The weekdays of a list, or those that there are ``now`` as it changes them."""
    signed = _signed(
        [part for part in cleaned(given).replace("、", ",").split(",") if part.strip()]
    )
    if signed is None:
        return read_weekdays(given)
    # Every day is no choice: who adds a day to it wants that one.
    found = frozenset() if now >= EVERY_DAY and signed[0][0] == "+" else now
    for sign, name in signed:
        days = read_weekdays(name)
        found = found | days if sign == "+" else found - days
    return found or EVERY_DAY


def _signed(parts: Sequence[str]) -> list[tuple[str, str]] | None:
    """Each part with its sign, which the first one must have; None for a plain list."""
    found = [_SIGN.fullmatch(part.strip()) for part in parts]
    if not found or found[0] is None:
        return None
    return [
        ("+" if one is None or one["sign"] == "+" else "-", one["name"].strip() if one else part)
        for one, part in zip(found, parts, strict=True)
    ]


def _slugs(name: str, taxonomy: Taxonomy) -> list[str]:
    """The slugs of one name, or of several one after another. Raises Refusal."""
    try:
        return [category.slug for category in _named(name, taxonomy)]
    except UnknownCategoryError as error:
        slugs = [category.slug for category in error.nearest]
        phrase = Phrase(
            "subscription.refused.category", query=echo(error.query), nearest=" · ".join(slugs)
        )
        raise Refusal(phrase, choices=slugs, nearest=error.nearest) from None


def _named(name: str, taxonomy: Taxonomy) -> list[Category]:
    """The category of this name, or those named one after another in it (``cv llm``)."""
    try:
        return [taxonomy.find(name)]
    except UnknownCategoryError:
        parts = list(_one_after_another(name.split()[:_MOST_WORDS], taxonomy))
        if not any(category for _, category in parts):
            raise
    return [category or taxonomy.find(word) for word, category in parts]


def _one_after_another(
    words: Sequence[str], taxonomy: Taxonomy
) -> Iterator[tuple[str, Category | None]]:
    """The longest names these words begin with, in turn; a word that begins none stands alone."""
    place = 0
    while place < len(words):
        for count in range(_LONGEST_NAME, 0, -1):
            name = " ".join(words[place : place + count])
            category = taxonomy.named(name)
            if category:
                break
        yield name, category
        place += count


def _essence(wish: Wish) -> tuple[object, ...]:
    """What two wishes that bring the same have in common, however they were put."""
    return (
        wish.language,
        wish.at,
        wish.zone,
        wish.weekdays,
        frozenset(wish.categories),
        frozenset(map(str.casefold, wish.include)),
        frozenset(map(str.casefold, wish.exclude)),
    )


def _days(wish: Wish, words: Catalog) -> str:
    if wish.weekdays >= EVERY_DAY:
        return words.say("subscription.days.every")
    if wish.weekdays == _MONDAY_TO_FRIDAY:
        return words.say("subscription.days.weekdays")
    if wish.weekdays == EVERY_DAY - _MONDAY_TO_FRIDAY:
        return words.say("subscription.days.weekends")
    names = get_day_names("abbreviated", locale=words.language)
    listed = ", ".join(names[day] for day in sorted(wish.weekdays))
    return words.say("subscription.days.listed", days=listed)


def _contents(wish: Wish, taxonomy: Taxonomy, words: Catalog) -> Iterable[Phrase]:
    # A category that the operator has since taken out of the taxonomy goes by its slug.
    known = {category.slug: words.name(category.name) for category in taxonomy}
    names = ", ".join(known.get(slug, slug) for slug in wish.categories)
    language = Locale.parse(wish.language).get_language_name(words.language) or wish.language
    yield Phrase("subscription.categories", names=names or words.say("subscription.everything"))
    yield Phrase("subscription.language", name=language)
    if wish.include:
        yield Phrase("subscription.include", terms=", ".join(wish.include))
    if wish.exclude:
        yield Phrase("subscription.exclude", terms=", ".join(wish.exclude))
