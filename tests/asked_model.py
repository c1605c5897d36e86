"""A writer between a scripted model server and an account; a test file takes its fixtures by name."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from core.ports import NoReportError
from core.report import Report
from core.report.llm import LlmWriter
from tests.emulators.openai_server import OpenAIServer
from tests.factories import DAY
from tests.model_answers import KOREAN, Account, entries, korean, writer

PAPERS = entries(3)
GOOD = korean(3)


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(answer=GOOD) as running:
        yield running


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
async def llm(server: OpenAIServer, account: Account) -> AsyncIterator[LlmWriter]:
    made = writer(server, account)
    yield made
    await made.close()


async def write(llm: LlmWriter, category: str = "cv", day: date = DAY) -> Report:
    return await llm.write(day, category, PAPERS, KOREAN)


async def no_report(llm: LlmWriter) -> str:
    with pytest.raises(NoReportError) as refused:
        await write(llm)
    return str(refused.value)
