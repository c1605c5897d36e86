import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.report.extractive import shorten
from core.report.sentences import ahead, contribution, effect, sentences
from tests.factories import make_paper


def new_in(abstract: str, title: str = "A Title") -> str:
    return contribution(make_paper(1, title=title, abstract=abstract))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("It works, e.g. Transformers do. So there.", 2),
        ("Smith et al. Show it. Yes.", 2),
        ("This is by Smith et al. We go on.", 2),
        ("It gains 3.5 points. Good.", 2),
        ("See Fig. 3 and Eq. 4 for it.", 1),
        ("It is done (as said.) Then more.", 2),
        ("no capital. after the stop", 1),
        ("Every edge of G. We show it.", 2),
        ("A map f : ℝᵈ → ℝ. Prior work is slow.", 2),
        ("It needs Vitamin B. We show why.", 2),
        ("Maps have degree n. Curves have none.", 2),
        ("It is known by J. Smith and S. K. Lee. Yes.", 2),
        ("The rule of [J. Smith, K. Lee, Owls] holds.", 1),
        ("Ask Jane S. Lee about it.", 1),
        ("They use maps, lists, etc. We use none.", 2),
        ("There are two ways: 1. Walking helps. 2. Running helps.", 2),
        ("We take Owl 3. It is new.", 2),
        ("", 0),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize(
    ("piece", "count"),
    [(".", 1), ("We see x. ", 10_000), ("((((", 1), (" ", 0), ("e.g. ", 1), ("9.9 ", 1)],
)
def test_a_very_long_text_is_split_like_a_short_one(piece: str, count: int) -> None:
    text = piece * (100_000 // len(piece))
    assert len(sentences(text)) == count
    assert new_in(text) in {text.strip(), piece.strip(), "A Title"}


@given(st.text(alphabet='ab. !?()A"1,', max_size=80))
def test_splitting_into_sentences_loses_no_letter(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_the_proposal_is_what_is_new_not_the_background_nor_the_result() -> None:
    assert new_in(
        "Segmentation is hard. Many models have been proposed. We propose Foo, a model that cuts"
        " images by colour. Experiments show that we outperform others by 3%."
    ).startswith("We propose Foo")


def test_an_afterthought_gives_way_to_the_first_proposal() -> None:
    assert new_in(
        "In this paper, we introduce a large corpus of bird songs from gardens. We further propose"
        " a baseline for it. Finally, we present results on the whole corpus of songs."
    ).startswith("In this paper, we introduce")


def test_the_authors_are_meant_by_i_but_not_by_i_e() -> None:
    assert new_in(
        "Owls hunt at night, i.e. they propose nothing new to any of us. This paper studies the owls."
    ).startswith("This paper")
    assert new_in(
        "Owls hunt at night and sleep all day long. In short, I propose a lamp for the owls."
    ).endswith("for the owls.")


def test_an_announced_deed_leads_the_sentences_about_its_parts() -> None:
    assert new_in(
        "In this paper, we propose a lamp for owls that glows in every season of the year. To"
        " implement the lamp, we design a small battery and introduce a switch for it."
    ).startswith("In this paper, we propose")


def test_a_verb_that_stands_far_from_its_authors_is_not_their_deed() -> None:
    assert new_in(
        "This survey describes how owls were counted in the woods of the far north. This survey"
        " may one day be read by all the many people who are developing new lamps for owls."
    ).startswith("This survey describes")


def test_what_others_developed_is_no_contribution() -> None:
    assert new_in(
        "This study explores how owls may be counted. Since most lamps are introduced for people,"
        " owls have had to do without them."
    ).startswith("This study explores")


def test_a_list_that_is_announced_and_not_given_is_no_line() -> None:
    assert new_in(
        "Our work makes the following three contributions to the field of study:"
        " many. This work presents Bar, a compiler for very small neural networks."
    ).startswith("This work presents Bar")


def test_the_sentence_with_the_method_s_own_name_leads() -> None:
    assert new_in(
        "We study the way in which children learn new words in school. DogNet learns words from"
        " one example, and we present it here for the first time.",
        title="DogNet: Words from One Example",
    ).startswith("DogNet learns")


def test_a_number_of_contributions_is_no_contribution() -> None:
    assert new_in(
        "In this paper, we mainly make three contributions to the study of the owls of the woods."
        " First, we describe the way in which owls come to learn where the lamps are."
    ).startswith("First, we describe")


def test_an_abstract_without_any_cue_gives_its_first_sentence() -> None:
    assert new_in("Birds sing in the morning. Cats sleep.") == "Birds sing in the morning."


def test_an_effect_with_a_figure_leads_and_none_is_made_up() -> None:
    assert "12%" in effect(["It improves things.", "It improves accuracy by 12%.", "Nothing."])
    assert effect(["Birds sing."]) == ""


def test_what_looks_ahead_is_the_last_such_sentence() -> None:
    found = ["It remains open why.", "Birds sing.", "Future work will ask cats.", "The end."]
    assert ahead(found) == "Future work will ask cats."
    assert ahead(["Birds sing."]) == ""


@given(st.text(max_size=400), st.integers(10, 200))
def test_a_shortened_line_keeps_to_its_length_and_says_that_it_was_cut(
    text: str, most: int
) -> None:
    line = shorten(text, most)
    assert len(line) <= most + 1
    assert line == text or "…" in line


@given(st.text(alphabet="ab (),", min_size=60, max_size=400), st.integers(20, 50))
def test_a_shortened_line_leaves_no_bracket_open(text: str, most: int) -> None:
    def left_open(line: str) -> int:
        depth = 0
        for char in line:
            depth = depth + 1 if char == "(" else max(depth - (char == ")"), 0)
        return depth

    assert left_open(shorten(text, most)) == 0


@given(
    st.lists(st.from_regex(r"\(?[a-d]{1,9}[,)]?", fullmatch=True), min_size=20),
    st.integers(30, 50),
)
def test_a_shortened_line_ends_with_a_whole_word(words: list[str], most: int) -> None:
    line = shorten(" ".join(words), most)
    kept = line.partition(" …")[0].split()
    assert kept or line == " ".join(words)
    assert [word.rstrip(",") for word in kept] == [word.rstrip(",") for word in words[: len(kept)]]
