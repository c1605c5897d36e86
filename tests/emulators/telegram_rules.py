"""The Bot API's limits on what a message holds, by hand, with the words of the real server.

Counts are those of core.telegram.org/bots/api and of TDLib: texts and captions in code points
after parsing, entity offsets in UTF-16 units, callback data in bytes.

Stricter than the real server on purpose: TDLib silently fixes or drops an entity that lies outside
the text, splits a character or half overlaps another; a test wants to hear of it, so it is a 400.
"""

import re
from dataclasses import dataclass, field

from tests.emulators.telegram_errors import ApiError, Json, bad
from tests.emulators.telegram_html import is_link, parse_html, units

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
ENTITY_BYTES = 9500
BUTTON_LIMIT = 100
ROW_LIMIT = 8
DATA_BYTES = 64
_PLACEHOLDER = 64

_DETECTED = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
_MARKED = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
}
_QUOTES = {"blockquote", "expandable_blockquote"}
_BUTTON_KINDS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}


@dataclass(slots=True)
class Formatted:
    """A text as it is stored, and the entities the real server would have lost without a word."""

    text: str
    entities: list[Json]
    dropped: list[Json] = field(default_factory=list)


def formatted(
    text: str, parse_mode: str | None, entities: list[Json] | None, limit: int
) -> Formatted:
    """The text parsed, checked and trimmed. Raises ApiError."""
    dropped: list[Json] = []
    given = entities or []
    if parse_mode and parse_mode.lower() == "html":
        text, given, dropped = parse_html(text)
    elif parse_mode:
        raise _unsupported(parse_mode)
    else:
        check_entities(text, given)
    if sum(_bytes_of(one) for one in given) > ENTITY_BYTES:
        raise bad("ENTITIES_TOO_LONG")
    text, kept = _trimmed(text, given)
    kept, lost = _apart(kept)
    dropped += [one for one in lost if one["type"] not in {"code", "pre"}]
    if len(text) > limit:
        what = "message" if limit == TEXT_LIMIT else "message caption"
        raise bad(f"{what} is too long")
    dropped += kept[ENTITY_LIMIT:]
    return Formatted(text, kept[:ENTITY_LIMIT], dropped)


def _unsupported(parse_mode: str) -> ApiError:
    if parse_mode.lower() in {"markdown", "markdownv2"}:
        return ApiError(501, f"the emulator does not parse {parse_mode}")
    return bad("unsupported parse_mode")


def check_entities(text: str, entities: list[Json]) -> None:
    """Raise ApiError for an entity that does not fit the text or its neighbours."""
    edges = _edges(text)
    total = max(edges)
    for entity in entities:
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        if begin < 0 or entity["length"] <= 0 or end > total:
            raise bad(f"entity {entity} lies outside the text of {total} UTF-16 units")
        if begin not in edges or end not in edges:
            raise bad(f"entity {entity} splits a surrogate pair")
        _check_kind(entity)
    _check_overlaps(entities)


def _edges(text: str) -> set[int]:
    place, edges = 0, {0}
    for character in text:
        place += 2 if ord(character) > 0xFFFF else 1
        edges.add(place)
    return edges


def _check_kind(entity: Json) -> None:
    kind = entity["type"]
    if kind not in _MARKED | _DETECTED:
        raise bad(f'can\'t parse entities: unsupported entity type "{kind}"')
    if kind == "text_link" and not is_link(entity.get("url", "")):
        raise bad("wrong message entity: Wrong HTTP URL")
    if kind == "text_mention" and "user" not in entity:
        raise bad("wrong message entity: no user is mentioned")
    if kind == "custom_emoji" and not entity.get("custom_emoji_id"):
        raise bad("invalid custom emoji identifier specified")


def _check_overlaps(entities: list[Json]) -> None:
    stack: list[Json] = []
    for one in sorted(entities, key=lambda e: (e["offset"], -e["length"])):
        while stack and _end(stack[-1]) <= one["offset"]:
            stack.pop()
        if stack and _end(stack[-1]) < _end(one):
            raise bad(f"entity {one} partly overlaps entity {stack[-1]}")
        for outer in stack:
            if outer["type"] in {"pre", "code"}:
                raise bad(f"entity {one} is inside {outer}, which can hold no other")
            if outer["type"] in _QUOTES and one["type"] in _QUOTES:
                raise bad(f"entity {one} is a quotation inside {outer}")
        stack.append(one)


def _end(entity: Json) -> int:
    return int(entity["offset"] + entity["length"])


def _apart(entities: list[Json]) -> tuple[list[Json], list[Json]]:
    """Those kept and those TDLib leaves out: code holds nothing, a quotation no quotation."""
    kept: list[Json] = []
    lost: list[Json] = []
    for one in sorted(entities, key=lambda e: (e["offset"], -e["length"])):
        barred = [outer for outer in kept if _end(one) <= _end(outer) and _bars(outer, one)]
        (lost if barred else kept).append(one)
    return kept, lost


def _bars(outer: Json, inner: Json) -> bool:
    if outer["offset"] > inner["offset"]:
        return False
    quotes = outer["type"] in _QUOTES and inner["type"] in _QUOTES
    return quotes or outer["type"] in {"code", "pre"}


def _bytes_of(entity: Json) -> int:
    """About what it takes on the wire: a number for the type, two for the place, the address."""
    return 12 + len(entity.get("url", "").encode()) + len(entity.get("language", "").encode())


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without white space at its end, nor at its beginning before the first entity."""
    kept = text.rstrip()
    length = units(kept)
    fitting = [
        one | {"length": min(_end(one), length) - one["offset"]}
        for one in entities
        if one["offset"] < length and _has_ink(kept, one)
    ]
    first = min((one["offset"] for one in fitting), default=length)
    blank = min(len(kept) - len(kept.lstrip()), first)
    return kept[blank:], [one | {"offset": one["offset"] - blank} for one in fitting]


def _has_ink(text: str, entity: Json) -> bool:
    raw = text.encode("utf-16-le", "surrogatepass")
    part = raw[2 * entity["offset"] : 2 * _end(entity)]
    return bool(part.decode("utf-16-le", "surrogatepass").strip())


def check_keyboard(markup: Json | None) -> None:
    """Raise ApiError for an inline keyboard, or a field's words, that Telegram would refuse."""
    if not 1 <= len((markup or {}).get("input_field_placeholder", "…")) <= _PLACEHOLDER:
        raise bad("can't parse reply keyboard markup JSON object: wrong input_field_placeholder")
    rows = (markup or {}).get("inline_keyboard", [])
    if sum(len(row) for row in rows) > BUTTON_LIMIT:
        raise bad("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        if len(row) > ROW_LIMIT:
            raise bad("REPLY_MARKUP_TOO_LONG")
        for button in row:
            _check_button(button)


def _check_button(button: Json) -> None:
    if not button["text"].strip():
        raise bad("can't parse inline keyboard button: Text buttons must be non-empty")
    if len(_BUTTON_KINDS & button.keys()) != 1:
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not is_link(button["url"]):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def check_commands(commands: list[Json]) -> None:
    """Raise ApiError for a command list that Telegram would refuse."""
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", one["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"].strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
