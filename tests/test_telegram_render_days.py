"""The day's post and the answers about it, as Telegram shows them."""

from dataclasses import replace
from datetime import timedelta

from bot.adapters.telegram_render import answer, private, thread
from core.blocks import (
    Action,
    Actions,
    DayChart,
    Image,
    Items,
    Message,
    Paragraph,
    Post,
    Text,
)
from core.category import Taxonomy
from core.history import History
from tests.factories import DAY, make_edition, make_paper
from tests.telegram_posts import day_post, shown, taken

DAYS = DayChart("Vision", "#0072b2", (("14 Jul", 3), ("15 Jul", 4)))
HELP = Action("Help", "help")


def test_the_days_thread_reads_as_the_mockup_does(taxonomy: Taxonomy) -> None:
    frozen = thread(day_post(taxonomy))
    bodies = [shown(one.body) for one in frozen]
    assert [one.part for one in frozen] == ["parent", "cv", "llm", "robotics"]
    parent = bodies[0]
    assert parent["text"].split("\n")[:2] == [
        "AI 논문 다이제스트 · 2025년 7월 15일 (화)",
        "새 논문 9편 · 3개 분야 · 놓친 논문 없음",
    ]
    assert parent["text"].endswith("\n\n2025-07-15")
    assert [bool(body["chart"]) for body in bodies] == [True, False, False, False]
    assert [body["reply"] for body in bodies] == [False, True, True, True]
    assert [body["keyboard"] for body in bodies] == [None] * 4
    for body in bodies:
        taken(body)


def test_a_long_overview_stands_under_its_chart_as_a_reply(taxonomy: Taxonomy) -> None:
    post = day_post(taxonomy)
    blocks = (*post.parent.blocks, Items(((Text("한 줄 " * 200),), (Text("둘째 " * 200),))))
    frozen = thread(replace(post, parent=replace(post.parent, blocks=blocks)))
    assert [one.part for one in frozen][:3] == ["parent", "parent/2", "cv"]
    head, rest = (shown(one.body) for one in frozen[:2])
    assert head["text"].split("\n") == [
        "AI 논문 다이제스트 · 2025년 7월 15일 (화)",
        "새 논문 9편 · 3개 분야 · 놓친 논문 없음",
        "",
        "2025-07-15 · 1/2",
    ]
    assert rest["text"].startswith("✈️ ")
    assert rest["text"].endswith("2025-07-15 · 2/2")
    assert (head["reply"], rest["reply"]) == (False, True)


def test_a_long_category_goes_on_in_numbered_parts(taxonomy: Taxonomy) -> None:
    post = day_post(taxonomy)
    long = replace(
        post.replies[0], blocks=(Items(tuple((Text("낱말 " * 300),) for _ in "1234567")),)
    )
    frozen = thread(replace(post, replies=(long,)))
    assert [one.part for one in frozen] == ["parent", "cv", "cv/2"]
    footers = [shown(one.body)["text"].rpartition("\n")[2] for one in frozen[1:]]
    assert [one.partition("2025")[2] for one in footers] == [
        "-07-15 · 1/2",
        "-07-15 · 2/2",
    ]


def test_a_person_gets_one_message_with_a_button_for_each_category(taxonomy: Taxonomy) -> None:
    (frozen,) = private(day_post(taxonomy))
    body = shown(frozen.body)
    assert (frozen.part, body["reply"], bool(body["chart"])) == ("parent", False, True)
    buttons = [one for row in body["keyboard"] for one in row]
    assert buttons[0]["text"].endswith("컴퓨터 비전 · 3편")
    assert buttons[0]["data"] == "digest|category=cv|date=2025-07-15"
    assert "컴퓨터 비전" not in body["text"]
    assert body["text"].startswith("AI 논문 다이제스트")


def test_papers_found_by_ones_own_words_follow_in_private_as_no_button_brings_them(
    taxonomy: Taxonomy,
) -> None:
    edition = make_edition({"cv": [make_paper(1)]}, taxonomy)
    first, second = private(day_post(taxonomy, for_you=edition.categories["cv"]))
    assert (first.part, second.part) == ("parent", "for-you")
    assert shown(second.body)["reply"]
    assert "for-you" not in first.body


def test_a_categorys_answer_ends_with_its_chart(taxonomy: Taxonomy) -> None:
    history = History({DAY - timedelta(days=n): {"cv": 4} for n in range(1, 13)})
    post = day_post(taxonomy, papers=5, history=history)
    category = post.replies[0]
    more = Paragraph((Text("Details. " * 99),))
    message = replace(category, blocks=(more, *category.blocks, Actions((HELP,))))
    text, chart = (
        shown(body.frozen()) for body in answer(replace(post, parent=message, replies=()))
    )
    assert (text["chart"], text["keyboard"]) == (None, None)
    assert chart["chart"]["kind"] == "days"
    assert chart["keyboard"] == [[{"text": "Help", "data": "help"}]]
    assert chart["text"].endswith("2025-07-15 · 2/2")


def test_a_short_answer_stands_under_its_chart() -> None:
    blocks = (Paragraph((Text("One paper."),)), Image("cv.png", "last days", DAYS))
    (body,) = answer(Post("2025-07-15", "en", Message("cv", "Vision", "#0072b2", blocks)))
    assert body.formatted.text == "Vision\nOne paper.\n\n2025-07-15"
    assert body.chart


def test_an_answer_about_no_day_has_no_footer() -> None:
    message = Message("answer", "", "#0072b2", (Paragraph((Text("Nothing yet."),)),))
    (body,) = answer(Post("", "en", message))
    assert body.formatted.text == "Nothing yet."
