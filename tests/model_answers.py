"""What a model may answer about the papers of ``make_paper``, and who keeps the account."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from core.classify import Verdict
from core.i18n import Phrase, catalog
from core.ports import ReportKey
from core.ranking import Entry
from core.report import Report
from core.report.llm import LlmWriter
from core.report.server import ModelServer, Pace
from tests.emulators.openai_server import KEY, MODELS, OpenAIServer
from tests.factories import make_paper

Json = dict[str, Any]
NOW = datetime(2025, 7, 15, 2, tzinfo=UTC)
KOREAN, ENGLISH = catalog("ko"), catalog("en")
# No test waits: what would be waited is noted instead.
QUICK = Pace(call=5.0, tries=3)


def claim(text: str, *cites: int) -> Json:
    return {"text": text, "cites": list(cites)}


def korean(count: int) -> Json:
    """A good Korean answer about papers 1 to ``count``."""
    several = [claim("정확도를 높이는 방법을 다루는 연구입니다.", *range(1, count + 1))]
    return {
        **({"themes": several} if count > 1 else {}),
        "keywords": ["정확도", "실험", "방법"],
        "findings": [
            claim(f"Method{n}: 풀기 어려운 문제를 풀어 정확도를 {n}% 높입니다.", n)
            for n in range(1, count + 1)
        ],
        "impact": [claim("같은 문제를 연구하는 사람은 Method1의 방법을 써 볼 수 있습니다.", 1)],
        "outlook": [claim("Method1이 다른 문제에서도 통하는지는 더 확인할 일입니다.", 1)],
    }


def entries(count: int, **fields: object) -> tuple[Entry, ...]:
    verdict = Verdict("cv", 0.5, Phrase("classify.nothing"))
    return tuple(Entry(make_paper(n, **fields), verdict, 1.0, ()) for n in range(1, count + 1))


@dataclass
class Account:
    """A ledger in memory, for one model."""

    model: str = MODELS[0]
    tokens: Counter[date] = field(default_factory=Counter)
    calls: int = 0
    kept: dict[ReportKey, Report] = field(default_factory=dict)

    async def spent(self, day: date) -> int:
        return self.tokens[day]

    async def add(self, day: date, model: str, prompt_tokens: int, completion_tokens: int) -> None:
        assert model == self.model
        self.calls += 1
        self.tokens[day] += prompt_tokens + completion_tokens

    async def find(self, key: ReportKey, papers: tuple[Entry, ...]) -> Report | None:
        del papers
        return self.kept.get(key)

    async def keep(self, key: ReportKey, report: Report) -> None:
        self.kept[key] = report


@dataclass
class Waits:
    """A sleep that takes no time, and what was slept."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def asking(server: OpenAIServer, key: str = KEY, pace: Pace = QUICK) -> tuple[ModelServer, Waits]:
    waits = Waits()
    return ModelServer(server.url, key, MODELS[0], pace=pace, sleep=waits), waits


def writer(
    server: OpenAIServer, account: Account, *, daily_tokens: int = 0, seconds: float = 30.0
) -> LlmWriter:
    """A writer at this server; close it."""
    model, _ = asking(server)
    return LlmWriter(model, account, lambda: NOW, daily_tokens=daily_tokens, seconds=seconds)
