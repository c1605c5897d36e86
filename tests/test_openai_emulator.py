"""The emulator refuses what OpenAI refuses and answers what the schema asks."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openai import AsyncOpenAI

from tests.emulators.openai_answers import Answer, example
from tests.emulators.openai_rules import Json
from tests.emulators.openai_server import KEY, MODELS, OpenAIServer

HELLO: list[Any] = [{"role": "user", "content": "Summarise as JSON."}]
CLAIM: Json = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "cites": {"type": "array", "items": {"type": "integer", "minimum": 1}},
    },
    "required": ["text", "cites"],
    "additionalProperties": False,
}
REPORT: Json = {
    "type": "object",
    "properties": {
        "method": {"$ref": "#/$defs/claim"},
        "themes": {"type": "array", "items": {"$ref": "#/$defs/claim"}, "minItems": 2},
        "tone": {"enum": ["plain", "warm"]},
        "note": {"anyOf": [{"type": "null"}, {"type": "string"}]},
    },
    "required": ["method", "themes", "tone", "note"],
    "additionalProperties": False,
    "$defs": {"claim": CLAIM},
}


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        yield running


@pytest.fixture
async def client(server: OpenAIServer) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(api_key=KEY, base_url=server.url, max_retries=0) as made:
        yield made


def asking(**more: object) -> Json:
    return {"model": MODELS[0], "messages": HELLO} | more


def schema_format(schema: Json, *, strict: bool = True, name: str = "report") -> Json:
    wanted = {"name": name, "strict": strict, "schema": schema}
    return {"type": "json_schema", "json_schema": wanted}


async def posted(server: OpenAIServer, body: object, key: str = KEY) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {key}"}
    url = f"{server.url}/chat/completions"
    async with ClientSession() as session, session.post(url, json=body, headers=headers) as answer:
        return answer.status, await answer.json()


# What is refused


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ([], 400, "We could not parse the JSON body of your request."),
        (asking(temprature=1), 400, "Unrecognized request argument supplied: temprature"),
        ({"messages": HELLO}, 400, "you must provide a model parameter"),
        (
            asking(model="gpt-9"),
            404,
            "The model `gpt-9` does not exist or you do not have access to it.",
        ),
        ({"model": MODELS[0]}, 400, "Missing required parameter: 'messages'."),
        (asking(messages=[]), 400, "Invalid 'messages': empty array."),
        (asking(messages=[{"role": "me", "content": "x"}]), 400, "Invalid value: 'me'."),
        (asking(messages=[{"role": "user"}]), 400, "Invalid value for 'content'"),
        (asking(max_tokens=0), 400, "Invalid 'max_tokens': expected a value >= 1"),
        (asking(temperature=3), 400, "Invalid 'temperature'"),
        (asking(max_tokens=1, max_completion_tokens=1), 400, "at the same time is not supported"),
        (asking(response_format={"type": "xml"}), 400, "Invalid value: 'xml'."),
        (
            asking(
                messages=[{"role": "user", "content": "Hello"}],
                response_format={"type": "json_object"},
            ),
            400,
            "'messages' must contain the word 'json' in some form",
        ),
        (
            asking(response_format={"type": "json_schema"}),
            400,
            "Missing required parameter: 'response_format.json_schema.name'.",
        ),
        (asking(response_format=schema_format(CLAIM, name="보고")), 400, "does not match pattern"),
        (asking(messages=[{"role": "user", "content": "x" * 600_000}]), 400, "128000 tokens"),
    ],
)
async def test_a_wrong_request_is_refused_in_openais_shape(
    server: OpenAIServer, body: object, status: int, words: str
) -> None:
    found, answer = await posted(server, body)
    assert found == status
    assert answer["error"].keys() == {"message", "type", "param", "code"}
    assert words in answer["error"]["message"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"additionalProperties": True},
            "'additionalProperties' is required to be supplied and to be false.",
        ),
        ({"required": ["text"]}, "every key in properties. Missing 'cites'."),
        ({"required": ["text", "cites", "more"]}, "'required' has the unknown key 'more'"),
        ({"allOf": []}, "'allOf' is not permitted."),
        ({"type": "array", "items": {}}, "must be a JSON Schema of 'type: \"object\"'"),
        ({"properties": {"text": {}, "cites": {}}}, "schema must have a 'type' key."),
    ],
)
async def test_a_strict_schema_keeps_to_the_strict_subset(
    server: OpenAIServer, change: Json, words: str
) -> None:
    loose = schema_format(CLAIM | change, strict=False)
    if "type" not in change:
        assert (await posted(server, asking(response_format=loose)))[0] == 200
    status, answer = await posted(server, asking(response_format=schema_format(CLAIM | change)))
    assert status == 400
    assert answer["error"]["message"].startswith("Invalid schema for response_format 'report': ")
    assert words in answer["error"]["message"]


async def test_the_rules_hold_inside_of_a_schema(server: OpenAIServer) -> None:
    inner = REPORT | {"$defs": {"claim": {**CLAIM, "additionalProperties": True}}}
    _, answer = await posted(server, asking(response_format=schema_format(inner)))
    assert "In context=('$defs', 'claim')" in answer["error"]["message"]
    deep: Json = {"type": "string"}
    for _ in range(12):
        deep = {
            "type": "object",
            "properties": {"a": deep},
            "required": ["a"],
            "additionalProperties": False,
        }
    _, answer = await posted(server, asking(response_format=schema_format(deep)))
    assert "more than 10 levels of nesting" in answer["error"]["message"]


async def test_a_key_is_asked_for(server: OpenAIServer) -> None:
    status, answer = await posted(server, asking(), key="sk-other")
    assert (status, answer["error"]["code"]) == (401, "invalid_api_key")
    status, answer = await posted(server, asking(), key="")
    assert (status, answer["error"]["message"]) == (401, "You didn't provide an API key.")


@pytest.mark.parametrize(
    ("lack", "body", "words"),
    [
        (
            "json_schema",
            {"response_format": schema_format(CLAIM)},
            "'response_format' of type 'json_schema' is not supported",
        ),
        (
            "json_object",
            {"response_format": {"type": "json_object"}},
            "'response_format' of type 'json_object' is not supported",
        ),
        ("response_format", {"response_format": {"type": "text"}}, "'response_format' is not"),
        ("max_tokens", {"max_tokens": 5}, "Use 'max_completion_tokens' instead."),
    ],
)
async def test_a_server_may_lack_a_format_or_a_parameter(
    server: OpenAIServer, lack: str, body: Json, words: str
) -> None:
    server.lacks = {lack}
    status, answer = await posted(server, asking(**body))
    assert status == 400
    assert words in answer["error"]["message"]


# What is answered


async def test_the_real_client_gets_what_its_schema_asks_for(
    server: OpenAIServer, client: AsyncOpenAI
) -> None:
    done = await client.chat.completions.create(
        **asking(response_format=schema_format(REPORT), max_completion_tokens=500)
    )
    report = json.loads(done.choices[0].message.content or "")
    Draft202012Validator(REPORT).validate(report)
    assert report["themes"] == [{"text": "text", "cites": [1]}] * 2
    assert done.choices[0].finish_reason == "stop"
    assert done.usage
    assert done.usage.total_tokens == done.usage.prompt_tokens + done.usage.completion_tokens
    assert server.requests[0].body["max_completion_tokens"] == 500
    assert [one.id async for one in client.models.list()] == list(MODELS)


async def test_answers_are_said_in_order_then_computed(
    server: OpenAIServer, client: AsyncOpenAI
) -> None:
    server.answer = lambda body: f"You said: {body['messages'][-1]['content']}"
    server.say("first", {"n": 1}, Answer(refusal="I can't."))
    said = [(await client.chat.completions.create(**asking())).choices[0] for _ in range(4)]
    assert [one.message.content for one in said] == [
        "first",
        '{"n": 1}',
        None,
        "You said: Summarise as JSON.",
    ]
    assert said[2].message.refusal == "I can't."


async def test_a_limit_cuts_the_answer_and_says_so(
    server: OpenAIServer, client: AsyncOpenAI
) -> None:
    server.say("x" * 100)
    done = await client.chat.completions.create(**asking(max_tokens=5))
    assert done.choices[0].finish_reason == "length"
    assert done.choices[0].message.content == "x" * 20
    assert done.usage
    assert done.usage.completion_tokens == 5


async def test_a_stream_brings_the_same_in_pieces(
    server: OpenAIServer, client: AsyncOpenAI
) -> None:
    server.say("요약은 이렇습니다. " * 5)
    stream = await client.chat.completions.create(
        model=MODELS[0], messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    parts = [part async for part in stream]
    pieces = [part.choices[0].delta.content or "" for part in parts if part.choices]
    assert "".join(pieces) == "요약은 이렇습니다. " * 5
    assert parts[-1].usage
    assert parts[-1].usage.completion_tokens == 14


KINDS = st.sampled_from(
    [
        {"type": "string", "minLength": 6},
        {"type": "string", "maxLength": 2},
        {"type": ["string", "null"]},
        {"type": "integer", "minimum": 7},
        {"type": "integer", "maximum": -2},
        {"type": "number", "exclusiveMinimum": 0},
        {"type": "boolean"},
        {"type": "null"},
        {"const": 5},
        {"enum": ["a", "b"]},
    ]
)
SCHEMAS = st.recursive(
    KINDS,
    lambda inner: st.one_of(
        st.builds(
            lambda one, n: {"type": "array", "items": one, "minItems": n}, inner, st.integers(0, 3)
        ),
        st.builds(lambda one: {"anyOf": [one, {"type": "null"}]}, inner),
        st.dictionaries(st.sampled_from("abc"), inner).map(
            lambda found: {
                "type": "object",
                "properties": found,
                "required": sorted(found),
                "additionalProperties": False,
            }
        ),
    ),
    max_leaves=8,
)


@given(SCHEMAS)
def test_the_default_answer_fits_its_schema(schema: Json) -> None:
    Draft202012Validator(schema).validate(example(schema))


def test_a_schema_that_holds_itself_has_an_answer() -> None:
    tree = {"type": "object", "properties": {"below": {"type": "array", "items": {"$ref": "#"}}}}
    assert example(tree) == {"below": []}
