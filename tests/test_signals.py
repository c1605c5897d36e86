import pytest

from core.signals import released, venue
from tests.factories import make_paper


@pytest.mark.parametrize(
    "said",
    [
        "Our code is available online.",
        "The code and the data are publicly available.",
        "We release the dataset and models.",
        "We further open-source our toolkit.",
        "We make all our code publicly available.",
        "All models have been released under an open license.",
        "Code: this https URL",
        "The dataset is available at https://example.org/birds.",
        "See https://github.com/a/b for more.",
        "See https://huggingface.co/a for more.",
    ],
)
def test_a_release_is_seen(said: str) -> None:
    assert released(make_paper(1, abstract=f"We hear birds. {said}"))
    assert released(make_paper(1, comment=f"12 pages. {said}"))


def test_an_address_of_a_code_host_among_the_links_is_a_release() -> None:
    assert released(make_paper(1, links=("https://github.com/a/b",)))
    assert not released(make_paper(1, links=("https://example.org/a",)))


@pytest.mark.parametrize(
    "said",
    [
        "We study released prisoners. The code of law is old.",
        "A nominal model of the bird is typically available.",
        "Open-source models write vulnerable code.",
        "The drug release follows a simple model.",
        "We use Owl Data Release 3.",
        "There is limited training data available.",
        "We compare open-source models like OwlLM.",
        "We find that few companies release training data.",
        "Our dataset was found on the web.",
    ],
)
def test_words_that_only_sound_like_a_release_are_none(said: str) -> None:
    assert not released(make_paper(1, abstract=said))


@pytest.mark.parametrize(
    "said",
    [
        "Our code will be released.",
        "We will release the dataset.",
        "The code is publicly released upon acceptance.",
        "We plan to release our code.",
        "The code will be available at https://github.com/a/b.",
        "Code is to be released at https://github.com/a/b.",
    ],
)
def test_a_promise_is_no_release(said: str) -> None:
    links = ("https://github.com/a/b",) if "github" in said else ()
    assert not released(make_paper(1, abstract=said, links=links))


@pytest.mark.parametrize(
    ("comment", "name"),
    [
        ("Accepted to ICCV 2025, 12 pages", "ICCV"),
        ("accepted by ICCV2025", "ICCV"),
        ("9 pages; Accepted at CHI'25", "CHI"),
        ("To appear in the Proceedings of Some Long Name (CCS '25)", "CCS"),
        ("ICML 2025 (spotlight)", "ICML"),
        ("Accepted at ACL 2025 (Findings)", "ACL Findings"),
        ("Submitted version. Accepted at MICCAI 2025", "MICCAI"),
        ("Accepted by RecSys 2024; an extension is under review", "RecSys"),
        ("Published in Nature, 2025", "Nature"),
    ],
)
def test_an_accepted_paper_names_its_venue(comment: str, name: str) -> None:
    assert venue(comment) == name


@pytest.mark.parametrize(
    "comment",
    [
        "ICCV 2025",
        "Submitted to ICCV 2025",
        "Under review at ICML 2025",
        "A shorter paper was rejected, this is submitted to the ACL proceedings",
        "Accepted at the Owl Workshop, CVPR 2025",
        "Accepted to the ICCV 2025 Workshop on Owls",
        "Accepted at OwlNet @ ICML 2025",
        "Accepted at OwlNet@ISCA 2025",
        "Accepted at ICML 2025 OwlNet",
        "Accepted by Trusted Owl Agents KDD2025",
        "Accepted at CVPR 2025. It is not included in the official CVPR proceedings",
        "An earlier version appeared at NeurIPS 2019",
        "Accepted at AAAI/ACM OWLS 2025",
        "Accepted to RSS-OWLS 2025",
        "Accepted at the Conference on Automation Science and Engineering",
        "To appear in Theoretical Computer Science",
        "Published in Lecture Notes in Computer Science (LNCS)",
        "In Proceedings of the Congress on Frontiers in Science, Rome",
        "Published in Nature Communications",
        "Accepted by people who chi and www",
    ],
)
def test_what_no_main_venue_has_accepted_is_not_said_to_be(comment: str) -> None:
    assert not venue(comment)


@pytest.mark.parametrize("piece", [".", "ICML ", "the code ", "we release ", "((((", "http "])
def test_a_very_long_text_tells_nothing_more_than_a_short_one(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert not venue(text)
    assert not released(make_paper(1, comment=text, abstract=text))
