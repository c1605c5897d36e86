"""Columns of days, as every chart over time has them, and the mark of a change beside a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from core.blocks import DayChart
from core.chart_sketch import LETTER, Sketch, mix
from core.history import change_mark

# A bar's share of its day, and its limit where there are few days.
_BAR_SHARE = 0.68
_WIDEST = 96
# Less would not be seen as a bar; a day of none gets a dot.
_LOWEST = 8
_DOT = 7
# How much of the colour the other days' bars keep.
_TINT = 0.42
# The mean's line is softer than the words, or it would cut the bars in two.
_THIN = 0.65
# The font's triangles are as large as a Chinese letter: less of them is enough beside digits.
_SIGN = 21
_BESIDE = 4
# So light that nobody takes it for a bar.
_VEIL = 0.6

_Day = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where columns stand: the left edge, a day's width, the highest bar's top and the floor."""

    left: float
    day: float
    top: float
    floor: float
    highest: float

    @property
    def bar(self) -> float:
        """How wide a bar is."""
        return min(self.day * _BAR_SHARE, _WIDEST)

    @property
    def dot(self) -> float:
        """The radius of what stands for a day of none."""
        return min(self.bar / 2, _DOT)

    def middle(self, index: int) -> float:
        """Where a day is."""
        return self.left + self.day * (index + 0.5)

    def level(self, count: float) -> float:
        """How high a count is."""
        return self.floor - (self.floor - self.top) * count / max(1, self.highest)

    def end(self, count: int) -> float:
        """Where a count's bar ends, or its dot."""
        return min(self.level(count), self.floor - _LOWEST) if count else self.floor - 2 * self.dot


def highest(chart: DayChart) -> float:
    """The highest count or, above them all, the mean."""
    return max(chart.mean or 0, *(count or 0 for _, count in chart.days))


def draw_columns(draw: Sketch, columns: Columns, chart: DayChart, right: float) -> None:
    """The days of a chart on their floor, which ends at ``right``, and the line of their mean.

    The last day is in full colour. One of none has a dot, and one that is not known lies behind a
    veil, so that nobody takes it for one of none.
    """
    theme = draw.theme
    counts = [count for _, count in chart.days]
    _draw_veils(draw, columns, counts)
    draw.line(columns.floor, columns.left, right, theme.track, 3)
    *others, last = enumerate(counts)
    _draw_bars(draw, columns, others, mix(chart.colour, theme.page, _TINT))
    _draw_bars(draw, columns, [last], chart.colour)
    _draw_dots(draw, columns, others, mix(theme.soft, theme.page, _THIN))
    _draw_dots(draw, columns, [last], chart.colour)
    if chart.mean is not None:
        level = columns.level(chart.mean)
        draw.line(level, columns.left, right, mix(theme.soft, theme.page, _THIN), 2.5)


def _draw_veils(draw: Sketch, columns: Columns, counts: Sequence[int | None]) -> None:
    """One veil over days that are not known and stand together, marked where there is room."""
    for unknown, run in groupby(range(len(counts)), key=lambda index: counts[index] is None):
        if not unknown:
            continue
        indices = list(run)
        wide = columns.day * len(indices)
        left, high = columns.left + columns.day * indices[0], columns.floor - columns.top
        draw.box(left, columns.top, wide, high, mix(draw.theme.track, draw.theme.page, _VEIL))
        if draw.width("?") < wide:
            y = columns.floor - LETTER * 0.8
            draw.words(left + wide / 2, y, "?", draw.theme.soft, align="center", halo=True)


def _draw_bars(draw: Sketch, columns: Columns, days: Sequence[_Day], colour: str) -> None:
    boxes = []
    for index, count in days:
        if count:
            end = columns.end(count)
            left = columns.middle(index) - columns.bar / 2
            boxes.append((left, end, columns.bar, columns.floor - end))
    draw.boxes(boxes, colour)


def _draw_dots(draw: Sketch, columns: Columns, days: Sequence[_Day], colour: str) -> None:
    for index, count in days:
        if count == 0:
            draw.dot(columns.middle(index), columns.floor - columns.dot, columns.dot, colour)


def draw_change(draw: Sketch, x: float, y: float, change: int) -> None:
    """The mark of a change, which begins at ``x``."""
    sign, number = change_mark(change)[:1], change_mark(change)[1:]
    size = _SIGN if number else LETTER
    draw.words(x, y, sign, draw.theme.soft, size)
    draw.words(x + draw.width(sign, size) + _BESIDE, y, number, draw.theme.soft)


def change_room(draw: Sketch, change: int) -> float:
    """How wide the mark of a change is."""
    sign, number = change_mark(change)[:1], change_mark(change)[1:]
    size = _SIGN if number else LETTER
    return draw.width(sign, size) + (_BESIDE + draw.width(number) if number else 0.0)
