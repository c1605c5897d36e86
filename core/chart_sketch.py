"""What every chart is drawn with: the themes, and words and shapes at pixel positions."""

import io
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import BoxStyle, Circle, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from noto_cjk_sans_otc import FONT_PATH
from PIL import Image

# A phone shows the chart 400 px wide, a third of its size: 30 px letters are 10 px there.
WIDTH = 1200
MARGIN = 40
LETTER = 30
HEADING = 36
_CORNER = 5.0
_DPI = 100
# Sizes of type are in points: 72 of them make the figure's 100 pixels.
_POINT = 72 / _DPI
# What a palette holds.
_COLOURS = 256
# The smallest picture takes zlib eight times as long as one that is a tenth larger.
_EFFORT = 6
# Lengths of words kept, enough for the names and numbers of several charts.
_WORDS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Theme:
    """The chart's colours, ``#rrggbb``."""

    page: str
    ink: str
    soft: str
    track: str


LIGHT = Theme(page="#ffffff", ink="#1f2328", soft="#636c76", track="#eef0f2")
DARK = Theme(page="#2b2d31", ink="#f2f3f5", soft="#a5a9b0", track="#383a40")


class Sketch:
    """Words and shapes at pixel positions, the origin at the top left.

    Words are drawn over shapes. They are one line, and nothing in them is read as markup.
    """

    def __init__(self, height: int, theme: Theme) -> None:
        self.theme = theme
        size = (WIDTH / _DPI, height / _DPI)
        self._figure = Figure(figsize=size, dpi=_DPI, facecolor=theme.page)
        FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()

    def words(
        self,
        x: float,
        y: float,
        text: str,
        colour: str,
        size: float = LETTER,
        align: str = "left",
        *,
        halo: bool = False,
    ) -> None:
        """The words, ``y`` at their middle; a halo of the page parts them from what is behind."""
        words = self._axes.text(
            x,
            y,
            _line(text),
            color=colour,
            ha=align,
            va="center_baseline",
            fontproperties=_font(),
            fontsize=size * _POINT,
            parse_math=False,
        )
        if halo:
            edge = withStroke(linewidth=size / 4 * _POINT, foreground=self.theme.page)
            words.set_path_effects([edge])

    def width(self, text: str, size: float = LETTER) -> float:
        """How wide the words are."""
        line = _line(text)
        return _width(line, size) if line else 0.0

    def fitted(self, text: str, room: float, size: float = LETTER) -> str:
        """The text, cut with … to fit the room."""
        line = _line(text)
        # Nobody's text of a thousand letters fits, and measuring it would take long.
        line = line if len(line) < WIDTH else line[:WIDTH] + "…"
        if self.width(line, size) <= room:
            return line
        keep = bisect_right(
            range(1, len(line)), room, key=lambda n: self.width(line[:n].rstrip() + "…", size)
        )
        return line[:keep].rstrip() + "…"

    def box(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        """A box with round corners, ``x`` and ``y`` its top left one."""
        self.boxes([(x, y, wide, high)], colour)

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]], colour: str) -> None:
        """Boxes of one colour; many take hardly longer than one."""
        paths = [
            BoxStyle.Round(pad=0, rounding_size=min(_CORNER, wide / 2, high / 2))(
                x, y, wide, high, 1
            )
            for x, y, wide, high in boxes
        ]
        if paths:
            path = Path.make_compound_path(*paths)
            # add_patch would look for the ends of every curve, which takes longer than drawing.
            self._axes.add_artist(PathPatch(path, facecolor=colour, edgecolor="none"))

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        """A disc around the point."""
        self._axes.add_artist(Circle((x, y), radius, facecolor=colour, edgecolor="none"))

    def line(self, y: float, left: float, right: float, colour: str, thick: float) -> None:
        """A level line."""
        wide = thick * _POINT
        line = Line2D((left, right), (y, y), color=colour, linewidth=wide, solid_capstyle="butt")
        self._axes.add_artist(line)

    def png(self) -> bytes:
        """The picture in the 256 colours that cover most of it: a third of the bytes.

        The flat areas keep their colours exactly, a letter's rim gets the nearest one.
        """
        raw = io.BytesIO()
        self._figure.savefig(raw, format="rgba")
        pixels = np.frombuffer(raw.getvalue(), dtype=np.uint8).reshape(-1, WIDTH, 4)
        packed = pixels[..., :3] @ np.array((1 << 16, 1 << 8, 1), dtype=np.int32)
        colours, places, counts = np.unique(packed, return_inverse=True, return_counts=True)
        parts = np.stack((colours >> 16, colours >> 8 & 255, colours & 255), axis=-1)
        palette = parts[np.argsort(-counts, kind="stable")[:_COLOURS]]
        apart = ((parts[:, None] - palette[None]) ** 2).sum(axis=-1)
        nearest = apart.argmin(axis=-1).astype(np.uint8)
        image = Image.fromarray(nearest[places.reshape(packed.shape)])
        image.putpalette(palette.astype(np.uint8).tobytes())
        out = io.BytesIO()
        image.save(out, format="png", compress_level=_EFFORT)
        return out.getvalue()


def mix(colour: str, page: str, share: float) -> str:
    """``share`` of the colour on the page."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(page[1:]), strict=True)
    return "#" + bytes(round(a * share + b * (1 - share)) for a, b in pairs).hex()


def _line(text: str) -> str:
    return " ".join(text.split())


@lru_cache(_WORDS_KEPT)
def _width(line: str, size: float) -> float:
    """How wide a line is in every picture; measuring takes as long as drawing it."""
    ruler = _ruler()
    ruler.set_text(line)
    ruler.set_fontsize(size * _POINT)
    return float(ruler.get_window_extent().width)


@cache
def _ruler() -> Text:
    figure = Figure(dpi=_DPI)
    FigureCanvasAgg(figure)
    return figure.text(0, 0, "", fontproperties=_font(), parse_math=False)


@cache
def _font() -> FontProperties:
    return FontProperties(fname=str(FONT_PATH))
