"""The emulator reads HTML as Telegram does: its tags, its references, its words of refusal."""

from contextlib import suppress
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.emulators.telegram_errors import ApiError
from tests.emulators.telegram_html import is_link, parse_html, units
from tests.emulators.telegram_rules import TEXT_LIMIT, Formatted, check_entities, formatted

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
}
PIECES = [f"<{slash}{tag}>" for tag in (*TAGS, "") for slash in ("", "/")]
# Everything but lone surrogates, which no UTF-8 body can carry.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def html(text: str) -> Formatted:
    return formatted(text, "HTML", None, TEXT_LIMIT)


@given(st.lists(st.tuples(TEXTS, st.sampled_from(sorted(TAGS)), TEXTS)))
def test_escaped_text_in_tags_comes_back_with_its_entities(
    parts: list[tuple[str, str, str]],
) -> None:
    source = "".join(f"{escape(a)}<{tag}>{escape(b)}</{tag}>" for a, tag, b in parts)
    # Telegram knows no &#x27; by name, but it is a number, which it does.
    text, entities, dropped = parse_html(source)
    assert text == "".join(a + b for a, _, b in parts)
    encoded = text.encode("utf-16-le")
    inside = [encoded[2 * e["offset"] :][: 2 * e["length"]].decode("utf-16-le") for e in entities]
    assert inside == [b for _, _, b in parts if b]
    assert [e["type"] for e in entities] == [TAGS[tag] for _, tag, b in parts if b]
    assert dropped == []


@given(st.lists(st.sampled_from([*"<>/&;#x1\"'= \n가😀abipre", *PIECES])).map("".join))
def test_any_text_is_parsed_or_refused_and_its_entities_lie_within(source: str) -> None:
    with suppress(ApiError):
        found = html(source)
        check_entities(found.text, found.entities)


@given(TEXTS)
def test_text_without_angle_brackets_and_references_is_left_as_it_is(text: str) -> None:
    plain = text.replace("<", "").replace("&", "& ")
    assert parse_html(plain) == (plain, [], [])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("요약<br>", 'Unsupported start tag "br" at byte offset 6'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a ", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x"', "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        (
            "<b>가</i>",
            'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"',
        ),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_wrong_html_is_refused_with_telegrams_words_and_byte_offsets(
    source: str, words: str
) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.code == 400
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&lt &#65;&#x42", "< AB"),
        ("&nbsp;&copy;&apos;&ltx;", "&nbsp;&copy;&apos;&ltx;"),
        ("a & b && c", "a & b && c"),
        ("&#0;&#99999999;", "&#0;&#99999999;"),
        ("<B>x</>", "x"),
    ],
)
def test_only_four_names_and_numbers_are_references(source: str, text: str) -> None:
    assert parse_html(source)[0] == text


@pytest.mark.parametrize(
    ("source", "entities"),
    [
        ('<a href="https://a.b/?x=1&amp;y=2">t</a>', [("text_link", "https://a.b/?x=1&y=2")]),
        ("<a>https://a.b</a>", [("text_link", "https://a.b")]),
        ('<a href="tg://user?id=42">Ann</a>', [("text_mention", None)]),
        ('<pre><code class="language-python">x</code></pre>', [("pre", None)]),
        ("<pre><code>x</code></pre>", [("pre", None)]),
        ('<code class="language-python">x</code>', [("code", None)]),
        ("<blockquote expandable>x</blockquote>", [("expandable_blockquote", None)]),
        ('<span class="tg-spoiler">x</span>', [("spoiler", None)]),
        ("<b></b><i> </i>", []),
    ],
)
def test_a_tag_becomes_its_entity(source: str, entities: list[tuple[str, str | None]]) -> None:
    found = html(f"x {source} y").entities
    assert [(one["type"], one.get("url")) for one in found] == entities


def test_a_code_block_keeps_its_language() -> None:
    found = html('<pre><code class="language-python">x</code></pre>').entities
    assert found == [{"type": "pre", "language": "python", "offset": 0, "length": 1}]


def test_a_link_to_nowhere_becomes_plain_text_and_is_recorded() -> None:
    found = html('<a href="not a link">x</a>')
    assert (found.text, found.entities) == ("x", [])
    assert found.dropped == [{"type": "text_link", "offset": 0, "length": 1, "url": "not a link"}]


def test_what_stands_inside_of_code_or_of_a_quotation_is_dropped_and_recorded() -> None:
    found = html("<code>a<b>b</b></code><blockquote>c<blockquote>d</blockquote></blockquote>")
    assert [one["type"] for one in found.entities] == ["code", "blockquote"]
    assert [one["type"] for one in found.dropped] == ["bold", "blockquote"]
    twice = html("<code><code>a</code></code><b><b>b</b></b>")
    assert [one["type"] for one in twice.entities] == ["code", "bold", "bold"]


def test_white_space_is_trimmed_and_the_entities_move_along() -> None:
    found = html("\n  <b>가 </b> \n")
    assert found.text == "가"
    assert found.entities == [{"type": "bold", "offset": 0, "length": 1}]
    found = html("  😀 <i>x</i>  ")
    assert found.text == "😀 x"
    assert found.entities == [{"type": "italic", "offset": 3, "length": 1}]


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://arxiv.org/abs/2507.1", True),
        ("arxiv.org", True),
        ("tg://resolve?domain=x", True),
        ("http://localhost:80/x", True),
        ("nowhere", False),
        ("https://nowhere", False),
        ("javascript:alert(1)", False),
        ("ftp://a.b/c", False),
        ("https://[x", False),
        ("", False),
    ],
)
def test_a_link_needs_a_scheme_telegram_knows_or_a_host_with_a_dot(url: str, *, link: bool) -> None:
    assert is_link(url) is link


def test_lengths_are_in_utf_16_units() -> None:
    assert (units("a"), units("가"), units("😀")) == (1, 1, 2)
