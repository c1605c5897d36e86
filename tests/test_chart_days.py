import io
from random import Random

import numpy as np
import pytest
from PIL import Image

from core.blocks import DayChart
from core.category import default_taxonomy
from core.chart import DARK, LIGHT, WIDTH, Theme, draw_chart
from core.chart_sketch import LETTER, MARGIN, Sketch, mix

BLUE = "#0072b2"
TALLEST = 420
TITLES = {
    "ko": "컴퓨터 비전과 패턴 인식, 그리고 생성형 비디오 모델의 카메라 제어에 관한 논문 · 최근 14회",
    "en": "Natural language processing, translation and linguistics of many tongues · last 14 listings",
    "zh": "计算机视觉与模式识别以及生成式视频模型中的相机控制与四维场景重建的论文统计图 · 最近十四次公告",
    "ja": "コンピュータビジョンとパターン認識、生成動画モデルのカメラ制御に関する論文の数 · 最近14回",
    "maths": "$x^2$ \\frac{a}{b} {\\bf $ \n second line\r\n\tthird <b>&amp;</b>\x00",
    "a script the font lacks": "رؤية الحاسوب 😀",
    "endless": "word" * 5_000,
    "nothing": "",
}


def drawn(
    *counts: int | None,
    title: str = "컴퓨터 비전 · 최근 14회",
    colour: str = BLUE,
    theme: Theme = LIGHT,
    labels: tuple[str, ...] = (),
    mean: float | None = None,
    beside: str = "평균 8",
) -> Image.Image:
    names = labels or tuple(f"{7 + day // 31}/{day % 31 + 1}" for day in range(len(counts)))
    days = tuple(zip(names, counts, strict=True))
    chart = DayChart(title, colour, days, mean, beside)
    return Image.open(io.BytesIO(draw_chart(chart, theme))).convert("RGB")


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def places(image: Image.Image, colour: str, axis: int) -> list[int]:
    """The columns (axis 0) or the rows (axis 1) of the picture in which the colour is."""
    same = (np.asarray(image) == np.array(rgb(colour))).all(axis=2)
    return [int(place) for place in np.flatnonzero(same.any(axis=axis))]


def columns(image: Image.Image, colour: str) -> list[int]:
    return places(image, colour, 0)


def height(image: Image.Image, colour: str) -> int:
    return len(places(image, colour, 1))


def runs(found: list[int]) -> int:
    """How many bars or dots the columns make; a lone column is the rim of something."""
    return sum(n - 1 not in found and n + 1 in found and n + 2 in found for n in found)


def assert_whole(image: Image.Image, theme: Theme = LIGHT) -> None:
    """The size is a chat's, and nothing touches the edge."""
    assert image.width == WIDTH
    assert image.height <= TALLEST
    inside = (3, 3, image.width - 3, image.height - 3)
    rim = image.copy()
    rim.paste(rgb(theme.page), inside)
    assert rim.getcolors() == [(image.width * image.height, rgb(theme.page))]


@pytest.mark.parametrize("days", [*range(1, 9), 13, 14, 15, 22, 30, 31, 45, 60])
def test_any_number_of_days_makes_a_small_chart_with_nothing_over_the_edge(days: int) -> None:
    random = Random(days)
    for most in (3, 250, 99_999):
        counts = [random.choice((None, random.randint(0, most))) for _ in range(days)]
        assert_whole(drawn(*counts[:-1], most, mean=most / 2, beside=f"mean {most:,}"))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_any_title_stays_on_its_line(title: str, theme: Theme) -> None:
    image = drawn(*range(20, 34), title=title, theme=theme)
    assert_whole(image, theme)
    # Between the title and the highest bar's count there is only page.
    gap = image.crop((0, 80, WIDTH, 90))
    assert gap.getcolors() == [(WIDTH * 10, rgb(theme.page))]


@pytest.mark.parametrize("days", [1, 2, 3, 4, 14, 60])
def test_any_label_stays_under_its_bar(days: int) -> None:
    for label in TITLES.values():
        assert_whole(drawn(*range(1, days + 1), labels=(label,) * days))


def test_the_bar_of_today_alone_is_in_full_colour() -> None:
    # Without the round corners, whose rims have every tint.
    image = drawn(5, 7, 6, 4, 9, 8).crop((0, 270, WIDTH, 320))
    today, others = columns(image, BLUE), columns(image, mix(BLUE, LIGHT.page, 0.42))
    assert runs(today) == 1
    assert runs(others) == 5
    assert max(others) < min(today)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_category_has_its_own_colour_today_and_another_before(theme: Theme) -> None:
    for category in default_taxonomy():
        days = columns(drawn(9, 9, 9, 0, 9, colour=category.colour, theme=theme), category.colour)
        assert runs(days) == 1
        assert min(days) > WIDTH / 2


def test_a_day_of_none_gets_a_dot_and_no_bar() -> None:
    some, none = drawn(8, 8, 8, 8), drawn(8, 8, 8, 0)
    assert len(columns(none, BLUE)) < len(columns(some, BLUE)) / 4
    assert 0 < height(none, BLUE) < 20 < height(some, BLUE)
    tint = mix(BLUE, LIGHT.page, 0.42)
    assert runs(columns(drawn(8, 0, 8, 8), tint)) == 2


def test_days_of_none_at_all_make_a_chart() -> None:
    image = drawn(*[0] * 14)
    assert_whole(image)
    assert 0 < len(columns(image, BLUE)) < 20


def test_one_day_is_one_bar_in_the_middle() -> None:
    bar = columns(drawn(7), BLUE)
    assert runs(bar) == 1
    assert abs(sum(bar) / len(bar) - WIDTH / 2) < 1


def test_no_days_still_make_a_chart() -> None:
    assert_whole(drawn())


def test_one_huge_day_leaves_the_others_to_be_seen() -> None:
    image = drawn(5, 4, 9_120_000, 3, 6, 6)
    assert_whole(image)
    assert height(image, BLUE) >= 6
    assert runs(columns(image, mix(BLUE, LIGHT.page, 0.42))) == 5
    assert_whole(drawn(5, 4, 3, 6, 9_120_000))


def test_a_day_that_is_not_known_has_a_veil_where_one_of_none_has_a_dot() -> None:
    veil, dot = mix(LIGHT.track, LIGHT.page, 0.6), mix(LIGHT.soft, LIGHT.page, 0.65)
    unknown, none, some = drawn(8, 8, None, 8, 8), drawn(8, 8, 0, 8, 8), drawn(8, 8, 8, 8, 8)
    assert runs(columns(unknown, veil)) == 1
    assert not columns(none, veil)
    assert not columns(some, veil)
    assert runs(columns(none, dot)) == 1
    assert not runs(columns(unknown, dot))
    # The veil is as high as the highest bar, and days beside each other share it.
    assert height(unknown, veil) == height(unknown, mix(BLUE, LIGHT.page, 0.42))
    assert runs(columns(drawn(8, None, None, 8, None, 8), veil)) == 2


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_mean_has_a_line_at_its_height_and_its_name_beside_it(theme: Theme) -> None:
    def rows(mean: float | None) -> list[int]:
        image = drawn(2, 2, 10, 10, theme=theme, mean=mean)
        line = rgb(mix(theme.soft, theme.page, 0.65))
        return [y for y in range(image.height) if image.getpixel((MARGIN + 2, y)) == line]

    def name(mean: float | None, beside: str) -> int:
        image = drawn(2, 2, 10, 10, theme=theme, mean=mean, beside=beside)
        return len(columns(image.crop((WIDTH - 160, 90, WIDTH, 400)), theme.soft))

    assert rows(None) == []
    low, middle, high = (sum(found) / len(found) for found in map(rows, (0, 5, 10)))
    assert low > middle > high
    assert abs(low + high - 2 * middle) <= 2
    assert name(5, "mean 5") > 20 > name(5, "") == name(None, "mean 5") == 0


def test_days_have_as_many_labels_as_fit_the_last_among_them() -> None:
    def labels(days: int) -> int:
        image = drawn(*[5] * days, labels=("8",) * days)
        inked = (np.asarray(image.crop((0, 350, WIDTH, 380))) != 255).any(axis=(0, 2))
        return int((inked[1:] & ~inked[:-1]).sum())

    assert labels(3) == 3
    assert labels(14) == 14
    assert 5 < labels(60) < 60


def test_the_chart_of_days_fits_a_chat() -> None:
    random = Random(7)
    for title in TITLES.values():
        for days in (14, 60):
            named = tuple((f"11/{n}", random.randint(0, 999)) for n in range(days))
            for theme in (LIGHT, DARK):
                chart = DayChart(title, BLUE, named, 500, title)
                assert len(draw_chart(chart, theme)) <= 100_000


def test_fitted_words_are_as_long_as_the_room_allows() -> None:
    sketch = Sketch(100, LIGHT)
    for room in (60, 200, 777):
        words = sketch.fitted("Natural language processing " * 9, room)
        assert sketch.width(words) <= room < sketch.width(words) + 2 * LETTER
    assert sketch.fitted("short", 400) == "short"
    assert sketch.fitted("two\nlines  are one", 400) == "two lines are one"
