import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.paper import Paper
from core.spread import _ROOM, Wording, _Shelf, spread
from tests.factories import make_paper

OWLS = "owls splatting talons feathers hooting nocturnal prey"
THINGS = "bridge river engine paint violin harbour tunnel ladder window carpet candle basket"


def about(number: int, text: str) -> Paper:
    return make_paper(number, title=" ".join(text.split()[:3]), abstract=text)


def others(first: int, count: int) -> list[Paper]:
    """Papers that are each about something else."""
    return [
        about(n, " ".join(f"{thing}{chr(97 + n)}" for thing in THINGS.split()))
        for n in range(first, first + count)
    ]


def order(papers: list[Paper], scores: list[float]) -> list[int]:
    return spread(papers, scores, Wording(papers))


def test_papers_about_different_things_stay_in_their_order() -> None:
    assert order(others(1, 8), [1.0] * 8) == list(range(8))


def test_of_two_papers_about_the_same_the_second_makes_room() -> None:
    papers = [about(1, OWLS), about(2, OWLS), *others(3, 6)]
    assert order(papers, [2.0, 2.0, *[1.9] * 6]) == [0, 2, 3, 4, 5, 6, 7, 1]


def test_a_paper_that_is_worth_a_reason_more_stays_before_the_others() -> None:
    papers = [about(1, OWLS), about(2, OWLS), *others(3, 6)]
    assert order(papers, [2.0, 2.0, *[1.0] * 6]) == list(range(8))


def test_papers_that_share_a_field_do_not_make_room() -> None:
    papers = [
        about(1, f"{OWLS} bridge river engine paint violin harbour tunnel ladder"),
        about(2, "window carpet candle basket lantern pepper saddle compass owls"),
        *others(3, 20),
    ]
    assert order(papers, [1.0] * 22)[:2] == [0, 1]


def test_what_most_of_a_category_say_makes_nobody_alike() -> None:
    papers = [
        *(about(n, f"{OWLS} only{chr(96 + n)} this{chr(96 + n)}") for n in range(1, 9)),
        *others(9, 2),
    ]
    wording = Wording([*papers, *others(11, 80)])
    assert spread(papers, [1.0] * 10, wording) == list(range(10))


def test_papers_are_about_their_most_telling_words_wherever_these_stand() -> None:
    chatter = [f"{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(200)]
    texts = [" ".join((chatter * 2)[n * 37 % 200 :][:40]) for n in range(40)]
    papers = [about(n, text) for n, text in enumerate(texts, 1)]
    papers[:2] = [about(1, f"{texts[0]} {OWLS}"), about(2, f"{texts[20]} {OWLS}")]
    assert order(papers, [1.0] * 40)[:2] == [0, 2]


def test_what_titles_share_makes_papers_more_alike_than_what_abstracts_share() -> None:
    first, second, *rest = others(1, 20)
    in_titles = [
        make_paper(n, title="hooting owls", abstract=p.abstract)
        for n, p in ((1, first), (2, second))
    ]
    assert order([*in_titles, *rest], [1.0] * 20)[:2] == [0, 2]
    in_abstracts = [
        make_paper(n, title="", abstract=f"{p.abstract} hooting owls")
        for n, p in ((1, first), (2, second))
    ]
    assert order([*in_abstracts, *rest], [1.0] * 20)[:2] == [0, 1]


def test_the_same_text_in_every_paper_keeps_the_order() -> None:
    assert order([about(n, OWLS) for n in range(1, 9)], [1.0] * 8) == list(range(8))


def test_far_down_the_order_is_by_worth() -> None:
    texts = [paper.abstract for paper in others(1, 30)]
    papers = [about(n, texts[n // 2]) for n in range(60)]
    found = order(papers, [1.0] * 60)
    assert found[:20] == list(range(0, 40, 2))
    assert found[20:] == sorted(found[20:])


@pytest.mark.parametrize("count", [0, 1])
def test_a_category_may_be_nearly_empty(count: int) -> None:
    assert order(others(1, count), [1.0] * count) == list(range(count))


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_compared(title: str, abstract: str) -> None:
    papers = [make_paper(n, title=title, abstract=abstract) for n in (1, 2)]
    assert order(papers, [1.0, 1.0]) == [0, 1]


words = st.sampled_from(OWLS.split() + THINGS.split())


@given(st.lists(st.tuples(st.lists(words, max_size=8), st.floats(0, 4)), max_size=60))
def test_every_paper_is_there_once_and_none_passes_far(
    drawn: list[tuple[list[str], float]],
) -> None:
    drawn.sort(key=lambda pair: -pair[1])
    papers = [about(n, " ".join(text)) for n, (text, _) in enumerate(drawn, 1)]
    scores = [score for _, score in drawn]
    places = order(papers, scores)
    assert sorted(places) == list(range(len(papers)))
    assert places[:1] == [0][: len(places)]
    for at, place in enumerate(places):
        assert max(scores[later] for later in places[at:]) - scores[place] <= 0.75


@given(st.lists(st.tuples(st.lists(words, max_size=6), st.integers(0, 5)), max_size=20))
def test_each_place_goes_to_the_paper_that_is_then_worth_most(
    drawn: list[tuple[list[str], int]],
) -> None:
    drawn.sort(key=lambda pair: -pair[1])
    papers = [about(n, " ".join(text)) for n, (text, _) in enumerate(drawn, 1)]
    scores = [score / 4 for _, score in drawn]
    wording = Wording(papers)
    shelf = _Shelf(papers, wording)
    left = set(range(len(papers)))
    expected: list[int] = []
    while left:
        worth = {
            place: scores[place]
            - _ROOM * max((shelf.sameness(place, other) for other in expected), default=0.0)
            for place in left
        }
        expected.append(min(left, key=lambda place: (-worth[place], place)))
        left.remove(expected[-1])
    assert spread(papers, scores, wording) == expected


_PROGRAM = """
from core.spread import Wording, spread
from tests.factories import make_paper
said = "owl moth song nest wing branch claw night".split()
papers = [
    make_paper(n, title=said[n % 7], abstract=" ".join(said[n * k % 8] for k in range(9)))
    for n in range(1, 80)
]
print(spread(papers, [1.0] * len(papers), Wording(papers)))
"""


def test_every_process_finds_the_same_order() -> None:
    runs = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1
