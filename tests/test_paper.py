import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.paper import BadPaperIdError, Paper, Signal, merge, paper_url, parse_paper_id
from tests.factories import make_paper


@pytest.mark.parametrize(
    "text",
    [
        "2411.05003",
        "2411.05003v3",
        "arXiv:2411.05003",
        "arxiv:2411.05003v1",
        " https://arxiv.org/abs/2411.05003v1 ",
        "http://www.arxiv.org/pdf/2411.05003.pdf",
    ],
)
def test_every_spelling_of_an_arxiv_id_is_one_id_without_version(text: str) -> None:
    assert parse_paper_id(text) == "arxiv:2411.05003"


def test_an_old_arxiv_id_keeps_its_archive_without_the_subject_class() -> None:
    assert parse_paper_id("hep-th/9901001v2") == "arxiv:hep-th/9901001"
    assert parse_paper_id("math.GT/0309136v1") == "arxiv:math/0309136"


def test_a_deeplearn_id_stays_what_it_is() -> None:
    assert parse_paper_id("deeplearn:541926") == "deeplearn:541926"
    assert paper_url("deeplearn:541926") == "https://deeplearn.org/arxiv/541926"


@pytest.mark.parametrize(
    "text", ["", "541926", "2413.00001", "2411.123", "deeplearn:", "../2411.05003", "deeplearn:٣"]
)
def test_an_id_is_never_guessed(text: str) -> None:
    with pytest.raises(BadPaperIdError):
        parse_paper_id(text)


def test_papers_with_one_arxiv_id_merge_and_keep_every_signal() -> None:
    upvotes = Signal("huggingface", "upvotes", 92)
    first = make_paper(1, sources=("arxiv",))
    second = make_paper(1, sources=("huggingface",), signals=(upvotes,))
    (merged,) = merge([first, second])
    assert merged.sources == ("arxiv", "huggingface")
    assert merged.signals == (upvotes,)


def test_a_paper_without_arxiv_id_joins_its_twin_by_title_whatever_the_order() -> None:
    with_id = make_paper(1, title="Deep Nets, Revisited", sources=("arxiv",))
    without = Paper("deeplearn:7", "deep nets revisited", "", sources=("deeplearn",))
    again = make_paper(1, title="Deep Nets, Revisited", sources=("huggingface",))
    for order in ([with_id, without, again], [without, with_id, again]):
        (merged,) = merge(order)
        assert merged.id == with_id.id
        assert merged.abstract == with_id.abstract
        assert set(merged.sources) == {"arxiv", "deeplearn", "huggingface"}


def test_titles_without_a_letter_are_no_evidence() -> None:
    assert len(merge([Paper("deeplearn:1", "???", ""), make_paper(1, title="∑")])) == 2


def test_two_arxiv_ids_under_one_title_stay_two_papers() -> None:
    assert len(merge([make_paper(1, title="Same"), make_paper(2, title="Same")])) == 2


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["arxiv", "deeplearn"]))))
def test_merging_loses_no_id_and_keeps_the_order(drawn: list[tuple[int, str]]) -> None:
    papers = [Paper(f"{scheme}:{n}", f"title {n}", "") for n, scheme in drawn]
    merged = merge(papers)
    assert {p.title for p in merged} == {p.title for p in papers}
    assert [p.title for p in merged] == list(dict.fromkeys(p.title for p in papers))
    assert merge(merged) == merged
