import json
import pickle
import re
from collections import Counter
from pathlib import Path

import pytest

from core.category import OTHER, Category, Taxonomy, default_taxonomy, load_taxonomy
from core.classify.rules import RuleClassifier, tokens
from core.i18n import Phrase
from core.paper import Paper

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
DEFAULT = RuleClassifier(default_taxonomy())


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


def sorter(*subjects: Category) -> RuleClassifier:
    return RuleClassifier(Taxonomy((*subjects, subject(OTHER))))


OBVIOUS = """
llm | cs.CL | Chain-of-Thought Helps Large Language Models Add | We study mathematical reasoning after supervised fine-tuning.
agents | cs.AI | A Benchmark of LLM Agents That Use Tools | Our agentic framework plans, calls tools and coordinates a multi-agent system.
nlp | cs.CL | Machine Translation for Low-Resource Languages | We release an annotated corpus with named entity recognition labels per sentence.
cv | cs.CV | Sharper Masks for Semantic Segmentation | Objects in images are outlined pixel by pixel, even in dark scenes.
multimodal | cs.CV cs.CL | What Vision-Language Models Miss in Diagrams | We test multimodal large language models on visual question answering.
rl | cs.LG | Offline Reinforcement Learning with Cautious Value Functions | An actor-critic policy explores a Markov decision process for higher reward.
robotics | cs.RO | A Quadruped Robot Learns to Climb Stairs | Locomotion over obstacles is trained in simulation and moved to the real robot.
audio | eess.AS cs.SD | Text-to-Speech with a Calm Voice | A vocoder shapes the prosody of each speaker.
recsys | cs.IR | Sequential Recommendation from Few Clicks | Collaborative filtering ranks items for users at a cold start.
graph | cs.LG | Message Passing without Over-Smoothing | Graph neural networks improve node classification and link prediction.
theory | stat.ML | A Minimax Generalization Bound | We prove upper and lower bounds on sample complexity and a convergence rate.
training | cs.LG | Continual Learning without Catastrophic Forgetting | Knowledge distillation and a new optimizer keep old tasks alive.
inference | cs.LG | Halving the KV Cache by Quantization | LLM serving gains throughput and latency falls on one GPU.
safety | cs.CR | A Backdoor Attack on Code Completion | We describe the threat, a malicious prompt injection, and a defense.
science | q-bio.QM | Predicting Protein Binding from Gene Expression | Drug discovery for cancer patients needs molecular models.
timeseries | cs.LG | Time Series Forecasting from Gappy Sensors | Imputation and anomaly detection for multivariate sensor data.
other | cs.IT | Channel Estimation for MIMO Antennas | A wireless receiver over a linear code.
"""


def obvious(slug: str) -> Paper:
    rows = [line.split(" | ") for line in OBVIOUS.strip().splitlines()]
    codes, title, abstract = next(rest for name, *rest in rows if name == slug)
    return paper(title, abstract, *codes.split())


@pytest.mark.parametrize("slug", default_taxonomy().slugs)
def test_an_obvious_paper_goes_to_its_category(slug: str) -> None:
    assert DEFAULT.classify(obvious(slug)).category == slug


@pytest.mark.parametrize("slug", default_taxonomy().slugs)
def test_the_same_paper_always_gets_the_same_verdict_in_another_process_too(slug: str) -> None:
    elsewhere = pickle.loads(pickle.dumps(DEFAULT))  # noqa: S301 - our own bytes
    first = DEFAULT.classify(obvious(slug))
    assert DEFAULT.classify(obvious(slug)) == first
    assert elsewhere.classify(obvious(slug)) == first


def test_the_title_weighs_more_than_the_abstract() -> None:
    rules = sorter(
        subject("bread", keywords={"bread": 1}), subject("cheese", keywords={"cheese": 1})
    )
    assert rules.classify(paper("Cheese", "On bread.")).category == "cheese"
    assert rules.classify(paper("Bread", "On cheese, and cheese again.")).category == "bread"


def test_the_primary_code_weighs_more_than_the_others() -> None:
    rules = sorter(subject("bread", codes={"cs.BR": 1}), subject("cheese", codes={"cs.CH": 1}))
    assert rules.classify(paper("", "", "cs.CH", "cs.BR")).category == "cheese"
    assert rules.classify(paper("", "", "cs.BR", "cs.CH")).category == "bread"


def test_words_and_codes_add_up() -> None:
    rules = sorter(
        subject("bread", keywords={"oven": 1}, codes={"cs.BR": 0.5}),
        subject("cheese", keywords={"cellar": 1.5}),
    )
    assert rules.classify(paper("", "Oven and cellar.")).category == "cheese"
    assert rules.classify(paper("", "Oven and cellar.", "cs.BR")).category == "bread"


def test_a_tie_goes_to_the_category_named_first() -> None:
    bread = subject("bread", keywords={"food": 1})
    cheese = subject("cheese", keywords={"food": 1})
    assert sorter(bread, cheese).classify(paper("Food")).category == "bread"
    assert sorter(cheese, bread).classify(paper("Food")).category == "cheese"


def test_one_plain_keyword_leaves_other_and_half_of_one_does_not() -> None:
    rules = sorter(
        subject("bread", keywords={"loaf": 1}), subject("cheese", keywords={"rind": 0.5})
    )
    assert rules.classify(paper("", "A loaf.")).category == "bread"
    assert rules.classify(paper("", "A rind.")).category == OTHER


def test_an_operators_file_may_list_its_keywords_without_weights(tmp_path: Path) -> None:
    place = tmp_path / "categories.toml"
    place.write_text('[bread]\nname = "Bread"\nkeywords = ["loaf", "rye"]\n', encoding="utf-8")
    rules = RuleClassifier(load_taxonomy(place))
    assert rules.classify(paper("", "Rye.")).category == "bread"
    assert rules.classify(paper("", "Cheese.")).category == OTHER


def test_a_negative_weight_speaks_against_a_category() -> None:
    rules = sorter(subject("bread", keywords={"loaf": 1, "sugar": -1}))
    assert rules.classify(paper("", "A loaf.")).category == "bread"
    assert rules.classify(paper("", "A sugar loaf: sugar.")).category == OTHER


def test_a_longer_keyword_hides_the_shorter_ones_inside_it() -> None:
    rules = sorter(
        subject("bread", keywords={"language model": 1}),
        subject("cheese", keywords={"vision language model": 0.95}),
    )
    assert rules.classify(paper("", "A vision-language model.")).category == "cheese"
    assert rules.classify(paper("", "A vision and a language model.")).category == "bread"


def test_case_hyphens_plurals_and_spellings_do_not_matter() -> None:
    assert tokens("Text-to-Image Models") == tokens("text to image model")
    assert tokens("policies, Quantisations") == tokens("Policy quantization")
    assert tokens("bias news analysis") != tokens("bia new analysi")


def test_an_operators_category_without_keywords_works_by_its_name() -> None:
    rules = sorter(
        subject("sea", name="Marine Biology", aliases=("해양 생물학",), description="Whales."),
        subject("bees", name="Bees", description="Pollinators: honeybees, hives and their dances."),
    )
    assert rules.classify(paper("Advances in Marine Biology")).category == "sea"
    assert rules.classify(paper("해양 생물학 입문")).category == "sea"
    honey = paper("Hives", "How honeybees and other pollinators find hives by their dances.")
    assert rules.classify(honey).category == "bees"
    assert rules.classify(paper("Gold prices")).category == OTHER


def test_a_name_is_weaker_than_the_keyword_another_category_was_given() -> None:
    rules = sorter(subject("sea", name="Whales"), subject("song", keywords={"song": 2}))
    assert rules.classify(paper("", "The song of whales.")).category == "song"


def test_the_name_of_other_is_no_evidence() -> None:
    verdict = sorter(subject("bread", keywords={"loaf": 1})).classify(paper("The Other Other"))
    assert verdict.reason == Phrase("classify.nothing")


def test_unknown_codes_are_no_evidence() -> None:
    bare, coded = paper("", "A loaf."), paper("", "A loaf.", "xx.YY", "zz.ZZ")
    rules = sorter(subject("bread", keywords={"loaf": 1}))
    assert rules.classify(bare) == rules.classify(coded)
    assert DEFAULT.classify(paper("", "", "xx.YY")).category == OTHER


@pytest.mark.parametrize("title", ["", "Semantic Segmentation of Clouds"])
def test_an_empty_abstract_still_gets_a_category(title: str) -> None:
    assert DEFAULT.classify(paper(title)).category == ("cv" if title else OTHER)


def test_a_score_is_a_share_that_grows_with_the_evidence() -> None:
    rules = sorter(subject("bread", keywords={"loaf": 1, "crust": 1, "yeast": 1}))
    texts = ["Loaf.", "Loaf, crust.", "Loaf, crust, yeast."]
    scores = [rules.classify(paper("", text)).score for text in texts]
    assert scores == sorted(set(scores))
    assert all(0 < score < 1 for score in scores)


def test_however_much_speaks_for_a_category_its_score_stays_within_one() -> None:
    rules = sorter(
        subject("bread", keywords={"loaf": 5000}), subject("cheese", keywords={"x": -9000})
    )
    assert 0 <= rules.classify(paper("Loaf x", "Loaf x.")).score <= 1


def test_the_reason_names_the_three_strongest_words_and_the_codes_that_decided() -> None:
    words = {"loaf": 1, "crust": 2, "yeast": 3, "sourdough starter": 4, "flour": -1}
    rules = sorter(
        subject("bread", keywords=words, codes={"cs.BR": 1, "cs.BK": 0.1}),
        subject("cheese", keywords={"rind": 1}, codes={"cs.CH": 1}),
    )
    text = "Loaf, crust, yeast, rind, flour and sourdough starters."
    assert rules.classify(paper("", text, "cs.BK", "cs.CH", "cs.BR")).reason == Phrase(
        "classify.words", words="sourdough starter, yeast, crust", codes="cs.BK, cs.BR"
    )


def test_the_reason_says_when_only_words_only_codes_or_nothing_decided() -> None:
    rules = sorter(subject("bread", keywords={"loaf": 1}, codes={"cs.BR": 1}))
    assert rules.classify(paper("Loaf")).reason == Phrase("classify.words_only", words="loaf")
    assert rules.classify(paper("", "", "cs.BR")).reason == Phrase(
        "classify.codes_only", codes="cs.BR"
    )
    assert rules.classify(paper("Rind")).reason == Phrase("classify.nothing")


def test_every_category_of_the_file_can_be_told_from_every_other() -> None:
    taxonomy = default_taxonomy()
    assert taxonomy.slugs[-1] == OTHER
    for entry in ("slug", "name", "emoji", "colour", "description"):
        values = [getattr(category, entry) for category in taxonomy]
        assert all(values)
        assert len(set(values)) == len(values) == 17, entry


def test_every_name_and_alias_means_one_category() -> None:
    spelled = Counter(
        name
        for category in default_taxonomy()
        for name in {n.casefold() for n in (category.slug, category.name, *category.aliases)}
    )
    assert [name for name, count in spelled.items() if count > 1] == []
    for category in default_taxonomy():
        assert len(set(category.aliases)) == len(category.aliases)
        assert any(re.search("[가-힣]", alias) for alias in category.aliases), category.slug


def test_keywords_of_the_file_are_few_lower_case_and_never_twice_the_same() -> None:
    for category in default_taxonomy():
        folded = [tuple(tokens(keyword)) for keyword in category.keywords]
        assert len(set(folded)) == len(folded) <= 60, category.slug
        assert all(1 <= len(keyword) <= 4 for keyword in folded), category.slug
        assert all(keyword == keyword.lower() for keyword in category.keywords), category.slug


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("background", ["#ffffff", "#313338"])
def test_every_colour_stands_out_on_white_and_on_discords_dark(background: str) -> None:
    for category in default_taxonomy():
        assert re.fullmatch("#[0-9a-f]{6}", category.colour)
        darker, lighter = sorted((luminance(category.colour), luminance(background)))
        assert (lighter + 0.05) / (darker + 0.05) >= 2.6, category.slug


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus lies beside the repository only")
def test_every_paper_of_a_real_day_is_sorted_and_a_day_shows_most_categories() -> None:
    for day in sorted(CORPUS.glob("*.jsonl")):
        seen: Counter[str] = Counter()
        for line in day.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            verdict = DEFAULT.classify(
                paper(row["title"], row["abstract"], row["primary_category"], *row["categories"])
            )
            assert 0 < verdict.score <= 1
            seen[verdict.category] += 1
        assert seen.keys() <= set(default_taxonomy().slugs)
        assert len(seen) >= 12, day.name
