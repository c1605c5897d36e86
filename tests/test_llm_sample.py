"""The sample's day, its Korean reports written by a model: the seed's sections, every claim cited."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.reporting import Reporter
from core.blocks import Cite, Heading, Items, Message, Paragraph, Span, Text
from core.category import Taxonomy
from core.edition import Edition
from core.post import compose
from core.report import Claim, Report
from core.sample import sample_edition, sample_report
from tests.conftest import SHARED
from tests.emulators.openai_rules import Json, text_of
from tests.emulators.openai_server import MODELS, OpenAIServer
from tests.model_answers import KOREAN, Account, claim, writer
from tests.service import in_place

PARTS = ("themes", "findings", "impact", "outlook")


@pytest.fixture
def edition(taxonomy: Taxonomy) -> Edition:
    return sample_edition(taxonomy)


def by_hand(edition: Edition, slug: str) -> Report:
    report = sample_report(slug, edition.categories[slug], "ko")
    assert report
    return report


def as_answer(report: Report) -> Json:
    answer: Json = {
        part: [claim(one.text, *one.cites) for one in getattr(report, part)] for part in PARTS
    }
    return answer | {"keywords": list(report.keywords)}


@pytest.fixture
async def server(edition: Edition) -> AsyncIterator[OpenAIServer]:
    answers = {
        tuple(entry.paper.title for entry in edition.categories[slug]): by_hand(edition, slug)
        for slug in edition.fullest_first
    }

    def say(body: Json) -> Json:
        lines = text_of(body["messages"][1]).split("\n")
        return as_answer(answers[tuple(json.loads(line)["title"] for line in lines)])

    async with OpenAIServer(answer=say) as running:
        yield running


async def written(server: OpenAIServer, edition: Edition) -> tuple[Report, ...]:
    llm = writer(server, Account())
    reports = await Reporter(in_place, 5, llm, pytest.fail).reports(
        edition, edition.fullest_first, KOREAN
    )
    await llm.close()
    return reports


async def test_seven_calls_bring_the_reports_as_they_were_written(
    server: OpenAIServer, edition: Edition
) -> None:
    reports = await written(server, edition)
    assert len(server.requests) == 7
    for report in reports:
        assert report == replace(by_hand(edition, report.category), model=MODELS[0])


def under(message: Message, heading: str) -> list[Span]:
    """The spans between this heading and the next."""
    spans: list[Span] = []
    name = ""
    for block in message.blocks:
        if isinstance(block, Heading):
            name = block.text
        elif name == heading:
            lines = block.lines if isinstance(block, Items) else ()
            spans += block.spans if isinstance(block, Paragraph) else ()
            spans += [span for line in lines for span in line]
    return spans


def shown(claims: tuple[Claim, ...]) -> list[str]:
    return [one.text.rstrip(".") for one in claims]


async def test_each_part_stands_under_its_heading_and_each_claim_leads_to_its_sources(
    server: OpenAIServer, edition: Edition, taxonomy: Taxonomy
) -> None:
    reports = await written(server, edition)
    post = compose(edition, reports, taxonomy, KOREAN)
    for report, message in zip(reports, post.replies, strict=True):
        urls = [entry.paper.url for entry in report.papers]
        for part, heading in zip(PARTS, ("주제", "새로운 것", "영향", "전망"), strict=True):
            claims: tuple[Claim, ...] = getattr(report, part)
            spans = under(message, heading)
            texts = [s.text.strip() for s in spans if isinstance(s, Text) and len(s.text) > 3]
            assert texts == shown(claims)
            cited = [Cite(n, urls[n - 1]) for one in claims for n in one.cites]
            assert [span for span in spans if isinstance(span, Cite)] == cited
        assert report.themes if len(report.papers) > 1 else not report.themes
        assert f"AI 작성 · {MODELS[0]}" in message.label


async def test_the_seed_s_sections_are_there_with_its_papers(
    server: OpenAIServer, edition: Edition, taxonomy: Taxonomy
) -> None:
    path = SHARED / "seed" / "digest-2024-11-10.md"
    if not path.exists():
        pytest.skip("the seed is not beside the project")
    _, *sections = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    papers = {
        section.split("\n")[0].split(" ", 1)[1].strip(): re.findall(
            r"^ - (.+) \(http", section, re.MULTILINE
        )
        for section in sections
    }
    reports = await written(server, edition)
    assert papers == {
        taxonomy[report.category].name: [entry.paper.title for entry in report.papers]
        for report in reports
    }
