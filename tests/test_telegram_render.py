"""A post as Telegram's messages: whatever it holds, Telegram takes it, and no word is lost."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram_body import Body, chart_json, chart_of
from bot.adapters.telegram_buttons import Press, decode, encode, fits, keyboard
from bot.adapters.telegram_render import answer, private, thread
from core.blocks import (
    Action,
    Actions,
    Ask,
    Bar,
    BarChart,
    Block,
    Choice,
    Choices,
    Cite,
    Code,
    DayChart,
    Emphasis,
    Heading,
    Image,
    Items,
    Jump,
    Link,
    Message,
    Paragraph,
    Post,
    Quote,
    Strong,
    Text,
)
from tests.emulators.telegram_html import units
from tests.telegram_posts import shown, taken

BARS = BarChart("Papers", "11 papers", (Bar("Vision", 4, "#0072b2", 1), Bar("LLM", 2, "#d55e00")))
DAYS = DayChart("Vision", "#0072b2", (("14 Jul", 3), ("15 Jul", 4)))
HELP = Action("Help", "help")

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
long_words = st.text(st.sampled_from("ab 한😀.\n@/"), max_size=6000)
urls = st.sampled_from(["https://arxiv.org/abs/2507.00001", "https://example.org/" + "x" * 400])
spans = st.one_of(
    st.builds(Text, words | long_words),
    st.builds(Strong, words),
    st.builds(Emphasis, words),
    st.builds(Code, words),
    st.builds(Link, words, urls),
    st.builds(Jump, words, st.sampled_from(["cv", "llm"])),
    st.builds(Cite, st.integers(1, 40), urls),
)
lines = st.lists(spans, max_size=40).map(tuple)
actions = st.builds(
    Action,
    words,
    st.sampled_from(["digest", "subscribe"]),
    st.lists(st.tuples(words, words), max_size=3, unique_by=lambda pair: pair[0]).map(tuple),
    st.none() | st.builds(Ask, words.filter(bool), words, words, words),
    st.booleans(),
)
choices = st.lists(
    st.builds(Choice, words, words, st.booleans()), max_size=12, unique_by=lambda one: one.value
).map(tuple)
menus = st.builds(
    Choices,
    words,
    st.sampled_from(["subscriptions"]),
    words,
    choices,
    several=st.booleans(),
    none=st.none() | st.builds(Choice, words, words, st.booleans()),
)
blocks = st.one_of(
    st.builds(Heading, words),
    st.builds(Paragraph, lines),
    st.builds(Items, st.lists(lines, max_size=6).map(tuple), st.booleans()),
    st.builds(Quote, st.lists(lines, max_size=6).map(tuple)),
    st.builds(Image, st.just("chart.png"), words, st.sampled_from([BARS, DAYS])),
    st.builds(Actions, st.lists(actions, max_size=30).map(tuple)),
    menus,
)


def messages(*parts: str) -> st.SearchStrategy[Message]:
    return st.builds(
        Message,
        st.sampled_from(parts),
        words | long_words,
        st.just("#0072b2"),
        st.lists(blocks, max_size=8).map(tuple),
        words,
    )


posts = st.builds(
    Post,
    st.sampled_from(["", "2025-07-15"]),
    st.just("ko"),
    messages("parent"),
    st.lists(messages("cv", "llm", "for-you"), max_size=3, unique_by=lambda m: m.part).map(tuple),
)


def letters(texts: Sequence[str]) -> str:
    """What is left of texts where white space, marks of names and of lists are no matter."""
    return "".join("".join(texts).replace("\u2060", "").split())


@settings(max_examples=60)
@given(posts)
def test_telegram_takes_every_message_of_any_post(post: Post) -> None:
    frozen = [*thread(post), *private(post)]
    for one in frozen:
        taken(shown(one.body))
        assert Body.thawed(one.body).frozen() == one.body
    for body in answer(post):
        taken(shown(body.frozen()))
        assert len(body.asks) <= 64
    for body in answer(post):
        taken(shown(body.frozen()))


@settings(max_examples=60)
@given(st.lists(st.text(st.sampled_from("ab 한😀.@"), max_size=3000), min_size=1, max_size=5))
def test_no_word_of_a_long_message_is_lost(paragraphs: list[str]) -> None:
    found: tuple[Block, ...] = tuple(Paragraph((Text(one),)) for one in paragraphs)
    message = Message("cv", "", "#0072b2", found)
    bodies = [shown(one.body) for one in thread(Post("", "ko", message))]
    expected = letters(paragraphs) or "…"
    assert letters([body["text"] for body in bodies]) == expected


@settings(max_examples=60)
@given(st.lists(st.text(st.sampled_from("ab 한😀."), max_size=900), min_size=1, max_size=5))
def test_no_word_is_lost_between_a_caption_and_what_follows_it(paragraphs: list[str]) -> None:
    found: tuple[Block, ...] = tuple(Paragraph((Text(one),)) for one in paragraphs)
    items = Items(((Text("그 밖"),),))
    message = Message("parent", "", "#0072b2", (*found, items, Image("chart.png", "", BARS)))
    bodies = [shown(one.body) for one in thread(Post("", "ko", message))]
    assert letters([body["text"] for body in bodies]) == letters([*paragraphs, "•그 밖"])
    assert [bool(body["chart"]) for body in bodies] == [True, *[False] * (len(bodies) - 1)]


@given(actions)
def test_what_a_button_carries_comes_back(action: Action) -> None:
    asks = action.asks.option if action.asks else ""
    press = Press(action.command, dict(action.arguments), asks, action.in_place)
    assert decode(encode(action)) == press


@given(words)
def test_anything_in_a_button_can_be_read(data: str) -> None:
    decode(data)


def test_a_button_says_its_command_and_its_arguments() -> None:
    action = Action("비전", "digest", (("category", "cv"), ("date", "2025-07-15")))
    assert encode(action) == "digest|category=cv|date=2025-07-15"


def test_a_button_too_long_for_telegram_is_left_out() -> None:
    long = Action("Filter", "subscribe", (("include", "diffusion model " * 4),))
    korean = Action("필터", "subscribe", (("include", "확산" * 9),))
    kept = Action("Day before", "digest", (("category", "cv"),))
    assert [fits(one) for one in (long, korean, kept)] == [False, False, True]
    message = Message("answer", "Title", "#0072b2", (Actions((long, kept)),))
    (body,) = answer(Post("", "en", message))
    assert [[button.text for button in row] for row in body.keyboard] == [["Day before"]]


def test_short_buttons_share_a_row_and_long_ones_have_their_own() -> None:
    labels = ["이전 날", "다음 날", "구독", "Natural Language Processing 212"]
    found = Actions(tuple(Action(label, "help") for label in labels))
    (body,) = answer(Post("", "ko", Message("answer", "", "#0072b2", (found,))))
    assert [[one.text for one in row] for row in body.keyboard] == [labels[:3], labels[3:]]


def test_every_entity_stands_where_its_words_are() -> None:
    message = Message(
        "cv",
        "😀 비전 · 4편",
        "#0072b2",
        (
            Heading("주제"),
            Paragraph((Text("모델 "), Cite(1, "https://arxiv.org/abs/1"), Text("."))),
            Items(((Strong("굵게"), Text(" 하나")), (Code("pip install"),)), numbered=True),
            Quote(((Text("[1] "), Link("제목", "https://arxiv.org/abs/1")), (Text("둘"),))),
        ),
        label="발췌",
    )
    (frozen,) = thread(Post("2025-07-15", "ko", message))
    body = shown(frozen.body)
    assert body["text"].split("\n") == [
        *("😀 비전 · 4편", "", "주제", "모델 [1].", "", "1. 굵게 하나", "2. pip install", ""),
        *("[1] 제목", "둘", "", "발췌 · 2025-07-15"),
    ]
    raw = body["text"].encode("utf-16-le")
    stretches = [
        (one["type"], raw[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16"))
        for one in body["entities"]
    ]
    assert stretches == [
        ("bold", "😀 비전 · 4편"),
        ("bold", "주제"),
        ("text_link", "[1]"),
        ("bold", "굵게"),
        ("code", "pip install"),
        ("expandable_blockquote", "[1] 제목\n둘"),
        ("text_link", "제목"),
        ("italic", "발췌 · 2025-07-15"),
    ]
    assert units(body["text"]) == body["entities"][-1]["offset"] + body["entities"][-1]["length"]


def test_nobody_is_called_by_a_name_in_a_paper() -> None:
    blocks = (Paragraph((Text("by @someone, pass@1 "), Link("@else", "https://example.org"))),)
    (body,) = answer(Post("", "en", Message("answer", "", "#0072b2", blocks)))
    assert body.formatted.text == "by @\u2060someone, pass@1 @else"


def test_a_command_can_be_pressed() -> None:
    blocks = (Paragraph((Code("/digest"), Text(" papers "), Code("--sample"))),)
    (body,) = answer(Post("", "en", Message("answer", "", "#0072b2", blocks)))
    assert [one.type for one in body.formatted.entities] == ["code"]


def test_a_chart_is_described_and_drawn_later() -> None:
    for chart in (BARS, DAYS):
        assert chart_of(chart_json(chart)) == chart


def test_a_menu_is_a_button_for_each_choice_that_says_what_it_changes() -> None:
    choices = (Choice("Vision", "cv", chosen=True), Choice("LLM", "llm"))
    every = Choice("All", "all")
    several = Choices("Which?", "subscriptions", "categories", choices, several=True, none=every)
    (row,) = keyboard([several])
    assert [(button.text, button.data) for button in row] == [
        ("All", "~subscriptions|categories=all"),
        ("✓ Vision", "~subscriptions|categories=-cv"),
        ("LLM", "~subscriptions|categories=+llm"),
    ]
    ((kept, other),) = keyboard([replace(several, several=False, none=None)])
    assert (kept.data, other.data) == (
        "~subscriptions|categories=cv",
        "~subscriptions|categories=llm",
    )


def test_a_message_with_nothing_but_a_question_asks_it() -> None:
    asks = Action("Write", "search", (("category", "cv"),), Ask("words", "Words", "GAN", "-"))
    message = Message("answer", "", "", (Paragraph((Text("Which?"),)), Actions((asks,))))
    (body,) = answer(Post("", "en", message))
    assert (body.asks, body.keyboard) == ("GAN", ())
    assert body.formatted.text.endswith("/search category=cv words=… (‘-’ for none)")
    (two,) = answer(Post("", "en", replace(message, blocks=(Actions((asks, HELP)),))))
    assert (two.asks, len(two.keyboard[0])) == ("", 2)
