"""What Telegram sees in a text by itself: names, tags, commands, addresses, telephones.

After TDLib's MessageEntity.cpp (match_mentions, match_hashtags, match_cashtags, match_bot_commands,
find_urls), a little more eager: any word behind a dot passes for a top-level domain, and a telephone
is any plus sign before seven digits.
"""

import re

from tests.emulators.telegram_errors import Json
from tests.emulators.telegram_html import units

_KINDS = {
    "mention": r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)",
    "hashtag": r"(?<!\w)#\w*[^\W\d]\w*",
    "cashtag": r"(?<!\w)\$(?:1[A-Z]{2,8}|[A-Z]{1,8})(?!\w)",
    "bot_command": r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?!\w)",
    "url": r"(?:(?:https?|ftp|tg|ton|tonsite)://[\w.-]+[^\s\u2060]*|"
    r"(?<![\w@])(?:[\w-]+\.)+[^\W\d_]{2,}(?!\w))",
    "email": r"[\w.+-]+@(?:[\w-]+\.)+[^\W\d_]{2,}(?!\w)",
    "phone_number": r"(?<!\w)\+\d(?:[ ()-]{0,2}\d){6,14}",
}
_FINDERS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _KINDS.items()}
_FINDERS["cashtag"] = re.compile(_KINDS["cashtag"])
_OPAQUE = {"text_link", "code", "pre"}


def detected(text: str, entities: list[Json]) -> list[Json]:
    """The entities that would come to those given; in links and code there is nothing to see."""
    opaque = [
        (one["offset"], one["offset"] + one["length"]) for one in entities if one["type"] in _OPAQUE
    ]
    found: list[Json] = []
    for kind, finder in _FINDERS.items():
        for match in finder.finditer(text):
            start, end = units(text[: match.start()]), units(text[: match.end()])
            found.append({"type": kind, "offset": start, "length": end - start})
    kept: list[Json] = []
    for one in sorted(found, key=lambda one: (one["offset"], -one["length"])):
        if not kept or one["offset"] >= _end(kept[-1]):
            kept.append(one)
    return [one for one in kept if not any(one["offset"] < b and a < _end(one) for a, b in opaque)]


def _end(entity: Json) -> int:
    return int(entity["offset"] + entity["length"])
