"""Renderings, over any text a paper may carry."""

import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from core.blocks import (
    PARENT,
    Cite,
    Emphasis,
    Items,
    Jump,
    Link,
    Message,
    Paragraph,
    Post,
    Text,
)
from core.category import Taxonomy
from core.i18n import catalog
from core.post import compose
from core.render.digest_json import to_json
from core.render.html import to_html
from core.render.markdown import escape, to_markdown
from core.render.terminal import to_terminal
from core.report.writing import write_reports
from tests.factories import make_edition, make_paper
from tests.rendered_documents import Reader

HOSTILE = (
    "<script>alert(1)</script> [link](http://evil.example) **bold** `code` # heading\n"
    "@everyone | {{ 7*7 }} [bold]rich[/bold] \\ \u202e"
)


def post_of(*parts: object, title: str = "Title") -> Post:
    parent = Message(PARENT, title, "#5865f2", (), "")
    reply = Message("cv", title, "#0072b2", tuple(parts), "label")  # type: ignore[arg-type]
    return Post("2025-07-15", "en", parent, (reply,))


def in_terminal(post: Post, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(to_terminal(post))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), max_size=60))
def test_the_page_shows_exactly_the_words_that_were_given(text: str) -> None:
    reader = Reader(to_html(post_of(Paragraph((Text(f"<<{text}>>"),)))))
    shown = "".join(reader.words).partition("<<")[2].rpartition(">>")[0]
    assert shown == text


def test_hostile_words_stay_words_on_the_page() -> None:
    page = to_html(
        post_of(Paragraph((Text(HOSTILE), Link(HOSTILE, "https://a.example"))), title=HOSTILE)
    )
    reader = Reader(page)
    assert "script" not in reader.tags
    assert "http://evil.example" not in reader.links
    assert "{{ 7*7 }}" in "".join(reader.words)


def test_hostile_words_stay_words_in_markdown() -> None:
    text = to_markdown(post_of(Paragraph((Text(HOSTILE),))))
    assert "<script" not in text.replace("\\<", "")
    assert "](http" not in text.replace("\\]", "")
    assert "\n\\# heading" not in text
    assert "\n# heading" not in text


def test_hostile_words_stay_words_in_the_terminal() -> None:
    assert "[bold]rich[/bold]" in in_terminal(post_of(Paragraph((Text(HOSTILE),))), 200)


@given(st.text(alphabet="ab*_`[]()<>#+-.1) \n\\~|!&", max_size=40))
def test_escaped_markdown_gives_the_words_back(text: str) -> None:
    flat = " ".join(text.split())
    assert re.sub(r"\\(.)", r"\1", escape(flat)) == flat


@pytest.mark.parametrize("start", ["- a", "+ a", "1. a", "12) a", "# a", "> a", "= a"])
def test_a_line_that_looks_like_markup_is_escaped(start: str) -> None:
    assert "\\" in escape(start)


def test_a_joiner_that_joins_nothing_costs_no_letter_in_the_terminal() -> None:
    items = Items(((Emphasis("\u200d"), Emphasis("word"), Cite(34, "https://example.org")),))
    assert "word[34]" in in_terminal(post_of(items))


def test_a_korean_line_is_no_wider_than_the_window() -> None:
    from rich.cells import cell_len  # noqa: PLC0415

    text = "카메라 궤적과 장면을 다루는 연구가 가장 많습니다 " * 20
    shown = in_terminal(post_of(Paragraph((Text(text),))), 60)
    assert max(cell_len(row) for row in shown.splitlines()) <= 60


def test_digest_json_is_the_documented_shape(taxonomy: Taxonomy) -> None:
    papers = [make_paper(n) for n in range(1, 8)]
    edition = make_edition({"cv": papers, "other": papers[:2]}, taxonomy)
    reports = write_reports(edition, ["cv"], 5, catalog("en"))
    document = json.loads(to_json(edition, reports, taxonomy, catalog("en")))
    assert [c["slug"] for c in document["categories"]] == list(taxonomy.slugs)
    cv = next(c for c in document["categories"] if c["slug"] == "cv")
    other = next(c for c in document["categories"] if c["slug"] == "other")
    assert cv["count"] == 7
    assert other == {"slug": "other", "name": "Other", "count": 2, "papers": [], "report": None}
    assert [p["n"] for p in cv["papers"]] == [1, 2, 3, 4, 5]
    assert all(p["new"] and p["why"] and p["url"] and p["abstract"] for p in cv["papers"])
    assert set(cv["report"]) == {
        *("method", "model", "themes", "keywords", "findings", "impact", "outlook")
    }
    assert document["coverage"]["owed"] == document["coverage"]["held"] == 9


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_parent_leads_to_every_reply(taxonomy: Taxonomy, language: str) -> None:
    shelves = {"cv": [make_paper(1)], "rl": [make_paper(2)], "theory": [make_paper(3)]}
    edition = make_edition(shelves, taxonomy)
    reports = write_reports(edition, ["cv", "rl"], 5, catalog(language))
    post = compose(edition, reports, taxonomy, catalog(language))
    jumps = [
        span.part
        for block in post.parent.blocks
        if isinstance(block, Items)
        for line in block.lines
        for span in line
        if isinstance(span, Jump)
    ]
    assert jumps == [message.part for message in post.replies] == ["cv", "rl"]
    markdown = to_markdown(post)
    assert '<a id="rl"></a>' in markdown
    assert catalog(language).name("Machine Learning Theory") in markdown


def test_a_post_for_a_chat_names_the_commands_that_bring_more(taxonomy: Taxonomy) -> None:
    edition = make_edition({"rl": [make_paper(1), make_paper(2)], "cv": [make_paper(3)]}, taxonomy)
    reports = write_reports(edition, ["rl", "cv"], 5, catalog("en"))
    said = "More: `/digest rl` · Subscribe: `/subscribe`"
    hinted = compose(edition, reports, taxonomy, catalog("en"), hints=True)
    assert said in to_markdown(hinted)
    assert said not in to_markdown(compose(edition, reports, taxonomy, catalog("en")))


def test_every_citation_leads_to_the_paper_it_names(taxonomy: Taxonomy) -> None:
    papers = [make_paper(n) for n in (1, 2, 3)]
    edition = make_edition({"cv": papers}, taxonomy)
    (report,) = write_reports(edition, ["cv"], 5, catalog("en"))
    post = compose(edition, [report], taxonomy, catalog("en"))
    urls = {n: entry.paper.url for n, entry in enumerate(report.papers, 1)}
    cites = [
        span
        for block in post.replies[0].blocks
        if isinstance(block, Paragraph | Items)
        for line in ((block.spans,) if isinstance(block, Paragraph) else block.lines)
        for span in line
        if isinstance(span, Cite)
    ]
    assert {cite.number for cite in cites} == {1, 2, 3}
    assert all(urls[cite.number] == cite.url for cite in cites)
