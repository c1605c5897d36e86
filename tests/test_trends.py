"""/trends, as any platform hands it in: the last listings as a chart and in words."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters import discord_render, telegram_render
from bot.adapters.base import Option
from bot.adapters.console import ConsoleAdapter
from bot.adapters.telegram_body import chart_of
from bot.commands import CommandTable
from core.blocks import TrendChart
from core.chart import draw_chart
from core.chart_json import chart_from_json
from core.history import last_listings
from core.i18n import catalog
from tests import trends
from tests.service import Service
from tests.trends import CV, TODAY, actions, ask, counts, image, seal, words

parts, commands, five = trends.parts, trends.commands, trends.five


@pytest.mark.usefixtures("five")
async def test_a_category_has_its_days_in_a_chart_and_its_figures_in_words(
    commands: CommandTable,
) -> None:
    post = await ask(commands, "vision")
    assert counts(post) == list(CV)
    assert words(post) == (
        "✈️ Computer Vision over time | Tue, 15 July 2025: 6 papers ▲4 (mean 2) | "
        "Most: 6 papers on Tue, 15 July 2025 | Only 5 of the last 14 listings are known."
    )
    assert "mean 2" in image(post).alt
    korean = words(await ask(commands, "cv", language="ko"))
    assert "2025년 7월 15일 (화): 6편 ▲4 (평균 2)" in korean


@pytest.mark.usefixtures("five")
async def test_its_buttons_lead_to_the_other_periods_and_to_all_papers(
    commands: CommandTable,
) -> None:
    found = [dict(action.arguments) for action in actions(await ask(commands, "cv 30"))]
    assert found == [
        {"category": "cv", "days": "14"},
        {"category": "cv", "days": "60"},
        {"days": "30"},
    ]
    for arguments in found:
        assert "over time" in words(await ask(commands, arguments=arguments))


@pytest.mark.usefixtures("five")
async def test_the_overview_shows_all_papers_and_first_the_category_that_moved_most(
    commands: CommandTable,
) -> None:
    post = await ask(commands)
    assert words(post) == (
        "All AI papers over time | Tue, 15 July 2025: 7 papers ▲2 (mean 5) | "
        "Most: 8 papers on Mon, 14 July 2025 | Only 5 of the last 14 listings are known. | "
        "Furthest from their mean | ✈️ Computer Vision 6 ▲4 | 🥳 LLM 1 ▼2"
    )
    chart = image(post).chart
    assert isinstance(chart, TrendChart)
    assert [count for _, count in chart.whole.days] == [4, 5, 3, 8, 7]
    assert [part.title for part in chart.parts] == ["Computer Vision", "LLM"]
    assert [dict(action.arguments) for action in actions(post)] == [
        {"days": "30"},
        {"days": "60"},
        {"category": "cv", "days": "14"},
        {"category": "llm", "days": "14"},
    ]


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    "line",
    [
        "cv 3",
        "3 cv",
        "cv 3d",
        "cv 3 days",
        "3일 비전",
        "cv 3번",
        "cv days=3",
        "vision 기간=3",
        "ＣＶ　３",
    ],
)
async def test_the_number_of_listings_may_be_said_in_many_ways(
    commands: CommandTable, line: str
) -> None:
    assert counts(await ask(commands, line)) == [0, 5, 6]


@pytest.mark.usefixtures("five")
async def test_a_number_alone_is_of_all_papers(commands: CommandTable) -> None:
    for given in ({"line": "2"}, {"line": "2일"}, {"arguments": {"days": "2"}}):
        chart = image(await ask(commands, **given)).chart
        assert isinstance(chart, TrendChart)
        assert len(chart.whole.days) == 2


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    "days", ["1", "0", "-3", "61", "1.5", "many", "9" * 9, "9" * 9_999, "30 x"]
)
async def test_a_number_that_cannot_be_is_refused_in_a_sentence(
    commands: CommandTable, days: str
) -> None:
    said = words(await ask(commands, arguments={"category": "cv", "days": days}))
    assert said.endswith("’: I can show the last 2 to 60 listings. Examples: 14, 30, 60")
    assert len(said) < 200


@pytest.mark.usefixtures("five")
async def test_an_unknown_category_offers_the_nearest(commands: CommandTable) -> None:
    post = await ask(commands, "vison thing 30")
    assert "There is no category ‘vison thing’" in words(post)
    assert {action.command for action in actions(post)} == {"trends"}


async def test_without_any_edition_there_is_nothing_yet(commands: CommandTable) -> None:
    for line in ("", "cv"):
        assert "There is nothing of Tue, 15 July 2025 yet" in words(await ask(commands, line))


async def test_of_one_edition_there_is_one_bar_and_no_mean(
    commands: CommandTable, parts: Service
) -> None:
    await seal(parts, TODAY, {"cv": 4})
    post = await ask(commands, "cv")
    assert counts(post) == [4]
    assert "Tue, 15 July 2025: 4 papers |" in words(post)
    assert words(post).endswith("Only 1 of the last 14 listings is known.")
    assert "Most papers | ✈️ Computer Vision 4" in words(await ask(commands))


async def test_a_listing_without_papers_is_none_and_one_that_broke_is_not_known(
    commands: CommandTable, parts: Service
) -> None:
    before, empty, broken, last, today = last_listings(TODAY, 5)
    await seal(parts, before, {"cv": 3})
    await seal(parts, empty, {})
    await seal(parts, broken, {}, broken=True)
    await seal(parts, last, {"cv": 3})
    await seal(parts, today, {"cv": 2})
    post = await ask(commands, "cv")
    assert counts(post) == [3, 0, None, 3, 2]
    assert "2 papers – (mean 2)" in words(post)
    assert "1 listing not known" in image(post).alt


async def test_a_newest_listing_that_broke_is_left_out_and_said_to_be_missing(
    commands: CommandTable, parts: Service
) -> None:
    *before, today = last_listings(TODAY, 3)
    for day in before:
        await seal(parts, day, {"cv": 2})
    await seal(parts, today, {}, broken=True)
    post = await ask(commands, "cv 3")
    assert counts(post) == [2, 2]
    assert words(post).endswith("Only 2 of the last 3 listings are known.")


async def test_the_category_that_moved_most_comes_before_the_fullest(
    commands: CommandTable, parts: Service
) -> None:
    for day, llm in zip(last_listings(TODAY, 4), (1, 1, 1, 4), strict=True):
        await seal(parts, day, {"cv": 9, "llm": llm})
    post = await ask(commands)
    chart = image(post).chart
    assert isinstance(chart, TrendChart)
    assert [part.title for part in chart.parts] == ["LLM", "Computer Vision"]
    # One that did not move is no mover; the buttons lead to the fullest first.
    assert words(post).endswith("Furthest from their mean | 🥳 LLM 4 ▲3")
    assert [dict(a.arguments).get("category") for a in actions(post)] == [None, None, "cv", "llm"]


async def test_where_nothing_moved_it_says_so(commands: CommandTable, parts: Service) -> None:
    for day in last_listings(TODAY, 4):
        await seal(parts, day, {"cv": 2})
    assert "No category differs from its mean." in words(await ask(commands))


async def test_at_a_weekend_the_last_listing_is_friday_s(
    commands: CommandTable, parts: Service
) -> None:
    friday, sunday = date(2025, 7, 11), date(2025, 7, 13)
    await seal(parts, friday, {"cv": 2})
    await seal(parts, sunday, {})
    # On Sunday evening Monday's listing is announced, and not here yet.
    for hour in (12, 23):
        parts.world.now = datetime(2025, 7, 13, hour, tzinfo=UTC) + timedelta(hours=2)
        assert "Fri, 11 July 2025: 2 papers" in words(await ask(commands, "cv"))
        assert counts(await ask(commands, "cv")) == [2]


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("line", ["", "cv"])
async def test_every_platform_takes_the_answer_with_its_chart(
    commands: CommandTable, line: str, tmp_path: Path
) -> None:
    post = await ask(commands, line)
    chart = image(post).chart
    (discord,) = discord_render.freeze(post, private=False)
    assert chart_from_json(json.loads(discord.body)["chart"]) == chart
    (telegram,) = telegram_render.answer(post)
    assert chart_of(telegram.chart) == chart
    (shown,) = ConsoleAdapter(tmp_path / "transcript").freeze(post, private=False)
    assert "▲4" in json.loads(shown.body)["text"]
    assert len(draw_chart(chart)) <= 100_000


def test_the_periods_are_offered_while_typing(commands: CommandTable) -> None:
    option = Option("days", "days")
    assert [s.value for s in commands.suggest(option, "", "en")] == ["14", "30", "60"]
    assert [s.value for s in commands.suggest(option, "6", "ko")] == ["60"]
    assert catalog("ko").say("command.trends.name") == "추이"
