"""The chart of all papers of the last days and, below, of the categories beside each other."""

from core.blocks import DayChart, TrendChart
from core.chart_columns import Columns, change_room, draw_change, draw_columns, highest
from core.chart_days import draw_plot
from core.chart_sketch import HEADING, MARGIN, WIDTH, Sketch, Theme
from core.history import difference

_TITLE = 46
_TOP = 138
_FLOOR = 294
_BELOW = 366
# A part: its name's middle, the top of its bars and their floor, and its height in all.
_NAME = 34
_BARS_TOP = 66
_BARS_FLOOR = 158
_PART = 190
_FOOT = 10
_BESIDE = 2
_GUTTER = 48
_GAP = 12


def draw_trend(chart: TrendChart, theme: Theme) -> bytes:
    """The whole over the width, the parts in two columns, each on its own scale."""
    rows = -(-len(chart.parts) // _BESIDE)
    draw = Sketch(_BELOW + rows * _PART + (_FOOT if rows else 0), theme)
    title = draw.fitted(chart.whole.title, WIDTH - 2 * MARGIN, HEADING)
    draw.words(MARGIN, _TITLE, title, theme.ink, HEADING)
    if chart.whole.days:
        draw_plot(draw, chart.whole, _TOP, _FLOOR)
    wide = (WIDTH - 2 * MARGIN - (_BESIDE - 1) * _GUTTER) / _BESIDE
    for index, part in enumerate(chart.parts):
        row, column = divmod(index, _BESIDE)
        left = MARGIN + column * (wide + _GUTTER)
        _draw_part(draw, part, left, _BELOW + row * _PART, wide)
    return draw.png()


def _draw_part(draw: Sketch, part: DayChart, left: float, top: float, wide: float) -> None:
    """The name, the last day's count and its change, and the days under them."""
    if not part.days:
        return
    theme, count = draw.theme, part.days[-1][1] or 0
    x = left + wide
    if part.mean is not None:
        change = difference(count, part.mean)
        x -= change_room(draw, change)
        draw_change(draw, x, top + _NAME, change)
        x -= _GAP
    said = f"{count:,}"
    draw.words(x, top + _NAME, said, theme.ink, HEADING, "right")
    room = x - draw.width(said, HEADING) - _GAP - left
    draw.words(left, top + _NAME, draw.fitted(part.title, room), theme.ink)
    day = wide / len(part.days)
    columns = Columns(left, day, top + _BARS_TOP, top + _BARS_FLOOR, highest(part))
    draw_columns(draw, columns, part, left + wide)
