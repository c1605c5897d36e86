"""What is known of the listings before a day, and the one mean that everything is held against."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.history import LISTINGS, History, Trend, change_mark, difference, last_listings, rounded

TODAY = date(2025, 7, 15)
BEFORE = last_listings(TODAY)[:-1]
COUNTS = st.lists(st.none() | st.integers(0, 2_000), max_size=60)


def trend(*counts: int | None) -> Trend:
    """The listings up to today with these counts; a None has no edition."""
    days = last_listings(TODAY, len(counts))
    known = {d: {"cv": n} for d, n in zip(days, counts, strict=True) if n is not None}
    return History(known).trend(TODAY, "cv", counts[-1], max(len(counts), LISTINGS))


def test_a_known_listing_without_papers_is_none_and_an_unknown_one_is_not() -> None:
    assert [count for _, count in trend(5, 0, None, 4, 3).days] == [5, 0, None, 4, 3]


def test_the_mean_is_of_the_known_listings_before_the_last_with_those_of_none() -> None:
    assert trend(4, 8, 6, 10).mean == 6
    assert trend(4, 8, 0, 10).mean == 4
    assert trend(4, None, 8, None, 0, 10).mean == 4
    assert trend(0, 0, 0, 7).mean == 0


def test_of_fewer_than_three_known_listings_there_is_no_mean_and_no_change() -> None:
    for few in (trend(5), trend(5, 9), trend(5, 6, 9), trend(5, None, None, 6, 9)):
        assert few.mean is None
        assert few.change is None
    assert trend(5, 6, 7, 9).change == 3


def test_a_trend_begins_and_ends_with_a_listing_that_is_known() -> None:
    assert [n for _, n in trend(None, None, 5, None, 7, None).days] == [5, None, 7]
    assert trend(None, None) == Trend()
    assert Trend().latest == 0


def test_a_category_that_an_edition_knows_nothing_of_was_not_there_yet() -> None:
    history = History({BEFORE[-2]: {"cv": 3}, BEFORE[-1]: {"cv": 3, "rl": 4}})
    assert history.trend(TODAY, "rl", 5).days == ((BEFORE[-1], 4), (TODAY, 5))
    assert history.trend(TODAY, None, 9).days == ((BEFORE[-2], 3), (BEFORE[-1], 7), (TODAY, 9))


def test_only_as_many_listings_are_looked_at_as_were_asked_for() -> None:
    history = History({TODAY - timedelta(days=n): {"cv": n} for n in range(1, 90)})
    assert len(history.trend(TODAY, "cv", 0).days) == LISTINGS == 14
    assert len(history.trend(TODAY, "cv", 0, 60).days) == 60
    assert history.trend(TODAY, "cv", 0, 2).days == ((date(2025, 7, 14), 1), (TODAY, 0))


def test_weekends_have_no_listing() -> None:
    assert last_listings(TODAY, 3) == (date(2025, 7, 11), date(2025, 7, 14), TODAY)


def test_the_highest_listing_is_the_newest_of_several_and_none_has_none() -> None:
    assert trend(9, 3, 9, 4).highest == (date(2025, 7, 14), 9)
    assert trend(0, None, 0).highest is None
    assert Trend().highest is None


@pytest.mark.parametrize(
    ("mean", "shown"),
    [(0, 0), (2.25, 2.3), (2.8, 2.8), (9.94, 9.9), (9.96, 10), (10, 10), (12.5, 13), (212.4, 212)],
)
def test_a_mean_is_shown_whole_and_below_ten_to_its_first_decimal_halves_up(
    mean: float, shown: float
) -> None:
    assert rounded(mean) == shown
    assert type(rounded(mean)) is type(shown)


def test_a_change_is_held_against_the_whole_mean_halves_up() -> None:
    assert [difference(3, mean) for mean in (2.4, 2.5, 2.8, 3.4, 3.5)] == [1, 0, 0, 0, -1]


@given(COUNTS, st.integers(0, 2_000))
def test_the_change_that_is_shown_is_the_one_between_the_numbers_that_are_shown(
    counts: list[int | None], today: int
) -> None:
    found = trend(*counts, today)
    known = [count for count in counts if count is not None]
    if len(known) < 3:
        assert found.mean is None
        return
    assert found.mean is not None
    assert found.change is not None
    assert found.mean == sum(known) / len(known)
    shown = rounded(found.mean)
    if isinstance(shown, int) and shown >= 10:
        assert today - shown == found.change
    # Below ten the mean tells a decimal more than the change does.
    assert abs(today - shown - found.change) <= 0.55


@given(st.integers(-5_000, 5_000))
def test_a_change_is_marked_by_its_direction(change: int) -> None:
    mark = change_mark(change)
    assert mark[0] == ("▲" if change > 0 else "▼" if change < 0 else "–")
    assert abs(change) == int(mark[1:].replace(",", "") or 0)
