"""The distribution chart: how many papers each category has, as a PNG for a chat."""

import io
import warnings
from dataclasses import dataclass
from functools import cache

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch
from noto_cjk_sans_otc import FONT_PATH

from core.blocks import Bar, BarChart, Chart, DayChart

# A phone shows the chart 400 px wide, a third of its size: 30 px letters are 10 px there.
WIDTH = 1200
_ROW = 54
_HEAD = 116
_FOOT = 28
_MARGIN = 40
_GAP = 22
_LETTER = 30
# What the longest name may take of the width; the shipped names take less.
_NAME_SHARE = 0.42
_DPI = 100


@dataclass(frozen=True, slots=True)
class Theme:
    """The chart's colours, ``#rrggbb``."""

    page: str
    ink: str
    soft: str
    track: str


LIGHT = Theme(page="#ffffff", ink="#1f2328", soft="#636c76", track="#eef0f2")
DARK = Theme(page="#2b2d31", ink="#f2f3f5", soft="#a5a9b0", track="#383a40")


def draw_chart(chart: Chart, theme: Theme = LIGHT) -> bytes:
    """The chart as PNG bytes, 1200 px wide.

    The font that comes along has every Latin, Hangul, Kana and Chinese glyph.
    """
    if isinstance(chart, DayChart):
        raise NotImplementedError
    return _draw_bars(chart, theme)


def _draw_bars(chart: BarChart, theme: Theme) -> bytes:
    """One row a bar, in the given order."""
    bars, title, total = chart.bars, chart.title, chart.total
    height = _HEAD + _ROW * max(1, len(bars)) + _FOOT
    figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=theme.page)
    FigureCanvasAgg(figure)
    draw = _Sketch(figure, height)
    draw.words(_MARGIN, _HEAD * 0.36, title, theme.ink, _LETTER * 1.2)
    draw.words(WIDTH - _MARGIN, _HEAD * 0.36, total, theme.soft, _LETTER, align="right")
    names = [
        draw.fitted(_MARGIN, _middle(row), bar.name, theme.ink, WIDTH * _NAME_SHARE)
        for row, bar in enumerate(bars)
    ]
    left = _MARGIN + max((draw.width(name) for name in names), default=0.0) + _GAP
    longest = max((bar.count for bar in bars), default=1)
    # The widest count and change still fit to the right of the longest bar.
    room = WIDTH - _MARGIN - left - max((_label_room(bar) for bar in bars), default=0.0)
    for row, bar in enumerate(bars):
        _draw_bar(draw, row, bar, left, room * bar.count / longest, theme)
    out = io.BytesIO()
    with warnings.catch_warnings():
        # An operator's category may be named in a script the font lacks; the picture shows it.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(out, format="png", pil_kwargs={"optimize": True})
    return out.getvalue()


def _draw_bar(
    draw: "_Sketch", row: int, bar: Bar, left: float, length: float, theme: Theme
) -> None:
    draw.bar(left, _middle(row), max(length, 4.0), bar.colour)
    end = left + max(length, 4.0) + _GAP * 0.6
    count = draw.words(end, _middle(row), f"{bar.count:,}", theme.ink, _LETTER)
    if bar.change is not None:
        beside = end + draw.width(count) + _GAP * 0.6
        draw.words(beside, _middle(row), change_mark(bar.change), theme.soft, _LETTER * 0.8)


def change_mark(change: int) -> str:
    """``▲2``, ``▼1`` or ``–``: the change against the mean of the last days."""
    if change == 0:
        return "–"
    return f"▲{change}" if change > 0 else f"▼{-change}"


def _middle(row: int) -> float:
    return _HEAD + _ROW * (row + 0.5) - _ROW * 0.25


def _label_room(bar: Bar) -> float:
    letters = len(f"{bar.count:,}")
    if bar.change is not None:
        letters += len(change_mark(bar.change)) + 1
    return _GAP + letters * _LETTER * 0.62


class _Sketch:
    """Words and bars at pixel positions, the origin at the top left."""

    def __init__(self, figure: Figure, height: int) -> None:
        self._axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()

    def words(
        self, x: float, y: float, text: str, colour: str, size: float, align: str = "left"
    ) -> Artist:
        # Sizes are in points: 72 of them make the figure's 100 pixels.
        return self._axes.text(
            x,
            y,
            text,
            color=colour,
            ha=align,
            va="center_baseline",
            fontproperties=_font(),
            fontsize=size * 72 / _DPI,
            parse_math=False,
        )

    def fitted(self, x: float, y: float, text: str, colour: str, room: float) -> Artist:
        """The words in the usual size, cut with … to fit the room."""
        words = self.words(x, y, text, colour, _LETTER)
        while self.width(words) > room and len(text) > 1:
            text = text[:-2].rstrip() + "…"
            words.remove()
            words = self.words(x, y, text, colour, _LETTER)
        return words

    def width(self, words: Artist) -> float:
        return float(words.get_window_extent().width)

    def bar(self, x: float, y: float, length: float, colour: str) -> None:
        thick = _ROW * 0.56
        box = FancyBboxPatch(
            (x, y - thick / 2),
            length,
            thick,
            boxstyle=f"round,pad=0,rounding_size={min(5.0, length / 2)}",
            facecolor=colour,
            edgecolor="none",
        )
        self._axes.add_patch(box)


@cache
def _font() -> FontProperties:
    return FontProperties(fname=str(FONT_PATH))
