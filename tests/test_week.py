"""What a day without a listing brings: the week's best that the reader was not shown."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.category import Taxonomy, default_taxonomy
from core.edition import Coverage, Edition
from core.i18n import Phrase, catalog
from core.paper import Paper, Signal
from core.ports import SourceCoverage, Status
from core.post import compose
from core.week import Shown, best_unseen, is_quiet
from tests.factories import make_edition, make_paper

FRIDAY = date(2025, 7, 18)
SATURDAY, SUNDAY = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)
SHOWN = Shown((), 8, 2)


def rated(number: int, upvotes: int, **fields: object) -> Paper:
    return make_paper(number, signals=(Signal("huggingface", "upvotes", upvotes),), **fields)


def week(taxonomy: Taxonomy, **shelves: list[Paper]) -> Edition:
    return make_edition(shelves, taxonomy, date=FRIDAY)


def quiet(taxonomy: Taxonomy, *told: tuple[str, Status]) -> Edition:
    sources = tuple(
        SourceCoverage(
            name,
            status,
            0,
            0,
            note=Phrase("source.no_listing", source=name, day=SATURDAY, next=SUNDAY),
        )
        for name, status in told
    )
    return make_edition({}, taxonomy, date=SATURDAY, coverage=Coverage(0, sources))


def ids(found: tuple[object, ...]) -> list[str]:
    return [entry.paper.id for entry in found]  # type: ignore[attr-defined]


def test_what_the_post_showed_is_not_brought_again(taxonomy: Taxonomy) -> None:
    papers = [rated(n, 100 - n) for n in range(1, 6)]
    found = best_unseen(SATURDAY, [week(taxonomy, cv=papers)], SHOWN)
    assert ids(found) == [papers[2].id, papers[3].id]


def test_a_category_that_was_not_posted_is_all_unseen(taxonomy: Taxonomy) -> None:
    edition = week(taxonomy, cv=[rated(n, 9) for n in (1, 2, 3)], graph=[rated(4, 50)])
    found = best_unseen(SATURDAY, [edition], Shown((), 1, 3))
    assert ids(found) == [make_paper(4).id]


def test_the_next_quiet_day_brings_the_next_ones(taxonomy: Taxonomy) -> None:
    shelves = {slug: [rated(20 * i + n, 5 + n) for n in range(9)] for i, slug in enumerate(SLUGS)}
    edition = make_edition(shelves, taxonomy, date=FRIDAY)
    saturday = best_unseen(SATURDAY, [edition], SHOWN)
    sunday = best_unseen(SUNDAY, [edition], SHOWN)
    assert len(saturday) == len(sunday) == 5
    assert not set(ids(saturday)) & set(ids(sunday))


def test_a_holiday_after_a_weekend_brings_the_next_ones_still(taxonomy: Taxonomy) -> None:
    shelves = {slug: [rated(20 * i + n, 5 + n) for n in range(12)] for i, slug in enumerate(SLUGS)}
    friday = make_edition(shelves, taxonomy, date=FRIDAY)
    empty = quiet(taxonomy, ("arXiv", "quiet"))
    saturday, sunday = replace(empty, date=SATURDAY), replace(empty, date=SUNDAY)
    days = [SATURDAY, SUNDAY, SUNDAY + timedelta(days=1)]
    seen = [set(ids(best_unseen(day, [friday, saturday, sunday], SHOWN))) for day in days]
    tuesday = set(
        ids(
            best_unseen(
                SUNDAY + timedelta(days=2),
                [friday, saturday, sunday, replace(empty, date=SUNDAY + timedelta(days=1))],
                SHOWN,
            )
        )
    )
    assert not tuesday & (seen[0] | seen[1] | seen[2])
    assert len(set.union(*seen)) == 15


SLUGS = ("cv", "llm", "rl", "audio")


def test_no_category_comes_more_than_twice(taxonomy: Taxonomy) -> None:
    edition = week(taxonomy, cv=[rated(n, 99) for n in range(1, 9)], rl=[rated(20, 1)])
    found = best_unseen(SATURDAY, [edition], Shown((), 1, 2))
    assert sorted(entry.verdict.category for entry in found) == ["cv", "cv", "rl"]


def test_excluded_words_and_withdrawn_papers_stay_out(taxonomy: Taxonomy) -> None:
    gone = rated(3, 90)
    gone = replace(gone, signals=(*gone.signals, Signal("arxiv", "withdrawn", 1)))
    papers = [rated(1, 99), rated(2, 98), gone, rated(4, 5, title="A Survey of Surveys")]
    shown = Shown((), 8, 2, ("survey",))
    assert best_unseen(SATURDAY, [week(taxonomy, cv=papers)], shown) == ()


def test_only_wished_categories_are_looked_through(taxonomy: Taxonomy) -> None:
    edition = week(
        taxonomy, cv=[rated(n, 9) for n in (1, 2, 3)], rl=[rated(n, 99) for n in (4, 5, 6)]
    )
    found = best_unseen(SATURDAY, [edition], Shown(("cv",), 1, 2))
    assert ids(found) == [make_paper(3).id]


@given(st.lists(st.integers(1, 40), unique=True), st.integers(1, 5), st.sampled_from([0, 1]))
def test_nothing_comes_twice_and_never_more_than_five(
    numbers: list[int], most: int, days: int
) -> None:
    taxonomy = default_taxonomy()
    shelves: dict[str, list[Paper]] = {slug: [] for slug in SLUGS}
    for n in numbers:
        shelves[SLUGS[n % 4]].append(rated(n, n))
    edition = make_edition(shelves, taxonomy, date=FRIDAY)
    found = ids(best_unseen(SATURDAY + timedelta(days=days), [edition], Shown((), 8, most)))
    assert len(found) == len(set(found)) <= 5
    posted = {e.paper.id for entries in edition.categories.values() for e in entries[:most]}
    assert not posted & set(found)


def test_a_day_on_which_arxiv_announced_nothing_is_quiet(taxonomy: Taxonomy) -> None:
    assert is_quiet(quiet(taxonomy, ("arXiv", "quiet")))
    assert is_quiet(quiet(taxonomy, ("arXiv", "quiet"), ("Hugging Face", "failed")))


def test_broken_is_never_shown_as_quiet(taxonomy: Taxonomy) -> None:
    assert not is_quiet(quiet(taxonomy, ("arXiv", "failed"), ("Hugging Face", "quiet")))
    assert not is_quiet(quiet(taxonomy, ("arXiv", "partial")))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_quiet_post_names_the_next_listing_and_the_papers_it_brings(
    language: str, taxonomy: Taxonomy
) -> None:
    papers = [rated(n, 100 - n) for n in range(1, 6)]
    brought = best_unseen(SATURDAY, [week(taxonomy, cv=papers)], SHOWN)
    words = catalog(language)
    post = compose(quiet(taxonomy, ("arXiv", "quiet")), [], taxonomy, words, unseen=brought)
    told = str(post.parent.blocks)
    assert words.say("post.unseen", count=2) in told
    assert papers[2].title in told
    assert not post.replies
