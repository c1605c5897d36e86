import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.classify import Verdict
from core.i18n import Phrase, catalog
from core.paper import Paper, Signal
from core.ranking import Entry, rank
from tests.factories import make_paper

FIT = Verdict("cv", 0.5, Phrase("classify.codes_only", codes="cs.CV"))
WITHDRAWN = Signal("arxiv", "withdrawn", 1)
ACCEPTED = "Accepted at ACL"
RELEASED = "code or data released"
CODE = "Our code is available at https://github.com/a/b."


def reasons(paper: Paper, language: str = "en") -> list[str]:
    (entry,) = rank([(paper, FIT)], topics={"arxiv:2501.00009": "owl splatting"})
    return [catalog(language).text(reason) for reason in entry.why]


def ranked(*papers: Paper) -> list[str]:
    return [entry.paper.id for entry in rank([(paper, FIT) for paper in papers])]


def votes(count: int) -> Signal:
    return Signal("huggingface", "upvotes", count)


def test_every_paper_has_a_reason() -> None:
    assert reasons(make_paper(1)) == ["close to this category: cs.CV"]


@pytest.mark.parametrize(
    ("signal", "english", "korean"),
    [
        (votes(92), "92 upvotes on Hugging Face", "Hugging Face 추천 92"),
        (votes(1), "1 upvote on Hugging Face", "Hugging Face 추천 1"),
        (votes(1234), "1,234 upvotes on Hugging Face", "Hugging Face 추천 1,234"),
        (Signal("deeplearn", "hot", 3), "hot on deeplearn.org", "deeplearn.org 인기 논문"),
        (Signal("huggingface", "code", "https://a.b"), RELEASED, "코드나 자료를 공개함"),
        (WITHDRAWN, "withdrawn from arXiv", "arXiv에서 철회됨"),
    ],
)
def test_what_a_source_says_is_the_first_reason(signal: Signal, english: str, korean: str) -> None:
    paper = make_paper(1, signals=(signal,))
    assert reasons(paper)[0] == english
    assert reasons(paper, "ko")[0] == korean


@pytest.mark.parametrize(
    "signal",
    [
        votes(0),
        votes(-3),
        Signal("huggingface", "upvotes", "many"),
        Signal("elsewhere", "upvotes", 92),
        Signal("huggingface", "comments", 9),
        Signal("huggingface", "listed", "2025-07-15"),
        Signal("huggingface", "code", ""),
        Signal("deeplearn", "hot", 0),
        Signal("arxiv", "withdrawn", 0),
    ],
)
def test_what_says_nothing_is_no_reason(signal: Signal) -> None:
    assert reasons(make_paper(1, signals=(signal,))) == reasons(make_paper(1))


def test_a_new_topic_is_a_reason() -> None:
    assert reasons(make_paper(9))[0] == "new topic this fortnight: owl splatting"
    assert reasons(make_paper(9), "ko")[0] == "최근 2주에 없던 주제: owl splatting"


def test_the_weightiest_reason_comes_first_and_the_fit_last() -> None:
    signals = (votes(3), Signal("deeplearn", "hot", 40))
    said = reasons(make_paper(9, comment=ACCEPTED, signals=signals))
    assert said == [
        "accepted at ACL",
        "hot on deeplearn.org",
        "new topic this fortnight: owl splatting",
        "3 upvotes on Hugging Face",
        "close to this category: cs.CV",
    ]


def test_many_upvotes_lead_a_venue_and_a_few_do_not() -> None:
    accepted = make_paper(1, comment=ACCEPTED)
    many, few = make_paper(2, signals=(votes(92),)), make_paper(3, signals=(votes(3),))
    assert ranked(few, accepted, many) == [many.id, accepted.id, few.id]


def test_each_further_upvote_adds_less() -> None:
    scores = [
        rank([(make_paper(1, signals=(votes(count),)), FIT)])[0].score for count in (1, 2, 91, 92)
    ]
    assert scores[3] - scores[2] < (scores[1] - scores[0]) / 2


def test_the_first_hot_papers_lead_the_later_ones() -> None:
    papers = [make_paper(n, signals=(Signal("deeplearn", "hot", 10 - n),)) for n in range(1, 10)]
    assert ranked(*papers) == [paper.id for paper in reversed(papers)]


def test_of_several_votes_for_one_paper_the_most_count() -> None:
    twice = make_paper(1, signals=(votes(9), votes(92), votes(5)))
    assert reasons(twice) == reasons(make_paper(1, signals=(votes(92),)))


def test_a_withdrawn_paper_is_last_whatever_speaks_for_it() -> None:
    loved = make_paper(1, comment=ACCEPTED, abstract=CODE, signals=(votes(10**6), WITHDRAWN))
    plain = [make_paper(n) for n in range(2, 60)]
    assert ranked(loved, *plain)[-1] == loved.id
    assert reasons(loved) == ["withdrawn from arXiv", "close to this category: cs.CV"]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_upvotes_never_rank_lower(first: int, second: int) -> None:
    papers = [make_paper(1, signals=(votes(first),)), make_paper(2, signals=(votes(second),))]
    assert ranked(*papers)[0] == papers[first < second].id


Drawn = tuple[list[str], list[str], str, str, list[Signal], float]
words = st.sampled_from(("owl", "wing", "song", "nest", "night", "egg", "moth", "branch", "claw"))
papers_of_a_day = st.lists(
    st.tuples(
        st.lists(words, max_size=5),
        st.lists(words, max_size=12),
        st.sampled_from(("", ACCEPTED)),
        st.sampled_from(("", CODE)),
        st.lists(st.sampled_from((votes(3), votes(92), WITHDRAWN)), max_size=2),
        st.sampled_from((0.0, 0.5, 0.9, 1.0)),
    ),
    max_size=60,
)


def sorted_papers(day: list[Drawn]) -> list[tuple[Paper, Verdict]]:
    return [
        (
            make_paper(
                number,
                title=" ".join(title),
                abstract=f"{' '.join(text)}. {code}",
                comment=comment,
                signals=tuple(signals),
            ),
            Verdict("cv", fit, Phrase("classify.nothing")),
        )
        for number, (title, text, comment, code, signals, fit) in enumerate(day, 1)
    ]


@given(papers_of_a_day, st.randoms())
def test_the_order_does_not_depend_on_the_order_of_arrival(
    day: list[Drawn], chance: random.Random
) -> None:
    papers = sorted_papers(day)
    expected = rank(papers)
    chance.shuffle(papers)
    assert rank(papers) == expected


@given(papers_of_a_day)
def test_every_paper_has_one_place_and_the_withdrawn_the_last(day: list[Drawn]) -> None:
    papers = sorted_papers(day)
    entries: tuple[Entry, ...] = rank(papers)
    assert sorted(e.paper.id for e in entries) == sorted(paper.id for paper, _ in papers)
    withdrawn = [entry.paper.withdrawn for entry in entries]
    assert withdrawn == sorted(withdrawn)
    assert all((entry.score < 0) == entry.paper.withdrawn for entry in entries)


@given(papers_of_a_day)
def test_no_paper_passes_one_that_is_worth_a_reason_more(day: list[Drawn]) -> None:
    scores = [entry.score for entry in rank(sorted_papers(day))]
    assert all(max(scores[place:]) - score < 1.0 for place, score in enumerate(scores))


def test_papers_with_the_same_signals_stand_in_the_order_of_their_ids() -> None:
    papers = [make_paper(n, comment=ACCEPTED if n % 3 == 0 else "") for n in range(1, 30)]
    order = ranked(*reversed(papers))
    assert order == [p.id for p in papers if p.comment] + [p.id for p in papers if not p.comment]
