"""The program among all its sources: one paper is one paper, whoever tells of it."""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.arxiv_runs import DAY, entries
from tests.emulators.deeplearn_site import hot_paper
from tests.emulators.faults import Fault
from tests.emulators.huggingface_api import listed
from tests.emulators.sources_server import SourcesServer
from tests.test_live import Done, document, run
from tests.test_operating import rows

TITLE = "Segmenting Images With Words"


def outside() -> SourcesServer:
    """arXiv's announcement of six papers, two of them on Hugging Face, one on all three."""
    papers = entries(6, categories=("cs.CV",), primary_category="cs.CV")
    papers[0] = replace(papers[0], title=TITLE)
    server = SourcesServer(papers)
    server.announced.day = DAY
    server.daily = {
        DAY: [
            listed(1, DAY, 92, id=papers[0].id, title=TITLE),
            listed(2, DAY, 7, id=papers[1].id, title=papers[1].title),
            listed(3, DAY, 5, id="2506.00077", title="Only On Hugging Face"),
        ]
    }
    server.hot = [hot_paper(541926, title=TITLE.upper()), hot_paper(541927)]
    return server


async def digest(server: SourcesServer, folder: Path, *command: str) -> Done:
    arguments = command or ("digest", "--date", DAY.isoformat())
    return await run(
        *(sys.executable, "-m", "bot", *arguments),
        folder=folder,
        ARXIV_API_URL=server.arxiv_api_url,
        ARXIV_FEED_URL=server.arxiv_feed_url,
        HUGGINGFACE_URL=server.huggingface_url,
        DEEPLEARN_URL=server.deeplearn_url,
        ARXIV_CATEGORIES="cs.CV,cs.LG",
    )


async def test_a_paper_of_three_sources_is_one_and_leads_with_their_reasons(
    tmp_path: Path,
) -> None:
    async with outside() as server:
        done = await digest(server, tmp_path)
    assert (done.code, done.err) == (0, "")
    told = document(tmp_path)
    assert {s["name"]: (s["status"], s["count"]) for s in told["coverage"]["sources"]} == {
        "arXiv": ("ok", 6),
        "Hugging Face": ("ok", 3),
        "deeplearn.org": ("ok", 2),
    }
    # Six, one that only Hugging Face has, one that only deeplearn.org has.
    assert told["coverage"]["held"] == sum(c["count"] for c in told["categories"]) == 8
    papers = [paper for category in told["categories"] for paper in category["papers"]]
    (first,) = [paper for paper in papers if paper["title"] == TITLE]
    assert (first["id"], first["n"]) == ("arxiv:2507.00001", 1)
    assert "92 upvotes on Hugging Face" in first["why"]
    assert any("deeplearn.org" in reason for reason in first["why"])


@pytest.mark.parametrize("broken", ["huggingface", "deeplearn"])
@pytest.mark.parametrize("fault", ["status:404", "html", "drop", "truncated"])
async def test_a_recommender_that_breaks_is_named_and_stops_nothing(
    broken: str, fault: str, tmp_path: Path
) -> None:
    async with outside() as server:
        server.faults = [*map(Fault.parse, (f"{fault},on={broken}",))]
        done = await digest(server, tmp_path)
    assert done.code == 0
    told = {s["name"]: s for s in document(tmp_path)["coverage"]["sources"]}
    name = {"huggingface": "Hugging Face", "deeplearn": "deeplearn.org"}[broken]
    assert told[name]["status"] in {"failed", "partial"}
    assert name in told[name]["note"]
    assert name in done.err
    assert told["arXiv"]["status"] == "ok"


async def test_what_a_source_could_not_give_comes_when_it_is_back_and_nothing_twice(
    tmp_path: Path,
) -> None:
    collect = ("collect", "--date", DAY.isoformat())
    async with outside() as server:
        server.faults = [
            *map(Fault.parse, ("status:503,retry_after=3600", "status:503,on=huggingface"))
        ]
        first = await digest(server, tmp_path, *collect)
        assert first.code == 3
        server.faults = []
        assert (await digest(server, tmp_path, *collect)).code == 0
        again = await digest(server, tmp_path, *collect)
    assert again.code == 0
    assert rows(tmp_path, "select count(*), count(distinct id) from papers") == [(8, 8)]
    assert rows(
        tmp_path, "select id from papers where title_key = 'segmentingimageswithwords'"
    ) == [("arxiv:2507.00001",)]


async def test_replacements_are_no_news(tmp_path: Path) -> None:
    async with outside() as server:
        server.announced.kinds[server.entries[5].id] = "replace"
        await digest(server, tmp_path)
    told = document(tmp_path)
    arxiv = next(s for s in told["coverage"]["sources"] if s["name"] == "arXiv")
    assert (arxiv["status"], arxiv["count"]) == ("ok", 5)


async def test_a_weekend_day_is_said_to_be_quiet(tmp_path: Path) -> None:
    async with outside() as server:
        saturday = date(2025, 7, 19)
        server.hot = []
        done = await digest(server, tmp_path, "digest", "--date", saturday.isoformat())
    assert done.code == 1
    assert "arXiv announces nothing on Sat, 19 July 2025" in done.err
