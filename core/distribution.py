"""How a day's papers spread over the categories: the chart of the post, and the words instead."""

from core.blocks import Bar, BarChart
from core.category import Taxonomy
from core.edition import Edition
from core.history import History, change_mark
from core.i18n import Catalog

_UNKNOWN = History()


def distribution(
    edition: Edition, taxonomy: Taxonomy, catalog: Catalog, history: History = _UNKNOWN
) -> BarChart:
    """The distribution chart, the fullest category first and ``other`` last."""
    bars = tuple(
        Bar(
            catalog.name(category.name),
            len(edition.categories[slug]),
            category.colour,
            history.trend(edition.date, slug, len(edition.categories[slug])).change,
        )
        for slug in edition.fullest_first
        for category in (taxonomy[slug],)
    )
    title = catalog.say("chart.title", day=edition.date)
    return BarChart(title, catalog.say("chart.total", count=edition.coverage.held), bars)


def described(chart: BarChart, catalog: Catalog) -> str:
    """Every bar in words: ``Papers per category: LLM 41 ▲12, Computer Vision 30``."""
    names = ", ".join(
        f"{bar.name} {catalog.number(bar.count)}"
        + (f" {change_mark(bar.change)}" if bar.change else "")
        for bar in chart.bars
    )
    return catalog.say("chart.alt", names=names)
