"""Ranking: which papers lead a category, and the reason a reader is given."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.classify import Verdict
from core.i18n import Phrase
from core.paper import Paper
from core.signals import hot_place, released, upvotes, venue
from core.spread import Wording, spread

# What each signal is worth; how clearly a paper belongs to its category is worth 0 to 1 and so
# decides among papers with the same signals. One reviewed acceptance and one release weigh alike.
_VENUE = 1.0
_RELEASE = 1.0
# Readers' votes: a dozen are worth an acceptance, 92 worth more than one with a release, 3 little.
# Each doubling adds the same, for attention feeds on attention.
_VOTES = 0.75
_FEW_VOTES = 8
# The first of the hot papers is worth an acceptance, the rest of the list nearer to half of one.
_HOT_LISTED = 0.5
_HOT_FIRST = 0.5
# That others work on the same says less of a paper than what readers and reviewers say of it.
_NEW_TOPIC = 0.5
# So far below everything else that nothing can fall behind it.
_WITHDRAWN = -10.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper in its place: its verdict, what its signals are worth and why it stands there.

    ``score`` compares papers of all categories and editions; below 0 are withdrawn ones alone. The
    place in a category follows it, but of papers about the same thing one goes first and the others
    make room.
    """

    paper: Paper
    verdict: Verdict
    score: float
    why: tuple[Phrase, ...]


def rank(
    sorted_papers: Sequence[tuple[Paper, Verdict]],
    wording: Wording | None = None,
    topics: Mapping[str, str] | None = None,
) -> tuple[Entry, ...]:
    """The papers of one category, the leading one first, whatever the order they come in.

    ``wording`` is that of the whole edition, if there is more of it; ``topics`` has the new topic
    of a paper by its id.
    """
    entries = [_entry(paper, verdict, topics or {}) for paper, verdict in sorted_papers]
    entries.sort(key=lambda entry: (-entry.score, entry.paper.id))
    papers = [entry.paper for entry in entries]
    places = spread(papers, [entry.score for entry in entries], wording or Wording(papers))
    return tuple(entries[place] for place in places)


def _entry(paper: Paper, verdict: Verdict, topics: Mapping[str, str]) -> Entry:
    """Signals add up, and the weightiest is named first."""
    fit = Phrase("why.fit", because=verdict.reason)
    if paper.withdrawn:
        return Entry(paper, verdict, _WITHDRAWN + verdict.score, (Phrase("why.withdrawn"), fit))
    merits = sorted(_merits(paper, topics), key=lambda merit: -merit[0])
    score = verdict.score + sum(worth for worth, _ in merits)
    return Entry(paper, verdict, score, (*(reason for _, reason in merits), fit))


def _merits(paper: Paper, topics: Mapping[str, str]) -> Iterator[tuple[float, Phrase]]:
    """What a paper's signals are worth, each with its reason."""
    if votes := upvotes(paper):
        worth = _VOTES * (math.log2(votes + _FEW_VOTES) - math.log2(_FEW_VOTES))
        yield worth, Phrase("why.upvotes", count=votes)
    if place := hot_place(paper):
        yield _HOT_LISTED + _HOT_FIRST / place, Phrase("why.hot")
    if accepted := venue(paper.comment):
        yield _VENUE, Phrase("why.venue", venue=accepted)
    if released(paper):
        yield _RELEASE, Phrase("why.code")
    if topic := topics.get(paper.id):
        yield _NEW_TOPIC, Phrase("why.new_topic", topic=topic)
