import pytest

from core.category import Taxonomy
from core.i18n import catalog
from core.report import Report
from core.report.extractive import extract
from core.report.terms import Background, counted_terms, folded, keywords, shared_terms
from core.report.writing import shown_categories, write_reports
from tests.factories import make_edition, make_paper

BIRDS = [
    make_paper(
        n,
        title=f"Bird{n}: Hearing Bird Songs",
        abstract=f"Bird songs are varied. We propose Bird{n}, a model of bird songs that needs"
        f" no labels. It improves recall by {n}%. Future work will hear {n} more forests.",
    )
    for n in range(1, 4)
]
CARS = [make_paper(n, title=f"Car {n}", abstract="We study wheels of cars.") for n in range(11, 40)]


def report(count: int, taxonomy: Taxonomy, language: str = "en") -> Report:
    edition = make_edition({"audio": BIRDS[:count], "robotics": CARS}, taxonomy)
    (written,) = write_reports(edition, ["audio"], 5, catalog(language))
    return written


def test_every_claim_cites_papers_that_are_there_and_every_paper_is_cited(
    taxonomy: Taxonomy,
) -> None:
    written = report(3, taxonomy)
    claims = (*written.themes, *written.findings, *written.impact, *written.outlook)
    assert all(claim.cites and set(claim.cites) <= {1, 2, 3} for claim in claims)
    assert [claim.cites for claim in written.findings] == [(1,), (2,), (3,)]


def test_each_paper_s_line_is_its_own_contribution(taxonomy: Taxonomy) -> None:
    written = report(3, taxonomy)
    for number, entry in enumerate(written.papers, 1):
        name = entry.paper.title.partition(":")[0]
        assert written.line(number).startswith(f"We propose {name}")


def test_themes_are_terms_that_several_papers_share(taxonomy: Taxonomy) -> None:
    written = report(3, taxonomy)
    assert written.themes[0].text == "‘bird songs’ in 3 papers"
    assert written.themes[0].cites == (1, 2, 3)


def test_a_single_paper_has_no_themes(taxonomy: Taxonomy) -> None:
    assert report(1, taxonomy).themes == ()


def test_headings_are_the_reader_s_and_the_sentences_the_papers_own(taxonomy: Taxonomy) -> None:
    korean = report(3, taxonomy, "ko")
    assert korean.themes[0].text == "‘bird songs’ 3편"
    assert korean.findings == report(3, taxonomy).findings
    assert korean.method == "extracted"


def test_a_sentence_is_said_once(taxonomy: Taxonomy) -> None:
    written = report(3, taxonomy)
    said = [c.text for c in (*written.findings, *written.impact, *written.outlook)]
    assert len(said) == len(set(said))


def test_terms_are_nouns_and_phrases_without_filler() -> None:
    assert counted_terms("The bird songs, the birds of 2024") == {
        "bird": 2,
        "song": 1,
        "bird song": 1,
    }


def test_a_plural_and_its_singular_are_one_term() -> None:
    assert counted_terms("losses, loss, batches, batch, bases, bodies, body, lens") == {
        "loss": 2,
        "batch": 2,
        "base": 1,
        "body": 2,
        "lens": 1,
    }


def test_keywords_tell_these_papers_from_the_day_s_others() -> None:
    background = Background([*BIRDS, *CARS])
    assert keywords(BIRDS, background, 1) == ["bird songs"]
    assert keywords(CARS, background, 1)[0].split()[0] in {"car", "wheel"}
    assert shared_terms(BIRDS[:1], background, 3) == []


def themes(*abstracts: str, titles: tuple[str, ...] = ()) -> list[str]:
    """The themes of papers with these abstracts among a day of papers on cars."""
    papers = [
        make_paper(n, title=titles[n - 1] if titles else "A Title", abstract=abstract)
        for n, abstract in enumerate(abstracts, 1)
    ]
    return [term for term, _ in shared_terms(papers, Background([*papers, *CARS]), 5)]


def test_a_term_is_shown_as_its_papers_mostly_write_it() -> None:
    assert themes(
        "Radial MRI is slow. We speed up radial MRI.", "For radial MRI we learn. Radial MRI it is."
    ) == ["radial MRI"]
    assert themes("It reads time series. These time series end.", "Time series grow.") == [
        "time series"
    ]
    assert themes("A REcommender owl. The REcommender owl.", "Its recommender owl.") == [
        "recommender owl"
    ]
    titles = ("Snow Maps for Owls", "Better Snow Maps")
    assert themes("It sees.", "It hears.", titles=titles) == ["snow maps"]


@pytest.mark.parametrize(
    "chance",
    [
        "The limitation arises",
        "Such findings indicate",
        "It consistently outperforms",
        "We generate responses",
        "They help guide",
        "The high-quality large-scale",
        "It is partial differential",
        "We optimize quickly",
    ],
)
def test_words_that_name_nothing_are_no_theme(chance: str) -> None:
    said = f"{chance} here. {chance} there."
    assert themes(said, said) == []


def test_a_theme_is_rare_in_the_day_s_other_papers() -> None:
    said = "We see a robot arm. The robot arm is red."
    papers = [make_paper(n, title="A Title", abstract=said) for n in range(1, 9)]
    assert shared_terms(papers[:2], Background([*papers, *CARS]), 5) == []
    assert shared_terms(papers[:2], Background([*papers[:2], *CARS]), 5) == [("robot arm", (1, 2))]


def test_a_theme_is_what_one_of_its_papers_insists_on() -> None:
    assert themes("It has a robot arm.", "It has no robot arm.") == []


def test_a_longer_established_phrase_stands_for_its_fragments() -> None:
    papers = [
        make_paper(
            1,
            title="Scans of the Human Proximal Femur",
            abstract="The human proximal femur breaks. We scan the human proximal femur.",
        )
    ]
    assert keywords(papers, Background([*papers, *CARS]), 5)[0] == "human proximal femur"


def test_what_is_said_once_is_no_keyword() -> None:
    papers = [make_paper(1, title="Owls", abstract="Snow falls on grey stones. Owls sleep.")]
    assert keywords(papers, Background([*papers, *CARS]), 5) == []


def test_an_acronym_and_what_it_stands_for_are_one_keyword() -> None:
    said = "Magnetic bird imaging (MBI) sees. With magnetic bird imaging, MBI is MBI and MBI."
    papers = [make_paper(1, title="MBI: Magnetic Bird Imaging", abstract=said)]
    assert keywords(papers, Background([*papers, *CARS]), 5) == ["magnetic bird imaging"]


def test_a_shown_term_is_found_again_however_it_is_spelt() -> None:
    assert folded("Bird Songs") in counted_terms("A bird song.")


def test_a_post_shows_the_fullest_categories_and_other_only_when_asked(taxonomy: Taxonomy) -> None:
    edition = make_edition({"audio": BIRDS, "robotics": CARS, "other": CARS[:9]}, taxonomy)
    assert shown_categories(edition, (), 8) == ("robotics", "audio")
    assert shown_categories(edition, (), 1) == ("robotics",)
    assert shown_categories(edition, ("other", "cv"), 8) == ("other",)


def test_extracting_needs_nothing_but_the_papers(taxonomy: Taxonomy) -> None:
    bare = make_edition({"cv": [make_paper(1, abstract="One.")]}, taxonomy)
    entries = bare.categories["cv"]
    written = extract("cv", entries, Background([]), catalog("ko"))
    assert written.line(1) == "One."
