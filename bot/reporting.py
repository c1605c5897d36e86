"""Reports of an edition: written by a language model where there is a key, else extracted."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import ParamSpec, TypeVar

import structlog

from bot.settings import Settings
from core.edition import Compute, Edition
from core.i18n import Catalog
from core.ports import Ledger, NoReportError, ReportKey, Summariser
from core.ranking import Entry
from core.report import Report
from core.report.writing import extract_reports, write_reports
from storage.errors import StorageError

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger(__name__)

# What a single answer may take of the time for all: the rest is for a second one.
_OF_IT = 2 / 3


def _to_the_log(why: str) -> None:
    log.warning("reports extracted", why=why)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Makes the reports of an edition.

    ``tell`` is told, once for each reason, what had to be extracted although there is a summariser.
    """

    compute: Compute
    papers_per_category: int
    summariser: Summariser | None = None
    tell: Callable[[str], object] = _to_the_log

    async def reports(
        self, edition: Edition, slugs: Sequence[str], words: Catalog
    ) -> tuple[Report, ...]:
        """The reports of these categories in this order; no fault of a model's server gets out."""
        most = self.papers_per_category
        if self.summariser is None:
            return await self.compute(write_reports, edition, slugs, most, words)
        from core.report.mending import filled  # noqa: PLC0415 - it loads the model's client

        written, extracted = await asyncio.gather(
            asyncio.gather(*(self._written(self.summariser, edition, s, words) for s in slugs)),
            self.compute(extract_reports, edition, slugs, most, words),
        )
        reasons: defaultdict[str, list[str]] = defaultdict(list)
        reports: list[Report] = []
        for report, quoted in zip(written, extracted, strict=True):
            if isinstance(report, Report):
                reports.append(filled(report, quoted))
            else:
                reasons[report].append(quoted.category)
                reports.append(replace(quoted, model=self.summariser.model))
        for why, categories in reasons.items():
            self.tell(f"{why} ({edition.date}: {', '.join(categories)})")
        return tuple(reports)

    async def _written(
        self, summariser: Summariser, edition: Edition, slug: str, words: Catalog
    ) -> Report | str:
        """The report, or why there is none."""
        papers = edition.categories[slug][: self.papers_per_category]
        try:
            return await summariser.write(edition.date, slug, papers, words)
        except (NoReportError, StorageError) as error:
            return str(error)


@asynccontextmanager
async def summariser_of(
    settings: Settings, ledger: Ledger, clock: Callable[[], datetime]
) -> AsyncIterator[Summariser | None]:
    """Who writes the reports with these settings; None without a key. ``clock`` gives the time, UTC."""
    key = settings.openai_api_key.get_secret_value()
    if not key:
        yield None
        return
    # The client takes a second to load: only who has a key waits for it.
    from core.report.llm import LlmWriter  # noqa: PLC0415
    from core.report.server import ModelServer, Pace  # noqa: PLC0415

    seconds = settings.openai_timeout_seconds
    pace = Pace(call=seconds * _OF_IT)
    server = ModelServer(str(settings.openai_base_url), key, settings.openai_model, pace=pace)
    tokens = settings.openai_daily_tokens
    writer = LlmWriter(server, ledger, clock, daily_tokens=tokens, seconds=seconds)
    try:
        yield writer
    finally:
        await writer.close()


class Forgetful:
    """A ledger for a program that has no database: it counts for itself and keeps nothing."""

    def __init__(self) -> None:
        self._tokens = 0

    async def spent(self, day: date) -> int:
        """The tokens of this run."""
        del day
        return self._tokens

    async def add(self, day: date, model: str, prompt_tokens: int, completion_tokens: int) -> None:
        """Count one call."""
        del day, model
        self._tokens += prompt_tokens + completion_tokens

    async def find(self, key: ReportKey, papers: tuple[Entry, ...]) -> Report | None:
        """Nothing."""
        del key, papers
        return None

    async def keep(self, key: ReportKey, report: Report) -> None:
        """Nothing is kept."""
        del key, report


def reports_now(
    edition: Edition,
    slugs: Sequence[str],
    settings: Settings,
    words: Catalog,
    tell: Callable[[str], object],
) -> tuple[Report, ...]:
    """The reports for a program that ends after them, counted in the database if there is one."""
    if not settings.openai_api_key.get_secret_value():
        return write_reports(edition, slugs, settings.papers_per_category, words)
    return asyncio.run(_reports_now(edition, slugs, settings, words, tell))


async def _reports_now(
    edition: Edition,
    slugs: Sequence[str],
    settings: Settings,
    words: Catalog,
    tell: Callable[[str], object],
) -> tuple[Report, ...]:
    from storage.database import existing_store  # noqa: PLC0415 - as slow to load as the client

    async with AsyncExitStack() as opened:
        ledger: Ledger = Forgetful()
        try:
            store = await opened.enter_async_context(existing_store(settings.database_url))
            ledger = store.usage if store is not None else ledger
        except StorageError as error:
            tell(str(error))
        summariser = await opened.enter_async_context(summariser_of(settings, ledger, _now))
        reporter = Reporter(_in_a_thread, settings.papers_per_category, summariser, tell)
        return await reporter.reports(edition, slugs, words)


def _now() -> datetime:
    return datetime.now(UTC)


async def _in_a_thread(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.to_thread(work, *args, **kwargs)
