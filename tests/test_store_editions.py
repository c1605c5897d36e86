"""What every store promises of editions and reports, whatever its engine."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.category import Taxonomy
from core.edition import Coverage, Edition
from core.i18n import Phrase
from core.paper import Paper
from core.ports import Batch, Missing, SourceCoverage
from core.report import Claim, Report
from storage.database import StorageError
from storage.store import Store
from tests import stores
from tests.factories import DAY, make_edition, make_paper
from tests.stores import NOW, later

database_url, store = stores.database_url, stores.store


async def taken_in(store: Store, *papers: Paper) -> tuple[Paper, ...]:
    await store.papers.take_in(DAY, Batch("arXiv", "ok", papers), DAY, NOW)
    return papers


def day(offset: int) -> date:
    return DAY + timedelta(days=offset)


@pytest.fixture
async def edition(store: Store, taxonomy: Taxonomy) -> Edition:
    """Three papers in two categories; stored, not yet sealed."""
    papers = await taken_in(store, make_paper(1), make_paper(2), make_paper(3))
    return make_edition({"cv": papers[:2], "rl": papers[2:]}, taxonomy)


def report(edition: Edition, category: str = "cv", language: str = "en") -> Report:
    return Report(
        category=category,
        language=language,
        method="llm",
        papers=edition.categories[category][::-1],
        themes=(Claim("Two methods.", (1, 2)),),
        keywords=("method",),
        findings=(Claim("It works.", (1,)),),
        model="some-model",
    )


async def test_a_sealed_edition_comes_back_whole(store: Store, edition: Edition) -> None:
    missing = (Missing("arxiv:2501.00009", Phrase("source.http", source="arXiv", status=503)),)
    source = SourceCoverage("arXiv", "partial", 4, 3, missing, checked_at=NOW)
    edition = replace(edition, coverage=Coverage(3, (source,)))
    assert await store.editions.seal(edition, NOW)
    kept = await store.editions.sealed(DAY)
    assert kept == edition
    assert kept
    assert list(kept.categories) == list(edition.categories)


async def test_what_is_sealed_stays_as_it_is(
    store: Store, edition: Edition, taxonomy: Taxonomy
) -> None:
    await store.editions.seal(edition, NOW)
    assert not await store.editions.seal(make_edition({}, taxonomy), later(hours=1))
    assert await store.editions.sealed(DAY) == edition


async def test_a_quiet_day_is_sealed_too(store: Store, taxonomy: Taxonomy) -> None:
    quiet = make_edition({}, taxonomy)
    assert await store.editions.seal(quiet, NOW)
    assert await store.editions.sealed(DAY) == quiet


async def test_an_edition_of_papers_never_taken_in_is_refused_and_not_half_sealed(
    store: Store, taxonomy: Taxonomy
) -> None:
    with pytest.raises(StorageError, match=r"paperround\.db"):
        await store.editions.seal(make_edition({"cv": [make_paper()]}, taxonomy), NOW)
    assert await store.editions.sealed(DAY) is None


async def test_an_edition_follows_a_paper_to_its_arxiv_id(store: Store, taxonomy: Taxonomy) -> None:
    twin = make_paper(id="deeplearn:7")
    await taken_in(store, twin)
    before = make_edition({"cv": [twin]}, taxonomy)
    await store.editions.seal(before, NOW)
    await store.editions.save_report(DAY, report(before))
    await taken_in(store, make_paper())
    kept = await store.editions.sealed(DAY)
    assert kept
    assert [entry.paper.id for entry in kept.categories["cv"]] == [make_paper().id]
    (told,) = await store.editions.reports(DAY, "en")
    assert told.papers == kept.categories["cv"]


async def test_an_edition_put_together_before_a_paper_got_its_arxiv_id_can_be_sealed(
    store: Store, taxonomy: Taxonomy
) -> None:
    await taken_in(store, make_paper(id="deeplearn:7"))
    await taken_in(store, make_paper())
    assert await store.editions.seal(
        make_edition({"cv": [make_paper(id="deeplearn:7")]}, taxonomy), NOW
    )
    kept = await store.editions.sealed(DAY)
    assert kept
    assert kept.categories["cv"][0].paper.id == make_paper().id


async def test_sealed_dates_are_found_from_both_ends(store: Store, taxonomy: Taxonomy) -> None:
    for offset in (3, 0, 1):
        await store.editions.seal(make_edition({}, taxonomy, date=day(offset)), NOW)
    assert await store.editions.newest_sealed(day(2)) == day(1)
    assert await store.editions.newest_sealed(day(3)) == day(3)
    assert await store.editions.newest_sealed(day(-1)) is None
    assert await store.editions.sealed_after(day(0)) == [day(1), day(3)]
    assert await store.editions.sealed_after(day(3)) == []


async def test_reports_come_back_in_the_order_of_categories_each_with_its_papers_in_order(
    store: Store, edition: Edition
) -> None:
    await store.editions.seal(edition, NOW)
    slugs = [slug for slug in edition.categories if slug in {"cv", "rl"}]
    for slug in reversed(slugs):
        await store.editions.save_report(DAY, report(edition, slug))
    await store.editions.save_report(DAY, report(edition, language="ko"))
    assert await store.editions.reports(DAY, "en") == [report(edition, slug) for slug in slugs]
    assert await store.editions.reports(DAY, "ko") == [report(edition, language="ko")]
    assert await store.editions.reports(day(1), "en") == []


async def test_the_first_report_stays(store: Store, edition: Edition) -> None:
    await store.editions.seal(edition, NOW)
    first = report(edition)
    await store.editions.save_report(DAY, first)
    await store.editions.save_report(DAY, replace(first, keywords=("other",)))
    assert await store.editions.reports(DAY, "en") == [first]


async def test_a_written_report_takes_the_place_of_an_extracted_one_and_never_the_other_way(
    store: Store, edition: Edition
) -> None:
    await store.editions.seal(edition, NOW)
    quoted = replace(report(edition), method="extracted", model="m")
    written = replace(quoted, method="llm", keywords=("written",))
    for kept, there in ((quoted, quoted), (written, written), (quoted, written)):
        await store.editions.save_report(DAY, kept)
        assert await store.editions.reports(DAY, "en") == [there]
    await store.editions.save_report(DAY, replace(written, keywords=("later",)))
    assert await store.editions.reports(DAY, "en") == [written]


async def test_a_report_on_an_edition_that_is_not_sealed_is_refused(
    store: Store, edition: Edition
) -> None:
    with pytest.raises(StorageError):
        await store.editions.save_report(DAY, report(edition))


async def test_sealed_papers_are_counted_by_category_and_days_without_an_edition_left_out(
    store: Store, edition: Edition
) -> None:
    await store.editions.seal(edition, NOW)
    counts = await store.editions.counts([DAY, day(1)])
    assert counts == {DAY: dict.fromkeys(edition.categories, 0) | {"cv": 2, "rl": 1}}
    assert await store.editions.counts([]) == {}


async def test_an_edition_that_came_to_nothing_because_a_source_broke_counts_nothing(
    store: Store, taxonomy: Taxonomy
) -> None:
    note = Phrase("source.http", source="arXiv", status=503)
    quiet, broken = (Batch("arXiv", status, note=note).coverage() for status in ("quiet", "failed"))
    for offset, source in enumerate((quiet, broken)):
        coverage = Coverage(0, (source,))
        await store.editions.seal(
            make_edition({}, taxonomy, date=day(offset), coverage=coverage), NOW
        )
    counts = await store.editions.counts([day(0), day(1)])
    assert counts == {day(0): dict.fromkeys(taxonomy.slugs, 0)}


async def test_a_paper_that_came_while_the_edition_was_built_joins_the_next_one(
    store: Store, taxonomy: Taxonomy
) -> None:
    early, late, last = (make_paper(number) for number in (1, 2, 3))
    await taken_in(store, early)
    edition = make_edition({"cv": [early]}, taxonomy)
    await taken_in(store, early, late)
    assert await store.editions.seal(edition, NOW)
    await taken_in(store, early, late, last)
    assert await store.papers.edition_of([early.id, late.id, last.id]) == {
        early.id: DAY,
        late.id: day(1),
        last.id: day(1),
    }


async def test_a_late_paper_joins_an_edition_still_to_come_and_no_day_that_was_passed_over(
    store: Store, edition: Edition
) -> None:
    await store.editions.seal(edition, NOW)
    await store.editions.seal(replace(edition, date=day(14), categories={}), NOW)
    late = make_paper(9)
    await store.papers.take_in(DAY, Batch("arXiv", "ok", (late,)), DAY, later(hours=1))
    assert await store.papers.edition_of([late.id]) == {late.id: day(15)}
    old = make_paper(10)
    await store.papers.take_in(day(3), Batch("arXiv", "ok", (old,)), day(3), later(hours=1))
    assert await store.papers.edition_of([old.id]) == {old.id: day(3)}
