import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.arguments import KEYS, parse_arguments, parse_change, parse_words
from bot.refusal import Refusal


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("", {}),
        ("  cv,llm ", {"categories": "cv,llm"}),
        ("cv, llm", {"categories": "cv, llm"}),
        ("computer vision time=9", {"categories": "computer vision", "time": "9"}),
        ('"computer vision",llm', {"categories": "computer vision,llm"}),
        ("time=09:00 timezone=UTC", {"time": "09:00", "timezone": "UTC"}),
        ("TIME = 09:00 cv", {"time": "09:00 cv"}),
        ("time=9:30 pm exclude=survey, review", {"time": "9:30 pm", "exclude": "survey, review"}),
        ("분야=cv 시간=9시 시간대=서울", {"categories": "cv", "time": "9시", "timezone": "서울"}),
        ("언어=ko 포함=a 제외=b", {"language": "ko", "include": "a", "exclude": "b"}),
        ("요일=월수금", {"weekdays": "월수금"}),
        ("time＝９", {"time": "9"}),
        ("time=9 time=10", {"time": "10"}),
        ("exclude=", {"exclude": ""}),
        ('exclude=""', {"exclude": ""}),
        ("include=a=b", {"include": "a=b"}),
        ("include=don't,stop", {"include": "don't,stop"}),
        ("include='don't stop'", {"include": "don't stop"}),
        ("include='\"a, b\", c'", {"include": '"a, b", c'}),
        ('include="time=9 x" cv', {"include": "time=9 x cv"}),
    ],
)
def test_a_line_is_read_as_people_type_it(line: str, given: dict[str, str]) -> None:
    assert parse_arguments(line) == given


@pytest.mark.parametrize(
    "quoted", ['"a b"', "'a b'", "“a b”", "„a b“", "‘a b’", "«a b»", "”a b”", '“a b"', "＂a b＂"]
)
def test_any_pair_of_quotes_keeps_words_together(quoted: str) -> None:
    line = f"include={quoted} time=9"
    assert parse_arguments(line) == {"include": "a b", "time": "9"}


@pytest.mark.parametrize(
    "line", ['include="a b', "“cv time=9", "exclude='a", 'include="x', 'include="a"b']
)
def test_a_quote_that_stays_open_is_refused(line: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_arguments(line)
    assert caught.value.phrase.key == "subscription.refused.quote"


def test_an_unknown_key_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refusal) as caught:
        parse_arguments("cv colour=red")
    assert caught.value.phrase.values == {"given": "colour", "known": ", ".join(KEYS)}
    assert caught.value.choices == KEYS


DIGEST = {"category": "category", "date": "date", "public": "flag"}


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("", {}),
        ("CV 어제", {"category": "CV", "date": "어제"}),
        ("어제 cv", {"category": "cv", "date": "어제"}),
        ("컴퓨터 비전 2025-08-06", {"category": "컴퓨터 비전", "date": "2025-08-06"}),
        ("date=2025-08-06 category=cv", {"category": "cv", "date": "2025-08-06"}),
        ("date=2025-08-06 cv", {"category": "cv", "date": "2025-08-06"}),
        ("category=computer vision 오늘", {"category": "computer vision", "date": "오늘"}),
        ('category="computer vision"', {"category": "computer vision"}),
        ("“computer vision” yesterday", {"category": "computer vision", "date": "yesterday"}),
        ("category ＝ cv\ndate ＝ 어제", {"category": "cv", "date": "어제"}),
        ("분야=cv 날짜=어제 공개", {"category": "cv", "date": "어제", "public": "true"}),
        ("分野=cv 昨日", {"category": "cv", "date": "昨日"}),
        ("类别=cv 公开", {"category": "cv", "public": "true"}),
        ("cv public", {"category": "cv", "public": "true"}),
        ("cv, llm", {"category": "cv, llm"}),
        ("date=", {"date": ""}),
        ("https://a.b/?x=y", {"category": "https://a.b/?x=y"}),
        ("2025-13-40", {"date": "2025-13-40"}),
    ],
)
def test_a_line_about_one_thing_is_read_as_people_type_it(line: str, given: dict[str, str]) -> None:
    assert parse_words(line, DIGEST) == given


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("", {}),
        ("3", {"number": "3"}),
        ("#3 cv", {"number": "3", "categories": "cv"}),
        ("number=3 time=9:30 pm", {"number": "3", "time": "9:30 pm"}),
        ("time=09:30 번호=3", {"number": "3", "time": "09:30"}),
        ("3 categories=+cv,-llm", {"number": "3", "categories": "+cv,-llm"}),
        ("categories=cv", {"categories": "cv"}),
        ("3d", {"categories": "3d"}),
    ],
)
def test_a_line_about_one_subscription_names_it_first(line: str, given: dict[str, str]) -> None:
    assert parse_change(line) == given


words = st.lists(st.text("a0가:./", min_size=1, max_size=5), min_size=1, max_size=2)
plain = words.map(" ".join)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), plain), st.sampled_from(['"', "'", "“", ""]))
def test_what_is_written_is_what_is_read_in_any_order(given: dict[str, str], quote: str) -> None:
    line = " ".join(f"{key}={quote}{value}{quote}" for key, value in given.items())
    assert parse_arguments(line) == given


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab=,\"'“” \u200b\n시간오늘"), max_size=40))
def test_any_line_about_one_thing_is_read_or_refused(line: str) -> None:
    try:
        assert parse_words(line, DIGEST).keys() <= set(DIGEST)
    except Refusal as refusal:
        assert refusal.phrase.key in {"subscription.refused.quote", "subscription.refused.key"}  # noqa: PT017


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab=,\"'“” \u200b\n시간"), max_size=40))
def test_any_line_is_read_or_refused(line: str) -> None:
    try:
        assert parse_arguments(line).keys() <= set(KEYS)
    except Refusal as refusal:
        assert refusal.phrase.key in {"subscription.refused.quote", "subscription.refused.key"}  # noqa: PT017
