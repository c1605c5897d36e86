"""Words of papers stay words in Telegram: nobody is called, nothing becomes a link by itself."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.adapters.telegram_render import answer, thread
from core.blocks import (
    Code,
    Emphasis,
    Heading,
    Items,
    Jump,
    Link,
    Message,
    Paragraph,
    Post,
    Quote,
    Span,
    Strong,
    Text,
)
from tests.telegram_posts import shown, taken

traps = st.lists(
    st.sampled_from(
        [
            *("@", "#", "$", "/", "+", ".", ":", "//", "tg", "http", "https://", "t.me", "com"),
            *("name", "bot", "digest", "README.md", "1234567", "8210", " ", "-", "_", "한글", "😀"),
            *("(", ")", "A", "B1", "\n", "\u200d", "\u2060", "é", "ftp://x", "a@b.co"),
        ]
    ),
    max_size=12,
).map("".join)
spans = st.one_of(
    st.builds(Text, traps),
    st.builds(Strong, traps),
    st.builds(Emphasis, traps),
    st.builds(Code, traps),
    st.builds(Jump, traps, st.just("cv")),
    st.builds(Link, traps, st.just("https://example.org")),
)
lines = st.lists(spans, max_size=8).map(tuple)


def words(*said: Span) -> str:
    """How a paragraph stands in Telegram."""
    (body,) = answer(Post("", "en", Message("answer", "", "#0072b2", (Paragraph(said),))))
    return body.formatted.text


@settings(max_examples=150)
@given(traps, lines, lines)
@example("@name", (Text("@"), Strong("name")), (Text("README."), Emphasis("md")))
@example("😀#tag", (Link("@name", "https://example.org"), Text("@name")), (Code("a@b.co"),))
def test_telegram_sees_nothing_by_itself_in_whatever_is_said(
    title: str, line: tuple[Span, ...], other: tuple[Span, ...]
) -> None:
    blocks = (Heading(title), Paragraph(line), Items((other, line)), Quote((line, other)))
    for one in thread(Post("2025-07-15", "en", Message("cv", title, "#0072b2", blocks, title))):
        taken(shown(one.body))


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("by @someone", "@"),
        ("see #MeToo", "#"),
        ("costs $BTC", "$"),
        ("send /weather", "/"),
        ("call +821012345678", "+"),
        ("see deeplearn.org", "."),
        ("README.md", "."),
        ("tg://resolve?domain=x", ":"),
    ],
)
def test_a_sign_is_kept_from_its_letters(said: str, sign: str) -> None:
    assert words(Text(said)) == said.replace(sign, f"{sign}\u2060", 1)


@pytest.mark.parametrize(
    "said",
    [
        *("pass@1 and and/or", "C# and #1", "$5 of 3.14", "2 + 3", "e.g. v1.2", "a. b", "10:30"),
        *("/digest cv", "https://github.com/a/b.py", "한글. 다음", "…/…", "[2507.12345]"),
    ],
)
def test_what_means_nothing_to_telegram_or_is_meant_stays_as_it_is(said: str) -> None:
    assert words(Text(said)) == said


def test_links_and_code_are_left_alone() -> None:
    said = words(Link("@else README.md", "https://example.org"), Text(" "), Code("a@b.co"))
    assert said == "@else README.md a@b.co"


def test_what_is_bold_around_a_sign_stays_bold() -> None:
    message = Message("cv", "😀 @name b", "#0072b2", (Paragraph((Text("See "), Strong("a.com"))),))
    (body,) = answer(Post("", "en", message))
    raw = body.formatted.text.encode("utf-16-le")
    found = [raw[2 * e.offset : 2 * (e.offset + e.length)] for e in body.formatted.entities]
    assert [one.decode("utf-16-le") for one in found] == ["😀 @\u2060name b", "a.\u2060com"]
