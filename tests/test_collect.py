"""Which source is asked for which listing, and when again."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.collect import Collector
from core.category import Taxonomy
from core.i18n import Phrase
from core.ports import Batch, Status, is_whole, lacks
from core.sources.listing import announced_at, feed_built_at
from storage.store import Store
from tests import stores
from tests.factories import DAY, make_edition, make_paper
from tests.stores import NOW

database_url, store = stores.database_url, stores.store

ANNOUNCED = announced_at(DAY)
MINUTE = timedelta(minutes=1)


@dataclass
class Told:
    """A source that gives what it is told to, and keeps what it was asked."""

    name: str
    status: Status = "ok"
    announced: bool = False
    papers: tuple[int, ...] = (1,)
    earlier: tuple[int, ...] = ()
    asked: list[tuple[date, frozenset[str]]] = field(default_factory=list)

    async def collect(self, day: date, held: Collection[str] = ()) -> Batch:
        self.asked.append((day, frozenset(held)))
        whole = self.status == "ok"
        return Batch(
            self.name,
            self.status,
            tuple(make_paper(n) for n in self.papers) if self.status != "failed" else (),
            note=None if whole else Phrase("source.http", source=self.name, status=404),
            earlier=tuple(make_paper(n) for n in self.earlier),
            announced=self.announced,
        )

    def times(self, day: date = DAY) -> int:
        return sum(asked == day for asked, _ in self.asked)


async def beat(collector: Collector, now: datetime) -> None:
    async for _ in collector.collect_if_needed(now):
        pass


async def test_a_listing_that_was_announced_and_came_whole_is_not_asked_for_again(
    store: Store,
) -> None:
    arxiv = Told("arXiv", announced=True)
    collector = Collector(store, [arxiv])
    for hours in range(12):
        await beat(collector, ANNOUNCED + timedelta(hours=hours))
    assert arxiv.times() == 1


async def test_what_came_by_submission_date_is_checked_once_the_feed_is_built(
    store: Store,
) -> None:
    arxiv = Told("arXiv")
    collector = Collector(store, [arxiv])
    await beat(collector, ANNOUNCED)
    await beat(collector, feed_built_at(DAY) - MINUTE)
    assert arxiv.times() == 1
    arxiv.announced = True
    await beat(collector, feed_built_at(DAY) + MINUTE)
    await beat(collector, feed_built_at(DAY) + timedelta(hours=5))
    assert arxiv.times() == 2


async def test_what_is_held_is_told_to_the_source(store: Store) -> None:
    arxiv = Told("arXiv", status="partial", papers=(1, 2))
    collector = Collector(store, [arxiv])
    await beat(collector, ANNOUNCED)
    await beat(collector, ANNOUNCED + 6 * MINUTE)
    assert [held for day, held in arxiv.asked if day == DAY] == [
        frozenset(),
        {make_paper(1).id, make_paper(2).id},
    ]


async def test_only_the_source_that_broke_is_asked_again(store: Store) -> None:
    arxiv, other = Told("arXiv", announced=True), Told("Hugging Face", status="failed")
    collector = Collector(store, [arxiv, other])
    await beat(collector, ANNOUNCED)
    other.status = "ok"
    await beat(collector, ANNOUNCED + 31 * MINUTE)
    assert (arxiv.times(), other.times()) == (1, 2)
    assert {s.source: s.status for s in await store.papers.coverage(DAY)} == {
        "arXiv": "ok",
        "Hugging Face": "ok",
    }


async def test_who_recommends_is_asked_until_the_edition_is_sealed(
    store: Store, taxonomy: Taxonomy
) -> None:
    arxiv, other = Told("arXiv", announced=True), Told("Hugging Face")
    collector = Collector(store, [arxiv, other])
    for half_hours in range(4):
        await beat(collector, ANNOUNCED + timedelta(minutes=31 * half_hours))
    assert other.times() == 4
    await store.editions.seal(make_edition({"cv": [make_paper(1)]}, taxonomy), NOW)
    await beat(collector, ANNOUNCED + timedelta(hours=4))
    assert other.times() == 4


async def test_a_recommender_that_is_down_does_not_keep_an_edition_from_being_whole(
    store: Store,
) -> None:
    arxiv, other = Told("arXiv"), Told("Hugging Face", status="failed", papers=())
    await Collector(store, [arxiv, other]).collect(DAY, NOW)
    known = await store.papers.coverage(DAY)
    assert is_whole(known, ["arXiv", "Hugging Face"])
    assert not lacks(known)


async def test_arxiv_that_is_down_keeps_an_edition_from_being_whole(store: Store) -> None:
    arxiv, other = Told("arXiv", status="failed", papers=()), Told("Hugging Face")
    await Collector(store, [arxiv, other]).collect(DAY, NOW)
    known = await store.papers.coverage(DAY)
    assert not is_whole(known, ["arXiv", "Hugging Face"])
    assert lacks(known)


async def test_papers_of_other_days_seen_on_the_way_are_kept_and_counted_nowhere(
    store: Store,
) -> None:
    arxiv = Told("arXiv", papers=(1,), earlier=(2, 3))
    collected = await Collector(store, [arxiv]).collect(DAY, NOW)
    assert collected.new == 3
    (coverage,) = collected.sources
    assert (coverage.owed, coverage.held, coverage.status) == (1, 1, "ok")
    assert len(await store.papers.new_in(DAY)) == 3
    again = await Collector(store, [arxiv]).collect(DAY, NOW)
    assert again.new == 0


async def test_arxiv_s_own_words_on_a_paper_win_over_those_that_came_first(store: Store) -> None:
    told = make_paper(1, title="A Retold Title", sources=("huggingface",), abstract="Retold.")
    own = make_paper(1, title="The Title", sources=("arxiv",), abstract="Own.")
    await store.papers.take_in(DAY, Batch("Hugging Face", "ok", (told,)), DAY, NOW)
    await store.papers.take_in(DAY, Batch("arXiv", "ok", (own,)), DAY, NOW)
    kept = await store.papers.get(own.id)
    assert kept is not None
    assert (kept.title, kept.abstract) == ("The Title", "Own.")
    assert set(kept.sources) == {"arxiv", "huggingface"}


def test_the_feed_is_built_at_midnight_in_new_york() -> None:
    assert feed_built_at(date(2025, 7, 15)) == datetime(2025, 7, 15, 4, tzinfo=UTC)
    assert feed_built_at(date(2025, 1, 15)) == datetime(2025, 1, 15, 5, tzinfo=UTC)
