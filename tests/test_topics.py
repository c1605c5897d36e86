import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.paper import Paper
from core.topics import new_topics
from tests.factories import make_paper

# Ten listings like the day's, about nothing of interest.
RECENT = [f"Counting the Feathers of Bird {n}" for n in range(100)]


def day(*titles: str, **fields: object) -> list[Paper]:
    """Ten papers, the first with these titles, each by authors of its own."""
    papers = [make_paper(n, title=title, **fields) for n, title in enumerate(titles, 1)]
    return papers + [make_paper(n, authors=(f"A{n}",)) for n in range(len(papers) + 1, 11)]


def found(papers: list[Paper], recent: list[str] = RECENT) -> set[str]:
    return set(new_topics(papers, recent).values())


SPLATTING = ("Owl Splatting", "Faster Owl Splatting at Night", "Why Owl Splatting Fails")


def test_a_topic_of_three_papers_that_no_recent_title_names_is_new() -> None:
    papers = day(*SPLATTING)
    assert new_topics(papers, RECENT) == {paper.id: "owl splatting" for paper in papers[:3]}


def test_two_papers_make_no_topic_however_much_is_known() -> None:
    assert not found(day(*SPLATTING[:2]), RECENT * 10)


def test_without_recent_titles_nothing_is_new() -> None:
    assert not found(day(*SPLATTING), [])
    assert not new_topics([], [])


def test_too_few_recent_titles_tell_nothing() -> None:
    papers = day(*SPLATTING, *(f"{title} Again" for title in SPLATTING))
    assert not found(papers, RECENT[:49])
    assert found(papers, RECENT[:50])


def test_the_fewer_recent_titles_the_more_papers_a_topic_takes() -> None:
    assert not found(day(*SPLATTING), RECENT[:50])
    assert found(day(*SPLATTING, "Owl Splatting Again"), RECENT[:50]) == {"owl splatting"}


@pytest.mark.parametrize(
    "title",
    [
        "Owl Splatting Revisited",
        "OWL SPLATTING",
        "Owls Splatting Moths",
        "Owl-Splatting for All",
        "On owl  splattings",
    ],
)
def test_one_recent_title_makes_a_topic_known(title: str) -> None:
    assert not found(day(*SPLATTING), [*RECENT, title])


def test_a_hyphen_makes_no_other_topic() -> None:
    titles = ("Owl-Aware Splatting", "On Owl-Aware Splatting", "Fast Owl-Aware Splatting")
    assert found(day(*titles)) == {"owl-aware splatting"}
    assert not found(day(*titles), [*RECENT, "Owl Aware Splatting", "Splatting"])


@pytest.mark.parametrize("title", ["Owl and Splatting", "Owl", "Splatting", "Splatting Owl"])
def test_the_words_apart_make_no_topic_known(title: str) -> None:
    assert found(day(*SPLATTING), [*RECENT, title]) == {"owl splatting"}


def test_two_titles_side_by_side_name_nothing_together() -> None:
    recent = [*RECENT, "A Night with an Owl", "Splatting Moths"]
    assert found(day(*SPLATTING), recent) == {"owl splatting"}


def test_a_plural_in_y_is_known_too() -> None:
    titles = ("Owl Memory", "More Owl Memory", "On Owl Memory")
    assert found(day(*titles)) == {"owl memory"}
    assert not found(day(*titles), [*RECENT, "What Owl Memories Hold"])


def test_a_series_by_one_group_is_no_topic() -> None:
    assert not found(day(*SPLATTING, authors=("A. Strix", "B. Bubo")))


def test_who_shares_authors_with_whom_is_counted_in_one_way() -> None:
    papers = [
        make_paper(n, title=title, authors=tuple(authors))
        for n, title, authors in zip(
            (1, 2, 3, 4), (*SPLATTING, "Owl Splatting Again"), ("AB", "A", "B", "C"), strict=True
        )
    ]
    assert new_topics(papers, RECENT) == new_topics(papers[::-1], RECENT)


@pytest.mark.parametrize(
    "said",
    [
        "technical report",
        "systematic review",
        "owls",
        "a novel approach",
        "July 2025",
        "OwlEval-2025",
        "fast",
        "OWL",
        "state-of-the-art",
        "owl-preserving",
    ],
)
def test_what_is_no_topic_is_never_named(said: str) -> None:
    titles = [f"{name}: {said}" for name in ("Alpha", "Beta", "Gamma", "Delta")]
    assert not found(day(*titles))


@pytest.mark.parametrize("name", ["Owl-2", "OwlNet", "GOWL"])
def test_a_name_is_a_topic(name: str) -> None:
    titles = [f"{name} for {thing}" for thing in ("Moths", "Mice", "Voles")]
    assert found(day(*titles)) == {name}


def test_words_that_only_some_write_as_a_name_are_no_topic() -> None:
    assert not found(day("HOOT: A Method", "A Hoot in the Dark", "Hoot and Screech"))


def test_of_several_ways_to_name_the_same_papers_the_fullest_is_chosen() -> None:
    titles = ("Neural Owl Splatting", "On Neural Owl Splatting", "Neural Owl Splatting at Night")
    assert found(day(*titles)) == {"neural owl splatting"}


def test_a_topic_is_spelt_as_the_abstracts_write_it() -> None:
    text = "We extend DeepOwl splatting."
    titles = ("DEEPOWL Splatting", "DeepOwl Splatting", "deepowl splatting")
    assert found(day(*titles, abstract=text)) == {"DeepOwl splatting"}


def test_of_two_topics_of_a_paper_the_broader_is_named() -> None:
    moths = ("Moth Ears", "Moth Ears at Night", "Loud Moth Ears", "Deaf Moth Ears")
    papers = day(*SPLATTING, *moths, "Moth Ears and Owl Splatting")
    named = [new_topics(papers, RECENT).get(paper.id) for paper in papers[2:9]]
    assert named == ["owl splatting", *["moth ears"] * 5, None]


words = st.lists(
    st.sampled_from("Owl owls Moth-2 splatting NEST of the 3D Xx7 y".split()), max_size=6
)
titles_of_a_day = st.lists(words.map(" ".join), max_size=12)


@given(titles_of_a_day, titles_of_a_day, st.randoms())
def test_topics_do_not_depend_on_any_order_and_are_in_no_recent_title(
    titles: list[str], others: list[str], chance: random.Random
) -> None:
    papers = [make_paper(n, title=title) for n, title in enumerate(titles, 1)]
    recent = [*others, *RECENT]
    topics = new_topics(papers, recent)
    chance.shuffle(papers)
    chance.shuffle(recent)
    assert new_topics(papers, recent) == topics
    known = "\n".join(recent).casefold()
    assert all(topic.casefold() not in known for topic in topics.values())


@given(st.lists(st.text(max_size=40), max_size=5), st.lists(st.text(max_size=40), max_size=50))
def test_any_text_can_be_a_title(titles: list[str], recent: list[str]) -> None:
    new_topics([make_paper(n, title=title) for n, title in enumerate(titles, 1)], recent)
