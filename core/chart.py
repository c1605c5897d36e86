"""The charts as PNGs for a chat: a bar for each category, one category's days, and a trend."""

import warnings
from typing import assert_never

from core.blocks import Bar, BarChart, Chart, DayChart, TrendChart
from core.chart_columns import change_room, draw_change
from core.chart_days import draw_days
from core.chart_sketch import DARK, HEADING, LIGHT, MARGIN, WIDTH, Sketch, Theme
from core.chart_trend import draw_trend

__all__ = ["DARK", "LIGHT", "WIDTH", "Theme", "draw_chart"]

_ROW = 54
_HEAD = 116
_FOOT = 28
_GAP = 22
_THICK = 30
# What the longest name may take of the width; the shipped names take less.
_NAME_SHARE = 0.42


def draw_chart(chart: Chart, theme: Theme = LIGHT) -> bytes:
    """The chart as PNG bytes, 1200 px wide.

    The font that comes along has every Latin, Hangul, Kana and Chinese glyph.
    """
    with warnings.catch_warnings():
        # An operator's category may be named in a script the font lacks; the picture shows it.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        match chart:
            case BarChart():
                return _draw_bars(chart, theme)
            case DayChart():
                return draw_days(chart, theme)
            case TrendChart():
                return draw_trend(chart, theme)
            case _:
                assert_never(chart)


def _draw_bars(chart: BarChart, theme: Theme) -> bytes:
    """One row a bar, in the given order."""
    bars = chart.bars
    draw = Sketch(_HEAD + _ROW * max(1, len(bars)) + _FOOT, theme)
    total = draw.fitted(chart.total, WIDTH / 3)
    draw.words(WIDTH - MARGIN, _HEAD * 0.36, total, theme.soft, align="right")
    room = WIDTH - 2 * MARGIN - _GAP - draw.width(total)
    draw.words(MARGIN, _HEAD * 0.36, draw.fitted(chart.title, room, HEADING), theme.ink, HEADING)
    names = [draw.fitted(bar.name, WIDTH * _NAME_SHARE) for bar in bars]
    for row, name in enumerate(names):
        draw.words(MARGIN, _middle(row), name, theme.ink)
    left = MARGIN + max((draw.width(name) for name in names), default=0.0) + _GAP
    longest = max((bar.count for bar in bars), default=1) or 1
    # The widest count and change still fit to the right of the longest bar.
    room = WIDTH - MARGIN - left - max((_label_room(draw, bar) for bar in bars), default=0.0)
    for row, bar in enumerate(bars):
        _draw_bar(draw, row, bar, left, max(room * bar.count / longest, 4.0))
    return draw.png()


def _draw_bar(draw: Sketch, row: int, bar: Bar, left: float, length: float) -> None:
    middle, count = _middle(row), f"{bar.count:,}"
    draw.box(left, middle - _THICK / 2, length, _THICK, bar.colour)
    x = left + length + _GAP * 0.6
    draw.words(x, middle, count, draw.theme.ink)
    if bar.change is not None:
        x += draw.width(count) + _GAP * 0.8
        draw_change(draw, x, middle, bar.change)


def _middle(row: int) -> float:
    return _HEAD + _ROW * (row + 0.25)


def _label_room(draw: Sketch, bar: Bar) -> float:
    """What a bar's count and change take beside it."""
    room = _GAP * 0.6 + draw.width(f"{bar.count:,}")
    if bar.change is not None:
        room += _GAP * 0.8 + change_room(draw, bar.change)
    return room
