"""A trend's chart, the words instead of it, and how both are kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.blocks import Bar, BarChart, Chart, DayChart, TrendChart
from core.chart_json import chart_from_json, chart_to_json
from core.history import Trend, last_listings
from core.i18n import catalog, languages
from core.trend import day_image, trend_image
from tests.factories import DAY

TEXT = st.text(max_size=8)
DAYS = st.builds(
    DayChart,
    TEXT,
    TEXT,
    st.lists(st.tuples(TEXT, st.none() | st.integers(0, 9_999)), max_size=4).map(tuple),
    st.none() | st.floats(0, 9_999),
    TEXT,
)
BARS = st.builds(Bar, TEXT, st.integers(0, 9_999), TEXT, st.none() | st.integers(-99, 99))
CHARTS = st.one_of(
    DAYS,
    st.builds(BarChart, TEXT, TEXT, st.lists(BARS, max_size=3).map(tuple)),
    st.builds(TrendChart, DAYS, st.lists(DAYS, max_size=3).map(tuple)),
)


def trend(*counts: int | None) -> Trend:
    return Trend(tuple(zip(last_listings(DAY, len(counts)), counts, strict=True)))


@given(CHARTS)
def test_a_chart_is_the_same_after_it_was_kept_as_json(chart: Chart) -> None:
    assert chart_from_json(json.loads(json.dumps(chart_to_json(chart)))) == chart


def test_a_chart_of_a_kind_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="pie"):
        chart_from_json({"kind": "pie"})


def test_the_mean_s_line_is_named_in_the_reader_s_language() -> None:
    found = trend(3, 2, None, 3, 4)
    assert [
        day_image("x", "LLM", "#0072b2", found, catalog(code)).chart for code in ("ko", "en")
    ] == [
        DayChart(
            title,
            "#0072b2",
            (("7/9", 3), ("7/10", 2), ("7/11", None), ("7/14", 3), ("7/15", 4)),
            8 / 3,
            beside,
        )
        for title, beside in (
            ("LLM · 최근 목록 5번", "평균 2.7"),
            ("LLM · last 5 listings", "mean 2.7"),
        )
    ]


def test_the_words_instead_of_a_chart_tell_the_latest_the_mean_and_the_highest() -> None:
    found = trend(90, 1_200, None, 3, 85)
    assert day_image("x", "LLM", "#0072b2", found, catalog("en")).alt == (
        "LLM · last 5 listings: 85 on 7/15, mean 431, highest 1,200 on 7/10, 1 listing not known"
    )
    assert day_image("x", "LLM", "#0072b2", found, catalog("ko")).alt == (
        "LLM · 최근 목록 5번: 7/15 85편, 평균 431, 최고 1,200편 (7/10), 기록 없는 목록 1번"
    )


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_chart_over_time_has_words_instead_whatever_is_known(language: str) -> None:
    words = catalog(language)
    for found in (Trend(), trend(0), trend(4, 5), trend(0, 0, 0, 0), trend(3, None, 4, 5, 6)):
        for image in (
            day_image("x", "Vision", "#0072b2", found, words),
            trend_image("x", "All", "#0072b2", found, [("Vision", "#0072b2", found)], words),
        ):
            assert image.alt
            assert not found.days or str(found.latest) in image.alt


def test_the_words_instead_of_an_overview_go_through_its_parts() -> None:
    parts = [("LLM", "#0072b2", trend(4, 5, 6, 9)), ("Vision", "#00aa00", trend(1))]
    image = trend_image("x", "All", "#5865f2", trend(5, 5, 5, 10), parts, catalog("en"))
    assert image.alt == (
        "All · last 4 listings: 10 on 7/15, mean 5, highest 10 on 7/15; "
        "LLM: 9 papers, mean 5; Vision: 1 paper"
    )
    assert isinstance(image.chart, TrendChart)
    assert [part.title for part in image.chart.parts] == ["LLM", "Vision"]
