import io
from random import Random

import pytest
from PIL import Image

from core.blocks import DayChart, TrendChart
from core.category import default_taxonomy
from core.chart import DARK, LIGHT, WIDTH, Theme, draw_chart
from core.i18n import catalog, languages

TAXONOMY = default_taxonomy()


def part(title: str, colour: str, *counts: int | None, mean: float | None = 50) -> DayChart:
    days = tuple((f"7/{n % 31 + 1}", count) for n, count in enumerate(counts))
    return DayChart(title, colour, days, mean, "mean 50")


def overview(parts: int, days: int, language: str = "en", most: int = 900) -> TrendChart:
    random = Random(parts * 100 + days)
    counts = [random.choice((None, 0, random.randint(0, most))) for _ in range(days - 1)]
    words = catalog(language)
    drawn = (
        part(words.name(category.name), category.colour, *random.sample(counts, days - 1), most)
        for category in TAXONOMY.categories[:parts]
    )
    return TrendChart(part(words.say("chart.all"), "#5865f2", *counts, most), tuple(drawn))


def drawn(chart: TrendChart, theme: Theme = LIGHT) -> Image.Image:
    return Image.open(io.BytesIO(draw_chart(chart, theme))).convert("RGB")


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


# A theme changes colours alone, so one language shows that the dark one does.
@pytest.mark.parametrize(
    ("theme", "language"), [*((LIGHT, language) for language in sorted(languages())), (DARK, "en")]
)
@pytest.mark.parametrize("days", [1, 2, 3, 14, 30, 60])
def test_the_overview_fits_a_chat_and_nothing_runs_over_the_edge(
    days: int, theme: Theme, language: str
) -> None:
    for most in (0, 900, 99_999):
        chart = overview(6, days, language, most)
        picture = draw_chart(chart, theme)
        assert len(picture) <= 100_000
        image = Image.open(io.BytesIO(picture)).convert("RGB")
        image.paste(rgb(theme.page), (3, 3, image.width - 3, image.height - 3))
        assert image.getcolors() == [(image.width * image.height, rgb(theme.page))]


def test_two_parts_stand_beside_each_other() -> None:
    heights = [drawn(overview(parts, 14)).height for parts in (0, 1, 2, 3, 4, 6)]
    assert heights == sorted(heights)
    assert heights[1] == heights[2] < heights[3] == heights[4] < heights[5] <= WIDTH


def test_each_part_has_its_own_colour_for_the_last_day() -> None:
    chart = overview(6, 14)
    found = {colour for _, colour in drawn(chart).getcolors(maxcolors=1_000_000) or ()}
    assert {rgb(one.colour) for one in (chart.whole, *chart.parts)} <= found


def test_parts_are_on_their_own_scale() -> None:
    def high(image: Image.Image, colour: str) -> int:
        columns = range(0, WIDTH, 2)
        return sum(
            any(image.getpixel((x, y)) == rgb(colour) for x in columns) for y in range(image.height)
        )

    small = part("a", "#aa0000", 1, 2, 3, mean=None)
    large = part("b", "#00aa00", 1_000, 2_000, 3_000, mean=None)
    image = drawn(TrendChart(part("all", "#0000aa", 5, 5, 5), (small, large)))
    assert high(image, "#aa0000") == high(image, "#00aa00") > 60


def test_no_days_still_make_an_overview() -> None:
    empty = DayChart("All", "#5865f2", ())
    assert drawn(TrendChart(empty, ())).width == WIDTH
    assert drawn(TrendChart(empty, (empty,))).width == WIDTH


def test_a_name_that_is_too_long_ends_before_the_count() -> None:
    chart = TrendChart(part("All", "#5865f2", 5), (part("$x^2$ name " * 40, "#aa0000", 5, 7, 9),))
    name = drawn(chart).crop((0, 380, WIDTH // 2, 420)).convert("L")
    clear = [name.crop((x, 0, x + 1, 40)).getextrema() == (255, 255) for x in range(name.width)]
    assert "1" * 12 in "".join("1" if one else "0" for one in clear[60:-40])
