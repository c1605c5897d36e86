import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.category import Taxonomy
from core.classify import Verdict
from core.i18n import Phrase, catalog
from core.paper import Paper
from core.personal import for_you, matches, without
from core.ranking import Entry
from core.report import Claim, Report
from core.report.extractive import extract
from core.report.terms import Background
from tests.factories import make_edition, make_paper

PAPER = make_paper(
    title="Diffusion-Model Guidance for 3D Scenes",
    abstract="We survey C++ renderers.\nOur LLM은 확산모델을 씁니다.",
    authors=("Ana García", "Bo Li"),
)


def entry(paper: Paper) -> Entry:
    return Entry(paper, Verdict("cv", 0.5, Phrase("classify.nothing")), 0.5, ())


def report(*titles: str, **parts: object) -> Report:
    """A report about papers of these titles, numbered from 1."""
    papers = [make_paper(n, title=title, abstract="") for n, title in enumerate(titles, 1)]
    given = {
        "category": "cv",
        "language": "en",
        "method": "llm",
        "papers": tuple(map(entry, papers)),
    }
    return Report(**(given | parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "term",
    ["diffusion model", "DIFFUSION-model", "survey", "C++", "garcía", "bo li", "3d", "llm", "확산"],
)
def test_a_term_is_found_in_title_abstract_and_authors_whatever_its_case(term: str) -> None:
    assert matches(PAPER, (term,)) == (term,)


@pytest.mark.parametrize("term", ["diff", "surve", "usion", "scenes we", "li bo", "", " ", "c"])
def test_a_term_is_found_as_whole_words_within_one_field(term: str) -> None:
    paper = make_paper(title="Diffusion Scenes", abstract="We survey things.", authors=("Bo Li",))
    assert matches(paper, (term,)) == ()


def test_hangul_is_found_inside_a_word_and_ends_a_latin_one() -> None:
    paper = make_paper(title="대규모언어모델과 GPT를 위한 연구")
    assert matches(paper, ("언어모델", "gpt", "모델과")) == ("언어모델", "gpt", "모델과")
    assert matches(paper, ("gp", "pt")) == ()


def test_a_paper_in_wide_letters_is_found_by_narrow_ones() -> None:
    assert matches(make_paper(title="ＬＬＭ agents"), ("llm",)) == ("llm",)


def test_claims_rest_on_the_papers_that_are_left_under_their_new_numbers() -> None:
    before = report(
        "A survey of cats",
        "Dogs",
        "Birds",
        findings=(Claim("cats", (1,)), Claim("dogs", (2,)), Claim("birds", (3,))),
        impact=(Claim("pets", (1, 3)), Claim("surveyed", (1,))),
        outlook=(Claim("flight", (3,)),),
        themes=(Claim("animals", (1, 2, 3)),),
    )
    after = without(before, ["survey"])
    assert after is not None
    assert [e.paper.title for e in after.papers] == ["Dogs", "Birds"]
    assert after.findings == (Claim("dogs", (1,)), Claim("birds", (2,)))
    assert after.impact == (Claim("pets", (2,)),)
    assert after.outlook == (Claim("flight", (2,)),)
    assert after.themes == (Claim("animals", (1, 2)),)


def test_a_report_that_excludes_nothing_stays_itself_and_one_that_excludes_all_is_none() -> None:
    whole = report("Cats", "Dogs")
    assert without(whole, []) is whole
    assert without(whole, ["fish"]) is whole
    assert without(whole, ["cats", "dogs"]) is None
    assert without(report(), []) is None


def test_themes_vanish_when_one_paper_is_left() -> None:
    after = without(report("Cats", "Dogs", themes=(Claim("pets", (1, 2)),)), ["cats"])
    assert after is not None
    assert after.themes == ()


def test_keywords_go_with_the_papers_they_came_from() -> None:
    before = report(
        "A survey of feline networks",
        "Canine networks",
        keywords=("feline network", "network", "canine", "반려동물", "survey of things"),
    )
    after = without(before, ["survey"])
    assert after is not None
    assert after.keywords == ("network", "canine", "반려동물")


@pytest.mark.parametrize(
    "text",
    ["3 papers on pets.", "Three are on pets.", "반려동물 연구가 3편입니다.", "세 편이 다룹니다."],
)
def test_a_claim_that_would_count_wrong_goes(text: str) -> None:
    after = without(report("Cats", "Dogs", "Birds", themes=(Claim(text, (1, 2, 3)),)), ["cats"])
    assert after is not None
    assert after.themes == ()


@pytest.mark.parametrize("text", ["3D scenes", "by 3%", "0.3 points", "13 days", "세계"])
def test_a_number_that_counts_no_papers_does_no_harm(text: str) -> None:
    after = without(report("Cats", "Dogs", "Birds", impact=(Claim(text, (1, 2, 3)),)), ["cats"])
    assert after is not None
    assert after.impact == (Claim(text, (1, 2)),)


@pytest.mark.parametrize(("language", "said"), [("en", "in 2 papers"), ("ko", "2편")])
def test_an_extracted_theme_is_counted_again(language: str, said: str) -> None:
    words = catalog(language)
    papers = [make_paper(n, title=f"Video diffusion {n}", abstract="") for n in (1, 2)]
    papers.append(make_paper(3, title="Video diffusion survey", abstract=""))
    written = extract("cv", tuple(map(entry, papers)), Background(papers), words)
    assert words.say("report.theme", term="video diffusion", count=3) in {
        claim.text for claim in written.themes
    }
    after = without(written, ["survey"])
    assert after is not None
    (theme,) = after.themes
    assert theme == Claim(words.say("report.theme", term="video diffusion", count=2), (1, 2))
    assert said in theme.text


cites = st.lists(st.integers(1, 4), min_size=1, max_size=4, unique=True).map(tuple)
claims = st.lists(st.builds(Claim, st.just("a claim"), cites), max_size=6).map(tuple)


@settings(deadline=None)
@given(claims, st.sets(st.sampled_from(["Ant", "Bee", "Cow", "Doe"])))
def test_every_claim_left_cites_the_papers_it_cited_before(
    made: tuple[Claim, ...], exclude: set[str]
) -> None:
    before = report("Ant", "Bee", "Cow", "Doe", impact=made)
    after = without(before, sorted(exclude))

    def cited(of: Report, claim: Claim) -> tuple[str, ...]:
        titles = (of.papers[number - 1].paper.title for number in claim.cites)
        return tuple(title for title in titles if title not in exclude)

    expected = [found for claim in made if (found := cited(before, claim))]
    if after is None:
        assert len(exclude) == 4
    else:
        assert [cited(after, claim) for claim in after.impact] == expected
        assert all(claim.cites for claim in after.impact)


def test_for_you_is_the_best_of_every_category_that_is_not_shown_already(
    taxonomy: Taxonomy,
) -> None:
    cats = [make_paper(n, title=f"Cat {n}") for n in (1, 2)]
    best = make_paper(3, title="Cat 3", comment="Accepted at CVPR 2025")
    survey = make_paper(4, title="A survey of the cat")
    dog = make_paper(5, title="Dog")
    edition = make_edition({"cv": [*cats, dog], "other": [best, survey]}, taxonomy)

    def ids(**given: object) -> list[str]:
        asked: dict[str, object] = {
            "include": ["cat"], "exclude": ["survey"], "already": (), "most": 9,
        }  # fmt: skip
        found = for_you(edition, **(asked | given))  # type: ignore[arg-type]
        return [one.paper.id for one in found]

    assert ids() == [best.id, cats[0].id, cats[1].id]
    assert ids(already={best.id}) == [cats[0].id, cats[1].id]
    assert ids(most=1) == [best.id]
    assert ids(most=0) == []
    assert ids(include=[]) == []
    assert ids(exclude=[]) == [best.id, cats[0].id, cats[1].id, survey.id]
