import unicodedata
from pathlib import Path

import pytest

from core.category import BadTaxonomyError, Taxonomy, UnknownCategoryError, load_taxonomy

DEFAULT = (
    "llm agents nlp cv multimodal rl robotics audio recsys graph theory training inference safety"
    " science timeseries other"
).split()


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_default_taxonomy_is_the_contract_s(taxonomy: Taxonomy) -> None:
    assert list(taxonomy.slugs) == DEFAULT


@pytest.mark.parametrize("query", ["cv", "CV", " Computer Vision ", "vision", "컴퓨터 비전"])
def test_a_category_is_found_by_slug_name_and_alias(taxonomy: Taxonomy, query: str) -> None:
    assert taxonomy.find(query).slug == "cv"


def test_a_typo_is_answered_with_the_three_nearest(taxonomy: Taxonomy) -> None:
    with pytest.raises(UnknownCategoryError, match="'vison'") as caught:
        taxonomy.find("vison")
    assert len(caught.value.nearest) == 3
    assert caught.value.nearest[0].slug == "cv"


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("ＣＶ", "cv"),
        ("  computer   vision ", "cv"),
        ("computervision", "cv"),
        (unicodedata.normalize("NFD", "컴퓨터 비전"), "cv"),
        ("컴 퓨 터비전", "cv"),
        ("cs.CV", "cv"),
        ("CS.cr", "safety"),
        ("cond-mat.mtrl-sci", "science"),
        ("time_series", "timeseries"),
        ("표·시계열", "timeseries"),
        ("음성 오디오", "audio"),
        ("✈️ 컴퓨터 비전", "cv"),
        ("Vísion", "cv"),
    ],
)
def test_the_way_a_name_is_typed_does_not_matter(taxonomy: Taxonomy, query: str, slug: str) -> None:
    assert taxonomy.find(query).slug == slug


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("computer vison", "cv"),
        ("roboticss", "robotics"),
        ("컴퓨터비전", "cv"),
        ("reinforcment learning", "rl"),
        ("multimodl", "multimodal"),
        ("language model", "llm"),
        ("기계학습 이런", "theory"),
    ],
)
def test_a_slip_in_a_long_name_is_understood(taxonomy: Taxonomy, query: str, slug: str) -> None:
    assert taxonomy.find(query).slug == slug


@pytest.mark.parametrize(
    "query",
    [
        *("cvv", "nlpp", "rll", "grap", "비젼", "cs.XX", "", "!!", "x" * 5000),
        *("research", "genetic", "interference", "knowledge gap", "transition", "tubular"),
        *("recommender systems cv", "machine learning"),
    ],
)
def test_a_short_name_and_another_word_are_never_guessed(taxonomy: Taxonomy, query: str) -> None:
    with pytest.raises(UnknownCategoryError) as caught:
        taxonomy.find(query)
    assert len(caught.value.nearest) == 3


def test_a_slip_between_two_categories_is_not_decided(tmp_path: Path) -> None:
    text = "[a]\nname = 'Supervised learning'\n[b]\nname = 'Unsupervised learning'\n"
    mine = load_taxonomy(written(tmp_path, text))
    assert mine.find("supervised learning").slug == "a"
    with pytest.raises(UnknownCategoryError):
        mine.find("nsupervised learning")


def test_an_alias_never_hides_a_slug_or_a_name(tmp_path: Path) -> None:
    text = "[a]\nname = 'A'\naliases = ['b', 'ab']\n[b]\nname = 'B'\n['a-b']\nname = 'Both'\n"
    mine = load_taxonomy(written(tmp_path, text))
    assert [mine.find(query).slug for query in ("b", "ab", "a-b")] == ["b", "a", "a-b"]


def test_a_code_means_the_category_it_speaks_for_most(tmp_path: Path) -> None:
    text = (
        "[a]\nname = 'A'\ncodes = {'cs.CV' = 1}\n"
        "[b]\nname = 'B'\ncodes = {'cs.CV' = 2, 'cs.LG' = -1}\n"
    )
    mine = load_taxonomy(written(tmp_path, text))
    assert mine.find("cs.cv").slug == "b"
    with pytest.raises(UnknownCategoryError):
        mine.find("cs.LG")


def test_the_operator_s_taxonomy_ends_with_other(tmp_path: Path) -> None:
    path = written(tmp_path, '[music]\nname = "Music"\nkeywords = ["piano", "song"]\n')
    mine = load_taxonomy(path)
    assert mine.slugs == ("music", "other")
    assert mine["music"].keywords == {"piano": 1.0, "song": 1.0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[music", "mine.toml"),
        ("[music]\ncolour = '#123456'", r"\[music\] needs at least a name"),
        ("[music]\nname = 'Music'\nemojis = 'x'", r"\[music\] has unknown entries: emojis"),
        ("[music]\nname = 'Music'\ncolour = 'red'", r"\[music\] colour"),
        ("[music]\nname = 'Music'\nkeywords = 3", r"\[music\] keywords"),
        ("[music]\nname = 'Music'\nkeywords = {piano = 'much'}", r"\[music\] keywords"),
        ("[music]\nname = 'Music'\naliases = 'song'", r"\[music\] aliases"),
        ("[music]\nname = 'Music'\nemoji = 3", r"\[music\] emoji"),
        ("['my music']\nname = 'Music'", "my music"),
        ("", "no category"),
        ("[music]\nname = '  '", "needs at least a name"),
        ("[music]\nname = 'Music'\nslug = 'b'", "unknown entries: slug"),
        ('[music]\nname = "A\\u001b[31m"', "printable"),
        ("[music]\nname = 'Music'\nkeywords = {piano = nan}", r"\[music\] keywords"),
        ("[music]\nname = 'Music'\nkeywords = {piano = true}", r"\[music\] keywords"),
        ("a = " + "[" * 100_000, "mine.toml"),
        ("[parent]\nname = 'Parent'", "no slug"),
    ],
)
def test_a_bad_taxonomy_names_the_file_and_the_entry(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadTaxonomyError, match=said):
        load_taxonomy(written(tmp_path, text))


def test_a_taxonomy_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTaxonomyError, match="gone.toml: No such file"):
        load_taxonomy(tmp_path / "gone.toml")
