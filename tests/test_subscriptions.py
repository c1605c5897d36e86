from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.subscriptions import (
    MAX_PER_TARGET,
    Refusal,
    check_new,
    check_room,
    describe,
    parse_arguments,
    parse_wish,
)
from core.category import Taxonomy, load_taxonomy
from core.i18n import catalog
from core.subscription import Wish

DEFAULTS = Wish("ko", time(11), "Asia/Seoul", categories=("llm",), exclude=("survey",))
MONDAY = datetime(2024, 11, 11, 2, tzinfo=UTC)


def refusal_of(taxonomy: Taxonomy, **given: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        parse_wish(given, taxonomy, DEFAULTS)
    return caught.value


def test_what_is_left_out_stays_as_it_was(taxonomy: Taxonomy) -> None:
    assert parse_wish({}, taxonomy, DEFAULTS) == DEFAULTS
    blank = dict.fromkeys(("categories", "time", "timezone", "language", "weekdays"), " ")
    assert parse_wish(blank, taxonomy, DEFAULTS) == DEFAULTS


def test_a_line_as_the_contract_shows_it_is_a_wish(taxonomy: Taxonomy) -> None:
    line = (
        "cv,llm time=09:00 timezone=Europe/Paris language=en"
        ' include="diffusion model" exclude=survey'
    )
    assert parse_wish(parse_arguments(line), taxonomy, DEFAULTS) == Wish(
        language="en",
        at=time(9),
        zone="Europe/Paris",
        categories=("cv", "llm"),
        include=("diffusion model",),
        exclude=("survey",),
    )


@pytest.mark.parametrize(
    ("given", "slugs"),
    [
        ("cv", ("cv",)),
        ("컴퓨터 비전, LLM", ("cv", "llm")),
        ("cs.RO,robots, ,rl", ("robotics", "rl")),
        ("cv llm", ("cv", "llm")),
        ("recommender systems cv", ("recsys", "cv")),
        ("llm 컴퓨터 비전 cs.RO", ("llm", "cv", "robotics")),
        ("computer vison、llm", ("cv", "llm")),
        ("all", ()),
        ("전체", ()),
        ("cv, *", ()),
    ],
)
def test_categories_are_found_by_any_of_their_names_each_once(
    taxonomy: Taxonomy, given: str, slugs: tuple[str, ...]
) -> None:
    wish = parse_wish({"categories": given}, taxonomy, DEFAULTS)
    assert wish.categories == slugs


def test_an_unknown_category_is_refused_with_the_nearest_by_slug_and_by_name(
    taxonomy: Taxonomy,
) -> None:
    refusal = refusal_of(taxonomy, categories="llm, vison")
    assert refusal.choices[0] == "cv"
    assert len(refusal.choices) == 3
    assert refusal.phrase.values["nearest"] == " · ".join(refusal.choices)
    assert refusal.phrase.values["query"] == "vison"
    korean = refusal.text(catalog("ko"))
    assert korean.startswith("‘vison’ 분야는 없습니다. 혹시: 컴퓨터 비전 (cv) · ")
    assert "Computer Vision (cv)" in refusal.text(catalog("en"))


def test_among_words_without_commas_the_unknown_one_is_named(taxonomy: Taxonomy) -> None:
    assert refusal_of(taxonomy, categories="cv vison").phrase.values["query"] == "vison"
    assert refusal_of(taxonomy, categories="quite odd").phrase.values["query"] == "quite odd"


@pytest.mark.parametrize(
    "given",
    [
        {"categories": "vison"},
        {"time": "25:00"},
        {"timezone": "Asia/Soeul"},
        {"language": "Klingon"},
        {"weekdays": "someday"},
        {"include": "x"},
        {"exclude": ",".join(f"term{n}" for n in range(21))},
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_refusal_is_a_sentence_in_the_reader_s_language(
    taxonomy: Taxonomy, given: dict[str, str], language: str
) -> None:
    text = refusal_of(taxonomy, **given).text(catalog(language))
    assert text
    assert "{" not in text


def test_a_refusal_repeats_neither_control_characters_nor_a_whole_essay(taxonomy: Taxonomy) -> None:
    text = refusal_of(taxonomy, time="\u202eevil\x1b[31m" + "x" * 5000).text(catalog("en"))
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert len(text) < 200


def test_blank_terms_are_no_terms(taxonomy: Taxonomy) -> None:
    assert parse_wish({"exclude": ""}, taxonomy, DEFAULTS).exclude == ()
    assert parse_wish({"exclude": "없음"}, taxonomy, DEFAULTS).exclude == ()


def test_a_target_holds_five_subscriptions() -> None:
    check_room(MAX_PER_TARGET - 1)
    with pytest.raises(Refusal) as caught:
        check_room(MAX_PER_TARGET)
    assert "5" in caught.value.text(catalog("en"))


def test_the_same_wish_in_other_words_is_refused() -> None:
    wish = replace(DEFAULTS, categories=("llm", "cv"), include=("GAN", "NeRF"))
    again = replace(wish, categories=("cv", "llm"), include=("nerf", "gan"))
    with pytest.raises(Refusal):
        check_new(again, [DEFAULTS, wish])
    check_new(replace(again, at=time(12)), [DEFAULTS, wish])
    check_new(replace(again, language="en"), [wish])


def test_a_subscription_is_described_as_in_the_mock_up(taxonomy: Taxonomy) -> None:
    wish = replace(DEFAULTS, categories=("cv", "llm"))
    assert describe(wish, taxonomy, catalog("ko"), MONDAY, "#papers") == (
        "#papers 채널에 매일 11:00 (Asia/Seoul) 다이제스트를 올립니다.",
        "분야: 컴퓨터 비전, LLM · 언어: 한국어 · 제외어: survey",
        "다음 소식: 11월 11일 (월) 11:00",
    )
    assert describe(wish, taxonomy, catalog("en"), MONDAY) == (
        "The digest comes every day at 11:00 (Asia/Seoul).",
        "Categories: Computer Vision, LLM · Language: Korean · Exclude: survey",
        "Next: Mon, 11 November at 11:00",
    )


def test_the_next_time_is_told_in_the_wish_s_own_zone(taxonomy: Taxonomy) -> None:
    wish = Wish("en", time(21), "America/New_York", include=("GAN",))
    lines = describe(wish, taxonomy, catalog("ko"), MONDAY)
    assert lines[1:] == (
        "분야: 전체 · 언어: 영어 · 포함어: GAN",
        "다음 소식: 11월 10일 (일) 21:00",
    )


@pytest.mark.parametrize(
    ("weekdays", "korean", "english"),
    [
        ({0, 1, 2, 3, 4}, "평일 11:00", "on weekdays at 11:00"),
        ({5, 6}, "주말 11:00", "at weekends at 11:00"),
        ({4, 0}, "매주 월, 금 11:00", "on Mon, Fri at 11:00"),
    ],
)
def test_weekdays_are_named(
    taxonomy: Taxonomy, weekdays: set[int], korean: str, english: str
) -> None:
    wish = replace(DEFAULTS, weekdays=frozenset(weekdays))
    assert korean in describe(wish, taxonomy, catalog("ko"), MONDAY)[0]
    assert english in describe(wish, taxonomy, catalog("en"), MONDAY)[0]


def test_a_category_that_is_gone_goes_by_its_slug(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[music]\nname = 'Music'\n", encoding="utf-8")
    wish = replace(DEFAULTS, categories=("music", "llm"))
    lines = describe(wish, load_taxonomy(path), catalog("en"), MONDAY)
    assert lines[1].startswith("Categories: Music, llm · ")
