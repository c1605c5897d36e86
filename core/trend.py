"""A trend as people get it: its chart, and in words the figures that a listener needs."""

from collections.abc import Sequence
from datetime import date

from core.blocks import DayChart, Image, TrendChart
from core.history import Trend, rounded
from core.i18n import Catalog


def day_chart(name: str, colour: str, trend: Trend, words: Catalog) -> DayChart:
    """The trend of one category as a chart of its own."""
    return _chart(words.say("chart.days", name=name, count=len(trend.days)), colour, trend, words)


def day_image(file: str, name: str, colour: str, trend: Trend, words: Catalog) -> Image:
    """That chart as a picture."""
    chart = day_chart(name, colour, trend, words)
    return Image(file, _alt(chart.title, trend, words), chart)


def trend_image(
    file: str,
    name: str,
    colour: str,
    whole: Trend,
    parts: Sequence[tuple[str, str, Trend]],
    words: Catalog,
) -> Image:
    """All papers over some of their categories, each of these a name, a colour and a trend."""
    chart = day_chart(name, colour, whole, words)
    drawn = tuple(_chart(own, shade, trend, words) for own, shade, trend in parts)
    alts = [_alt(chart.title, whole, words)]
    alts += [_alt(own, trend, words, brief=True) for own, _, trend in parts]
    return Image(file, "; ".join(alts), TrendChart(chart, drawn))


def shown_day(day: date) -> str:
    """A day as the charts label it: ``7/23``."""
    return f"{day.month}/{day.day}"


def shown_mean(mean: float, words: Catalog) -> str:
    """A mean as sentences and charts give it."""
    return words.number(rounded(mean))


def _chart(title: str, colour: str, trend: Trend, words: Catalog) -> DayChart:
    mean = trend.mean
    beside = "" if mean is None else words.say("chart.mean", mean=shown_mean(mean, words))
    days = tuple((shown_day(day), count) for day, count in trend.days)
    return DayChart(title, colour, days, mean, beside)


def _alt(title: str, trend: Trend, words: Catalog, *, brief: bool = False) -> str:
    """``LLM · last 14 listings: 90 on 7/23, mean 85, highest 120 on 7/16``; brief: ``LLM: 90, mean 85``."""
    if not trend.days:
        return title
    latest = shown_day(trend.days[-1][0])
    said = [
        words.say("post.count", count=trend.latest)
        if brief
        else words.say("chart.latest", day=latest, count=trend.latest)
    ]
    if trend.mean is not None:
        said.append(words.say("chart.mean", mean=shown_mean(trend.mean, words)))
    if trend.highest is not None and not brief:
        day, count = trend.highest
        said.append(words.say("chart.highest", day=shown_day(day), count=count))
    unknown = len(trend.days) - len(trend.known)
    if unknown and not brief:
        said.append(words.say("chart.unknown", count=unknown))
    return words.say("chart.described", title=title, figures=", ".join(said))
