"""A call's parameters, decoded and checked by the machine-readable Bot API specification.

The file is PaulSonOfLars/telegram-bot-api-spec's ``api.json``, looked for beside the project. Where
it is absent a short table tells numbers and objects from strings, and only the rules written by
hand are enforced.

Stricter than the real server on purpose: it ignores a parameter it does not know, which here is
a 400 that names it.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tests.emulators.telegram_errors import ApiError, Json, bad
from tests.emulators.telegram_images import Upload

PATH = Path(__file__).resolve().parents[2].parent / "shared" / "specs" / "telegram-bot-api.json"

_SIMPLE: dict[str, Json] = {
    "Integer": {"type": "integer"},
    "Float": {"type": "number"},
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "True": {"const": True},
    "InputFile": {"type": "string"},
}
_INTEGERS = frozenset(
    "message_id message_thread_id user_id offset limit timeout icon_color cache_time "
    "max_connections direct_messages_topic_id".split()
)
_BOOLEANS = frozenset(
    "disable_notification protect_content show_alert drop_pending_updates has_spoiler "
    "allow_paid_broadcast show_caption_above_media for_channels".split()
)
_OBJECTS = frozenset(
    "entities caption_entities link_preview_options reply_parameters reply_markup media commands "
    "scope allowed_updates suggested_post_parameters rights "
    "message_ids".split()
)
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "message_id": "message identifier is not specified",
}
_CONSTANT = re.compile(r", (?:must be|always) \"?(\w+)\"?$")
_LENGTH = re.compile(r"(\d+)-(\d+) (?:characters|bytes)")
# Their limits have words of their own.
_BY_HAND = frozenset(
    "text callback_data command description short_description name secret_token".split()
)
_UNTOLD = {
    "reply_markup": "object expected as reply markup",
    "entities": "can't parse entities JSON object",
    "caption_entities": "can't parse entities JSON object",
    "media": "can't parse media JSON object",
}


class Spec:
    """The specification, or what is done without one (``loaded`` tells)."""

    def __init__(self, path: Path | None = PATH) -> None:
        self.loaded = bool(path and path.exists())
        document = json.loads(path.read_text("utf-8")) if path and path.exists() else {}
        self.methods: dict[str, Json] = document.get("methods", {})
        self._types: dict[str, Json] = document.get("types", {})
        self._names = {name.lower(): name for name in self.methods}
        self._validators: dict[str, Draft202012Validator] = {}
        self._defs: dict[str, Json] = {}

    def name_of(self, method: str) -> str | None:
        """The method as the documentation writes it: names are taken in any case."""
        return self._names.get(method.lower())

    def decoded(self, method: str, raw: Json) -> Json:
        """The parameters in their types. Raises ApiError for what the specification refuses."""
        fields = {one["name"]: one for one in self.methods.get(method, {}).get("fields", [])}
        given = {name: value for name, value in raw.items() if value != ""}
        if not self.loaded:
            return {name: _by_name(name, value) for name, value in given.items()}
        files = _attached(given)
        if unknown := given.keys() - fields.keys() - files:
            raise bad(f"{method} has no parameter {', '.join(sorted(unknown))} in the Bot API")
        values = {
            name: _typed(name, value, fields[name]["types"])
            for name, value in given.items()
            if name in fields
        }
        self._check(method, values)
        return values | {name: given[name] for name in files}

    def _check(self, method: str, values: Json) -> None:
        shown = {n: "attach://file" if isinstance(v, Upload) else v for n, v in values.items()}
        for one in self.methods[method].get("fields", []):
            if one["required"] and one["name"] not in shown:
                name = one["name"]
                raise bad(_MISSING.get(name, f"parameter {name} of {method} is required"))
        error = best_match(self._validator(method).iter_errors(shown))
        if error:
            place = "/".join(str(part) for part in error.absolute_path) or method
            words = _UNTOLD.get(str(next(iter(error.absolute_path), "")), "wrong parameter")
            raise bad(f"{words}: {place}: {error.message}")

    def _validator(self, method: str) -> Draft202012Validator:
        if method not in self._validators:
            schema = self._object(self.methods[method])
            self._validators[method] = Draft202012Validator(schema | {"$defs": self._defs})
        return self._validators[method]

    def _object(self, described: Json) -> Json:
        fields = described.get("fields", [])
        return {
            "type": "object",
            "properties": {one["name"]: self._field(one) for one in fields},
            "required": [one["name"] for one in fields if one["required"]],
            "additionalProperties": False,
        }

    def _field(self, described: Json) -> Json:
        told = described["description"]
        if described["name"] in {"type", "source"} and (found := _CONSTANT.search(told)):
            return {"const": found[1]}
        kinds = [self._type(name) for name in described["types"]]
        schema = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
        length = _LENGTH.search(told) if "parsing" not in told else None
        if described["types"] != ["String"] or described["name"] in _BY_HAND or not length:
            return schema
        return schema | {"minLength": int(length[1]), "maxLength": int(length[2])}

    def _type(self, name: str) -> Json:
        if name.startswith("Array of "):
            return {"type": "array", "items": self._type(name.removeprefix("Array of "))}
        if name in _SIMPLE:
            return _SIMPLE[name]
        if name not in self._defs:
            described = self._types[name]
            self._defs[name] = {}
            members = described.get("subtypes")
            self._defs[name] = (
                {"anyOf": [self._type(one) for one in members]}
                if members
                else self._object(described)
            )
        return {"$ref": f"#/$defs/{name}"}


def _attached(given: Json) -> set[str]:
    """The names of the files that a media group refers to by ``attach://``."""
    media = given.get("media")
    text = media if isinstance(media, str) else json.dumps(media or [])
    return {n for n, v in given.items() if isinstance(v, Upload) and f"attach://{n}" in text}


def _typed(name: str, value: object, types: list[str]) -> object:
    """What a form's string means; JSON bodies bring most values in their types already."""
    if not isinstance(value, str):
        return value
    if "String" in types and not ("Integer" in types and re.fullmatch(r"-?\d+", value)):
        return value
    if "Integer" in types:
        return _integer(name, value)
    if types == ["Boolean"]:
        return _boolean(name, value)
    if "InputFile" in types:
        return value
    return _parsed(name, value)


def _by_name(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if name in _INTEGERS or (name == "chat_id" and re.fullmatch(r"-?\d+", value)):
        return _integer(name, value)
    if name in _BOOLEANS:
        return _boolean(name, value)
    return _parsed(name, value) if name in _OBJECTS else value


def _integer(name: str, value: str) -> int:
    if not re.fullmatch(r"-?\d+", value):
        raise bad(f"parameter {name} must be an integer, not {value!r}")
    return int(value)


def _boolean(name: str, value: str) -> bool:
    if value.lower() not in {"true", "false", "0", "1"}:
        raise bad(f"parameter {name} must be true or false, not {value!r}")
    return value.lower() in {"true", "1"}


def _parsed(name: str, value: str) -> Any:  # noqa: ANN401 - JSON is anything
    try:
        return json.loads(value)
    except ValueError as error:
        words = _UNTOLD.get(name, f"can't parse {name} JSON object")
        raise bad(words) from error


@cache
def default_spec() -> Spec:
    """The specification, read once a process."""
    return Spec()


def need(params: Json, name: str) -> Any:  # noqa: ANN401 - parameters are of any type
    """A parameter that must be there. Raises ApiError."""
    if name not in params:
        raise bad(_MISSING.get(name, f"parameter {name} is required"))
    return params[name]


__all__ = ["PATH", "ApiError", "Spec", "default_spec", "need"]
