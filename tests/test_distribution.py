"""The chart of a day: its bars, their change against the listings before, and the words instead."""

from core.category import Taxonomy
from core.distribution import described, distribution
from core.edition import Edition
from core.history import History, last_listings
from core.i18n import catalog
from core.trend import day_chart
from tests.factories import DAY, make_edition, make_paper

BEFORE = last_listings(DAY)[:-1]


def three_categories(taxonomy: Taxonomy) -> Edition:
    papers = [make_paper(n) for n in range(1, 10)]
    return make_edition({"rl": papers[:2], "other": papers[2:6], "cv": papers[6:]}, taxonomy)


def test_the_fullest_category_stands_first_and_other_last(taxonomy: Taxonomy) -> None:
    chart = distribution(three_categories(taxonomy), taxonomy, catalog("en"))
    assert [(bar.name, bar.count, bar.change) for bar in chart.bars] == [
        ("Computer Vision", 3, None),
        ("Reinforcement Learning", 2, None),
        ("Other", 4, None),
    ]


def test_a_bar_s_change_is_held_against_the_mean_that_its_own_chart_shows(
    taxonomy: Taxonomy,
) -> None:
    edition = three_categories(taxonomy)
    counts = (0, 2, 0, 1, 0)
    known = dict(zip(BEFORE[-9::2], counts, strict=True))
    history = History({day: {"cv": count} for day, count in known.items()})
    bar, other, _ = distribution(edition, taxonomy, catalog("en"), history).bars
    days = day_chart("cv", "#0072b2", history.trend(DAY, "cv", 3), catalog("en"))
    assert (days.mean, days.beside, bar.change) == (0.6, "mean 0.6", 2)
    assert other.change is None


def test_the_words_instead_tell_every_bar_and_its_change(taxonomy: Taxonomy) -> None:
    history = History({day: {"cv": 5, "rl": 2} for day in BEFORE})
    chart = distribution(three_categories(taxonomy), taxonomy, catalog("en"), history)
    assert described(chart, catalog("en")) == (
        "Papers per category: Computer Vision 3 ▼2, Reinforcement Learning 2, Other 4"
    )
