import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from core.category import default_taxonomy
from core.i18n import Phrase, UnknownLanguageError, catalog, languages

PLURALS = {"zero", "one", "two", "few", "many", "other"}
SOURCES = [
    p for room in ("core", "bot") for p in Path(__file__).parents[1].joinpath(room).rglob("*.py")
]


def families(language: str) -> dict[str, set[str]]:
    """Each sentence's key, its plural forms folded into one, with the placeholders it uses."""
    found: dict[str, set[str]] = {}
    for key in catalog(language).keys:
        stem, _, last = key.rpartition(".")
        names = {
            name for _, name, _, _ in Formatter().parse(catalog(language).template(key)) if name
        }
        found.setdefault(stem if last in PLURALS else key, set()).update(names)
    return found


def test_four_languages_are_there() -> None:
    assert languages() == {"ko", "en", "ja", "zh"}


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_language_has_every_sentence_with_the_same_placeholders(language: str) -> None:
    assert families(language) == families("en")


@pytest.mark.parametrize("language", sorted(languages() - {"en"}))
def test_every_default_category_has_a_name_in_every_language(language: str) -> None:
    words = catalog(language)
    for category in default_taxonomy():
        assert words.name(category.name) != category.name or category.slug == "llm"


def test_every_phrase_in_the_code_is_a_sentence_of_the_language_files() -> None:
    used = set()
    for path in SOURCES:
        used |= set(re.findall(r'(?:Phrase|say)\(\s*"([\w.]+)"', path.read_text(encoding="utf-8")))
    assert used
    assert used <= families("en").keys()


def test_a_count_chooses_the_plural_form() -> None:
    english = catalog("en")
    assert english.say("post.papers", count=1) == "1 new paper"
    assert english.say("post.papers", count=1284) == "1,284 new papers"
    assert catalog("ko").say("post.papers", count=1) == "새 논문 1편"


def test_dates_are_written_as_the_language_writes_them() -> None:
    assert catalog("ko").day(date(2024, 11, 10)) == "2024년 11월 10일 (일)"
    assert catalog("en").day(date(2024, 11, 10)) == "Sun, 10 November 2024"
    assert catalog("ja").day(date(2024, 11, 10)) == "2024年11月10日 (日)"
    assert catalog("zh").day(date(2024, 11, 10)) == "2024年11月10日 (周日)"


def test_a_phrase_may_hold_a_phrase() -> None:
    why = Phrase("why.fit", because=Phrase("classify.nothing"))
    assert catalog("en").text(why) == "close to this category: no clear sign"


def test_a_renamed_category_is_never_shown_under_its_old_name() -> None:
    assert catalog("ko").name("Computer Vision") == "컴퓨터 비전"
    assert catalog("ko").name("Imaging") == "Imaging"


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(UnknownLanguageError, match="en.*ko"):
        catalog("xx")
