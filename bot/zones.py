"""The time zone a person means: an IANA name, a city in any of our languages, or UTC."""

import difflib
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from babel import Locale
from babel.core import get_global

from bot.refusal import Refusal, cleaned, echo
from core.i18n import Phrase, languages

_NEAREST = 3
_EXAMPLES = ("Asia/Seoul", "Europe/Paris", "UTC")
# What is said where the IANA name is not: a country of one zone, and its abbreviation.
_SPOKEN = {"kst": "Asia/Seoul", "korea": "Asia/Seoul", "한국": "Asia/Seoul", "jst": "Asia/Tokyo"}
# A city is never looked for here: "GMT+9" would find Etc/GMT+9, which is nine hours *behind*.
_NO_CITIES = "Etc/"
# The machine's own, and no zone at all.
_NOT_MEANT = frozenset({"localtime", "posixrules", "Factory"})
_LONGEST = 40
_LIKE = 0.5


def read_zone(given: str) -> str:
    """The IANA name of the zone a person means. Raises Refusal with the three nearest."""
    wanted = cleaned(given)[:_LONGEST].casefold()
    for name in (wanted, wanted.replace(" ", "_")):
        if name in _names():
            return _names()[name]
    found = _cities().get(wanted.replace("_", " "), ())
    if len({_canonical(zone) for zone in found}) == 1:
        return found[0]
    nearest = (found or _alike(wanted))[:_NEAREST]
    offered = " · ".join(nearest)
    raise Refusal(
        Phrase("subscription.refused.zone", given=echo(given), nearest=offered), choices=nearest
    )


def _alike(wanted: str) -> tuple[str, ...]:
    """The zones spelled most like this one, well-known ones where nothing is."""
    pool = {name: (zone,) for name, zone in _names().items()} | dict(_cities())
    close = difflib.get_close_matches(wanted, pool, 2 * _NEAREST, _LIKE)
    found = (zone for name in close for zone in pool[name])
    return tuple(_distinct((*found, *_EXAMPLES)))


def _distinct(zones: Iterable[str]) -> Iterator[str]:
    """The zones without those that are only another name of an earlier one."""
    seen = set()
    for zone in zones:
        if _canonical(zone) not in seen:
            seen.add(_canonical(zone))
            yield zone


def _canonical(zone: str) -> str:
    aliases: Mapping[str, str] = get_global("zone_aliases")
    return aliases.get(zone, zone)


@cache
def _names() -> Mapping[str, str]:
    """Every zone by its case-folded name, and those that go by another name here."""
    zones = zoneinfo.available_timezones() - _NOT_MEANT
    return {zone.casefold(): zone for zone in zones} | _SPOKEN


@cache
def _cities() -> Mapping[str, tuple[str, ...]]:
    """The zones of every city, by the city's case-folded name in English and in our languages."""
    found: dict[str, dict[str, None]] = {}
    for zone in sorted(set(_names().values()), key=lambda zone: (_canonical(zone) != zone, zone)):
        if "/" in zone and not zone.startswith(_NO_CITIES):
            city = zone.rpartition("/")[2].replace("_", " ").casefold()
            found.setdefault(city, {})[zone] = None
    for language in sorted(languages()):
        for zone, known in Locale.parse(language).time_zones.items():
            if "city" in known and not zone.startswith(_NO_CITIES) and _is_zone(zone):
                found.setdefault(known["city"].casefold(), {})[zone] = None
    return {city: tuple(zones) for city, zones in found.items()}


def _is_zone(name: str) -> bool:
    return name.casefold() in _names()
