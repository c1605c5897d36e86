import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.category import OTHER, Category, Taxonomy, default_taxonomy
from core.classify.features import as_written, features, tells
from core.classify.model import TrainedClassifier, Weights, default_classifier, shipped, unpack
from core.classify.rules import RuleClassifier
from core.i18n import Phrase
from core.paper import Paper
from core.sample import sample_edition

SHARED = Path(__file__).parents[2] / "shared"
GOLD = SHARED / "gold" / "train.jsonl"
DEFAULT = default_classifier(default_taxonomy())
SEED = [
    (slug, entry.paper)
    for slug, entries in sample_edition(default_taxonomy()).categories.items()
    for entry in entries
]

PULLS = {
    "loaf": (100, -100, 0),
    "rye bread": (120, -60, 0),
    "rind": (-100, 100, 0),
    "policy": (20, 100, 0),
    "the": (0, 127, 0),
    "^loaf": (60, -60, 0),
    "@cs.BR": (90, -90, 0),
    "@@cs.CH": (-90, 90, 0),
}


def weights() -> Weights:
    count = len(PULLS)
    return Weights(
        slugs=("bread", "cheese", OTHER),
        terms={term: place for place, term in enumerate(PULLS)},
        rarity=np.ones(count, dtype=np.float32),
        pulls=np.array(list(PULLS.values()), dtype=np.int8),
        scale=np.full(count, 0.02, dtype=np.float32),
        bias=np.array([-0.5, -0.5, -0.6], dtype=np.float32),
        heat=2.0,
    )


def paper(title: str = "", abstract: str = "", *codes: str) -> Paper:
    return Paper(
        id="arxiv:2501.00001",
        title=title,
        abstract=abstract,
        primary_category=codes[0] if codes else "",
        categories=codes,
    )


def subject(slug: str, **evidence: object) -> Category:
    given = {"name": slug.title(), "emoji": "📄", "colour": "#777777", "description": ""}
    return Category(slug=slug, **(given | evidence))  # type: ignore[arg-type]


def sorter(*subjects: Category) -> TrainedClassifier:
    return TrainedClassifier(Taxonomy((*subjects, subject(OTHER))), weights())


BAKERY = sorter(subject("bread"), subject("cheese"))


@pytest.mark.parametrize(("slug", "seeded"), SEED, ids=[p.title[:30] for _, p in SEED])
def test_the_seeds_papers_land_where_the_seed_has_them(slug: str, seeded: Paper) -> None:
    assert DEFAULT.classify(seeded).category == slug


def test_words_and_codes_pull_a_paper_to_their_category() -> None:
    assert BAKERY.classify(paper("A loaf")).category == "bread"
    assert BAKERY.classify(paper("", "The rind.")).category == "cheese"
    assert BAKERY.classify(paper("Baking", "", "cs.BR")).category == "bread"
    assert BAKERY.classify(paper("Baking", "", "cs.CH")).category == "cheese"


def test_a_paper_of_which_nothing_is_known_goes_to_other_and_says_so() -> None:
    for empty in (paper(), paper("고래", "바다"), paper("x", "", "not a code!")):
        verdict = BAKERY.classify(empty)
        assert verdict.category == OTHER
        assert verdict.reason == Phrase("classify.nothing")


def test_a_score_is_a_share_that_grows_with_the_evidence() -> None:
    weak = BAKERY.classify(paper("", "A policy on rye bread, a loaf and the rind."))
    strong = BAKERY.classify(paper("Rye bread loaf", "A loaf of rye bread.", "cs.BR"))
    assert 0 < weak.score < strong.score < 1


def test_the_reason_names_words_as_the_paper_writes_them_and_the_codes() -> None:
    verdict = BAKERY.classify(paper("Loaves", "Rye breads and loafs of rye bread.", "cs.BR"))
    assert verdict.reason == Phrase("classify.words", words="rye breads, loafs", codes="cs.BR")


def test_the_reason_says_when_only_words_or_only_codes_decided() -> None:
    assert BAKERY.classify(paper("A loaf", "", "cs.XX")).reason == Phrase(
        "classify.words_only", words="loaf"
    )
    assert BAKERY.classify(paper("", "", "cs.BR")).reason == Phrase(
        "classify.codes_only", codes="cs.BR"
    )


def test_filler_and_numbers_are_never_shown_as_a_reason() -> None:
    verdict = BAKERY.classify(paper("", "The rind of the policies."))
    assert verdict.reason == Phrase("classify.words_only", words="rind, policies")
    assert tells("rye bread")
    assert not any(map(tells, ("the", "of rye", "rye and", "2024", "x")))


def test_a_folded_word_is_shown_in_its_first_spelling() -> None:
    spoken = paper("Physics of Quantisation", "Policies, then a policy.")
    assert as_written(["physic", "quantization", "policy", "unsaid"], spoken) == [
        "physics",
        "quantisation",
        "policies",
        "unsaid",
    ]


def test_only_texts_and_codes_matter_not_the_id_nor_the_order_of_codes() -> None:
    one = features(paper("A", "b c", "cs.BR", "cs.CH"))
    same = Paper("x", "A", "b c", primary_category="cs.BR", categories=("cs.CH", "cs.BR"))
    assert features(same) == one


def test_ties_go_to_the_category_the_taxonomy_names_first() -> None:
    level = paper("", "loaf rind")
    one, two = subject("bread"), subject("cheese")
    assert sorter(one, two).classify(level).category == "bread"
    assert sorter(two, one).classify(level).category == "cheese"


def test_a_removed_category_is_left_out_and_its_papers_go_elsewhere() -> None:
    alone = sorter(subject("cheese"))
    assert alone.classify(paper("A loaf")).category == OTHER
    assert alone.classify(paper("A rind")).category == "cheese"


def test_a_renamed_category_keeps_its_weights() -> None:
    renamed = sorter(subject("bread", name="Brot", keywords={"rind": 9}), subject("cheese"))
    assert renamed.classify(paper("A loaf")).category == "bread"
    assert renamed.classify(paper("A rind")).category == "cheese"


def test_a_new_category_works_by_its_keywords_codes_and_name() -> None:
    wine = subject("wine", name="Fine Wine", keywords={"grape": 2}, codes={"cs.WN": 2})
    cellar = sorter(subject("bread"), subject("cheese"), wine)
    verdict = cellar.classify(paper("Grapes", "On grapes."))
    assert (verdict.category, verdict.reason) == (
        "wine",
        Phrase("classify.words_only", words="grape"),
    )
    assert cellar.classify(paper("Unheard", "Of nothing.", "cs.WN")).category == "wine"
    assert cellar.classify(paper("A loaf of rye bread", "Loaf.", "cs.BR")).category == "bread"
    named = sorter(subject("bread"), subject("wine", name="Fine Wine"))
    assert named.classify(paper("A Fine Wine")).category == "wine"


def test_a_new_category_of_an_operator_works_beside_the_shipped_ones() -> None:
    quantum = subject("quantum", keywords={"qubit": 2, "quantum": 1}, codes={"quant-ph": 2})
    *subjects, other = default_taxonomy()
    mixed = default_classifier(Taxonomy((*subjects, quantum, other)))
    qubits = paper("Routing Qubits", "We route qubits on a quantum chip.", "quant-ph")
    assert mixed.classify(qubits).category == "quantum"
    robots = paper("Quadruped Robots Learn to Walk", "A legged robot walks over rubble.", "cs.RO")
    assert mixed.classify(robots).category == "robotics"


def test_a_taxonomy_the_weights_know_nothing_of_is_sorted_by_its_rules() -> None:
    foreign = Taxonomy((subject("bread", keywords={"loaf": 1}), subject(OTHER)))
    assert isinstance(default_classifier(foreign), RuleClassifier)
    assert default_classifier(foreign).classify(paper("A loaf")).category == "bread"


def test_a_paper_gets_a_category_of_the_taxonomy_whatever_it_holds() -> None:
    odd = ["", "?", "0", "loaf " * 9000, "한국어 논문", "\N{COMBINING ACUTE ACCENT}", "a\nb\x00c"]
    for text in odd:
        for each in (paper(text), paper("", text, "cs.CL"), paper(text, text, text)):
            verdict = DEFAULT.classify(each)
            assert verdict.category in default_taxonomy().slugs
            assert 0 < verdict.score <= 1


def test_the_classifier_is_cheap_to_send_and_says_the_same_in_another_process() -> None:
    sent = pickle.dumps(DEFAULT)
    assert len(sent) < 20_000
    script = (
        "import pickle, sys; from core.sample import sample_edition;"
        "from core.category import default_taxonomy;"
        "sorter, papers = pickle.load(sys.stdin.buffer);"
        "sys.stdout.buffer.write(pickle.dumps([sorter.classify(p) for p in papers]))"
    )
    papers = [seeded for _, seeded in SEED]
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=pickle.dumps((DEFAULT, papers)),
        capture_output=True,
        check=True,
    )
    told = pickle.loads(done.stdout)  # noqa: S301 - our own bytes
    assert told == [DEFAULT.classify(seeded) for seeded in papers]


def test_weights_are_read_back_as_they_were_written_and_always_as_the_same_bytes() -> None:
    data = weights().packed()
    again = unpack(data)
    assert again.packed() == data == weights().packed()
    assert again.terms == weights().terms
    assert np.array_equal(again.pulls, weights().pulls)


def test_the_shipped_weights_know_every_default_category_and_are_small() -> None:
    assert set(shipped().slugs) == set(default_taxonomy().slugs)
    assert len(shipped().packed()) < 1_000_000


@pytest.mark.skipif(not GOLD.is_file(), reason="the labelled papers lie beside the repository only")
def test_learning_twice_from_the_same_papers_gives_the_same_bytes() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is needed for learning alone")
    from bench.papers import load, own  # noqa: PLC0415
    from bench.train import fit  # noqa: PLC0415

    labelled, others = load(GOLD)[:600], [row.paper for row in own()[:60]]
    assert fit(labelled, others).packed() == fit(labelled, others).packed()


@pytest.mark.skipif(not GOLD.is_file(), reason="the labelled papers lie beside the repository only")
def test_our_own_labels_are_of_other_papers_than_the_gold_ones() -> None:
    from bench.papers import DEV, load, own, unlabelled  # noqa: PLC0415

    gold = {row.paper.id for path in (GOLD, DEV) for row in load(path)}
    ours = [row.paper.id for row in own()]
    assert len(set(ours)) == len(ours) >= 900
    assert gold.isdisjoint(ours)
    assert gold.isdisjoint(each.id for each in unlabelled())
    assert {row.label for row in own()} <= set(default_taxonomy().slugs)
