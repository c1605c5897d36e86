import io

import pytest
from matplotlib.font_manager import get_font
from noto_cjk_sans_otc import FONT_PATH
from PIL import Image

from core.blocks import Bar, BarChart
from core.category import default_taxonomy
from core.chart import DARK, LIGHT, WIDTH, draw_chart
from core.history import change_mark
from core.i18n import catalog, languages

LABELS = "AI 논문 · 2024년 11월 10일 (일) 1,284편 Sun, 10 November 2024 ▲▼– 计算机视觉 コンピュータビジョン"


def drawn(names: list[str], **fields: object) -> Image.Image:
    bars = [Bar(name, 10 * (n + 1), "#0072b2", **fields) for n, name in enumerate(names)]  # type: ignore[arg-type]
    return Image.open(io.BytesIO(draw_chart(BarChart("Title", "11", tuple(bars)))))


def test_the_font_has_a_glyph_for_every_letter_the_chart_may_show() -> None:
    names = "".join(
        catalog(language).name(category.name)
        for language in languages()
        for category in default_taxonomy()
    )
    glyphs = get_font(str(FONT_PATH)).get_charmap()
    assert {letter for letter in names + LABELS if ord(letter) not in glyphs} == set()


def test_the_chart_grows_by_a_row_for_each_bar() -> None:
    one, two, seventeen = (drawn(["a"] * count) for count in (1, 2, 17))
    assert one.width == two.width == seventeen.width == WIDTH
    assert seventeen.height - one.height == 16 * (two.height - one.height)


@pytest.mark.parametrize("language", sorted(languages()))
def test_no_word_and_no_bar_runs_over_the_edge(language: str) -> None:
    names = [catalog(language).name(category.name) for category in default_taxonomy()]
    for image in (drawn(names), drawn(names, change=-1234)):
        pixels = image.convert("RGB")
        edge = [
            pixels.getpixel((x, y))
            for x in (0, 1, 2, WIDTH - 3, WIDTH - 2, WIDTH - 1)
            for y in range(pixels.height)
        ]
        assert set(edge) == {(255, 255, 255)}


def test_both_themes_draw_on_their_own_page() -> None:
    for theme in (LIGHT, DARK):
        png = draw_chart(BarChart("Title", "1", (Bar("a", 1, "#0072b2"),)), theme)
        corner = Image.open(io.BytesIO(png)).convert("RGB").getpixel((0, 0))
        assert "#{:02x}{:02x}{:02x}".format(*corner) == theme.page  # type: ignore[misc]


def test_a_name_that_looks_like_maths_is_drawn_as_it_is() -> None:
    assert drawn(["$x^2$ and \\frac"]).width == WIDTH


def test_a_name_that_is_too_long_is_cut_and_the_bar_stays_in_the_picture() -> None:
    image = drawn(["Name " * 60, "b"]).convert("RGB")
    edge = {image.getpixel((WIDTH - 2, y)) for y in range(image.height)}
    assert edge == {(255, 255, 255)}
    blue = [x for x in range(WIDTH) if image.getpixel((x, 130)) == (0, 114, 178)]
    assert blue


def test_no_bars_still_make_a_chart() -> None:
    assert Image.open(io.BytesIO(draw_chart(BarChart("Title", "0", ())))).width == WIDTH


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_chart_fits_a_chat(language: str) -> None:
    bars = [
        Bar(catalog(language).name(category.name), 320 - 17 * n, category.colour, 40 - 9 * n)
        for n, category in enumerate(default_taxonomy())
    ]
    for theme in (LIGHT, DARK):
        assert len(draw_chart(BarChart("AI 논문", "1,284편", tuple(bars)), theme)) <= 100_000


def test_every_bar_keeps_its_exact_colour() -> None:
    bars = [Bar(category.name, 9, category.colour, 1) for category in default_taxonomy()]
    image = Image.open(io.BytesIO(draw_chart(BarChart("Title", "9", tuple(bars))))).convert("RGB")
    found = {colour for _, colour in image.getcolors() or ()}
    assert {bytes.fromhex(bar.colour[1:]) for bar in bars} <= {bytes(c) for c in found}  # type: ignore[arg-type]


@pytest.mark.parametrize("total", ["11", "papers " * 60])
def test_a_long_title_ends_before_the_total(total: str) -> None:
    png = draw_chart(BarChart("$x^2$\nTitle " * 60, total, (Bar("a\nb", 1, "#0072b2"),)))
    head = Image.open(io.BytesIO(png)).convert("L").crop((0, 0, WIDTH, 80))
    blank = [head.crop((x, 0, x + 1, 80)).getextrema() == (255, 255) for x in range(WIDTH)]
    assert all(blank[:20] + blank[-20:])
    # The widest break between two words is the one between the title and the total.
    assert "1" * 18 in "".join("1" if clear else "0" for clear in blank[60:-60])


def test_bars_of_none_make_a_chart() -> None:
    image = drawn(["a"])
    bars = (Bar("a", 0, "#0072b2", 0), Bar("b", 0, "#0072b2", -3))
    png = draw_chart(BarChart("Title", "0", bars))
    assert Image.open(io.BytesIO(png)).width == image.width


def test_a_change_is_marked_by_its_direction() -> None:
    assert [change_mark(n) for n in (2, -1, 0)] == ["▲2", "▼1", "–"]
