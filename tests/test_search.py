"""Searching what was published: the words of a search, and what the store finds."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from bot.refusal import Refusal
from bot.searching import MOST_TERMS, parse_search, parse_terms, written
from core.category import Taxonomy, default_taxonomy
from core.personal import matches
from core.ports import Batch
from storage.search import _RAISED, _candidates
from storage.store import Store
from tests import stores
from tests.factories import make_paper
from tests.published import DAY, about, publish
from tests.stores import NOW

database_url, store = stores.database_url, stores.store


async def titles(store: Store, *terms: str, category: str = "", offset: int = 0) -> list[str]:
    found = await store.search.find(terms, category, offset=offset)
    return [hit.title for hit in found.hits]


async def test_every_word_must_occur_whole_in_title_or_abstract(store: Store) -> None:
    await publish(
        store,
        {
            "cv": (
                about(1, "Diffusion models for images"),
                about(2, "Images", "A diffusion of models."),
                about(3, "Diffusion alone"),
                about(4, "Diffusionless models"),
            )
        },
    )
    assert set(await titles(store, "DIFFUSION", "models")) == {
        "Diffusion models for images",
        "Images",
    }
    assert await titles(store, "diffusion models") == ["Diffusion models for images"]
    assert await titles(store, "zebra") == []


async def test_an_author_is_no_word_of_a_paper(store: Store) -> None:
    await publish(store, {"cv": (make_paper(1, authors=("Jane Zebra",)),)})
    assert await titles(store, "zebra") == []


@pytest.mark.parametrize(
    ("term", "title"),
    [
        ("확산", "확산모델은 좋다"),
        ("r2", "The R² of H₂O"),
        ("h2o", "The R² of H₂O"),
        ("poincaré", "A POINCARÉ map"),
        ("100%", "We get 100% of it"),
        ("a_b", "On a_b itself"),
        ("wow!", "Oh wow! it works"),
        (r"c\d", r"With c\d here"),
        ("state of the art", "A state-of-the-art method"),
    ],
)
async def test_signs_and_letters_of_all_kinds_are_found_as_they_are(
    store: Store, term: str, title: str
) -> None:
    decoys = [about(n, f"{d} more") for n, d in enumerate(("100 of", "axb", "cxd", "r 2"), 2)]
    await publish(store, {"cv": (about(1, title), *decoys)})
    assert await titles(store, term) == [title]


WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "great": str.upper,
    "raised": lambda text: text.translate(_RAISED),
}


@given(
    st.text("ab2 -한", max_size=3),
    st.text("abé2%_!\\한글- ", min_size=1, max_size=5),
    st.sampled_from(sorted(WRITTEN)),
)
def test_the_database_passes_on_whatever_the_rule_finds(before: str, term: str, how: str) -> None:
    title = f"{before}{WRITTEN[how](term)}"
    assume(matches(make_paper(1, title=title, abstract="", authors=()), (term,)))
    query = _candidates((term,), "", [DAY]).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE papers (id, title, abstract, url, edition)")
        database.execute("CREATE TABLE entries (edition, category, score, paper_id)")
        database.execute("INSERT INTO papers VALUES (1, ?, '', '', ?)", (title, str(DAY)))
        database.execute("INSERT INTO entries VALUES (?, 'cv', 0, 1)", (str(DAY),))
        assert len(database.execute(str(query)).fetchall()) == 1


async def test_the_newest_edition_comes_first_and_in_it_the_best(store: Store) -> None:
    await publish(store, {"cv": (about(1, "Lens one"), about(2, "Lens two"))}, of_1=0.1, of_2=0.2)
    await publish(
        store,
        {"llm": (about(3, "Lens three"),), "rl": (about(4, "Lens four"),)},
        DAY + timedelta(days=1),
        of_3=0.3,
        of_4=3.0,
    )
    assert await titles(store, "lens") == ["Lens four", "Lens three", "Lens two", "Lens one"]
    assert await titles(store, "lens", offset=2) == ["Lens two", "Lens one"]
    assert await titles(store, "lens", category="cv") == ["Lens two", "Lens one"]
    assert await titles(store, "lens", category="audio") == []


async def test_only_what_was_published_is_found(store: Store) -> None:
    await publish(store, {"cv": (about(1, "Lens one"),)})
    late = Batch("arXiv", "partial", (about(2, "Lens two"),))
    next_day = DAY + timedelta(days=1)
    await store.papers.take_in(next_day, late, next_day, NOW)
    assert await titles(store, "lens") == ["Lens one"]


async def test_a_search_that_stops_early_says_how_far_it_looked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for back in range(4):
        day = DAY - timedelta(days=back)
        await publish(
            store, {"cv": [about(10 * back + n, f"Lens {back} {n}") for n in range(3)]}, day
        )
    whole = await store.search.find(["lens"], limit=2)
    assert (whole.total, whole.whole) == (12, True)
    monkeypatch.setattr("storage.search._ENOUGH", 3)
    some = await store.search.find(["lens"], limit=2)
    assert (some.total, some.whole, some.since) == (3, False, DAY)
    further = await store.search.find(["lens"], offset=8, limit=2)
    assert [hit.title[:6] for hit in further.hits] == ["Lens 2", "Lens 3"]
    monkeypatch.setattr("storage.search._MOST", 3)
    none = await store.search.find(["lens", "method", "9"], limit=2)
    assert (none.total, none.whole) == (0, True)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("diffusion model cv", {"words": "diffusion model", "category": "cv"}),
        ('"diffusion  model" cv', {"words": '"diffusion  model"', "category": "cv"}),
        ("“diffusion model”", {"words": '"diffusion model"'}),
        ('diffusion "cv"', {"words": 'diffusion "cv"'}),
        ("lens 컴퓨터 비전", {"words": "lens", "category": "cv"}),
        ("lens category=computer vision", {"words": "lens", "category": "computer vision"}),
        ('category="computer vision" lens', {"words": "lens", "category": "computer vision"}),
        ("words=lens cv", {"words": "lens cv"}),
        ("cv", {"words": "cv"}),
        ("lens offset=8", {"words": "lens", "offset": "8"}),
        ('lens "unclosed', {"words": "lens unclosed"}),
    ],
)
def test_lines_are_read_as_people_write_them(
    line: str, found: dict[str, str], taxonomy: Taxonomy
) -> None:
    read = parse_search(line, taxonomy)
    read.pop("everything", None)
    assert read == found


def test_a_word_said_twice_is_one() -> None:
    assert parse_terms('Lens lens LENS "two words"') == ("LENS", "two words")


@given(st.text(max_size=80))
def test_whatever_is_typed_is_terms_or_refused_and_reads_the_same_when_typed_again(
    text: str,
) -> None:
    with suppress(Refusal):
        parse_search(text, default_taxonomy())
    try:
        terms = parse_terms(text)
    except Refusal:
        return
    assert 1 <= len(terms) <= MOST_TERMS
    assert parse_terms(written(terms)) == terms
    title = " ".join(f"({term})" for term in terms)
    assert matches(make_paper(1, title=title), terms) == terms
