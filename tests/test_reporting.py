"""The reports of an edition: written, extracted where that fails, kept, and never late for a fault."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import digest
from bot.answers.operating import usage_lines
from bot.pool import one_worker
from bot.reporting import Reporter, reports_now
from bot.settings import Settings
from bot.shelf import Shelf
from core.category import Taxonomy
from core.classify.default import DefaultClassifier
from core.edition import Edition
from core.i18n import Catalog
from core.ports import Batch, NoReportError
from core.post import compose
from core.ranking import Entry
from core.report import Claim, Report
from core.report.llm import LlmWriter
from storage.database import open_store
from storage.store import Store
from tests import stores
from tests.emulators.openai_server import KEY, MODELS, OpenAIServer
from tests.factories import DAY, make_edition, make_paper
from tests.model_answers import ENGLISH, KOREAN, NOW, Account, claim, korean, writer
from tests.service import in_place
from tests.stores import contents
from tests.test_render import in_terminal

database_url, store = stores.database_url, stores.store
SHELVES = ("cv", "llm", "rl")


@pytest.fixture
def edition(taxonomy: Taxonomy) -> Edition:
    return make_edition(
        {"cv": [make_paper(n) for n in (1, 2)], "llm": [make_paper(3)], "rl": [make_paper(4)]},
        taxonomy,
    )


class Half:
    """A summariser that writes some categories, one of them in part, and cannot write others."""

    model = "half"

    async def write(
        self, day: object, category: str, papers: tuple[Entry, ...], catalog: Catalog
    ) -> Report:
        del day
        if category == "rl":
            raise NoReportError("half: no answer")
        report = Report(
            category,
            catalog.language,
            "llm",
            papers,
            findings=tuple(Claim(f"글 {n}입니다.", (n,)) for n in range(1, len(papers) + 1)),
            model=self.model,
        )
        return report if category == "cv" else replace(report, extracted=("impact",))


async def test_what_cannot_be_written_is_extracted_and_told(edition: Edition) -> None:
    told: list[str] = []
    reporter = Reporter(in_place, 5, Half(), told.append)
    cv, llm, rl = await reporter.reports(edition, SHELVES, KOREAN)
    assert [r.method for r in (cv, llm, rl)] == ["llm", "llm", "extracted"]
    assert [r.extracted for r in (cv, llm, rl)] == [(), ("impact",), ()]
    assert "accuracy by 3%" in llm.impact[0].text
    assert told == ["half: no answer (2025-07-15: rl)"]


async def test_without_a_summariser_all_is_extracted_and_nothing_is_told(edition: Edition) -> None:
    told: list[str] = []
    reports = await Reporter(in_place, 5, None, told.append).reports(edition, SHELVES, KOREAN)
    assert {(r.method, r.model) for r in reports} == {("extracted", "")}
    assert told == []


# --- how it is labelled


def labels(
    edition: Edition, reports: tuple[Report, ...], taxonomy: Taxonomy, words: Catalog
) -> tuple[list[str], str]:
    post = compose(edition, reports, taxonomy, words)
    return [reply.label for reply in post.replies], in_terminal(replace(post, replies=()))


async def test_the_label_says_who_wrote_and_what_is_extracted(
    edition: Edition, taxonomy: Taxonomy
) -> None:
    reports = await Reporter(in_place, 5, Half(), print).reports(edition, SHELVES, KOREAN)
    found, parent = labels(edition, reports, taxonomy, KOREAN)
    assert found == ["AI 작성 · half · 근거 확인됨", "AI 작성 · half · 일부 발췌", "발췌"]
    assert KOREAN.say("post.fallback") in parent
    assert "OPENAI_API_KEY" not in parent


async def test_the_way_to_reports_in_the_reader_s_language_is_told_once(
    edition: Edition, taxonomy: Taxonomy
) -> None:
    reports = await Reporter(in_place, 5).reports(edition, SHELVES, KOREAN)
    assert labels(edition, reports, taxonomy, KOREAN)[1].count("OPENAI_API_KEY") == 1
    everything = in_terminal(compose(edition, reports, taxonomy, KOREAN))
    assert everything.count("OPENAI_API_KEY") == 1


async def test_who_reads_the_papers_language_is_told_of_no_other(
    edition: Edition, taxonomy: Taxonomy
) -> None:
    reports = await Reporter(in_place, 5).reports(edition, SHELVES, ENGLISH)
    assert "OPENAI_API_KEY" not in in_terminal(compose(edition, reports, taxonomy, ENGLISH))


# --- with a store


def shelf_of(store: Store, taxonomy: Taxonomy, llm: LlmWriter) -> Shelf:
    classifier = DefaultClassifier(taxonomy)
    return Shelf(store, classifier, taxonomy, in_place, 5, ("arXiv",), "UTC", llm)


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(answer=about_what_is_asked) as running:
        yield running


def about_what_is_asked(body: dict[str, Any]) -> dict[str, Any]:
    """A good answer about the papers of the request."""
    lines = [json.loads(line) for line in body["messages"][1]["content"].split("\n")]
    names = [line["title"].partition(":")[0] for line in lines]
    good = korean(len(lines))
    return good | {
        "findings": [
            claim(f"{name}: 풀기 어려운 문제를 풀어 정확도를 높입니다.", n)
            for n, name in enumerate(names, 1)
        ],
        "impact": [claim(f"같은 문제를 연구하는 사람은 {names[0]}의 방법을 써 볼 수 있습니다.", 1)],
        "outlook": [claim(f"{names[0]}: 다른 문제에서도 통하는지는 더 확인할 일입니다.", 1)],
    }


async def sealed(store: Store, shelf: Shelf) -> Edition:
    papers = [make_paper(n) for n in range(1, 4)]
    await store.papers.take_in(DAY, Batch("arXiv", "ok", tuple(papers)), DAY, NOW)
    return await shelf.sealed(DAY, NOW)


async def test_a_sealed_edition_s_reports_are_written_once_whoever_asks(
    store: Store, taxonomy: Taxonomy, server: OpenAIServer
) -> None:
    llm = writer(server, Account())
    shelf = shelf_of(store, taxonomy, llm)
    edition = await sealed(store, shelf)
    slugs = edition.fullest_first[:1]
    asked = await asyncio.gather(*(shelf.reports(edition, slugs, "ko") for _ in range(5)))
    again = await shelf_of(store, taxonomy, llm).reports(edition, slugs, "ko")
    await llm.close()
    assert [r.method for r in again] == ["llm"]
    assert all(reports == again for reports in asked)
    assert len(server.requests) == 1


async def test_a_draft_s_report_serves_its_seal_and_not_one_with_other_papers(
    store: Store, taxonomy: Taxonomy, server: OpenAIServer
) -> None:
    llm = LlmWriter(writer(server, Account())._server, store.usage, lambda: NOW)
    shelf = shelf_of(store, taxonomy, llm)
    draft = make_edition({"cv": [make_paper(1)]}, taxonomy)
    more = make_edition({"cv": [make_paper(1), make_paper(2)]}, taxonomy)
    for edition, calls in ((draft, 1), (draft, 1), (more, 2), (draft, 2)):
        (report,) = await shelf.reports(edition, ["cv"], "ko", keep=False)
        assert report.papers == edition.categories["cv"]
        assert len(server.requests) == calls
    await llm.close()


async def test_a_dead_server_delays_no_edition_and_what_was_extracted_is_kept(
    store: Store, taxonomy: Taxonomy, server: OpenAIServer
) -> None:
    server.add_fault("drop")
    llm = writer(server, Account())
    shelf = shelf_of(store, taxonomy, llm)
    edition = await sealed(store, shelf)
    slugs = edition.fullest_first
    reports = await shelf.reports(edition, slugs, "ko")
    assert {r.method for r in reports} == {"extracted"}
    server.faults.clear()
    assert await shelf.reports(edition, slugs, "ko") == reports
    await llm.close()


async def test_status_tells_what_was_used_and_when_the_day_s_tokens_are_spent(store: Store) -> None:
    now = datetime(2025, 7, 15, 2, tzinfo=UTC)
    none, some = Settings(), Settings(openai_api_key=KEY, openai_model="m")  # type: ignore[arg-type]
    assert await usage_lines(store, none, ENGLISH, now) == []
    await store.usage.add(now.date(), "m", 8_000, 1_500)
    (line,) = await usage_lines(store, some, ENGLISH, now)
    assert line == "m today (UTC): 1 requests · 8,000 tokens in · 1,500 tokens out"
    for budget, said in ((20_000, "20,000 tokens a day allowed"), (10_000, "are used up")):
        limited = some.model_copy(update={"openai_daily_tokens": budget})
        (line,) = await usage_lines(store, limited, ENGLISH, now)
        assert said in line


# --- on the command line


def settings_at(server: OpenAIServer, database_url: str, **more: object) -> Settings:
    given = {
        "openai_api_key": KEY,
        "openai_base_url": server.url,
        "openai_model": MODELS[0],
        "database_url": database_url,
    }
    return Settings(**(given | more))  # type: ignore[arg-type]


async def test_the_command_line_counts_in_the_database_there_is(
    server: OpenAIServer, edition: Edition, database_url: str
) -> None:
    settings, told = settings_at(server, database_url), list[str]()
    for _ in range(2):
        reports = await asyncio.to_thread(
            reports_now, edition, SHELVES, settings, KOREAN, told.append
        )
        assert [r.method for r in reports] == ["llm"] * 3
    assert (len(server.requests), told) == (3, [])
    async with open_store(database_url) as opened:
        used = await opened.usage.of_day(datetime.now(UTC).date())
    assert used.calls == 3


async def test_the_command_line_makes_no_database(
    server: OpenAIServer, edition: Edition, tmp_path: Path
) -> None:
    settings = settings_at(server, f"sqlite+aiosqlite:///{tmp_path}/none.db")
    reports = await asyncio.to_thread(reports_now, edition, SHELVES, settings, KOREAN, print)
    assert [r.method for r in reports] == ["llm"] * 3
    assert contents(tmp_path) == {}


async def test_the_digest_command_writes_with_a_key_and_extracts_without_an_answer(
    server: OpenAIServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    papers = tmp_path / "2025-07-15.jsonl"
    lines = [
        {
            "id": p.arxiv_id,
            "title": p.title,
            "authors": [],
            "primary_category": "cs.CV",
            "categories": ["cs.CV"],
            "abstract": p.abstract,
            "comment": "",
        }
        for p in (make_paper(1), make_paper(2))
    ]
    papers.write_text("".join(json.dumps(line) + "\n" for line in lines))
    monkeypatch.chdir(tmp_path)
    given = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "OPENAI_MODEL": MODELS[0]}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    options = digest.Options("", "", "ko", papers, tmp_path / "out", sample=False)

    def methods() -> list[tuple[str, str]]:
        document = json.loads((tmp_path / "out/2025-07-15/digest.json").read_text())
        reports = [c["report"] for c in document["categories"] if c["report"]]
        return [(report["method"], report["model"]) for report in reports]

    with one_worker() as charts:
        assert await asyncio.to_thread(digest.run, options, charts) == 0
        assert set(methods()) == {("llm", MODELS[0])}
        server.add_fault("status:401")
        assert await asyncio.to_thread(digest.run, options, charts) == 0
    assert set(methods()) == {("extracted", "")}
    assert "the key is refused" in capsys.readouterr().err
