"""deeplearn.org's pages: the hot panel only, the abstract only, however the markup is broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.paper import Paper, Signal
from core.sources.fetch import FetchError
from core.sources.hot import Front, Hot, read_front, read_paper

BASE = "https://deeplearn.org"
ABSTRACT = "Matter 7 is hard. We propose Hot7, which solves it, and show at length why it does so."
HOT = Hot("deeplearn:541926", "Hot7: A Look", f"{BASE}/arxiv/541926/hot7:-a-look", 3)


def page(*parts: str, title: str = "Monitor") -> bytes:
    return f"<html><head><title>{title}</title></head><body>{''.join(parts)}</body></html>".encode()


def panel(title: str, *rows: str) -> str:
    return f'<div class="panel"><h3 class="panel-title">{title}</h3>{"".join(rows)}</div>'


def row(href: str, title: str = "Some Title") -> str:
    return f'<div class="title"><a href="{href}">{title}</a></div>'


def hot_ids(body: bytes, base: str = BASE) -> list[str]:
    return [hot.id for hot in read_front(body, base).hot]


def article(*paragraphs: str, title: str = "Hot7: A Look - Paper Detail", more: str = "") -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return page(f'<div class="article-content">{text}</div>{more}', title=title)


def read(body: bytes, *headings: str) -> Paper:
    return read_paper(body, HOT, Front((HOT,), (), frozenset(headings)))


def refusal(body: bytes, *headings: str) -> str:
    with pytest.raises(FetchError) as caught:
        read(body, *headings)
    return caught.value.reason.key


# The front page


@pytest.mark.parametrize(
    "title", ["Hot Papers", "hot papers", "\n  Hot\n Papers ", "Hot <b>Papers</b>"]
)
def test_only_the_panel_of_hot_papers_counts(title: str) -> None:
    others = (
        panel(name, row("/arxiv/9/x")) for name in ("Recent Papers", "Hot Papers of 2019", "Hot")
    )
    body = page(*others, panel(title, row("/arxiv/7/x")), panel("News", row("/arxiv/8/x")))
    assert hot_ids(body) == ["deeplearn:7"]


@pytest.mark.parametrize("end", ["", "</div>"])
def test_a_panel_that_is_not_closed_takes_no_paper_of_the_next(end: str) -> None:
    opened = panel("Hot Papers", row("/arxiv/7/x")).removesuffix("</div>") + end
    before = panel("Recent Papers", row("/arxiv/8/x")).removesuffix("</div>") + end
    assert hot_ids(page(before, opened, panel("News", row("/arxiv/9/x")))) == ["deeplearn:7"]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/arxiv/7/x", "/arxiv/7/x"),
        (" /arxiv/7/x\n", "/arxiv/7/x"),
        ("arxiv/7/x", "/arxiv/7/x"),
        ("/arxiv/7", "/arxiv/7"),
        ("https://deeplearn.org/arxiv/7/x", "/arxiv/7/x"),
        ("http://www.deeplearn.org/arxiv/7/x", "/arxiv/7/x"),
        ("//deeplearn.org/arxiv/7/x", "/arxiv/7/x"),
        ("/arxiv/7/c++:-it's,-(well)-100%-new?#top", "/arxiv/7/c++:-it's,-(well)-100%-new"),
        ("/arxiv/7/gr&ouml;&szlig;e x", "/arxiv/7/gr%C3%B6%C3%9Fe%20x"),
        ("/arxiv/7/&quot;&gt;x", "/arxiv/7/%22%3Ex"),
    ],
)
def test_a_link_may_be_written_in_many_ways(href: str, url: str) -> None:
    (hot,) = read_front(page(panel("Hot Papers", row(href))), f"{BASE}/").hot
    assert (hot.id, hot.url) == ("deeplearn:7", BASE + url)


def test_behind_a_mirror_the_pages_are_asked_of_the_mirror() -> None:
    rows = (row("/arxiv/7/x"), row("/dl/arxiv/8/x"), row("https://deeplearn.org/arxiv/9/x"))
    front = read_front(page(panel("Hot Papers", *rows)), "http://mirror.example/dl")
    assert [hot.url for hot in front.hot] == [
        f"http://mirror.example/dl/arxiv/{number}/x" for number in (7, 8, 9)
    ]


@pytest.mark.parametrize(
    "href",
    [
        "",
        "/",
        "/news/7/x",
        "/arxiv/",
        "/arxiv/x/7",
        "/arxiv/0/x",
        "/arxiv/٣/x",
        "/arxiv/2411.05003",
        "/arxiv/" + "7" * 30,
        "/x/arxiv/7/x",
        "https://arxiv.org/abs/2411.05003",
        "https://evil.example/arxiv/7/x",
        "https://deeplearn.org@evil.example/arxiv/7/x",
        "javascript:alert(7)",
        "http://[/arxiv/7/x",
    ],
)
def test_a_link_to_anything_but_a_paper_of_the_site_is_missing_by_its_place(href: str) -> None:
    front = read_front(page(panel("Hot Papers", row("/arxiv/5/x"), row(href))), BASE)
    assert [hot.id for hot in front.hot] == ["deeplearn:5"]
    assert [(m.id, m.reason.key) for m in front.missing] == [
        ("deeplearn.org 2", "source.unreadable_entry")
    ]


def test_a_link_without_a_title_is_missing_by_its_id() -> None:
    front = read_front(page(panel("Hot Papers", row("/arxiv/5/x", " "), row("/arxiv/6/x"))), BASE)
    assert [m.id for m in front.missing] == ["deeplearn:5"]
    assert [(hot.id, hot.rank) for hot in front.hot] == [("deeplearn:6", 2)]


def test_a_paper_that_stands_in_the_panel_twice_comes_once_with_its_better_rank() -> None:
    rows = (row("/arxiv/5/x"), row("/arxiv/6/x"), row("/arxiv/5/x"), row("/arxiv/6/x", ""))
    front = read_front(page(panel("Hot Papers", *rows)), BASE)
    assert [(hot.id, hot.rank) for hot in front.hot] == [("deeplearn:5", 1), ("deeplearn:6", 2)]
    assert front.missing == ()


def test_only_the_first_twenty_are_hot() -> None:
    rows = (row(f"/arxiv/{number}/x") for number in range(1, 40))
    assert len(hot_ids(page(panel("Hot Papers", *rows)))) == 20


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_list"),
        (b"[]", "not_list"),
        (b"\x89PNG\r\n", "not_list"),
        (b"<html><body><div class='panel'>", "truncated"),
        (page(), "no_panel"),
        (page(panel("Cool Papers", row("/arxiv/7/x"))), "no_panel"),
        (page(panel("Hot Papers")), "no_panel"),
        (page(row("/arxiv/7/x")), "no_panel"),
        (page('<h3 class="panel-title">Hot Papers</h3>', row("/arxiv/7/x")), "no_panel"),
        (page(panel("Hot Papers", row("/arxiv/7/x")), "x" * 2**20), "too_big"),
        (page("<div>" * 1000, panel("Hot Papers", row("/arxiv/7/x"))), "not_list"),
    ],
)
def test_a_front_page_without_hot_papers_is_broken_never_quiet(body: bytes, reason: str) -> None:
    with pytest.raises(FetchError) as caught:
        read_front(body, BASE)
    assert caught.value.reason.key == f"source.{reason}"


@pytest.mark.parametrize(
    "prolog",
    ["\ufeff", "<!DOCTYPE html>", "<!-- x -->", "<?xml version='1.0'?>\n<div>x</div>"],
)
def test_what_stands_before_the_page_does_not_matter(prolog: str) -> None:
    assert hot_ids(prolog.encode() + page(panel("Hot Papers", row("/arxiv/7/x")))) == [
        "deeplearn:7"
    ]


# A paper's page


def test_a_paper_is_its_title_its_abstract_and_its_rank_and_never_an_arxiv_id() -> None:
    link = "<a href='https://arxiv.org/abs/2411.05003'>arXiv:2411.05003</a>"
    text = f"{ABSTRACT[:40]}<br>{ABSTRACT[40:]}\n It uses $\\alpha$. See {link} or https://a.example/b."
    assert read(article(" ", text, "Comments: 2411.05003")) == Paper(
        id="deeplearn:541926",
        title="Hot7: A Look",
        abstract=f"{ABSTRACT[:40]} {ABSTRACT[40:].strip()} It uses α. See arXiv:2411.05003 or https://a.example/b.",
        url=f"{BASE}/arxiv/541926/hot7:-a-look",
        links=("https://a.example/b",),
        sources=("deeplearn",),
        signals=(Signal("deeplearn", "hot", 3),),
    )


def test_a_paragraph_that_is_not_closed_takes_nothing_of_the_next() -> None:
    body = article(ABSTRACT, "Comments: 12 pages").replace(b"</p>", b"")
    assert read(body).abstract == ABSTRACT


def test_scripts_and_comments_are_no_abstract() -> None:
    assert read(article(f"<!-- no -->{ABSTRACT}<script>no()</script>")).abstract == ABSTRACT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Too short to be the abstract of any paper.",
        f"There was a problem with this request. {ABSTRACT}",
        f"Sorry, {ABSTRACT}",
        f"Internal Server Error. {ABSTRACT}",
        "x" * 50_000,
    ],
)
def test_a_paragraph_that_is_no_abstract_is_refused(text: str) -> None:
    assert refusal(article(text)) == "source.no_abstract"


@pytest.mark.parametrize("begin", ["Errors", "500 robots", "Forbidden minors", "Access control"])
def test_an_abstract_may_begin_like_an_error(begin: str) -> None:
    assert read(article(f"{begin} are studied. {ABSTRACT}")).abstract.startswith(begin)


def test_a_page_without_an_article_has_no_abstract() -> None:
    assert refusal(page(f"<p>{ABSTRACT}</p>", title=HOT.title)) == "source.no_abstract"


def test_the_page_of_another_paper_is_refused() -> None:
    assert refusal(article(ABSTRACT, title="Cold8: A Glance - Paper Detail")) == "source.other_page"


@pytest.mark.parametrize(
    "more",
    [
        "<h1>HOT7 - a look</h1>",
        "<h2>Hot7: <i>A</i> Look</h2>",
        "<meta property='og:title' content='Hot7: A Look'>",
    ],
)
def test_the_title_may_stand_in_a_heading_of_the_page(more: str) -> None:
    assert read(article(ABSTRACT, title="Paper Detail", more=more)).abstract == ABSTRACT


def test_what_the_front_page_is_called_too_is_no_title_of_the_page() -> None:
    assert read(article(ABSTRACT, title="The Monitor"), "themonitor").abstract == ABSTRACT
    assert refusal(article(ABSTRACT, title="Error"), "themonitor") == "source.other_page"


# Any input at all

PIECES = st.sampled_from(
    "<div|</div>|<p>|</p>|<a href='/arxiv/7/x'>|</a>|<div class='title'>|<div class='panel'>|Hot Papers"
    "|<h3 class='panel-title'>|</h3>|<div class='article-content'>|<!--|-->|<![CDATA[|&#xD800;|&amp;|<?x"
    "|<script>|<title>|</html>|$x^{|<body|\x00|text of some length".split("|")
)
MARKUP = st.lists(PIECES | st.text(max_size=5), max_size=25).map("".join)


@given(MARKUP)
def test_whatever_the_front_page_is_nothing_else_raises_and_nothing_is_invented(text: str) -> None:
    body = f"<html>{text}</html>".encode("utf-8", "replace")
    try:
        front = read_front(body, BASE)
    except FetchError:
        return
    assert "Hot Papers" in text
    assert {hot.id for hot in front.hot} <= {"deeplearn:7"}
    for hot in front.hot:
        assert hot.title
        assert hot.url == f"{BASE}/arxiv/7/x"


@given(MARKUP, st.text(max_size=200))
def test_whatever_the_page_is_an_abstract_is_text_of_it(text: str, more: str) -> None:
    body = f"<html>{text}<p>{more}{text}</html>".encode("utf-8", "replace")
    try:
        paper = read(body)
    except FetchError:
        return
    assert (paper.id, paper.title, paper.arxiv_id) == (HOT.id, HOT.title, None)
    assert len(paper.abstract) >= 80
    assert "article-content" in text


@given(st.integers(0, 600))
def test_a_page_that_is_cut_in_its_body_is_never_taken_for_a_whole_one(end: int) -> None:
    body = article(ABSTRACT, "Comments: 12 pages", more="<p>x</p>" * 60)
    with pytest.raises(FetchError):
        read(body[: min(end, len(body) - len(b"</body></html>"))])
