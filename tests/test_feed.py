"""Reading a feed: however it is damaged, nothing is invented and nothing else is raised."""

import arxiv._feed
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import Phrase
from core.sources.feed import read_feed
from core.sources.fetch import FetchError
from tests.arxiv_runs import entries
from tests.emulators import arxiv_api

PAPERS = entries(5, abstract="Über <x> & y, in full.")
FEED = arxiv_api.atom(arxiv_api.Answer(tuple(PAPERS), 12, 0, 5, "cat:cs.AI")).encode()
ORIGINALS = {entry.id: (entry.title, entry.abstract, ", ".join(entry.authors)) for entry in PAPERS}


def papers(body: bytes) -> list[tuple[str, tuple[str, str, str]]]:
    """What the arxiv package makes of a body: id, and title, abstract and author."""
    return [
        (r.get_short_id().removesuffix("v1"), (r.title, r.summary, ", ".join(map(str, r.authors))))
        for r in arxiv._feed.parse(body).results
    ]


def test_a_whole_feed_is_given_on_with_its_total() -> None:
    feed = read_feed(FEED, "arXiv")
    assert (feed.total, feed.readable, feed.unreadable, feed.entries) == (12, 5, (), 5)
    assert dict(papers(feed.body)) == ORIGINALS


@given(st.integers(0, len(FEED) - 1))
def test_a_feed_cut_anywhere_gives_whole_papers_or_an_error(at: int) -> None:
    try:
        feed = read_feed(FEED[:at], "arXiv")
    except FetchError:
        return
    read = papers(feed.body)
    assert len(read) == feed.readable > 0
    assert read == list(ORIGINALS.items())[: len(read)]


@given(st.binary(max_size=300))
def test_bytes_that_are_no_feed_are_an_error_that_names_the_source(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        read_feed(body, "arXiv")
    assert caught.value.reason == Phrase("source.not_atom", source="arXiv")


@given(st.integers(0, len(FEED) - 1), st.binary(max_size=12))
def test_foreign_bytes_anywhere_make_at_worst_an_error(at: int, noise: bytes) -> None:
    try:
        feed = read_feed(FEED[:at] + noise + FEED[at:], "arXiv")
    except FetchError:
        return
    assert len(papers(feed.body)) == feed.readable


@pytest.mark.parametrize("encoding", [b"none-such", b"shift_jis", b"utf-16"])
def test_an_encoding_we_cannot_read_makes_entries_unreadable(encoding: bytes) -> None:
    feed = read_feed(FEED.replace(b"UTF-8", encoding, 1), "arXiv")
    assert [paper_id for _, paper_id in feed.unreadable] == [f"arxiv:{n}" for n in ORIGINALS]


def test_a_document_type_is_refused_so_that_no_entity_is_expanded() -> None:
    bomb = b'<!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>\n'
    with pytest.raises(FetchError):
        read_feed(FEED.replace(b"<feed", bomb + b"<feed", 1), "arXiv")


def test_a_refusal_is_told_in_arxivs_words_and_not_tried_again() -> None:
    body = arxiv_api.error_atom("start must be an integer").encode()
    with pytest.raises(FetchError) as caught:
        read_feed(body, "arXiv")
    assert caught.value.lasting
    assert caught.value.reason == Phrase(
        "source.query_refused", source="arXiv", detail="start must be an integer"
    )
