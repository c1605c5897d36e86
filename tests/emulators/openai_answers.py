"""What the emulated model says: answers that fit a schema, cut to their limit, counted in tokens."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.emulators.openai_rules import Json, text_of

CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the model; a ``refusal`` has no content."""

    content: str | None = None
    refusal: str | None = None
    finish_reason: str = "stop"


Script = str | Json | Answer | Callable[[Json], "str | Json | Answer"]


def tokens(text: str) -> int:
    """About how many tokens a text is."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def example(schema: Json, root: Json | None = None) -> Any:  # noqa: ANN401 - JSON is anything
    """The smallest value of the schema that says something: lists have one item if they may."""
    root = root or schema
    if "$ref" in schema:
        found: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part] if part != "#" else found
        return example(found, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return example(schema[word][0], root)
    kind = schema.get("type", "object")
    return _of_kind(kind[0] if isinstance(kind, list) else kind, schema, root)


def _of_kind(kind: str, schema: Json, root: Json) -> Any:  # noqa: ANN401 - JSON is anything
    match kind:
        case "object":
            return {name: example(one, root) for name, one in schema.get("properties", {}).items()}
        case "array":
            return _list(schema, root)
        case "string":
            return "text".ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength")]
        case "integer" | "number":
            return _number(kind, schema)
        case "boolean":
            return True
    return None


def _list(schema: Json, root: Json) -> list[Any]:
    inner = schema.get("items", {})
    cyclic = inner.get("$ref") == "#"
    count = max(schema.get("minItems", 0), 0 if cyclic or schema.get("maxItems") == 0 else 1)
    return [example(inner, root) for _ in range(count)]


def _number(kind: str, schema: Json) -> float:
    step = schema.get("multipleOf", 1)
    low = schema.get("minimum")
    if low is None and "exclusiveMinimum" in schema:
        low = schema["exclusiveMinimum"] + step
    high = schema.get("maximum")
    if low is None:
        low = step if high is None or high >= step else high
    return int(low) if kind == "integer" else low


def default_answer(body: Json) -> Answer:
    """What fits the response format of the request."""
    wanted = body.get("response_format") or {}
    if wanted.get("type") == "json_schema":
        return Answer(json.dumps(example(wanted["json_schema"]["schema"]), ensure_ascii=False))
    return Answer("{}" if wanted.get("type") == "json_object" else "An answer.")


def resolved(script: Script, body: Json) -> Answer:
    """A scripted answer: objects become JSON, callables are asked with the request."""
    given = script(body) if callable(script) else script
    if isinstance(given, Answer):
        return given
    return Answer(given if isinstance(given, str) else json.dumps(given, ensure_ascii=False))


def cut(answer: Answer, body: Json) -> Answer:
    """The answer no longer than the request allows; a cut one finishes for its length."""
    limit = body.get("max_completion_tokens", body.get("max_tokens"))
    content = answer.content
    if limit is None or content is None or tokens(content) <= limit:
        return answer
    return Answer(content[: limit * CHARACTERS_PER_TOKEN], finish_reason="length")


def prompt_tokens(body: Json) -> int:
    """About how many tokens the request is."""
    return sum(tokens(text_of(one)) + 4 for one in body["messages"])


def usage(answer: Answer, body: Json) -> Json:
    """The numbers beside an answer."""
    spent = tokens(answer.content or answer.refusal or "")
    given = prompt_tokens(body)
    return {
        "prompt_tokens": given,
        "completion_tokens": spent,
        "total_tokens": given + spent,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


def completion(answer: Answer, body: Json, number: int, created: int) -> Json:
    """A ``chat.completion`` object."""
    message = {"role": "assistant", "content": answer.content, "refusal": answer.refusal}
    choice: Json = {"index": 0, "message": message, "finish_reason": answer.finish_reason}
    return _head("chat.completion", body, number, created) | {
        "choices": [choice | {"logprobs": None}],
        "usage": usage(answer, body),
    }


def chunks(answer: Answer, body: Json, number: int, created: int) -> list[Json]:
    """The ``chat.completion.chunk`` objects of a stream."""
    head = _head("chat.completion.chunk", body, number, created)
    text = answer.content or ""
    deltas: list[Json] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": text[place : place + 16]} for place in range(0, len(text), 16)]
    if answer.refusal:
        deltas.append({"refusal": answer.refusal})
    parts: list[Json] = [
        head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        for delta in deltas
    ]
    last = {"index": 0, "delta": {}, "finish_reason": answer.finish_reason}
    parts.append(head | {"choices": [last]})
    if (body.get("stream_options") or {}).get("include_usage"):
        parts.append(head | {"choices": [], "usage": usage(answer, body)})
    return parts


def _head(kind: str, body: Json, number: int, created: int) -> Json:
    return {
        "id": f"chatcmpl-{number:024}",
        "object": kind,
        "created": created,
        "model": body["model"],
        "system_fingerprint": "fp_emulated",
    }
