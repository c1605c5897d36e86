"""Cutting a message into pages: nothing lost, everything fits, and it is cut where it hurts least."""

from collections.abc import Sequence
from itertools import accumulate

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.blocks import Block, Cite, Code, Line, Link, Paragraph, Span, Strong, Text
from core.render.pages import Row, pages, rows
from tests.documents import blocks, words

few = settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def text(spans: Line) -> str:
    return "".join(f"[{s.number}]" if isinstance(s, Cite) else s.text for s in spans)


def size(page: Sequence[Row]) -> int:
    return sum(len(text(row.spans)) + 1 for row in page)


def paged(content: Sequence[Row], limit: int) -> list[list[Row]]:
    return pages(content, lambda page: size(page) <= limit)


@few
@given(st.lists(blocks, max_size=6), st.integers(40, 300))
def test_every_page_fits_and_no_letter_is_lost(given_blocks: list[Block], limit: int) -> None:
    content = rows(given_blocks)
    found = paged(content, limit)
    assert all(size(page) <= limit for page in found)
    assert all(found) or found == [[]]
    before = "".join(text(row.spans) for row in content)
    assert "".join(text(row.spans) for page in found for row in page) == before
    assert paged(content, limit) == found


@few
@given(st.lists(blocks, max_size=6), st.integers(60, 300))
def test_no_page_ends_with_a_heading_while_something_follows_it(
    given_blocks: list[Block], limit: int
) -> None:
    content = [row for row in rows(given_blocks) if len(text(row.spans)) < 20]
    for page in paged(content, limit)[:-1]:
        assert page[-1].kind != "heading" or all(row.kind == "heading" for row in page)


LETTERS = (
    "a",
    "é",
    "e\u0301",
    "각",
    "漢",
    "か\u3099",
    "葛\U000e0100",
    "👨‍👩‍👧",
    "👋🏽",
    "🇰🇷",
    "कि",
    " ",
    "。",
)


@few
@given(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=300), st.integers(10, 60))
def test_no_page_begins_or_ends_inside_a_letter(letters: list[str], limit: int) -> None:
    ends = set(accumulate(map(len, letters)))
    found = paged([Row("paragraph", (Text("".join(letters)),))], limit)
    cuts = accumulate(size(page) - len(page) for page in found)
    assert ends.issuperset(cuts)


short = st.lists(st.text("abc가나", min_size=1, max_size=9), min_size=1, max_size=120)


@few
@given(st.lists(short.map(" ".join), min_size=1, max_size=20), st.integers(100, 400))
def test_no_page_is_nearly_empty(paragraphs: list[str], limit: int) -> None:
    content = [Row("paragraph", (Text(words),)) for words in paragraphs]
    found = paged(content, limit)
    assert all(size(page) >= limit // 8 for page in found[:-1])
    if len(found) > 1 and len(found[-2]) > 2 and found[-1][0].begins:
        # A row of the page before would have come along where that could be.
        assert 4 * size(found[-1]) >= size(found[-2][:-1]) or (
            size([found[-2][-1], *found[-1]]) > min(limit, size(found[-2][:-1]))
        )


whole = st.one_of(
    st.builds(Strong, words), st.builds(Code, words), st.builds(Link, words, st.just("https://a.b"))
)


@few
@given(st.lists(whole | st.builds(Text, words), max_size=40), st.integers(200, 400))
def test_a_link_code_and_words_that_stand_out_are_never_cut(spans: list[Span], limit: int) -> None:
    kept = [span for span in spans if len(text((span,))) < 200 and text((span,))]
    found = paged(rows([Paragraph(tuple(kept))]), limit)
    shown = [span for page in found for row in page for span in row.spans]
    assert [one for one in shown if not isinstance(one, Text)] == [
        one for one in kept if not isinstance(one, Text)
    ] or not text(tuple(kept)).strip()


def cut(sentence: str, limit: int) -> list[str]:
    row = Row("paragraph", (Text(sentence),))
    return [text(page[0].spans) for page in paged([row], limit + 1)]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    assert cut("First one. Second two. Third three.", 25) == [
        "First one. Second two. ",
        "Third three.",
    ]
    assert cut("첫째 문장입니다. 둘째 문장입니다. 셋째.", 22) == [
        "첫째 문장입니다. 둘째 문장입니다. ",
        "셋째.",
    ]


def test_a_long_sentence_is_cut_between_words_and_a_long_word_between_letters() -> None:
    assert cut("alpha beta gamma", 12) == ["alpha beta ", "gamma"]
    assert cut("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert cut("深度学习模型", 4) == ["深度学习", "模型"]
    assert cut("我们提出模型。它很快。", 8) == ["我们提出模型。", "它很快。"]
    assert cut("我们提出「模型」。", 5) == ["我们提出", "「模型」。"]
    assert cut("It is 10\u00a0km away", 10) == ["It is ", "10\u00a0km away"]


def test_a_letter_keeps_its_accents_and_an_emoji_its_parts() -> None:
    family = "👨‍👩‍👧"
    assert cut(f"ab{family}", 5) == ["ab", family]
    assert cut("xe\u0301y", 2) == ["x", "e\u0301", "y"]


def test_a_citation_stays_with_its_word() -> None:
    spans = (Text("One two three "), Cite(1, "https://example.org"), Text(" four."))
    found = pages([Row("paragraph", spans)], lambda page: size(page) <= 16)
    assert [text(page[0].spans) for page in found] == ["One two ", "three [1] four."]


def test_the_rest_of_a_row_is_known_as_such() -> None:
    found = pages([Row("item", (Text("one two"),), "1.")], lambda page: size(page) <= 5)
    assert [(row.mark, row.begins) for page in found for row in page] == [
        ("1.", True),
        ("1.", False),
    ]


def test_many_citations_fill_their_pages() -> None:
    cites = tuple(Cite(n, "https://example.org") for n in range(10, 50))
    found = paged([Row("paragraph", (Text("Many "), *cites))], 41)
    assert [len(page[0].spans) for page in found] == [9, 10, 10, 10, 2]


def test_a_long_row_begins_on_a_page_that_would_else_be_nearly_empty() -> None:
    title, long = Row("paragraph", (Text("Short."),)), Row("paragraph", (Text("A sentence. " * 8),))
    first, *_ = paged([title, long], 100)
    assert len(first) == 2


def test_a_last_page_of_one_short_row_takes_rows_of_the_page_before() -> None:
    content = [Row("item", (Text("some ten words"),), "•") for _ in range(7)]
    assert [len(page) for page in paged(content, 90)] == [5, 2]


def test_words_that_fit_nowhere_end_all_the_same() -> None:
    row = Row("paragraph", (Text("ab"), Cite(1, "https://example.org")))
    assert [text(page[0].spans) for page in pages([row], lambda _: False)] == ["a", "b", "[1]"]
