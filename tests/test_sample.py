import re
from collections import Counter

import pytest

from core.category import Taxonomy
from core.i18n import catalog
from core.post import compose
from core.render.markdown import to_markdown
from core.report import Report
from core.report.writing import shown_categories, write_reports
from core.sample import sample_edition

COUNTS = {"cv": 4, "llm": 2, "recsys": 1, "theory": 1, "rl": 1, "inference": 1, "multimodal": 1}


def sample_reports(taxonomy: Taxonomy, language: str) -> tuple[Report, ...]:
    edition = sample_edition(taxonomy)
    return write_reports(edition, shown_categories(edition, (), 8), 5, catalog(language))


def test_the_sample_is_the_seed_s_day_with_its_categories_and_counts(taxonomy: Taxonomy) -> None:
    edition = sample_edition(taxonomy)
    assert edition.date.isoformat() == "2024-11-10"
    assert {slug: len(e) for slug, e in edition.categories.items() if e} == COUNTS
    schemes = Counter(e.paper.id.partition(":")[0] for s in edition.categories.values() for e in s)
    assert schemes == {"arxiv": 6, "deeplearn": 5}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_claim_of_the_sample_cites_and_every_paper_has_its_line(
    taxonomy: Taxonomy, language: str
) -> None:
    reports = sample_reports(taxonomy, language)
    assert {report.category for report in reports} == set(COUNTS)
    for report in reports:
        assert report.method == "llm"
        numbers = set(range(1, len(report.papers) + 1))
        for claim in (*report.themes, *report.findings, *report.impact, *report.outlook):
            assert claim.cites
            assert set(claim.cites) <= numbers
        assert all(report.line(number) for number in numbers)
        assert bool(report.themes) == (len(report.papers) > 1)
        assert report.keywords
        assert report.impact
        assert report.outlook


def test_every_number_in_a_claim_stands_in_a_paper_it_cites(taxonomy: Taxonomy) -> None:
    for language in ("ko", "en"):
        for report in sample_reports(taxonomy, language):
            for claim in (*report.themes, *report.findings, *report.impact, *report.outlook):
                cited = [report.papers[n - 1].paper for n in claim.cites]
                source = " ".join(f"{paper.title} {paper.abstract}" for paper in cited)
                for figure in re.findall(r"\d+(?:\.\d+)?", claim.text):
                    assert figure in source, (report.category, claim.text)


def test_the_sample_says_in_every_message_that_it_is_one(taxonomy: Taxonomy) -> None:
    for language, mark in (("ko", "예시"), ("en", "sample")):
        post = compose(
            sample_edition(taxonomy),
            sample_reports(taxonomy, language),
            taxonomy,
            catalog(language),
        )
        assert all(mark in message.label for message in post.messages)
        assert catalog(language).say("post.sample") in to_markdown(post).replace("\\", "")


def test_a_part_of_a_category_gets_no_report_about_papers_it_does_not_show(
    taxonomy: Taxonomy,
) -> None:
    edition = sample_edition(taxonomy)
    (report,) = write_reports(edition, ["cv"], 2, catalog("ko"))
    assert report.method == "extracted"
    assert {n for claim in report.findings for n in claim.cites} == {1, 2}
