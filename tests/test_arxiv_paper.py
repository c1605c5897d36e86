"""Withdrawn papers: known by what arXiv and authors write, told from papers about withdrawing."""

from dataclasses import replace

import pytest

from core.paper import Signal
from core.sources.arxiv_paper import says_withdrawn
from tests.arxiv_runs import collected, entries
from tests.factories import make_paper

NOTICES = [
    "This paper has been withdrawn by the author due to a crucial sign error in equation 1",
    "This paper has been withdrawn",
    "this submission has been withdrawn by arXiv administrators due to incorrect authorship",
    "arXiv admin note: This paper has been withdrawn by arXiv due to disputed authorship",
    "arXiv admin note: This submission has been withdrawn by arXiv administrators as it is a copy",
    "[This paper has been withdrawn by the authors] We study owls.",
    "The following paper has been withdrawn from consideration for publication: theorem 3 is wrong",
    "The authors have withdrawn this paper.",
    "The author withdrew this manuscript because of an error",
    "We withdraw this paper: the proof has a gap",
    "I have withdrawn this work",
    "This article was withdrawn from arXiv at the request of the university",
    "This version has been withdrawn",
    "Withdrawn by the authors",
    "Withdrawn by arXiv admins",
    "Paper withdrawn",
    "Paper withdrawn at the request of the authors",
    "Withdrawn at the request of the first author.",
    "Withdrawn by the authors due to an error in Lemma 2",
    "Withdrawn on the author's request",
    "This submission has been withdrawn",
    "We need to withdraw the present manuscript to revise it",
    "The authors have decided to withdraw this submission due to wrong affiliations",
    "Due to errors in the method, I have to withdraw this paper",
    "I would like to withdraw this preprint",
    "Withdrawn.",
    "(withdrawn)",
]
COMMENTS = [
    "10 pages, 3 figures. This paper has been withdrawn by the author; a new one will follow",
    "The manuscript is being withdrawn due to ongoing major revisions",
    "Withdrawn due to an error in Section 3",
    "withdrawn: the data were wrong",
    "Withdrawn as it is superseded by arXiv:2401.00001",
    "Withdrawn because of a dispute among the authors",
]
NOT = [
    "",
    "Withdrawn from ICLR 2025",
    "Withdrawn at the request of the authors from ICLR 2025",
    "Due to the reviews, we have decided to withdraw this paper from ICLR",
    "We decided not to withdraw this paper",
    "This paper was withdrawn from ICLR 2025 after the reviews",
    "This submission has been withdrawn by the authors from NeurIPS",
    "Accepted to AAAI and later withdrawn; 9 pages",
    "The previous version has been withdrawn",
    "arXiv admin note: substantial text overlap with arXiv:2401.00001",
    "Replaces arXiv:2401.00001, which has been withdrawn",
    "20 pages, code available; not withdrawn",
]
ABOUT = [
    "We study why a paper has been withdrawn from a benchmark and what readers do then.",
    "Models cite what is gone: once a submission has been withdrawn, citations go on for years.",
    "We show that withdrawn papers are cited for years.",
    "Withdrawn at the request of regulators, such drugs leave data behind.",
    "Due to a lack of data, we need to withdraw blood by a robot.",
    "Withdrawn drugs are a rich source of negative examples for toxicity models.",
    "Withdrawn due to toxicity, many drugs leave data behind. We mine these data.",
    "Withdrawn by regulators, such products come back under other names.",
    "A notice such as 'This paper has been withdrawn by the author' is hard for parsers.",
    "The authors of accounts that have withdrawn consent must be forgotten by the model.",
    "We propose a method by which blood is withdrawn and a robot that does the work.",
]


@pytest.mark.parametrize("text", NOTICES)
def test_a_notice_of_withdrawal_is_known_in_comment_and_abstract(text: str) -> None:
    assert says_withdrawn(text, "We study owls.")
    assert says_withdrawn("10 pages", text)


@pytest.mark.parametrize("text", COMMENTS)
def test_a_comment_may_be_shorter_than_that(text: str) -> None:
    assert says_withdrawn(text, "We study owls.")


@pytest.mark.parametrize("text", NOT)
def test_what_left_a_conference_is_not_withdrawn(text: str) -> None:
    assert not says_withdrawn(text, "We study owls.")
    assert not says_withdrawn("", text)


@pytest.mark.parametrize("abstract", ABOUT)
def test_a_paper_about_withdrawing_is_not_withdrawn(abstract: str) -> None:
    assert not says_withdrawn("10 pages", abstract)


async def test_a_withdrawn_paper_is_kept_and_marked() -> None:
    gone, stays = entries(2)
    gone = replace(gone, comment="This paper has been withdrawn by the authors.")
    batch, _ = await collected([gone, stays])
    assert [paper.withdrawn for paper in batch.papers] == [True, False]
    assert batch.papers[0].signals == (Signal("arxiv", "withdrawn", 1),)


def test_other_signals_and_a_taken_back_withdrawal_mark_nothing() -> None:
    assert not make_paper(1, signals=(Signal("huggingface", "upvotes", 3),)).withdrawn
    assert not make_paper(1, signals=(Signal("arxiv", "withdrawn", 0),)).withdrawn
