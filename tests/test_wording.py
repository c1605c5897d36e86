from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.refusal import Refusal, cleaned
from bot.wording import MAX_TERMS, read_language, read_terms, read_time, read_weekdays
from core.i18n import languages
from core.subscription import EVERY_DAY


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("9", time(9)),
        ("09:00", time(9)),
        (" 9:30 ", time(9, 30)),
        ("２１：００", time(21)),
        ("21시", time(21)),
        ("21시 5분", time(21, 5)),
        ("9시 반", time(9, 30)),
        ("오전 9시", time(9)),
        ("오후9시30분", time(21, 30)),
        ("오전 12시", time(0)),
        ("오후 12:30", time(12, 30)),
        ("9am", time(9)),
        ("9:30 PM", time(21, 30)),
        ("9 p.m.", time(21)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("21h", time(21)),
        ("21h30", time(21, 30)),
        ("0:00", time(0)),
        ("정오", time(12)),
        ("midnight", time(0)),
    ],
)
def test_a_time_is_understood_as_people_write_it(given: str, at: time) -> None:
    assert read_time(given) == at


@pytest.mark.parametrize(
    "given",
    [
        "25:00",
        "24:00",
        "9:60",
        "9:5",
        "13pm",
        "0am",
        "오후 13시",
        "오전 9시 pm",
        "noonish",
        "-1",
        "",
        "9:",
        "900",
        "9:00:00",
        "soon",
        "9 10",
        "٩",
    ],
)
def test_what_is_no_time_is_refused(given: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_time(given)
    assert caught.value.phrase.key == "subscription.refused.time"


@settings(deadline=None)
@given(st.integers(0, 23), st.integers(0, 59))
def test_every_minute_can_be_written_the_plain_and_the_korean_way(hour: int, minute: int) -> None:
    at = time(hour, minute)
    half = "오전" if hour < 12 else "오후"
    assert read_time(f"{hour}:{minute:02}") == at
    assert read_time(f"{hour}시 {minute}분") == at
    assert read_time(f"{half} {hour % 12 or 12}:{minute:02}") == at


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("ko", "ko"),
        ("EN", "en"),
        ("한국어", "ko"),
        ("korean", "ko"),
        ("English", "en"),
        ("영어", "en"),
        ("ko-KR", "ko"),
        ("en_GB", "en"),
    ],
)
def test_a_language_is_found_by_its_code_and_its_names(given: str, code: str) -> None:
    assert read_language(given) == code


@pytest.mark.parametrize("given", ["Klingon", "", "fr", "e"])
def test_a_language_there_is_not_is_refused_with_those_there_are(given: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_language(given)
    assert caught.value.choices == tuple(sorted(languages()))
    assert "한국어 (ko)" in str(caught.value.phrase.values["known"])


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ("mon,wed", {0, 2}),
        ("Monday, tues", {0, 1}),
        ("월수금", {0, 2, 4}),
        ("월, 수요일", {0, 2}),
        ("월·화", {0, 1}),
        ("평일", {0, 1, 2, 3, 4}),
        ("weekdays", {0, 1, 2, 3, 4}),
        ("weekdays,sat", {0, 1, 2, 3, 4, 5}),
        ("주말", {5, 6}),
        ("매일", EVERY_DAY),
        ("every day", EVERY_DAY),
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("Mon – Wed", {0, 1, 2}),
        ("월~금", {0, 1, 2, 3, 4}),
        ("토-월", {5, 6, 0}),
        ("일", {6}),
        ("sun-sun", {6}),
    ],
)
def test_weekdays_are_understood_as_people_write_them(given: str, days: set[int]) -> None:
    assert read_weekdays(given) == days


@pytest.mark.parametrize(
    "given", ["", "t", "s,m", "someday", "mon-", "-", "월x", "mon,foo", "mon-t"]
)
def test_what_is_no_weekday_for_certain_is_refused(given: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_weekdays(given)
    assert caught.value.phrase.key == "subscription.refused.weekdays"


@pytest.mark.parametrize(
    ("given", "terms"),
    [
        ("survey", ("survey",)),
        ("diffusion model, survey", ("diffusion model", "survey")),
        ('"a, b" , c++', ("a, b", "c++")),
        ("“diffusion  model”,'GAN'", ("diffusion model", "GAN")),
        ("don't, o'neil", ("don't", "o'neil")),
        ("GAN, gan ,Gan", ("GAN",)),
        ("확산 모델、서베이，요약", ("확산 모델", "서베이", "요약")),
        ("dif\u200bfu\u202esion\x00, sur\tvey", ("diffusion", "sur vey")),
        ('"open, ended', ("open", "ended")),
        (", ,", ()),
        ("-", ()),
        ("none", ()),
        ("없음", ()),
        ("", ()),
    ],
)
def test_terms_are_cleaned_and_kept_once(given: str, terms: tuple[str, ...]) -> None:
    assert read_terms(given) == terms


@pytest.mark.parametrize("given", ["x", "ok,x", "y" * 51, "--", "뇌", "\u200b\u200bz"])
def test_a_term_that_finds_everything_or_nothing_is_refused(given: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_terms(given)
    assert caught.value.phrase.key == "subscription.refused.term"


def test_twenty_terms_are_enough() -> None:
    most = ",".join(f"term{n}" for n in range(MAX_TERMS))
    assert len(read_terms(most)) == MAX_TERMS
    with pytest.raises(Refusal) as caught:
        read_terms(f"{most},another")
    assert caught.value.phrase.values["count"] == MAX_TERMS + 1


@settings(deadline=None)
@given(st.text())
def test_cleaning_leaves_nothing_to_clean(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_terms_read_again_are_the_same(text: str) -> None:
    try:
        terms = read_terms(text)
    except Refusal:
        return
    plain = tuple(term for term in terms if not set(term) & set("\"'“”„‟«»‘’‚‛"))
    assert read_terms(",".join(f'"{term}"' for term in plain)) == plain
