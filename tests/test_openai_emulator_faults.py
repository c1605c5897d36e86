"""The emulated model breaks on demand, and serves other processes."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import openai
import pytest
from aiohttp import ClientSession
from openai import AsyncOpenAI

from tests.emulators.openai_faults import Fault
from tests.emulators.openai_server import KEY, MODELS, OpenAIServer

ROOT = Path(__file__).resolve().parents[1]


def asking(model: str = MODELS[0]) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": "Hello"}]}


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        yield running


@pytest.fixture
async def client(server: OpenAIServer) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(api_key=KEY, base_url=server.url, max_retries=0) as made:
        yield made


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("status:429,retry_after=7", openai.RateLimitError),
        ("quota", openai.RateLimitError),
        ("status:500", openai.InternalServerError),
        ("html", openai.InternalServerError),
        ("drop", openai.APIConnectionError),
        ("cut", openai.APIConnectionError),
        ("garbage", json.JSONDecodeError),
    ],
)
async def test_what_breaks_reaches_the_client_once(
    server: OpenAIServer, client: AsyncOpenAI, fault: str, error: type[Exception]
) -> None:
    server.add_fault(f"{fault},nth=1" if "," not in fault else f"{fault},first=1")
    with pytest.raises(error) as caught:
        await client.chat.completions.create(**asking())
    if isinstance(caught.value, openai.RateLimitError) and "retry_after" in fault:
        assert caught.value.response.headers["Retry-After"] == "7"
    assert (await client.chat.completions.create(**asking())).choices[0].message.content


async def test_an_answer_may_have_no_choices(server: OpenAIServer, client: AsyncOpenAI) -> None:
    server.add_fault("empty")
    assert (await client.chat.completions.create(**asking())).choices == []


async def test_a_stalled_answer_never_comes(server: OpenAIServer, client: AsyncOpenAI) -> None:
    server.add_fault("stall,after=0")
    call = asyncio.ensure_future(client.chat.completions.create(**asking()))
    await server.wait_for(1)
    assert not call.done()
    call.cancel()


@pytest.mark.parametrize("text", ["bang", "drop,when=now"])
def test_an_unknown_fault_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        Fault.parse(text)


async def test_the_command_line_serves_and_is_told_what_to_say() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.emulators.openai_server", "--key", "sk-1"),
        *("--model", "small", "--lacks", "seed"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        url = (await process.stdout.readline()).decode().strip()
        await _drive(url)
    finally:
        process.terminate()
        await process.communicate()


async def _drive(url: str) -> None:
    body = asking(model="small")
    hand = url.replace("/v1", "/_control")
    async with (
        ClientSession() as session,
        AsyncOpenAI(api_key="sk-1", base_url=url, max_retries=0) as client,
    ):
        answers = ["one", {"refusal": "no"}]
        async with session.post(f"{hand}/script", json={"answers": answers}):
            said = await client.chat.completions.create(**body)
        assert said.choices[0].message.content == "one"
        assert (await client.chat.completions.create(**body)).choices[0].message.refusal == "no"
        async with session.post(f"{hand}/fault", json={"fault": "status:500"}):
            with pytest.raises(openai.InternalServerError):
                await client.chat.completions.create(**body)
        async with session.delete(f"{hand}/fault"):
            await client.chat.completions.create(**body)
        async with session.post(f"{hand}/lacks", json={"lacks": ["messages"]}):
            with pytest.raises(openai.BadRequestError):
                await client.chat.completions.create(**body)
        async with session.get(f"{hand}/state") as response:
            state = await response.json()
        assert [one["status"] for one in state["requests"]] == [200, 200, 500, 200, 400]
