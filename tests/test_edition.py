import pickle
from collections.abc import Collection
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.category import Taxonomy, default_taxonomy
from core.classify import Verdict
from core.edition import Compute, Coverage, Edition, assemble, build_edition
from core.i18n import Phrase
from core.paper import Paper
from core.ports import Batch, Missing
from tests.factories import DAY, make_paper


class ByCode:
    """A classifier for tests: the paper's primary code is its category."""

    def classify(self, paper: Paper) -> Verdict:
        return Verdict(paper.primary_category, 1.0, Phrase("classify.nothing"))


class Giving:
    """A source that gives one batch, whatever the day."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.asked: list[date] = []

    @property
    def name(self) -> str:
        return self.batch.source

    async def collect(self, day: date, held: Collection[str] = ()) -> Batch:  # noqa: ARG002
        self.asked.append(day)
        return self.batch


async def in_place(work, /, *args, **kwargs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002, ANN003, ANN201
    return work(*args, **kwargs)


RUN: Compute = in_place
RECENT = [f"Counting the Feathers of Bird {n}" for n in range(100)]
CV = [make_paper(n, primary_category="cv") for n in (1, 2, 3)]


async def test_one_paper_from_two_sources_is_one_paper(taxonomy: Taxonomy) -> None:
    sources = [Giving(Batch("a", "ok", tuple(CV))), Giving(Batch("b", "ok", tuple(CV[:2])))]
    edition = await build_edition(DAY, sources, ByCode(), taxonomy, RUN)
    assert len(edition.categories["cv"]) == 3
    assert edition.coverage.held == edition.coverage.owed == 3
    assert all(source.asked == [DAY] for source in sources)


async def test_a_broken_source_costs_the_others_nothing(taxonomy: Taxonomy) -> None:
    lost = Missing("b 1-40", Phrase("classify.nothing"), count=40)
    sources = [Giving(Batch("a", "ok", tuple(CV))), Giving(Batch("b", "failed", missing=(lost,)))]
    edition = await build_edition(DAY, sources, ByCode(), taxonomy, RUN)
    assert edition.coverage.held == 3
    assert edition.coverage.lost == 40
    assert edition.coverage.owed == 43


def test_every_category_is_there_and_every_paper_in_exactly_one(taxonomy: Taxonomy) -> None:
    papers = (*CV, make_paper(9, primary_category="other"))
    edition = assemble(DAY, papers, Coverage(len(papers), ()), ByCode(), taxonomy)
    assert tuple(edition.categories) == taxonomy.slugs
    placed = [entry.paper.id for shelf in edition.categories.values() for entry in shelf]
    assert sorted(placed) == sorted(paper.id for paper in papers)


def test_the_fullest_category_leads_and_other_is_last(taxonomy: Taxonomy) -> None:
    others = [make_paper(n, primary_category="other") for n in range(20, 30)]
    papers = (*others, make_paper(9, primary_category="rl"), *CV)
    edition = assemble(DAY, papers, Coverage(len(papers), ()), ByCode(), taxonomy)
    assert edition.fullest_first == ("cv", "rl", "other")


OWLS = [
    make_paper(n, title=f"Owl Splatting {thing}", primary_category=slug)
    for n, thing, slug in ((11, "Faster", "cv"), (12, "for Robots", "robotics"), (13, "", "rl"))
]


def reasons(edition: Edition) -> list[str]:
    shelves = edition.categories.values()
    return [reason.key for shelf in shelves for entry in shelf for reason in entry.why]


async def test_a_topic_may_be_new_across_categories(taxonomy: Taxonomy) -> None:
    sources = [Giving(Batch("a", "ok", tuple(OWLS)))]
    edition = await build_edition(DAY, sources, ByCode(), taxonomy, RUN, RECENT)
    assert reasons(edition).count("why.new_topic") == 3
    edition = await build_edition(DAY, sources, ByCode(), taxonomy, RUN)
    assert "why.new_topic" not in reasons(edition)


@given(st.permutations([*CV, *OWLS]))
def test_the_edition_is_the_same_in_whatever_order_its_papers_come(papers: list[Paper]) -> None:
    taxonomy = default_taxonomy()
    coverage = Coverage(len(papers), ())
    expected = assemble(DAY, (*CV, *OWLS), coverage, ByCode(), taxonomy, RECENT)
    assert assemble(DAY, papers, coverage, ByCode(), taxonomy, RECENT) == expected


def test_an_edition_can_be_put_together_in_another_process(taxonomy: Taxonomy) -> None:
    work = (assemble, DAY, CV, Coverage(3, ()), ByCode(), taxonomy, RECENT)
    function, *arguments = pickle.loads(pickle.dumps(work))  # noqa: S301
    edition = pickle.loads(pickle.dumps(function(*arguments)))  # noqa: S301
    assert edition == assemble(*work[1:])
