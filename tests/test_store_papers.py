"""What every store promises of papers, whatever its engine."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.i18n import Phrase
from core.paper import Paper, Signal
from core.ports import Batch, Missing, Remark, SourceCoverage, Status
from core.sources.file import FileSource
from storage.covering import Listing, after_run, summary
from storage.store import Store
from tests import stores
from tests.factories import DAY, make_paper
from tests.stores import NOW, later

database_url, store = stores.database_url, stores.store

NEXT_DAY = DAY + timedelta(days=1)
DOWN = Phrase("source.http", source="arXiv", status=503)


def batch(*papers: Paper, source: str = "arXiv", **fields: object) -> Batch:
    return Batch(source, **({"status": "ok", "papers": papers} | fields))  # type: ignore[arg-type]


def gap(place: str, count: int = 1) -> Missing:
    return Missing(place, DOWN, count)


async def covered(store: Store) -> SourceCoverage:
    (source,) = await store.papers.coverage(DAY)
    return source


async def test_a_paper_comes_back_as_it_was_taken_in(store: Store) -> None:
    paper = make_paper(
        authors=("Kim Minji", "Ada L."),
        comment="ICCV 2025",
        published=later(days=-1),
        links=("https://github.com/a/b",),
        signals=(Signal("huggingface", "upvotes", 92), Signal("x", "rank", "first")),
    )
    assert await store.papers.take_in(DAY, batch(paper), DAY, NOW) == 1
    assert await store.papers.get(paper.id) == paper
    assert await store.papers.new_in(DAY) == [paper]
    assert await store.papers.get("arxiv:9999.99999") is None


async def test_taking_the_same_batch_in_again_finds_nothing_new(store: Store) -> None:
    papers = [make_paper(n) for n in range(1, 451)]
    assert await store.papers.take_in(DAY, batch(*papers), DAY, NOW) == 450
    before = await store.papers.new_in(DAY)
    assert await store.papers.take_in(DAY, batch(*papers), NEXT_DAY, later(hours=1)) == 0
    assert await store.papers.new_in(DAY) == before
    assert await store.papers.count() == 450


async def test_a_known_paper_keeps_its_edition_and_gains_what_it_lacked(store: Store) -> None:
    bare = make_paper(abstract="", primary_category="", categories=(), url="", sources=("hf",))
    full = make_paper(authors=("Ada L.",), comment="To appear", links=("https://github.com/a/b",))
    await store.papers.take_in(DAY, batch(bare), DAY, NOW)
    assert await store.papers.take_in(NEXT_DAY, batch(full), NEXT_DAY, later(days=1)) == 0
    kept = await store.papers.get(full.id)
    assert kept == make_paper(
        authors=("Ada L.",),
        comment="To appear",
        links=("https://github.com/a/b",),
        sources=("hf", "file"),
    )
    assert await store.papers.edition_of([full.id, "arxiv:1"]) == {full.id: DAY}
    assert await store.papers.new_in(NEXT_DAY) == []


async def test_what_is_known_is_not_overwritten(store: Store) -> None:
    first = make_paper(comment="ICCV 2025")
    await store.papers.take_in(DAY, batch(first), DAY, NOW)
    await store.papers.take_in(DAY, batch(make_paper(comment="", abstract="Other.")), DAY, NOW)
    assert await store.papers.get(first.id) == first


async def test_of_a_signal_only_the_newest_value_is_kept(store: Store) -> None:
    for votes in (3, 92):
        voted = make_paper(signals=(Signal("huggingface", "upvotes", votes),))
        await store.papers.take_in(DAY, batch(voted, source="Hugging Face"), DAY, NOW)
    kept = await store.papers.get(make_paper().id)
    assert kept
    assert kept.signals == (Signal("huggingface", "upvotes", 92),)


async def test_a_paper_without_arxiv_id_joins_its_title_s_twin(store: Store) -> None:
    arxiv = make_paper(title="On Attention!")
    twin = make_paper(id="deeplearn:7", title="On attention", sources=("deeplearn",))
    await store.papers.take_in(DAY, batch(arxiv), DAY, NOW)
    assert await store.papers.take_in(DAY, batch(twin, source="deeplearn"), DAY, NOW) == 0
    kept = await store.papers.get("deeplearn:7")
    assert kept
    assert (kept.id, kept.sources) == (arxiv.id, ("file", "deeplearn"))
    assert await store.papers.edition_of(["deeplearn:7"]) == {"deeplearn:7": DAY}


async def test_an_arxiv_entry_gives_its_id_to_a_twin_stored_without_one(store: Store) -> None:
    twin = make_paper(id="deeplearn:7", title="On attention", url="https://deeplearn.org/arxiv/7")
    arxiv = make_paper(title="On Attention!", abstract="", signals=(Signal("a", "b", 1),))
    await store.papers.take_in(DAY, batch(twin, source="deeplearn"), DAY, NOW)
    assert await store.papers.take_in(NEXT_DAY, batch(arxiv), NEXT_DAY, NOW) == 0
    (kept,) = await store.papers.new_in(DAY)
    assert (kept.id, kept.title, kept.url) == (arxiv.id, "On Attention!", arxiv.url)
    assert (kept.abstract, kept.signals) == (twin.abstract, arxiv.signals)
    assert await store.papers.get("deeplearn:7") == kept
    assert (await covered(store)).held == 1


async def test_once_joined_an_id_leads_to_its_paper_whatever_title_it_comes_with(
    store: Store,
) -> None:
    for paper in (
        make_paper(id="deeplearn:7", title="One title"),
        make_paper(title="One title"),
        make_paper(id="deeplearn:7", title="Quite another"),
    ):
        await store.papers.take_in(DAY, batch(paper), DAY, NOW)
    assert await store.papers.count() == 1


async def test_two_arxiv_ids_under_one_title_are_two_papers(store: Store) -> None:
    pair = (make_paper(1, title="Same"), make_paper(2, title="Same"))
    assert await store.papers.take_in(DAY, batch(*pair), DAY, NOW) == 2


async def test_titles_without_a_letter_are_no_twins(store: Store) -> None:
    pair = (make_paper(1, title="?!"), make_paper(2, id="deeplearn:7", title="..."))
    assert await store.papers.take_in(DAY, batch(*pair), DAY, NOW) == 2


@pytest.mark.parametrize("order", [(0, 1, 0), (1, 0, 0), (1, 1, 0)])
async def test_twins_within_one_batch_are_one_paper_and_owed_once(
    store: Store, order: tuple[int, ...]
) -> None:
    twins = [make_paper(title="Twin"), make_paper(id="deeplearn:7", title="Twin")]
    papers = [twins[n] for n in order]
    assert await store.papers.take_in(DAY, batch(*papers), DAY, NOW) == 1
    (kept,) = await store.papers.new_in(DAY)
    assert kept.id == twins[0].id
    source = await covered(store)
    assert (source.status, source.owed, source.held) == ("ok", 1, 1)


async def test_a_later_run_fills_the_gap_of_an_earlier_one(store: Store) -> None:
    one, two = make_paper(1), make_paper(2)
    early = batch(one, status="partial", missing=(gap(two.id),), note=DOWN)
    await store.papers.take_in(DAY, early, DAY, NOW)
    source = await covered(store)
    assert (source.status, source.owed, source.held, source.note) == ("partial", 2, 1, DOWN)
    assert source.missing == (gap(two.id),)
    late = batch(two, status="partial", missing=(gap(one.id),), note=DOWN)
    await store.papers.take_in(DAY, late, DAY, later(hours=1))
    source = await covered(store)
    assert (source.status, source.owed, source.held) == ("ok", 2, 2)
    assert (source.missing, source.note, source.checked_at) == ((), None, later(hours=1))


async def test_a_run_that_breaks_never_worsens_a_complete_one(store: Store) -> None:
    await store.papers.take_in(DAY, batch(make_paper()), DAY, NOW)
    broken = batch(status="failed", missing=(gap("arXiv 1-1"),), note=DOWN)
    await store.papers.take_in(DAY, broken, DAY, later(hours=1))
    source = await covered(store)
    assert (source.status, source.missing, source.note) == ("ok", (), None)


async def test_a_run_that_breaks_forgets_nothing_of_what_was_missing(store: Store) -> None:
    early = batch(make_paper(), status="partial", missing=(gap("arXiv 2-40", 39),), note=DOWN)
    await store.papers.take_in(DAY, early, DAY, NOW)
    await store.papers.take_in(DAY, batch(status="failed", note=DOWN), DAY, later(hours=1))
    source = await covered(store)
    assert (source.status, source.owed, source.held) == ("partial", 40, 1)
    assert source.missing == (gap("arXiv 2-40", 39),)


@pytest.mark.parametrize(
    ("runs", "status"),
    [
        (["quiet"], "quiet"),
        (["quiet", "quiet"], "quiet"),
        (["quiet", "failed"], "failed"),
        (["failed", "quiet"], "failed"),
    ],
)
async def test_broken_is_never_shown_as_quiet(
    store: Store, runs: list[Status], status: Status
) -> None:
    for run in runs:
        await store.papers.take_in(DAY, batch(status=run, note=DOWN), DAY, NOW)
    assert (await covered(store)).status == status


async def test_a_listing_of_unknown_length_is_not_complete(store: Store) -> None:
    await store.papers.take_in(DAY, batch(make_paper(), status="partial", note=DOWN), DAY, NOW)
    source = await covered(store)
    assert (source.status, source.owed, source.held, source.note) == ("partial", 1, 1, DOWN)


async def test_every_source_is_covered_by_itself(store: Store) -> None:
    said = (Remark("papers.jsonl:2", DOWN),)
    await store.papers.take_in(DAY, batch(make_paper(1), make_paper(2), remarks=said), DAY, NOW)
    await store.papers.take_in(DAY, batch(make_paper(2), source="Hugging Face"), DAY, NOW)
    assert [(s.source, s.held, s.remarks) for s in await store.papers.coverage(DAY)] == [
        ("Hugging Face", 1, ()),
        ("arXiv", 2, said),
    ]
    assert await store.papers.coverage(NEXT_DAY) == ()


gaps = st.lists(
    st.builds(gap, st.sampled_from("abcdefgh"))
    | st.builds(gap, st.sampled_from(["1-50", "51-100"]), st.integers(1, 9)),
    max_size=4,
    unique_by=lambda item: item.id,
)
listed = st.lists(st.sampled_from("abcdefgh"), max_size=8, unique=True)


@settings(max_examples=60)
@given(st.lists(st.tuples(listed, gaps), min_size=1, max_size=5))
def test_whatever_the_runs_say_held_and_missing_make_up_what_is_owed(
    runs: list[tuple[list[str], list[Missing]]],
) -> None:
    listing: Listing | None = None
    held: set[str] = set()
    most = 0
    for given_ids, missing in runs:
        told = [item for item in missing if item.id not in given_ids]
        held.update(given_ids)
        run = Batch("arXiv", "partial", missing=tuple(told))
        listing = after_run(listing, run, len(given_ids), held, NOW)
        most = max(most, len(given_ids) + sum(item.count for item in told))
        source = summary("arXiv", listing, held)
        assert source.owed == max(most, len(held))
        assert source.held + sum(item.count for item in source.missing) == source.owed
        assert not held & {item.id for item in source.missing}


async def test_the_real_days_one_after_another_bring_every_id_once(
    store: Store, corpus: list[Path]
) -> None:
    batches = [
        (date.fromisoformat(path.stem), FileSource(path).read(date.fromisoformat(path.stem)))
        for path in corpus
    ]
    seen: dict[str, date] = {}
    for day, real in batches:
        ids = [paper.id for paper in real.papers]
        assert await store.papers.take_in(day, real, day, NOW) == len(set(ids) - seen.keys())
        seen = dict.fromkeys(ids, day) | seen
    times = Counter(paper.id for _, real in batches for paper in real.papers)
    assert sum(number > 1 for number in times.values()) == 119
    before = {day: await store.papers.new_in(day) for day, _ in batches}
    assert {paper.id: day for day, papers in before.items() for paper in papers} == seen
    for day, real in batches:
        assert await store.papers.take_in(day, real, day, later(days=1)) == 0
        (source,) = await store.papers.coverage(day)
        assert (source.status, source.held) == ("ok", len(real.papers))
    assert {day: await store.papers.new_in(day) for day, _ in batches} == before
