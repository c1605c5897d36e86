"""What a Post becomes on Discord."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord_markup import address, escape, line
from bot.adapters.discord_render import decode, encode, freeze
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
from core.chart_json import chart_from_json
from core.post import FOR_YOU
from tests.emulators import discord_spec
from tests.emulators.discord_rules import Body, Upload, check_message, check_not_empty

URL = "https://arxiv.org/abs/2501.00001"
NASTY = st.text(
    st.sampled_from("ab가 \n\t*_~`|<>[]()#@:/\\-+1.!&👍\u0301\u200d\u200b=")
    | st.characters(codec="utf-8"),
    max_size=60,
)
PARTS = st.sampled_from(["cv", "llm", "rl", FOR_YOU])
SPANS = st.one_of(
    st.builds(Text, NASTY),
    st.builds(Strong, NASTY),
    st.builds(Emphasis, NASTY),
    st.builds(Code, NASTY),
    st.builds(Link, NASTY, st.sampled_from([URL, "https://a.b/(c)_d*?e=f g", "javascript:x", ""])),
    st.builds(Jump, NASTY, PARTS),
    st.builds(Cite, st.integers(1, 99), st.sampled_from([URL, "https://a.b/x)y", "ftp://x"])),
)
LINES = st.lists(SPANS, max_size=6).map(tuple)
CHART = BarChart(
    "Papers", "11 papers", (Bar("Vision", 4, "#112233", 2), Bar("Other", 1, "#445566"))
)
DAYS = DayChart("Vision", "#112233", (("1 Nov", 3), ("2 Nov", 0)))
ACTIONS = st.builds(
    Action,
    NASTY,
    st.sampled_from(["digest", "subscribe"]),
    st.lists(st.tuples(st.sampled_from(["category", "date"]), NASTY), max_size=2).map(tuple),
    st.none() | st.builds(Ask, st.sampled_from(["time", "words"]), NASTY, NASTY, NASTY),
    st.booleans(),
)
CHOICES = st.lists(
    st.builds(Choice, NASTY, NASTY, st.booleans()), max_size=30, unique_by=lambda one: one.value
)
MENUS = st.builds(
    Choices,
    NASTY,
    st.just("subscriptions"),
    st.sampled_from(["categories", "time"]),
    CHOICES.map(tuple),
    several=st.booleans(),
    none=st.none() | st.builds(Choice, NASTY, NASTY, st.booleans()),
)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, NASTY),
    st.builds(Paragraph, LINES),
    st.builds(Items, st.lists(LINES, max_size=5).map(tuple), st.booleans()),
    st.builds(Quote, st.lists(LINES, max_size=5).map(tuple)),
    st.builds(Image, st.just("x.png"), NASTY, st.sampled_from([CHART, DAYS])),
    st.builds(Actions, st.lists(ACTIONS, max_size=7).map(tuple)),
    MENUS,
)
LONG = st.builds(lambda text, times: Paragraph((Text(text * times),)), NASTY, st.integers(1, 400))


def messages(part: st.SearchStrategy[str]) -> st.SearchStrategy[Message]:
    colours = st.sampled_from(["#5865f2", "#FF0000", "", "red"])
    blocks = st.lists(BLOCKS | LONG, max_size=8).map(tuple)
    return st.builds(Message, part, NASTY | NASTY.map(lambda t: t * 9), colours, blocks, NASTY)


POSTS = st.builds(
    Post,
    st.sampled_from(["2025-07-15", ""]),
    st.just("en"),
    messages(st.just("parent")),
    st.lists(messages(PARTS), max_size=2).map(tuple),
    NASTY | NASTY.map(lambda text: text * 5),
)


def bodies(post: Post, *, private: bool = False) -> list[dict[str, Any]]:
    return [json.loads(frozen.body) for frozen in freeze(post, private=private)]


def one(*blocks: Block, title: str = "Title") -> dict[str, Any]:
    (body,) = bodies(Post("2025-07-15", "en", Message("parent", title, "#5865f2", blocks, "label")))
    return body


def description(*blocks: Block) -> str:
    return str(one(*blocks)["embed"]["description"])


def read(text: str) -> str:
    """What a reader sees of Discord's Markdown, without spaces and the marks of lists."""
    rows = []
    for row in text.split("\n"):
        shown = re.sub(r"^(-# |- |\d+\. )", "", row)
        shown = re.sub(r"(?<!\\)\[\[(\d+)\]\]\([^()\s]*\)", r"\\[\1\\]", shown)
        shown = re.sub(r"(?<!\\)((?:\\\\)*)\]\(https?:[^()\s]*\)", r"\1", shown)
        pieces = re.findall(r"\\[^0-9A-Za-z\s]|.", shown)
        rows.append("".join(p[1:] if len(p) == 2 else "" if p in "*`[" else p for p in pieces))
    return seen("".join(rows))


def seen(text: str) -> str:
    plain = text.translate(str.maketrans("［］ˋ", "[]`", "\u200b"))
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+", "", plain)


@given(POSTS, st.booleans())
def test_discord_takes_every_message_and_nobody_is_pinged(post: Post, private: bool) -> None:  # noqa: FBT001
    for body in bodies(post, private=private):
        message: dict[str, Any] = {"embeds": [body["embed"]], "components": body["components"]}
        message["allowed_mentions"] = {"parse": []}
        files = {0: Upload("chart.png", b"x", "image/png")} if body["chart"] else {}
        request = Body(message, files)
        with discord_spec.checked("MessageCreateRequest", message):
            check_message(request)
            check_not_empty(request)
        embed = body["embed"]
        for name in ("title", "description"):
            # What Discord would trim would not be recognised.
            assert embed.get(name, "") == embed.get(name, "").strip()
        assert len(body["thread"]) <= 100
        assert bool(body["thread"]) is not private


@given(POSTS)
def test_the_parent_comes_first_and_every_part_is_named_once_a_page(post: Post) -> None:
    frozen = freeze(post, private=False)
    assert frozen[0].part == "parent"
    heads = [f.part for f in frozen if "/" not in f.part]
    assert heads == [message.part for message in post.messages]
    for place, one_of_them in enumerate(frozen):
        embed = json.loads(one_of_them.body)["embed"]
        ends_here = place + 1 == len(frozen) or "/" not in frozen[place + 1].part
        assert ("image" in embed) <= ends_here


SAID = st.one_of(
    st.builds(Text, NASTY), st.builds(Strong, NASTY), st.builds(Link, NASTY, st.just(URL))
)


@given(st.lists(st.builds(Paragraph, st.lists(SAID, max_size=5).map(tuple)), max_size=6))
def test_every_word_is_kept(paragraphs: list[Paragraph]) -> None:
    post = Post("", "en", Message("answer", "T", "", tuple(paragraphs)))
    shown = "".join(read(body["embed"].get("description", "")) for body in bodies(post))
    words = "".join(span.text for p in paragraphs for span in p.spans if hasattr(span, "text"))
    assert shown == seen(words)


@given(NASTY)
def test_text_is_never_markup(text: str) -> None:
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "", escape(text))
    assert not re.search(r"[\\`*_~|<>\[\]#@]|:\S|\n", bare)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@everyone <@1> <#2>", r"\@everyone \<\@1\> \<\#2\>"),
        ("see https://evil.example/x", r"see https\://evil.example/x"),
        (":smile: a: b", r"\:smile: a: b"),
        ("**bold** __under__ ~~x~~ ||y||", r"\*\*bold\*\* \_\_under\_\_ \~\~x\~\~ \|\|y\|\|"),
        ("# Heading", r"\# Heading"),
        ("-# small", r"-\# small"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("> quote", r"\> quote"),
        ("[a](https://b)", r"\[a\](https\://b)"),
        ("C:\\new\nline", r"C\:\\new line"),
        ("2.5 and -1 stay", "2.5 and -1 stay"),
    ],
)
def test_what_would_be_markup_is_shown_as_it_was_written(text: str, shown: str) -> None:
    assert description(Paragraph((Text(text),))) == shown


def test_a_message_reads_as_headings_lists_and_small_sources() -> None:
    shown = description(
        Heading("Themes"),
        Paragraph((Text("Cameras "), Cite(2, URL), Text("."))),
        Heading("What is new"),
        Items(((Text("A method "), Cite(1, URL)), (Text("Another"),)), numbered=True),
        Items(
            (
                (Text("✈️ "), Jump("Vision", "cv"), Text(" 4")),
                (Text("🥳 "), Jump("LLM", "llm"), Text(" 2")),
                (Text("Elsewhere: Audio 1"),),
            )
        ),
        Quote(((Text("[1] "), Link("A [0, 1) title", URL), Text(" · PDF")),)),
    )
    assert shown == (
        f"**Themes**\nCameras [[2]]({URL}).\n\n"
        f"**What is new**\n1. A method [[1]]({URL})\n2. Another\n"
        f"✈️ Vision 4\u2003🥳 LLM 2\n- Elsewhere: Audio 1\n\n"
        f"-# \\[1\\] [A ［0, 1) title]({URL}) · PDF"
    )


def test_marks_that_meet_stay_apart() -> None:
    spans = (Strong("a"), Emphasis("b"), Code("c`d"), Code("e"), Strong(" f "), Text("g"))
    assert line(spans) == "**a**\u200b*b*`cˋd`\u200b`e` **f** g"


def test_an_address_ends_where_its_link_ends() -> None:
    assert address("https://a.b/c(d)e f\"<>'*?x=%20&y=가") == (
        "https://a.b/c%28d%29e%20f%22%3C%3E%27%2A?x=%20&y=가"
    )
    assert address("javascript:alert(1)") == ""
    assert line((Link("words", "javascript:alert(1)"),)) == "words"


def test_a_long_message_goes_on_in_further_ones_with_the_picture_on_the_last() -> None:
    lines = tuple((Text(f"{n} " + "word " * 60), Cite(n, URL)) for n in range(1, 41))
    message = Message(
        "cv", "Vision", "#112233", (Items(lines, numbered=True), Image("", "alt", DAYS))
    )
    post = Post("2025-07-15", "en", Message("parent", "Day", "", ()), (message,), "thread")
    frozen = freeze(post, private=False)
    count = len(frozen) - 1
    assert [f.part for f in frozen] == ["parent", "cv", *(f"cv/{n}" for n in range(2, count + 1))]
    found = bodies(post)
    footers = [body["embed"]["footer"]["text"] for body in found[1:]]
    assert footers == [f"2025-07-15 · cv · {n}/{count}" for n in range(1, count + 1)]
    assert [bool(body["chart"]) for body in found] == [False] * count + [True]
    assert chart_from_json(found[-1]["chart"]) == DAYS
    assert found[-1]["embed"]["image"] == {"url": "attachment://chart.png"}
    assert found[-1]["alt"] == "alt"
    assert {body["thread"] for body in found} == {"thread"}


def test_the_footer_is_the_label_and_the_mark_and_missing_where_there_is_neither() -> None:
    assert (
        one(Paragraph((Text("x"),)))["embed"]["footer"]["text"]
        == "label · 2025-07-15 · parent · 1/1"
    )
    (body,) = bodies(Post("", "en", Message("answer", "T", "", (Paragraph((Text("x"),)),))))
    assert "footer" not in body["embed"]


def test_a_chart_comes_back_as_it_was() -> None:
    assert chart_from_json(one(Image("c.png", "", CHART))["chart"]) == CHART


@given(ACTIONS)
def test_a_button_says_its_command(action: Action) -> None:
    mark = decode(encode(action))
    said = {name: value for name, value in dict(action.arguments).items() if value}
    if action.asks:
        said |= {action.asks.option: action.asks.empty}
    assert (mark.command, mark.in_place) == (action.command, action.in_place)
    assert mark.fills == (action.asks.option if action.asks else "")
    assert mark.arguments == said or len(dict(action.arguments)) < len(action.arguments)


def test_a_button_s_mark_is_short_and_one_that_is_too_long_is_left_out() -> None:
    good = Action("Vision", "digest", (("category", "cv"), ("date", "2025-07-15")))
    long = Action("Long", "digest", (("category", "x" * 100),))
    many = [Action(f"{n}", "digest", (("number", str(n)),)) for n in range(30)]
    assert encode(good) == "digest|category=cv|date=2025-07-15"
    (row,) = one(Actions((good, long, good)))["components"]
    assert [button["custom_id"] for button in row["components"]] == [encode(good)]
    assert [len(row["components"]) for row in one(Actions(tuple(many)))["components"]] == [5] * 5
    single = [Actions((action,)) for action in many]
    assert [len(row["components"]) for row in one(*single)["components"]] == [5] * 5


def test_a_person_gets_the_parent_with_buttons_and_what_no_button_brings() -> None:
    replies = tuple(
        Message(part, f"title {part}", "", (Paragraph((Text(part),)),)) for part in ("cv", FOR_YOU)
    )
    post = Post("2025-07-15", "en", Message("parent", "Day", "", ()), replies, "thread")
    frozen = freeze(post, private=True)
    assert [f.part for f in frozen] == ["parent", FOR_YOU]
    (row,) = json.loads(frozen[0].body)["components"]
    assert [(b["label"], b["custom_id"]) for b in row["components"]] == [
        ("title cv", "digest|category=cv|date=2025-07-15")
    ]


def test_a_menu_marks_what_is_chosen_and_leaves_out_others_first() -> None:
    choices = tuple(Choice(f"Subject {n}", f"s{n}", n in {3, 29}) for n in range(30))
    every = Choice("All", "all", chosen=False)
    menu = Choices(
        *("Which?", "subscriptions", "categories", choices, (("number", "3"),)),
        several=True,
        none=every,
    )
    (row,) = one(menu)["components"]
    (shown,) = row["components"]
    assert shown["custom_id"] == "~subscriptions|number=3|*categories=all"
    assert (shown["min_values"], shown["max_values"], len(shown["options"])) == (0, 25, 25)
    assert [o["value"] for o in shown["options"] if o["default"]] == ["s3", "s29"]
    assert decode(shown["custom_id"]).arguments == {"number": "3", "categories": "all"}


def test_a_menu_keeps_its_row_where_buttons_must_give_way() -> None:
    menu = Choices("Time", "subscriptions", "time", (Choice("9", "09:00"),))
    buttons = Actions(tuple(Action(f"{n}", "digest", (("n", f"{n}"),)) for n in range(30)))
    rows = one(buttons, menu)["components"]
    assert [len(row["components"]) for row in rows] == [1, 5, 5, 5, 5]
    assert rows[0]["components"][0]["max_values"] == 1
