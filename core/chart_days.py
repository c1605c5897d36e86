"""The chart of one category's last days: a bar a day, today's in full colour, their mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.blocks import DayChart
from core.chart_sketch import HEADING, LETTER, MARGIN, WIDTH, Sketch, Theme, mix

_HEIGHT = 400
_TITLE = 46
# The highest bar's count stands between the title and the top.
_TOP = 138
_FLOOR = 334
_LABELS = 366
_ABOVE = 25
_CLEAR = 25
_GAP = 14
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
# A mean of few papers is told apart by its first decimal, and one of a single day is none.
_DECIMAL_BELOW = 10
_LEAST = 2


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where things stand: the left edge, a day's width and a bar's, a paper's height, the mean."""

    left: float
    day: float
    bar: float
    unit: float
    mean: float

    def middle(self, index: int) -> float:
        return self.left + self.day * (index + 0.5)

    def top(self, count: float) -> float:
        """Where a count's bar ends; where none is, a dot does."""
        return _FLOOR - (max(count * self.unit, _LOWEST) if count else 2 * _DOT)

    @property
    def level(self) -> float:
        """Where the mean's line is."""
        return _FLOOR - self.mean * self.unit

    def over(self, count: int) -> float:
        """Where a count stands: over its bar, and over the mean's line if that would cross it."""
        y = self.top(count) - _ABOVE
        return self.level - _CLEAR if self.mean and abs(y - self.level) < _CLEAR else y


def draw_days(chart: DayChart, theme: Theme) -> bytes:
    """One column a day, the last of them today's."""
    draw = Sketch(_HEIGHT, theme)
    title = draw.fitted(chart.title, WIDTH - 2 * MARGIN, HEADING)
    draw.words(MARGIN, _TITLE, title, theme.ink, HEADING)
    if not chart.days:
        return draw.png()
    counts = [count for _, count in chart.days]
    mean = _mean(counts)
    beside = _number(mean) if mean else ""
    plot, right = _plan(draw, counts, mean, beside)
    draw.line(_FLOOR, MARGIN, right, theme.track, 3)
    for index, count in enumerate(counts):
        if index == len(counts) - 1:
            _draw_day(draw, plot, index, count, chart.colour)
        elif count:
            _draw_day(draw, plot, index, count, mix(chart.colour, theme.page, _TINT))
        else:
            _draw_day(draw, plot, index, count, mix(theme.soft, theme.page, _THIN))
    if beside:
        draw.line(plot.level, MARGIN, right, mix(theme.soft, theme.page, _THIN), 2.5)
        draw.words(WIDTH - MARGIN, plot.level, beside, theme.soft, align="right", halo=True)
    _draw_counts(draw, plot, counts)
    _draw_labels(draw, plot, [label for label, _ in chart.days])
    return draw.png()


def _mean(counts: Sequence[int]) -> float:
    """The mean of the days before today, which today is held against.

    A day of none is taken for one without a listing, or none that we know of: it does not count.
    """
    before = [count for count in counts[:-1] if count]
    return sum(before) / len(before) if len(before) >= _LEAST else 0.0


def _number(mean: float) -> str:
    """``212``, ``1,204`` or, of few, ``9.5``."""
    return f"{round(mean, 1):g}" if mean < _DECIMAL_BELOW else f"{round(mean):,}"


def _plan(draw: Sketch, counts: Sequence[int], mean: float, beside: str) -> tuple[_Plot, float]:
    """The plot, and the right end of its lines: the mean's number stands behind it."""
    right = WIDTH - MARGIN - (draw.width(beside) + _GAP if beside else 0.0)
    day = (right - MARGIN) / len(counts)
    # Today's count may be wider than its day, and must not run into the mean's number.
    over = max(0.0, draw.width(f"{counts[-1]:,}", HEADING) - day) / 2
    day = (right - MARGIN - over) / len(counts)
    unit = (_FLOOR - _TOP) / max(1, *counts)
    return _Plot(MARGIN, day, min(day * _BAR_SHARE, _WIDEST), unit, mean), right


def _draw_day(draw: Sketch, plot: _Plot, index: int, count: int, colour: str) -> None:
    middle, top = plot.middle(index), plot.top(count)
    if count:
        draw.box(middle - plot.bar / 2, top, plot.bar, _FLOOR - top, colour)
    else:
        draw.dot(middle, _FLOOR - _DOT, _DOT, colour)


def _draw_counts(draw: Sketch, plot: _Plot, counts: Sequence[int]) -> None:
    """Today's count over its bar, and the others' if each fits its day; else the highest's."""
    *others, today = counts
    x, y = plot.middle(len(others)), plot.over(today) - 2
    near = x - draw.width(f"{today:,}", HEADING) / 2 - _GAP
    shown = [index for index, count in enumerate(others) if count]
    if any(draw.width(f"{others[index]:,}") + _GAP / 2 > plot.day for index in shown):
        shown = [others.index(max(others))]
    for index in shown:
        text = f"{others[index]:,}"
        half = draw.width(text) / 2
        # Near the edge it stays inside; where it would touch today's, that one is enough.
        centre = max(plot.middle(index), MARGIN + half)
        level = plot.over(others[index])
        if centre + half <= near or abs(level - y) > HEADING:
            draw.words(centre, level, text, draw.theme.soft, align="center", halo=True)
    draw.words(x, y, f"{today:,}", draw.theme.ink, HEADING, "center", halo=True)


def _draw_labels(draw: Sketch, plot: _Plot, labels: Sequence[str]) -> None:
    """The labels of all days if they fit, else of the first, the middle and the last."""
    last = len(labels) - 1
    named, room = list(range(last + 1)), plot.day - _GAP
    if any(draw.width(label) > room for label in labels):
        named = sorted({0, last // 2, last})
        # The edge pushes the outer ones inwards: two thirds of what lies between are for each.
        room = plot.day * max(1, last // 2) * 2 / 3 - _GAP
    for index in named:
        label = draw.fitted(labels[index], room)
        half = draw.width(label) / 2
        x = min(max(plot.middle(index), MARGIN + half), WIDTH - MARGIN - half)
        colour = draw.theme.ink if index == last else draw.theme.soft
        draw.words(x, _LABELS, label, colour, LETTER, "center")
