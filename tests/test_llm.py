"""Reports written by a model: what is good stays, what is wrong is mended once, or left out."""

import json

import pytest

from core.report.llm import LlmWriter
from tests import asked_model
from tests.asked_model import GOOD, PAPERS, no_report, write
from tests.emulators.openai_answers import Answer, Script
from tests.emulators.openai_server import MODELS, OpenAIServer
from tests.factories import DAY
from tests.model_answers import (
    ENGLISH,
    KOREAN,
    Account,
    Json,
    claim,
    korean,
)

server, account, llm = asked_model.server, asked_model.account, asked_model.llm


# --- what comes of an answer


async def test_a_good_answer_becomes_the_report_in_one_call(
    server: OpenAIServer, llm: LlmWriter
) -> None:
    report = await write(llm)
    assert (report.method, report.model, report.language) == ("llm", MODELS[0], "ko")
    assert report.papers == PAPERS
    assert report.extracted == ()
    assert [one.text for one in report.findings] == [one["text"] for one in GOOD["findings"]]
    assert [one.cites for one in report.findings] == [(1,), (2,), (3,)]
    assert report.keywords == tuple(GOOD["keywords"])
    assert len(server.requests) == 1


async def test_one_paper_has_no_themes(server: OpenAIServer, llm: LlmWriter) -> None:
    server.say(korean(1))
    report = await llm.write(DAY, "cv", PAPERS[:1], KOREAN)
    assert report.themes == ()
    assert report.line(1) == korean(1)["findings"][0]["text"]


LATEX = claim("$\\tilde{O}$ 시간에 문제를 풀 수 있습니다.", 1)
FAULTY: list[Json] = [
    GOOD | {"impact": [LATEX]},
    GOOD | {"impact": [claim("자세한 내용은 https://evil.example 에서 볼 수 있습니다.", 1)]},
    GOOD | {"impact": [claim("@everyone 모두 Method1의 방법을 써 볼 수 있습니다.", 1)]},
    GOOD | {"impact": [claim("The method can be used by everyone who studies it in depth.", 1)]},
    GOOD | {"impact": [claim("Method1은 정확도를 87% 높이므로 누구나 쓸 수 있습니다.", 1)]},
    GOOD | {"impact": [claim("Method2의 방법을 쓰면 연구자가 문제를 풀 수 있습니다.", 1)]},
    GOOD | {"impact": [claim("같은 문제를 연구하는 사람이 써 볼 수 있습니다.", 9)]},
    GOOD | {"impact": [claim("같은 문제를 연구하는 사람이 써 볼 수 있습니다.")]},
    GOOD | {"impact": "none"},
]


@pytest.mark.parametrize("faulty", FAULTY)
async def test_a_faulty_answer_is_mended_by_one_more_question(
    server: OpenAIServer, account: Account, llm: LlmWriter, faulty: Json
) -> None:
    server.say(faulty, GOOD)
    report = await write(llm)
    assert (report.extracted, len(server.requests), account.calls) == ((), 2, 2)
    assert report.impact[0].text == GOOD["impact"][0]["text"]
    asked = server.requests[1].body["messages"]
    assert [one["role"] for one in asked] == ["system", "user", "assistant", "user"]
    assert "impact" in asked[3]["content"]


@pytest.mark.parametrize("faulty", FAULTY)
async def test_what_stays_faulty_is_left_to_the_papers_and_the_rest_stays_written(
    server: OpenAIServer, llm: LlmWriter, faulty: Json
) -> None:
    server.say(faulty, faulty)
    report = await write(llm)
    assert (report.extracted, report.impact, len(server.requests)) == (("impact",), (), 2)
    assert len(report.findings) == 3
    assert report.outlook


@pytest.mark.parametrize(
    "given",
    [
        "I am sorry, I cannot do that.",
        '{"themes": [',
        Answer('{"themes": [', finish_reason="length"),
        {"report": GOOD},
        {name: [] for name in GOOD},
        [],
        "null",
    ],
)
async def test_junk_twice_is_no_report(
    server: OpenAIServer, account: Account, llm: LlmWriter, given: Script
) -> None:
    server.answer = given
    said = await no_report(llm)
    assert said.startswith(f"{MODELS[0]}: not verified")
    assert (len(server.requests), account.calls, account.kept) == (2, 2, {})


async def test_junk_once_is_forgiven(server: OpenAIServer, llm: LlmWriter) -> None:
    server.say(Answer('{"themes": [', finish_reason="length"))
    assert (await write(llm)).extracted == ()
    assert "cut off" in server.requests[1].body["messages"][3]["content"]


async def test_the_wrong_language_throughout_is_no_report(
    server: OpenAIServer, llm: LlmWriter
) -> None:
    english = {
        "themes": [claim("These studies raise the accuracy of solving hard problems.", 1, 2, 3)],
        "keywords": ["accuracy", "solving", "studies"],
        "findings": [
            claim(f"Method{n} solves its subject and raises the accuracy by {n}%.", n)
            for n in (1, 2, 3)
        ],
        "impact": [claim("Researchers of the same subject can use Method1 at once.", 1)],
        "outlook": [claim("Whether Method1 works for other subjects remains open.", 1)],
    }
    server.answer = english
    assert "language" in await no_report(llm)
    report = await llm.write(DAY, "cv", PAPERS, ENGLISH)
    assert (report.language, report.extracted) == ("en", ())


async def test_a_refusal_is_taken_for_an_answer(server: OpenAIServer, llm: LlmWriter) -> None:
    server.say(Answer(refusal="I cannot help with that."))
    assert "refused to write" in await no_report(llm)
    assert len(server.requests) == 1


@pytest.mark.parametrize("lacks", [["json_schema"], ["json_schema", "json_object"]])
async def test_a_server_that_lacks_formats_writes_as_well(
    server: OpenAIServer, llm: LlmWriter, lacks: list[str]
) -> None:
    server.lacks = set(lacks)
    server.answer = lambda _: f"Here you are:\n```json\n{json.dumps(GOOD)}\n```"
    report = await write(llm)
    assert (report.extracted, len(report.findings)) == ((), 3)
