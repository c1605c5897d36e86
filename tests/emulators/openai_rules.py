"""What a chat completion request must be, with the refusals of OpenAI's API.

The strict subset of JSON Schema is that of platform.openai.com/docs/guides/structured-outputs.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

Json = dict[str, Any]

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
KNOWN = frozenset(
    "model messages response_format max_tokens max_completion_tokens temperature top_p n stream "
    "stream_options stop seed user presence_penalty frequency_penalty logprobs top_logprobs "
    "logit_bias tools tool_choice parallel_tool_calls metadata store service_tier "
    "reasoning_effort verbosity prompt_cache_key safety_identifier".split()
)
_BARRED = ("allOf", "not", "dependentRequired", "dependentSchemas", "if", "then", "else")
_BARRED_TOO = ("patternProperties", "uniqueItems", "unevaluatedProperties", "propertyNames")
_DEEPEST = 10
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_INSTEAD = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


class Refused(Exception):  # noqa: N818 - an answer of the API, not a fault of the program
    """An error answer: HTTP status and the ``error`` object."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
    ) -> None:
        self.status = status
        self.error = {"message": message, "type": kind, "param": param, "code": code}
        super().__init__(message)


def check_key(header: str, key: str) -> None:
    """Raise Refused for an Authorization header without the key."""
    given = header.removeprefix("Bearer ").strip()
    if not header.startswith("Bearer ") or not given:
        raise Refused(401, "You didn't provide an API key.")
    if given != key:
        shown = f"{given[:2]}***{given[-2:]}"
        raise Refused(401, f"Incorrect API key provided: {shown}.", code="invalid_api_key")


def check_request(body: object, models: Collection[str], lacks: Collection[str]) -> Json:
    """The request, if OpenAI would take it. Raises Refused.

    ``lacks`` names parameters and response formats that this server does not have.
    """
    if not isinstance(body, dict):
        raise Refused(400, "We could not parse the JSON body of your request.")
    for name in body:
        if name not in KNOWN:
            raise Refused(400, f"Unrecognized request argument supplied: {name}")
        if name in lacks:
            raise _unsupported(name)
    if not body.get("model"):
        raise Refused(400, "you must provide a model parameter")
    if body["model"] not in models:
        words = f"The model `{body['model']}` does not exist or you do not have access to it."
        raise Refused(404, words, code="model_not_found")
    _check_messages(body.get("messages"))
    _check_numbers(body)
    _check_format(body, lacks)
    return body


def _check_numbers(body: Json) -> None:
    if "max_tokens" in body and "max_completion_tokens" in body:
        words = (
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        )
        raise Refused(400, words)
    for name in ("max_tokens", "max_completion_tokens"):
        if name in body and (not isinstance(body[name], int) or body[name] < 1):
            words = f"Invalid '{name}': expected a value >= 1, but got {body[name]} instead."
            raise Refused(400, words, code="integer_below_min_value", param=name)
    temperature = body.get("temperature")
    if temperature is not None and not 0 <= temperature <= 2:
        words = f"Invalid 'temperature': expected a value from 0 to 2, but got {temperature}."
        raise Refused(400, words, param="temperature")


def _unsupported(name: str) -> Refused:
    hint = f" Use '{_INSTEAD[name]}' instead." if name in _INSTEAD else ""
    words = f"Unsupported parameter: '{name}' is not supported with this model.{hint}"
    return Refused(400, words, code="unsupported_parameter", param=name)


def _check_messages(messages: object) -> None:
    if messages is None:
        words = "Missing required parameter: 'messages'."
        raise Refused(400, words, code="missing_required_parameter", param="messages")
    if not isinstance(messages, list) or not messages:
        words = "Invalid 'messages': empty array. Expected an array with minimum length 1."
        raise Refused(400, words, code="empty_array", param="messages")
    for place, one in enumerate(messages):
        role = one.get("role")
        if role not in ROLES:
            words = f"Invalid value: '{role}'. Supported values are: {', '.join(ROLES)}."
            raise Refused(400, words, code="invalid_value", param=f"messages[{place}].role")
        content = one.get("content")
        if not isinstance(content, str | list) and role != "assistant":
            words = f"Invalid value for 'content': expected a string, got {content!r}."
            raise Refused(400, words, param=f"messages[{place}].content")


def text_of(message: Mapping[str, Any]) -> str:
    """A message's text, its parts joined."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)


def _check_format(body: Json, lacks: Collection[str]) -> None:
    wanted = body.get("response_format") or {"type": "text"}
    kind = wanted.get("type")
    if kind not in {"text", "json_object", "json_schema"}:
        words = f"Invalid value: '{kind}'. Supported values are: 'json_object', 'json_schema', and 'text'."
        raise Refused(400, words, code="invalid_value", param="response_format.type")
    if kind in lacks:
        words = f"Invalid parameter: 'response_format' of type '{kind}' is not supported with this model."
        raise Refused(400, words, param="response_format")
    if kind == "json_object" and not any("json" in text_of(m).lower() for m in body["messages"]):
        words = (
            "'messages' must contain the word 'json' in some form, to use 'response_format' of "
            "type 'json_object'."
        )
        raise Refused(400, words, param="messages")
    if kind == "json_schema":
        _check_json_schema(wanted.get("json_schema") or {})


def _check_json_schema(wanted: Json) -> None:
    name, schema = wanted.get("name"), wanted.get("schema")
    if not name or not isinstance(schema, dict):
        missing = "name" if not name else "schema"
        param = f"response_format.json_schema.{missing}"
        words = f"Missing required parameter: '{param}'."
        raise Refused(400, words, code="missing_required_parameter", param=param)
    if not _NAME.fullmatch(name):
        words = "Invalid 'response_format.json_schema.name': string does not match pattern."
        raise Refused(400, words, param="response_format.json_schema.name")
    if wanted.get("strict"):
        if schema.get("type") != "object":
            given = schema.get("type")
            raise _invalid(
                name,
                f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{given}\"'.",
            )
        _check_strict(schema, name, (), 0)


def _invalid(name: str, words: str) -> Refused:
    whole = f"Invalid schema for response_format '{name}': {words}"
    return Refused(400, whole, param="response_format")


def _check_strict(schema: Json, name: str, place: tuple[str, ...], depth: int) -> None:
    context = f"In context={place!r},"
    for word in (*_BARRED, *_BARRED_TOO):
        if word in schema:
            raise _invalid(name, f"{context} '{word}' is not permitted.")
    if depth > _DEEPEST:
        raise _invalid(name, f"{context} more than {_DEEPEST} levels of nesting.")
    if not {"type", "anyOf", "$ref", "enum", "const"} & schema.keys():
        raise _invalid(name, f"{context} schema must have a 'type' key.")
    kinds = schema.get("type")
    is_object = "object" in (kinds if isinstance(kinds, list) else [kinds])
    if is_object:
        _check_object(schema, name, context)
    for path, inner in _parts(schema):
        _check_strict(inner, name, (*place, *path), depth + (path[0] == "properties"))


def _parts(schema: Json) -> Iterator[tuple[tuple[str, ...], Json]]:
    """The schemas inside a schema, and the way to each."""
    for word in ("properties", "$defs", "definitions"):
        for key, inner in schema.get(word, {}).items():
            yield (word, key), inner
    for number, inner in enumerate(schema.get("anyOf", [])):
        yield ("anyOf", str(number)), inner
    if "items" in schema:
        yield ("items",), schema["items"]


def _check_object(schema: Json, name: str, context: str) -> None:
    if schema.get("additionalProperties") is not False:
        words = "'additionalProperties' is required to be supplied and to be false."
        raise _invalid(name, f"{context} {words}")
    missing = schema.get("properties", {}).keys() - set(schema.get("required", []))
    if missing:
        words = (
            "'required' is required to be supplied and to be an array including every key in "
            f"properties. Missing '{min(missing)}'."
        )
        raise _invalid(name, f"{context} {words}")
    if extra := set(schema.get("required", [])) - schema.get("properties", {}).keys():
        raise _invalid(name, f"{context} 'required' has the unknown key '{min(extra)}'.")
