"""Which source is asked for which listing, and when again."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.collect import Collector
from core.category import Taxonomy
from core.i18n import Phrase
from core.ports import Batch, Missing, Status, is_whole, lacks
from core.sources.listing import announced_at, feed_built_at, listing_before
from storage.store import Store
from tests import stores
from tests.factories import DAY, make_edition, make_paper
from tests.stores import NOW

database_url, store = stores.database_url, stores.store

ANNOUNCED = announced_at(DAY)
MINUTE = timedelta(minutes=1)
DOWN = Phrase("source.http", source="arXiv", status=503)


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


@dataclass
class Given:
    """A source with one batch."""

    batch: Batch

    @property
    def name(self) -> str:
        return self.batch.source

    async def collect(self, day: date, held: Collection[str] = ()) -> Batch:
        del day, held
        return self.batch


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


async def test_papers_of_the_day_before_seen_on_the_way_are_kept_and_counted_nowhere(
    store: Store,
) -> None:
    arxiv = Told("arXiv", papers=(9,))
    collector = Collector(store, [arxiv])
    await collector.collect(listing_before(DAY), NOW)
    arxiv.papers, arxiv.earlier = (1,), (2, 3)
    collected = await collector.collect(DAY, NOW)
    assert collected.new == 3
    (coverage,) = collected.sources
    assert (coverage.owed, coverage.held, coverage.status) == (1, 1, "ok")
    assert len(await store.papers.new_in(DAY)) == 3
    assert (await collector.collect(DAY, NOW)).new == 0


async def test_a_day_that_was_never_collected_does_not_come_with_the_next(store: Store) -> None:
    arxiv = Told("arXiv", papers=(1,), earlier=(2, 3))
    collected = await Collector(store, [arxiv]).collect(DAY, NOW)
    assert collected.new == 1


async def test_what_was_announced_and_is_missing_is_not_made_up_for_by_other_papers(
    store: Store,
) -> None:
    seen = tuple(make_paper(n) for n in range(20))
    lost = tuple(Missing(make_paper(n).id, DOWN) for n in range(50, 55))
    await store.papers.take_in(DAY, Batch("arXiv", "ok", seen), DAY, NOW)
    told = Batch("arXiv", "partial", seen[:15], lost, note=DOWN, announced=True)
    await store.papers.take_in(DAY, told, DAY, NOW)
    (coverage,) = await store.papers.coverage(DAY)
    assert (coverage.status, coverage.held, coverage.owed) == ("partial", 15, 20)
    assert {item.id for item in coverage.missing} == {item.id for item in lost}
    assert not is_whole([coverage], ["arXiv"])
    late = Batch("arXiv", "ok", tuple(make_paper(n) for n in range(50, 55)))
    await store.papers.take_in(DAY, late, DAY, NOW)
    (coverage,) = await store.papers.coverage(DAY)
    assert (coverage.status, coverage.held, coverage.missing) == ("ok", 20, ())


async def test_a_whole_announcement_closes_the_gaps_of_a_broken_window(store: Store) -> None:
    papers = tuple(make_paper(n) for n in range(12))
    gap = Missing("arXiv 9-20", DOWN, 12)
    await store.papers.take_in(
        DAY, Batch("arXiv", "partial", papers[:8], (gap,), note=DOWN), DAY, NOW
    )
    await store.papers.take_in(DAY, Batch("arXiv", "ok", papers, announced=True), DAY, NOW)
    (coverage,) = await store.papers.coverage(DAY)
    assert (coverage.status, coverage.owed, coverage.missing) == ("ok", 12, ())


async def test_what_was_announced_stands_when_the_source_breaks_later(store: Store) -> None:
    papers = tuple(make_paper(n) for n in range(3))
    await store.papers.take_in(DAY, Batch("arXiv", "ok", papers, announced=True), DAY, NOW)
    await store.papers.take_in(DAY, Batch("arXiv", "failed", note=DOWN), DAY, NOW)
    (coverage,) = await store.papers.coverage(DAY)
    assert (coverage.status, coverage.owed, coverage.announced) == ("ok", 3, True)


async def test_a_holiday_that_was_announced_is_not_waited_for(store: Store) -> None:
    await store.papers.take_in(DAY, Batch("arXiv", "quiet", announced=True), DAY, NOW)
    assert is_whole(await store.papers.coverage(DAY), ["arXiv"])
    other = listing_before(DAY)
    await store.papers.take_in(other, Batch("arXiv", "quiet"), other, NOW)
    assert not is_whole(await store.papers.coverage(other), ["arXiv"])


async def test_a_remark_on_how_a_whole_listing_was_read_stays_with_it(store: Store) -> None:
    remark = Phrase("source.feed_failed", source="arXiv", reason=DOWN)
    await store.papers.take_in(DAY, Batch("arXiv", "ok", (make_paper(1),), note=remark), DAY, NOW)
    (coverage,) = await store.papers.coverage(DAY)
    assert (coverage.status, coverage.note) == ("ok", remark)


async def test_three_spellings_of_a_title_are_one_paper_where_arxiv_knows_it(
    store: Store,
) -> None:
    arxiv = make_paper(1, title="Schrödinger Bridges", sources=("arxiv",))
    told = make_paper(1, title="Schrodinger Bridges", sources=("huggingface",))
    hot = make_paper(1, id="deeplearn:541927", title="SCHRÖDINGER BRIDGES", sources=("deeplearn",))
    sources = [
        Given(Batch("deeplearn.org", "ok", (hot,))),
        Given(Batch("Hugging Face", "ok", (told,))),
        Given(Batch("arXiv", "ok", (arxiv,))),
    ]
    collected = await Collector(store, sources).collect(DAY, NOW)
    assert collected.new == 1
    kept = await store.papers.get("deeplearn:541927")
    assert kept is not None
    assert (kept.id, kept.title) == (arxiv.id, arxiv.title)


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
