"""One answer from a model's server, whatever it lacks and however it breaks."""

import socket
from collections.abc import AsyncIterator
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.report.prompt import schema
from core.report.server import (
    ModelServer,
    RefusedRequestError,
    SilentServerError,
    dug_out,
)
from tests.emulators.openai_answers import Answer
from tests.emulators.openai_server import KEY, MODELS, OpenAIServer
from tests.model_answers import NOW, QUICK, Waits, asking

QUESTION = [{"role": "user", "content": "Answer as JSON."}]
FORMATS = ("json_schema", "json_object")
LIMITS = ("max_completion_tokens", "max_tokens")


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        yield running


@pytest.fixture
async def model(server: OpenAIServer) -> AsyncIterator[tuple[ModelServer, Waits]]:
    made, waits = asking(server)
    yield made, waits
    await made.close()


async def ask(model: ModelServer) -> str:
    return (await model.ask(QUESTION, schema(2), 500)).text


def formats(server: OpenAIServer) -> list[str]:
    return [r.body.get("response_format", {}).get("type", "text") for r in server.requests]


async def test_the_answer_comes_with_its_end_and_its_tokens(
    server: OpenAIServer, model: tuple[ModelServer, Waits]
) -> None:
    server.say("four letters are one")
    answer = await model[0].ask(QUESTION, schema(2), 500)
    assert (answer.text, answer.end) == ("four letters are one", "whole")
    assert (answer.prompt_tokens, answer.completion_tokens) == (8, 5)


async def test_the_first_question_asks_for_the_schema_and_nothing_is_asked_twice(
    server: OpenAIServer, model: tuple[ModelServer, Waits]
) -> None:
    await ask(model[0])
    (asked,) = server.requests
    assert asked.body["response_format"]["json_schema"]["strict"] is True
    assert asked.body["response_format"]["json_schema"]["schema"] == schema(2)
    assert asked.body["max_completion_tokens"] == 500


@pytest.mark.parametrize(
    ("lacks", "tried"),
    [
        (["json_schema"], ["json_schema", "json_object", "json_object"]),
        (FORMATS, ["json_schema", "json_object", "text", "text"]),
    ],
)
async def test_a_format_the_server_lacks_is_asked_for_once_and_never_again(
    server: OpenAIServer, model: tuple[ModelServer, Waits], lacks: list[str], tried: list[str]
) -> None:
    server.lacks = set(lacks)
    await ask(model[0])
    await ask(model[0])
    assert formats(server) == tried


@pytest.mark.parametrize(
    "lacks",
    [["max_completion_tokens"], LIMITS, ["temperature"], [*LIMITS, *FORMATS, "temperature"]],
)
async def test_a_parameter_the_server_lacks_is_left_out(
    server: OpenAIServer, model: tuple[ModelServer, Waits], lacks: list[str]
) -> None:
    server.lacks = set(lacks)
    assert await ask(model[0])
    refused = len(server.requests) - 1
    assert refused == len(lacks)
    assert await ask(model[0])
    assert len(server.requests) == refused + 2
    assert not server.requests[-1].body.keys() & set(lacks)


async def test_a_limit_moves_to_its_other_name(
    server: OpenAIServer, model: tuple[ModelServer, Waits]
) -> None:
    server.lacks = {"max_completion_tokens"}
    await ask(model[0])
    assert server.requests[-1].body["max_tokens"] == 500


async def test_a_busy_server_is_waited_for_as_long_as_it_says(
    server: OpenAIServer, model: tuple[ModelServer, Waits]
) -> None:
    server.add_fault("status:429,retry_after=7,first=1")
    server.say("{}")
    assert await ask(model[0]) == "{}"
    assert model[1].seconds == [7.0]


async def test_a_date_to_come_back_at_is_understood(
    server: OpenAIServer, model: tuple[ModelServer, Waits]
) -> None:
    server.add_fault("status:503,nth=1")
    server.faults[0].retry_after = format_datetime(NOW, usegmt=True)
    assert await ask(model[0])
    assert model[1].seconds == [0.0]


@pytest.mark.parametrize("wait", ["3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
async def test_a_server_that_wants_an_hour_is_not_waited_for(
    server: OpenAIServer, model: tuple[ModelServer, Waits], wait: str
) -> None:
    server.add_fault("status:429")
    server.faults[0].retry_after = wait
    with pytest.raises(SilentServerError, match="status 429"):
        await ask(model[0])
    assert model[1].seconds == []


@pytest.mark.parametrize("wait", ["soon", "-5", "nan", "1e9", ""])
async def test_a_wait_that_is_no_time_is_ours_to_choose(
    server: OpenAIServer, model: tuple[ModelServer, Waits], wait: str
) -> None:
    server.add_fault("status:429,first=1")
    server.faults[0].retry_after = wait
    assert await ask(model[0])
    assert 0 < model[1].seconds[0] <= QUICK.longest_wait


@pytest.mark.parametrize("fault", ["status:500", "html", "garbage", "cut", "drop", "empty"])
async def test_what_may_pass_is_tried_again(
    server: OpenAIServer, model: tuple[ModelServer, Waits], fault: str
) -> None:
    server.add_fault(f"{fault},first=2")
    server.say("{}")
    if fault == "empty":
        server.say("{}", "{}")
    assert await ask(model[0]) == "{}"
    assert len(model[1].seconds) == 2


@pytest.mark.parametrize("fault", ["status:500", "html", "garbage", "cut", "drop", "empty"])
async def test_what_does_not_pass_is_given_up(
    server: OpenAIServer, model: tuple[ModelServer, Waits], fault: str
) -> None:
    server.add_fault(fault)
    with pytest.raises(SilentServerError):
        await ask(model[0])
    assert len(server.requests) == QUICK.tries


@pytest.mark.parametrize(
    ("fault", "said"),
    [("status:401", "the key is refused"), ("status:404", "no such model"), ("quota", "no money")],
)
async def test_what_is_the_account_s_fault_is_asked_once(
    server: OpenAIServer, model: tuple[ModelServer, Waits], fault: str, said: str
) -> None:
    server.add_fault(fault)
    for _ in range(3):
        with pytest.raises(SilentServerError, match=said):
            await ask(model[0])
    assert len(server.requests) == 1


async def test_a_key_is_never_in_what_is_said_of_it(server: OpenAIServer) -> None:
    model, _ = asking(server, key="sk-very-secret")
    with pytest.raises(SilentServerError) as refused:
        await ask(model)
    assert "sk" not in str(refused.value)
    assert "refused" in str(refused.value)
    await model.close()


async def test_a_request_the_server_does_not_take_is_no_sign_of_silence(
    server: OpenAIServer, model: tuple[ModelServer, Waits]
) -> None:
    server.context_tokens = 5
    for _ in range(4):
        with pytest.raises(RefusedRequestError, match="status 400"):
            await ask(model[0])
    server.context_tokens = 5_000
    assert await ask(model[0])


async def test_a_server_silent_twice_is_left_alone() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        waits = Waits()
        model = ModelServer(url, KEY, MODELS[0], pace=QUICK, sleep=waits)
        for _ in range(5):
            with pytest.raises(SilentServerError, match="it cannot be reached"):
                await ask(model)
    assert len(waits.seconds) == 2 * (QUICK.tries - 1)
    await model.close()


async def test_an_answer_ends_the_silence(
    server: OpenAIServer, model: tuple[ModelServer, Waits]
) -> None:
    for _ in range(3):
        server.faults.clear()
        server.add_fault("drop")
        with pytest.raises(SilentServerError):
            await ask(model[0])
        server.faults.clear()
        assert await ask(model[0])


@pytest.mark.parametrize(
    ("given", "end"),
    [
        (Answer('{"a": ', finish_reason="length"), "cut"),
        (Answer(refusal="I cannot."), "refused"),
        (Answer("", finish_reason="content_filter"), "refused"),
    ],
)
async def test_how_an_answer_ended_is_told(
    server: OpenAIServer, model: tuple[ModelServer, Waits], given: Answer, end: str
) -> None:
    server.say(given)
    answer = await model[0].ask(QUESTION, schema(1), 500)
    assert answer.end == end


# --- the object in a text

WANTED = {"findings": [], "keywords": ["{", "}"]}
TEXT = '{"findings": [], "keywords": ["{", "}"]}'


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "Here it is:\n```json\n{}\n```\nI hope it helps.",
        '<think>First {{"findings": [1]}} I think.</think>{}',
        'An example is {{"text": "x"}}, and here: {}',
        "{{ not this {}",
        "\ufeff{}",
    ],
)
def test_the_object_is_found_whatever_stands_around_it(around: str) -> None:
    assert (
        dug_out(
            around.replace("{}", "\0").replace("{{", "{").replace("}}", "}").replace("\0", TEXT)
        )
        == WANTED
    )


@pytest.mark.parametrize(
    "text", ["", "no object", "[1, 2]", '{"findings": [', "{" * 5_000, '{"a":' * 5_000]
)
def test_where_there_is_no_object_there_is_none(text: str) -> None:
    assert dug_out(text) is None


@given(st.text(alphabet='{}[]",:abc1 \\\n<think>/', max_size=200))
def test_no_text_breaks_the_search(text: str) -> None:
    found = dug_out(text)
    assert found is None or isinstance(found, dict)
