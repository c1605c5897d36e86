"""The ledger of the language models in the database."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.ports import ReportKey
from core.report import Claim, Report
from storage.store import Store
from storage.usage import Usage
from tests import stores
from tests.factories import DAY
from tests.model_answers import entries

database_url, store = stores.database_url, stores.store

PAPERS = entries(2)
KEY = ReportKey(DAY, "cv", "ko", "m", "1", "0" * 64)
REPORT = Report(
    "cv",
    "ko",
    "llm",
    PAPERS,
    keywords=("정확도",),
    findings=(Claim("하나입니다.", (1,)),),
    model="m",
    extracted=("findings", "impact"),
)


async def test_a_day_without_calls_counts_nothing(store: Store) -> None:
    assert await store.usage.of_day(DAY) == Usage(0, 0, 0)
    assert await store.usage.spent(DAY) == 0


async def test_calls_of_all_models_add_up_day_by_day(store: Store) -> None:
    calls = [
        (DAY, "m", 10, 1),
        (DAY, "m", 20, 2),
        (DAY, "n", 300, 3),
        (DAY + timedelta(1), "m", 9, 9),
    ]
    await asyncio.gather(*(store.usage.add(*call) for call in calls))
    assert await store.usage.of_day(DAY) == Usage(3, 330, 6)
    assert await store.usage.spent(DAY) == 336


async def test_a_written_report_comes_back_as_it_was(store: Store) -> None:
    await store.usage.keep(KEY, REPORT)
    assert await store.usage.find(KEY, PAPERS) == REPORT


async def test_the_first_report_under_a_key_stays(store: Store) -> None:
    await store.usage.keep(KEY, REPORT)
    await store.usage.keep(KEY, replace(REPORT, keywords=("다른 것",)))
    assert await store.usage.find(KEY, PAPERS) == REPORT


@pytest.mark.parametrize(
    "other",
    [
        {"day": date(2025, 7, 16)},
        {"category": "llm"},
        {"language": "en"},
        {"model": "n"},
        {"prompt": "2"},
        {"papers": "1" * 64},
    ],
)
async def test_another_key_has_no_report(store: Store, other: dict[str, object]) -> None:
    await store.usage.keep(KEY, REPORT)
    assert await store.usage.find(replace(KEY, **other), PAPERS) is None  # type: ignore[arg-type]


async def test_reports_of_a_month_ago_are_let_go_of(store: Store) -> None:
    for days in (0, 30, 31):
        await store.usage.keep(replace(KEY, day=DAY + timedelta(days)), REPORT)
    kept = [
        await store.usage.find(replace(KEY, day=DAY + timedelta(days)), PAPERS) is not None
        for days in (0, 30, 31)
    ]
    assert kept == [False, True, True]
