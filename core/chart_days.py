"""The chart of one category's last days: a bar a day, today's in full colour, their mean."""

from collections.abc import Sequence
from math import ceil

from core.blocks import DayChart
from core.chart_columns import Columns, draw_columns, highest
from core.chart_sketch import HEADING, LETTER, MARGIN, WIDTH, Sketch, Theme

_HEIGHT = 400
_TITLE = 46
# The highest bar's count stands between the title and the top.
_TOP = 138
_FLOOR = 334
_LABELS = 32
_ABOVE = 25
_CLEAR = 25
_GAP = 14
_APART = 24
# Fewer labels would not tell where the days are.
_FEW = 3
# What the mean's name may take of the width.
_BESIDE_SHARE = 0.22


def draw_days(chart: DayChart, theme: Theme) -> bytes:
    """One column a day, the last of them today's."""
    draw = Sketch(_HEIGHT, theme)
    title = draw.fitted(chart.title, WIDTH - 2 * MARGIN, HEADING)
    draw.words(MARGIN, _TITLE, title, theme.ink, HEADING)
    if chart.days:
        draw_plot(draw, chart, _TOP, _FLOOR)
    return draw.png()


def draw_plot(draw: Sketch, chart: DayChart, top: float, floor: float) -> None:
    """The days over the whole width, with their counts, their labels and the mean's name."""
    beside = draw.fitted(chart.beside, WIDTH * _BESIDE_SHARE) if chart.mean is not None else ""
    right = WIDTH - MARGIN - (draw.width(beside) + _GAP if beside else 0.0)
    columns = _columns(draw, chart, right, top, floor)
    draw_columns(draw, columns, chart, right)
    if chart.mean is not None:
        level = columns.level(chart.mean)
        draw.words(WIDTH - MARGIN, level, beside, draw.theme.soft, align="right", halo=True)
    _draw_counts(draw, columns, chart)
    _draw_labels(draw, columns, [label for label, _ in chart.days])


def _columns(draw: Sketch, chart: DayChart, right: float, top: float, floor: float) -> Columns:
    """The columns up to ``right``, behind which the mean's name stands."""
    counts = [count for _, count in chart.days]
    day = (right - MARGIN) / len(counts)
    # Today's count may be wider than its day, and must not run into the mean's name.
    over = max(0.0, draw.width(_number(counts[-1]), HEADING) - day) / 2
    day = (right - MARGIN - over) / len(counts)
    return Columns(MARGIN, day, top, floor, highest(chart))


def _number(count: int | None) -> str:
    return "?" if count is None else f"{count:,}"


def _over(columns: Columns, count: int, mean: float | None) -> float:
    """Where a count stands: over its bar, and over the mean's line if that would cross it."""
    y = columns.end(count) - _ABOVE
    level = columns.floor if mean is None else columns.level(mean)
    return level - _CLEAR if mean and abs(y - level) < _CLEAR else y


def _draw_counts(draw: Sketch, columns: Columns, chart: DayChart) -> None:
    """Today's count over its bar, and the others' if each fits its day; else the highest's."""
    *others, today = [count for _, count in chart.days]
    x, y = columns.middle(len(others)), _over(columns, today or 0, chart.mean) - 2
    said = _number(today)
    near = x - draw.width(said, HEADING) / 2 - _GAP
    shown = {index: count for index, count in enumerate(others) if count}
    if any(draw.width(f"{count:,}") + _GAP / 2 > columns.day for count in shown.values()):
        highest = max(shown, key=lambda index: shown[index])
        shown = {highest: shown[highest]}
    for index, count in shown.items():
        text = f"{count:,}"
        half = draw.width(text) / 2
        # Near the edge it stays inside; where it would touch today's, that one is enough.
        centre = max(columns.middle(index), MARGIN + half)
        level = _over(columns, count, chart.mean)
        if centre + half <= near or abs(level - y) > HEADING:
            draw.words(centre, level, text, draw.theme.soft, align="center", halo=True)
    draw.words(x, y, said, draw.theme.ink, HEADING, "center", halo=True)


def _draw_labels(draw: Sketch, columns: Columns, labels: Sequence[str]) -> None:
    """As many labels as fit, the last day's among them; of long ones three, cut to fit."""
    last = len(labels) - 1
    widest = max(draw.width(label) for label in labels)
    room, step = widest, ceil((widest + _APART) / columns.day)
    # The edge would push the first one inwards, against the second.
    inside = (index for index in range(last + 1) if columns.middle(index) >= MARGIN + widest / 2)
    named = [index for index in inside if (last - index) % step == 0]
    if len(named) < min(_FEW, last + 1):
        named = sorted({0, last // 2, last})
        # Here it does, and two thirds of what lies between are for each.
        room = columns.day * max(1, last // 2) * 2 / 3 - _GAP
    for index in named:
        label = draw.fitted(labels[index], room)
        half = draw.width(label) / 2
        x = min(max(columns.middle(index), MARGIN + half), WIDTH - MARGIN - half)
        colour = draw.theme.ink if index == last else draw.theme.soft
        draw.words(x, columns.floor + _LABELS, label, colour, LETTER, "center")
