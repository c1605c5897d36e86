from datetime import date

import pytest

from bot.dates import BadDateError, parse_day

TODAY = date(2025, 8, 6)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-08-05", date(2025, 8, 5)),
        (" today ", TODAY),
        ("오늘", TODAY),
        ("Yesterday", date(2025, 8, 5)),
        ("어제", date(2025, 8, 5)),
    ],
)
def test_a_date_is_understood_as_people_write_it(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


def test_a_date_before_arxiv_is_refused() -> None:
    with pytest.raises(BadDateError, match="before arXiv began, in August 1991"):
        parse_day("0001-01-01", TODAY)


@pytest.mark.parametrize("text", ["20250806", "2025-02-30", "tomorrow", "", "5 Aug", "2025-W32-3x"])
def test_what_is_no_date_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(BadDateError, match="2025-08-06, today or yesterday"):
        parse_day(text, TODAY)
