"""How often one person may ask."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import CommandTable
from bot.throttle import Limit, Throttle
from core.subscription import Target
from tests.service import Service
from tests.stores import NOW, later
from tests.test_commands import ask, commands, parts, words

__all__ = ["commands", "parts"]

THREE_IN_TEN_SECONDS = Limit(3, timedelta(seconds=10))
FIVE_A_MINUTE = Limit(5, timedelta(minutes=1))
NONE = timedelta(0)


def test_within_the_limit_nobody_waits_and_past_it_until_the_oldest_is_over() -> None:
    throttle = Throttle([THREE_IN_TEN_SECONDS])
    assert [throttle.wait("mina", later(seconds=n)) for n in range(3)] == [NONE] * 3
    assert throttle.wait("mina", later(seconds=3)) == timedelta(seconds=7)
    assert throttle.wait("mina", later(seconds=10)) == NONE


def test_what_is_refused_does_not_prolong_the_wait() -> None:
    throttle = Throttle([THREE_IN_TEN_SECONDS])
    for _ in range(3):
        throttle.wait("mina", NOW)
    for second in range(10):
        assert throttle.wait("mina", later(seconds=second)) == timedelta(seconds=10 - second)
    assert throttle.wait("mina", later(seconds=10)) == NONE


def test_of_two_limits_the_longer_wait_counts() -> None:
    throttle = Throttle([THREE_IN_TEN_SECONDS, FIVE_A_MINUTE])
    for second in (0, 1, 2, 20, 21):
        assert throttle.wait("mina", later(seconds=second)) == NONE
    assert throttle.wait("mina", later(seconds=22)) == timedelta(seconds=38)


def test_one_person_s_haste_is_nobody_else_s_wait() -> None:
    throttle = Throttle([Limit(1, timedelta(minutes=1))])
    assert throttle.wait(("telegram", "7"), NOW) == NONE
    assert throttle.wait(("telegram", "7"), NOW) > NONE
    assert throttle.wait(("telegram", "8"), NOW) == NONE
    assert throttle.wait(("discord", "7"), NOW) == NONE


def test_a_clock_put_back_locks_nobody_out() -> None:
    throttle = Throttle([Limit(1, timedelta(minutes=1))])
    throttle.wait("mina", later(days=1))
    assert throttle.wait("mina", NOW) == NONE
    assert throttle.wait("mina", NOW) == timedelta(minutes=1)


def test_no_more_people_are_remembered_than_said_and_the_quietest_go_first() -> None:
    throttle = Throttle([Limit(1, timedelta(minutes=1))], most_people=2)
    for person in ("mina", "joon", "mina", "sora"):
        throttle.wait(person, NOW)
    assert len(throttle._asked) == 2
    assert throttle.wait("mina", NOW) > NONE
    assert throttle.wait("joon", NOW) == NONE


@given(st.lists(st.floats(0, 8), max_size=80))
def test_whatever_the_pace_no_span_has_more_answers_than_its_limit(pauses: list[float]) -> None:
    limits = (THREE_IN_TEN_SECONDS, FIVE_A_MINUTE)
    throttle = Throttle(limits)
    now, answered = NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if wait := throttle.wait("mina", now):
            assert NONE < wait <= timedelta(minutes=1)
        else:
            answered.append(now)
    for limit in limits:
        for begin in answered:
            assert sum(begin <= at < begin + limit.within for at in answered) <= limit.requests


async def test_who_asks_too_fast_is_told_kindly_how_long_to_rest(
    commands: CommandTable, parts: Service
) -> None:
    hasty = CommandTable(commands.desk, Throttle([THREE_IN_TEN_SECONDS]))
    pressed = {"arguments": {"category": "cv"}}
    for line, fields in (("cv", {}), ("", pressed), ("nonsense", {})):
        assert "rest" not in words(await ask(hasty, "digest", line, **fields))
    parts.world.now += timedelta(milliseconds=8500)
    said = words(await ask(hasty, "digest", "cv"))
    assert said.strip() == "Please take a short rest. I will answer again in 2 seconds."
    korean = words(await ask(hasty, "subscribe", "cv", language="ko"))
    assert korean.strip() == "잠시 쉬어 주십시오. 2초 뒤에 다시 답하겠습니다."
    assert await parts.store.subscriptions.of(Target("fake", "-100")) == []
    assert "Computer Vision" in words(await ask(hasty, "digest", "cv", person="8"))
    parts.world.now += timedelta(milliseconds=1500)
    assert "Computer Vision" in words(await ask(hasty, "digest", "cv"))


@pytest.mark.usefixtures("parts")
async def test_suggestions_are_free(commands: CommandTable) -> None:
    hasty = CommandTable(commands.desk, Throttle([Limit(1, timedelta(minutes=1))]))
    (digest,) = (command for command in hasty.table if command.name == "digest")
    for _ in range(5):
        assert hasty.suggest(digest.options[0], "cv", "en")
    assert "Computer Vision" in words(await ask(hasty, "digest", "cv"))
