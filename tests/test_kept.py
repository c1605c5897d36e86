"""Answers made once for all who ask within a minute."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.answers.kept import Kept

NOW = datetime(2025, 7, 15, 2, tzinfo=UTC)


class Kitchen:
    """Makes a new value each time it is asked."""

    def __init__(self) -> None:
        self.made = 0

    async def make(self) -> int:
        self.made += 1
        return self.made


async def test_who_asks_within_a_minute_gets_what_was_made_for_the_first() -> None:
    kept, kitchen = Kept[int](), Kitchen()
    seconds = (0, 59, 60, 119)
    found = [await kept.of("cv", NOW + timedelta(seconds=n), kitchen.make) for n in seconds]
    assert found == [1, 1, 2, 2]


async def test_another_question_has_another_answer() -> None:
    kept, kitchen = Kept[int](), Kitchen()
    assert [await kept.of(key, NOW, kitchen.make) for key in ("cv", "llm", "cv")] == [1, 2, 1]


async def test_a_clock_that_was_put_back_keeps_nothing_longer() -> None:
    kept, kitchen = Kept[int](), Kitchen()
    await kept.of("cv", NOW, kitchen.make)
    assert await kept.of("cv", NOW - timedelta(hours=1), kitchen.make) == 2


async def test_what_could_not_be_made_is_asked_for_again() -> None:
    kept, kitchen = Kept[int](), Kitchen()

    async def broken() -> int:
        raise OSError("no database")

    with pytest.raises(OSError, match="no database"):
        await kept.of("cv", NOW, broken)
    assert await kept.of("cv", NOW, kitchen.make) == 1


async def test_no_more_than_so_many_are_kept_and_the_oldest_goes() -> None:
    kept, kitchen = Kept[int](most=2), Kitchen()
    for key in ("a", "b", "c", "c", "a"):
        await kept.of(key, NOW, kitchen.make)
    assert kitchen.made == 4
