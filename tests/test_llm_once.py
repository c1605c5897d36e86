"""A report is asked for once, whoever asks, and takes no more time or money than it may."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest

from core.i18n import Catalog
from core.ports import NoReportError
from core.ranking import Entry
from core.report import Report
from core.report.llm import LlmWriter
from core.report.prompt import schema
from tests import asked_model
from tests.asked_model import GOOD, PAPERS, no_report, write
from tests.emulators.openai_server import OpenAIServer
from tests.factories import DAY
from tests.model_answers import (
    ENGLISH,
    KOREAN,
    NOW,
    Account,
    Json,
    asking,
    entries,
    writer,
)

server, account, llm = asked_model.server, asked_model.account, asked_model.llm


# --- asked for once


async def test_who_asks_meanwhile_waits_for_the_same_answer(
    server: OpenAIServer, llm: LlmWriter
) -> None:
    reports = await asyncio.gather(*(write(llm) for _ in range(20)))
    assert len(server.requests) == 1
    assert all(report == reports[0] for report in reports)


async def test_what_was_written_is_not_asked_for_again(
    server: OpenAIServer, llm: LlmWriter
) -> None:
    assert await write(llm) == await write(llm)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("category", "day", "papers", "language"),
    [
        ("llm", DAY, PAPERS, KOREAN),
        ("cv", date(2025, 7, 16), PAPERS, KOREAN),
        ("cv", DAY, PAPERS, ENGLISH),
        ("cv", DAY, PAPERS[::-1], KOREAN),
        ("cv", DAY, PAPERS[:2], KOREAN),
        ("cv", DAY, entries(3, abstract="It was revised."), KOREAN),
    ],
)
async def test_another_question_is_another_report(
    server: OpenAIServer,
    llm: LlmWriter,
    category: str,
    day: date,
    papers: tuple[Entry, ...],
    language: Catalog,
) -> None:
    await write(llm)
    server.answer = "junk"
    assert await write(llm)
    with suppress(NoReportError):
        await llm.write(day, category, papers, language)
    assert len(server.requests) == 3


async def test_another_model_writes_its_own_report(
    server: OpenAIServer, account: Account, llm: LlmWriter
) -> None:
    await write(llm)
    (key,) = account.kept
    account.kept = {replace(key, model="another"): account.kept[key]}
    await write(llm)
    assert len(server.requests) == 2


async def test_one_who_leaves_takes_the_answer_from_nobody_else(
    server: OpenAIServer, account: Account, llm: LlmWriter
) -> None:
    stall = server.add_fault("stall,nth=1")
    first, second = asyncio.create_task(write(llm)), asyncio.create_task(write(llm))
    await server.wait_for(1)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not second.done()
    server.faults.remove(stall)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert account.calls == 0


async def test_an_answer_everybody_left_is_there_for_the_next(
    server: OpenAIServer, account: Account, llm: LlmWriter
) -> None:
    alone = asyncio.create_task(write(llm))
    await server.wait_for(1)
    alone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await alone
    assert (await write(llm)).method == "llm"
    assert (len(server.requests), account.calls) == (1, 1)


async def test_eight_questions_are_open_at_once_and_no_more(
    server: OpenAIServer, account: Account
) -> None:
    server.add_fault("stall,first=8")
    llm = writer(server, account)
    tasks = [asyncio.create_task(write(llm, f"c{n}")) for n in range(12)]
    await server.wait_for(8)
    await _round_trip(server)
    assert len(server.requests) == 9
    await llm.close()
    assert all(isinstance(e, asyncio.CancelledError) for e in await _outcomes(tasks))


async def _round_trip(server: OpenAIServer) -> None:
    """Whatever was on its way to the server before this has arrived after it."""
    model, _ = asking(server)
    await model.ask([{"role": "user", "content": "JSON?"}], schema(1), 9)
    await model.close()


# --- time and money


async def test_a_slow_model_is_waited_for_only_so_long(
    server: OpenAIServer, account: Account
) -> None:
    server.add_fault("stall")
    llm = writer(server, account, seconds=0.05)
    assert "not done within 0.05 s" in await no_report(llm)
    await llm.close()


async def test_a_first_answer_is_kept_when_the_second_does_not_come(
    server: OpenAIServer, account: Account
) -> None:
    server.say(GOOD | {"impact": "none"})
    server.add_fault("stall,nth=2")
    llm = writer(server, account, seconds=1.0)
    assert (await write(llm)).extracted == ("impact",)
    await llm.close()


async def test_a_first_answer_is_kept_when_the_second_breaks(
    server: OpenAIServer, llm: LlmWriter
) -> None:
    server.say(GOOD | {"impact": "none"})
    server.add_fault("status:500,after=1")
    assert (await write(llm)).extracted == ("impact",)


async def test_a_dead_server_is_asked_for_two_categories_and_no_more(
    server: OpenAIServer, account: Account, llm: LlmWriter
) -> None:
    server.add_fault("drop")
    for category in ("cv", "llm", "rl", "audio"):
        with pytest.raises(NoReportError, match="cannot be reached"):
            await write(llm, category)
    assert (len(server.requests), account.calls) == (2 * 3, 0)


async def test_every_call_is_counted_on_its_day(
    server: OpenAIServer, account: Account, llm: LlmWriter
) -> None:
    server.say("junk", GOOD)
    await write(llm)
    assert account.calls == 2
    assert account.tokens.keys() == {NOW.date()}
    assert account.tokens[NOW.date()] > 500


async def test_no_call_is_made_that_the_day_s_tokens_do_not_cover(
    server: OpenAIServer, account: Account
) -> None:
    llm = writer(server, account, daily_tokens=50_000)
    account.tokens[NOW.date()] = 49_000
    assert "OPENAI_DAILY_TOKENS" in await no_report(llm)
    assert server.requests == []
    account.tokens.clear()
    assert await write(llm)
    await llm.close()


async def test_calls_under_way_count_for_the_day_already(
    server: OpenAIServer, account: Account
) -> None:
    server.add_fault("stall,first=2")
    llm = writer(server, account, daily_tokens=5_000)
    tasks = [asyncio.create_task(write(llm, f"c{n}")) for n in range(6)]
    await server.wait_for(2)
    await _round_trip(server)
    assert len(server.requests) == 3
    assert sum(task.done() for task in tasks) == 4
    await llm.close()
    outcomes = await _outcomes(tasks)
    assert sum(isinstance(e, NoReportError) for e in outcomes) == 4


async def test_a_budget_spent_on_the_first_answer_leaves_the_first_answer(
    server: OpenAIServer, account: Account
) -> None:
    llm = writer(server, account, daily_tokens=50_000)

    def spend(_: Json) -> Json:
        account.tokens[NOW.date()] = 49_900
        return GOOD | {"impact": "none"}

    server.say(spend)
    assert (await write(llm)).extracted == ("impact",)
    assert len(server.requests) == 1
    await llm.close()


async def _outcomes(tasks: list[asyncio.Task[Report]]) -> list[Report | BaseException]:
    return await asyncio.gather(*tasks, return_exceptions=True)
