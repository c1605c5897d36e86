"""Cutting a message into pages: nothing lost, everything fits, and it is cut where it hurts least."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from core.blocks import Cite, Heading, Items, Line, Link, Paragraph, Quote, Strong, Text
from core.render.pages import Row, pages, rows

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80)
spans = st.one_of(
    st.builds(Text, words),
    st.builds(Strong, words),
    st.builds(Link, words, st.just("https://example.org")),
    st.builds(Cite, st.integers(1, 20), st.just("https://example.org")),
)
lines = st.lists(spans, max_size=5).map(tuple)
blocks = st.lists(
    st.one_of(
        st.builds(Heading, words),
        st.builds(Paragraph, lines),
        st.builds(Items, st.lists(lines, max_size=4).map(tuple), st.booleans()),
        st.builds(Quote, st.lists(lines, max_size=4).map(tuple)),
    ),
    max_size=8,
)


def text(spans: Line) -> str:
    return "".join(f"[{s.number}]" if isinstance(s, Cite) else s.text for s in spans)


def size(page: Sequence[Row]) -> int:
    return sum(len(text(row.spans)) + 1 for row in page)


@given(blocks, st.integers(40, 300))
def test_every_page_fits_and_no_letter_is_lost(given_blocks: list[object], limit: int) -> None:
    content = rows(given_blocks)  # type: ignore[arg-type]
    found = pages(content, lambda page: size(page) <= limit)
    assert all(size(page) <= limit for page in found)
    assert all(found) or found == [[]]
    before = "".join(text(row.spans) for row in content)
    assert "".join(text(row.spans) for page in found for row in page) == before


@given(blocks, st.integers(60, 300))
def test_no_page_ends_with_a_heading_while_something_follows_it(
    given_blocks: list[object], limit: int
) -> None:
    content = [row for row in rows(given_blocks) if len(text(row.spans)) < 20]  # type: ignore[arg-type]
    found = pages(content, lambda page: size(page) <= limit)
    for page in found[:-1]:
        assert page[-1].kind != "heading" or all(row.kind == "heading" for row in page)


def cut(sentence: str, limit: int) -> list[str]:
    row = Row("paragraph", (Text(sentence),))
    return [text(p[0].spans) for p in pages([row], lambda page: size(page) <= limit + 1)]


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
