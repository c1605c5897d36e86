"""Reports written by a language model, each checked before anyone sees it."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import ParamSpec, TypeVar

from core.i18n import Catalog
from core.paper import Paper
from core.ports import Ledger, NoReportError, ReportKey
from core.ranking import Entry
from core.report import Claim, Report
from core.report.draft import Draft, Finding
from core.report.mending import Judged, better, judged, salvaged
from core.report.prompt import (
    PROMPT_VERSION,
    Message,
    estimated_tokens,
    messages,
    repair,
    schema,
)
from core.report.server import Answer, ModelServer, RefusedRequestError, SilentServerError
from core.report.verify import verify

P = ParamSpec("P")
T = TypeVar("T")

_AT_ONCE = 8
_SECONDS = 60.0
# Kept of it for judging what is there when the second answer does not come.
_MARGIN = 0.5
# In so many seconds every question is out.
_OUT = 0.2
# A brake for a model that does not stop; one that thinks aloud needs some room.
_MOST = 4_000
_MOST_PER_PAPER = 800
# What an answer is counted as before it is there.
_EXPECTED_PER_PAPER = 350


class LlmWriter:
    """Writes each report once, whoever asks for it: one question, and one more where it had faults.

    What is still wrong then is left out, for the papers' own sentences to stand there. At most
    ``at_once`` questions are open; one report takes at most ``seconds``, waiting included, and a
    day (UTC) at most ``daily_tokens`` (0: as many as it takes).
    """

    def __init__(
        self,
        server: ModelServer,
        ledger: Ledger,
        clock: Callable[[], datetime],
        *,
        daily_tokens: int = 0,
        seconds: float = _SECONDS,
        at_once: int = _AT_ONCE,
    ) -> None:
        self._server = server
        self._ledger = ledger
        self._daily_tokens = daily_tokens
        self._clock = clock
        self._seconds = seconds
        self._slots = asyncio.Semaphore(at_once)
        self._under_way: dict[ReportKey, asyncio.Task[Report]] = {}
        self._reserved = 0
        self._checking = asyncio.Lock()

    @property
    def model(self) -> str:
        """The name that stands under a report."""
        return self._server.model

    async def write(
        self, day: date, category: str, papers: tuple[Entry, ...], catalog: Catalog
    ) -> Report:
        """A verified report about these papers, as ``Summariser`` has it. Raises NoReportError.

        Who asks for the same meanwhile waits for the same answer, and gets it even if another who
        waited is gone.
        """
        key = ReportKey(
            day, category, catalog.language, self.model, PROMPT_VERSION, _fingerprint(papers)
        )
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._kept(key, papers, catalog))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Let go of what is under way, and of the server."""
        for task in list(self._under_way.values()):
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        await self._server.close()

    def _forget(self, key: ReportKey, done: asyncio.Task[Report]) -> None:
        del self._under_way[key]
        if not done.cancelled():
            # Nobody may be left who waits for it, and Python tells of errors that nobody took.
            done.exception()

    async def _kept(self, key: ReportKey, papers: tuple[Entry, ...], catalog: Catalog) -> Report:
        """The report as it was kept before, or as it is written now."""
        if found := await self._ledger.find(key, papers):
            return found
        until = asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(until):
                report = await self._written(key.category, papers, catalog, until)
        except TimeoutError:
            raise NoReportError(f"{self.model}: not done within {self._seconds:g} s") from None
        await self._ledger.keep(key, report)
        return report

    async def _written(
        self, category: str, entries: tuple[Entry, ...], catalog: Catalog, until: float
    ) -> Report:
        papers = [entry.paper for entry in entries]
        best = await self._best_answer(papers, catalog, until)
        draft, extracted = await self._alone(salvaged, best, papers, catalog.language)
        if not draft.findings:
            raise NoReportError(f"{self.model}: {_told(best.faults)}")
        return Report(
            category=category,
            language=catalog.language,
            method="llm",
            papers=entries,
            themes=draft.themes,
            keywords=draft.keywords,
            findings=draft.findings,
            impact=draft.impact,
            outlook=draft.outlook,
            model=self.model,
            extracted=extracted,
        )

    async def _best_answer(self, papers: Sequence[Paper], catalog: Catalog, until: float) -> Judged:
        """The answer, or where it had faults the better one of two."""
        question = messages(papers, catalog)
        reading = asyncio.create_task(self._read_ahead(papers, catalog.language))
        try:
            answer = await self._asked(question, len(papers))
        finally:
            reading.cancel()
        first = await self._alone(judged, answer, papers, catalog.language)
        if not first.faults:
            return first
        # Without a second answer, the first is what there is.
        with suppress(NoReportError, TimeoutError):
            async with asyncio.timeout_at(until - _MARGIN):
                again = repair(question, answer.text, first.faults)
                second = await self._asked(again, len(papers))
                found = await self._alone(judged, second, papers, catalog.language)
                return better(first, found)
        return first

    async def _read_ahead(self, papers: Sequence[Paper], language: str) -> None:
        """Let the check read the papers, and load all it needs, while the model writes."""
        # Not at once: a thread at work would hold up the questions on their way out.
        await asyncio.sleep(_OUT)
        sentence = Claim(papers[0].abstract, (1,))
        await self._alone(verify, Draft(outlook=(sentence,)), papers, language)

    async def _alone(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The work done in a thread, one at a time: several would only fight for the processor."""
        async with self._checking:
            return await asyncio.to_thread(work, *args, **kwargs)

    async def _asked(self, question: list[Message], count: int) -> Answer:
        """The model's answer, when there is a slot free for the question. Raises NoReportError."""
        async with self._slots:
            answer = await self._counted(question, count)
        if answer.end == "refused":
            raise NoReportError(f"{self.model}: it refused to write")
        return answer

    async def _counted(self, question: list[Message], count: int) -> Answer:
        """The answer, its tokens counted. Raises NoReportError, also where the day's are spent."""
        today = self._clock().astimezone(UTC).date()
        expected = _EXPECTED_PER_PAPER * (count + 1)
        expected += sum(estimated_tokens(message["content"]) for message in question)
        spent = await self._ledger.spent(today)
        if self._daily_tokens and spent + self._reserved + expected > self._daily_tokens:
            raise NoReportError(f"OPENAI_DAILY_TOKENS: {self._daily_tokens} do not cover it today")
        self._reserved += expected
        try:
            most = _MOST + _MOST_PER_PAPER * count
            answer = await self._server.ask(question, schema(count), most)
            await self._ledger.add(
                today, self.model, answer.prompt_tokens, answer.completion_tokens
            )
        except (SilentServerError, RefusedRequestError) as error:
            raise NoReportError(f"{self.model}: {error}") from None
        finally:
            self._reserved -= expected
        return answer


def _told(faults: Sequence[Finding]) -> str:
    """What was found, in short."""
    named = ", ".join(sorted({one.fault for one in faults}))
    return f"not verified ({named})" if named else "nothing in it"


def _fingerprint(papers: Sequence[Entry]) -> str:
    texts = [[entry.paper.id, entry.paper.title, entry.paper.abstract] for entry in papers]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()
