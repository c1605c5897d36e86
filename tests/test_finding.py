"""One paper by its number, and past papers by words: ``/paper`` and ``/search``."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands import CommandTable
from core.blocks import Link
from core.paper import Signal
from core.ports import Batch
from tests.factories import make_paper
from tests.published import DAY, about, links, publish
from tests.service import Service
from tests.stores import NOW
from tests.test_commands import actions, ask, commands, parts, words

__all__ = ["commands", "parts"]


RICH = make_paper(
    7,
    authors=tuple(f"Author {n}" for n in range(1, 10)),
    categories=("cs.CV", "cs.LG"),
    abstract="Segmenting is hard. We propose Method7, which segments better. It is fast.",
    signals=(Signal("huggingface", "upvotes", 92),),
)


async def test_a_paper_is_told_with_all_that_is_known_of_it(
    commands: CommandTable, parts: Service
) -> None:
    await publish(parts.store, {"cv": (make_paper(1), RICH)})
    post = await ask(commands, "paper", "2501.00007")
    said = words(post)
    assert "Author 5, Author 6 and 3 more" in said
    assert "Author 7" not in said
    assert "arXiv 2501.00007 · cs.CV, cs.LG · PDF" in said
    assert "Number 1 of 2 in Computer Vision, Tue, 4 March 2025" in said
    assert "92 upvotes on Hugging Face, close to this category" in said
    assert "So far" not in said
    assert "What is new We propose Method7, which segments better." in said
    assert f"Abstract {RICH.abstract}" in said
    assert links(post) == [
        Link(RICH.title, RICH.url),
        Link("PDF", "https://arxiv.org/pdf/2501.00007"),
    ]
    assert [(a.command, dict(a.arguments)) for a in actions(post)] == [
        ("digest", {"category": "cv", "date": "2025-03-04"}),
        ("why", {"category": "arxiv:2501.00007"}),
    ]
    for action in actions(post):
        again = words(await ask(commands, action.command, arguments=dict(action.arguments)))
        assert "Computer Vision" in again


@pytest.mark.parametrize(
    "given",
    [
        "2501.00007",
        "2501.00007v3",
        "arXiv:2501.00007",
        "arxiv: 2501.00007",
        "https://arxiv.org/abs/2501.00007v2",
        "http://www.arxiv.org/pdf/2501.00007.pdf",
        "https://arxiv.org/html/2501.00007v1#S3",
        "https://arxiv.org/abs/2501.00007?context=cs.LG",
        "arxiv.org/abs/2501.00007/",
        "<https://arxiv.org/abs/2501.00007>,",
        "see https://arxiv.org/abs/2501.00007.",
        "paper=2501.00007",
        "논문 = 2501.00007",
    ],
)
async def test_any_way_of_naming_it_will_do(
    commands: CommandTable, parts: Service, given: str
) -> None:
    await publish(parts.store, {"cv": (RICH,)})
    assert RICH.title in words(await ask(commands, "paper", given))


async def test_an_option_is_as_good_as_a_line(commands: CommandTable, parts: Service) -> None:
    await publish(parts.store, {"cv": (RICH,)})
    assert RICH.title in words(await ask(commands, "paper", arguments={"paper": "2501.00007"}))


@pytest.mark.parametrize(
    "given",
    ["diffusion", "2501", "2501.00007 2501.00008", "https://example.org/abs/1", "x=y", "\u202e"],
)
async def test_what_names_no_paper_is_refused_with_an_example(
    commands: CommandTable, given: str
) -> None:
    said = words(await ask(commands, "paper", given))
    assert "2507.12345" in said
    assert "Example" in said


async def test_without_a_number_it_says_what_to_add(commands: CommandTable) -> None:
    assert "Example: /paper 2507.12345" in words(await ask(commands, "paper"))


async def test_a_paper_not_held_is_said_so_with_its_link_and_nobody_is_asked(
    commands: CommandTable, parts: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(type(parts.collector), "collect", fail)
    post = await ask(commands, "paper", "2501.99999")
    assert "in none of the lists received" in words(post)
    assert links(post) == [Link("arXiv 2501.99999", "https://arxiv.org/abs/2501.99999")]
    post = await ask(commands, "paper", "deeplearn:541926")
    assert links(post) == [Link("deeplearn.org", "https://deeplearn.org/arxiv/541926")]


async def test_a_paper_of_an_edition_not_made_yet_is_shown_and_said_to_wait(
    commands: CommandTable, parts: Service
) -> None:
    await parts.store.papers.take_in(DAY, Batch("arXiv", "partial", (RICH,)), DAY, NOW)
    post = await ask(commands, "paper", "2501.00007")
    assert "which is not out yet" in words(post)
    assert "So far: 92 upvotes on Hugging Face" in words(post)
    assert [a.command for a in actions(post)] == ["why"]


async def test_a_signal_that_grew_since_is_told_beside_the_reason_of_then(
    commands: CommandTable, parts: Service
) -> None:
    await publish(parts.store, {"cv": (RICH,)})
    grown = replace(RICH, signals=(Signal("huggingface", "upvotes", 150),))
    await parts.store.papers.take_in(DAY, Batch("Hugging Face", "ok", (grown,)), DAY, NOW)
    said = words(await ask(commands, "paper", "2501.00007"))
    assert "92 upvotes" in said
    assert "So far: 150 upvotes" in said


async def test_a_withdrawn_paper_is_marked(commands: CommandTable, parts: Service) -> None:
    gone = replace(RICH, signals=(Signal("arxiv", "withdrawn", 1),))
    await publish(parts.store, {"cv": (gone,)})
    assert f"{RICH.title} · withdrawn" in words(await ask(commands, "paper", "2501.00007"))
    assert "· withdrawn" in words(await ask(commands, "search", "Method7 study"))


async def test_a_long_abstract_ends_with_a_whole_sentence(
    commands: CommandTable, parts: Service
) -> None:
    long = replace(RICH, abstract=" ".join(["We show this and that of it all."] * 60))
    await publish(parts.store, {"cv": (long,)})
    said = words(await ask(commands, "paper", "2501.00007"))
    abstract = said.partition("Abstract ")[2]
    assert abstract.endswith("of it all. …")
    assert 850 < len(abstract) <= 902


async def test_what_has_no_sentences_is_cut_at_a_word(
    commands: CommandTable, parts: Service
) -> None:
    await publish(parts.store, {"cv": (replace(RICH, abstract="word " * 400),)})
    abstract = words(await ask(commands, "paper", "2501.00007")).partition("Abstract ")[2]
    assert abstract.endswith("word …")
    assert len(abstract) <= 902


async def test_the_answer_shows_eight_and_leads_to_the_older_and_back(
    commands: CommandTable, parts: Service
) -> None:
    papers = [about(n, f"Lens {n:02}") for n in range(20)]
    await publish(parts.store, {"cv": papers[:10], "llm": papers[10:]})
    post = await ask(commands, "search", "lens method")
    said = words(post)
    assert "1–8 of 20 papers, the newest first." in said
    assert "12 more." in said
    assert len(links(post)) == 8
    assert links(post)[0].url.startswith("https://arxiv.org/abs/2501.000")
    assert " · ✈️ · 2025-03-04" in said
    seen = [link.text for link in links(post)]
    for first, ways in (("9–16 of 20", 2), ("17–20 of 20", 1)):
        (onward,) = [a for a in actions(post) if a.label == "Older papers"]
        post = await ask(commands, onward.command, arguments=dict(onward.arguments))
        assert first in words(post)
        assert len(actions(post)) == ways
        seen += [link.text for link in links(post)]
    assert sorted(seen) == [f"Lens {n:02}" for n in range(20)]
    back = actions(post)[0]
    assert dict(back.arguments) == {"words": "lens method", "offset": "8"}


@pytest.mark.parametrize("line", ["lens cv", "cv lens", "lens category=vision", "분야=비전 lens"])
async def test_a_category_may_stand_at_either_end_or_be_named(
    commands: CommandTable, parts: Service, line: str
) -> None:
    await publish(parts.store, {"cv": [about(1, "Lens one")], "llm": [about(2, "Lens two")]})
    post = await ask(commands, "search", line)
    assert [link.text for link in links(post)] == ["Lens one"]
    assert "Computer Vision · Search: lens" in words(post)
    (everywhere,) = actions(post)
    assert everywhere.label == "In all categories"


async def test_what_only_looked_like_a_category_is_searched_as_a_word(
    commands: CommandTable, parts: Service
) -> None:
    await publish(parts.store, {"cv": [about(1, "Robotics of lenses")]})
    post = await ask(commands, "search", "lenses robotics")
    assert [link.text for link in links(post)] == ["Robotics of lenses"]
    await publish(parts.store, {"robotics": [about(2, "Lenses")]}, DAY + timedelta(days=1))
    post = await ask(commands, "search", "lenses robotics")
    assert [link.text for link in links(post)] == ["Lenses"]
    (everywhere,) = actions(post)
    assert dict(everywhere.arguments) == {"words": "lenses robotics"}


async def test_options_are_taken_at_their_word(commands: CommandTable, parts: Service) -> None:
    await publish(parts.store, {"cv": [about(1, "CV lens")], "llm": [about(2, "Lens, no cv")]})
    given = {"words": '"cv lens"'}
    assert [link.text for link in links(await ask(commands, "search", arguments=given))] == [
        "CV lens"
    ]
    given = {"words": "lens cv", "category": "llm"}
    assert [link.text for link in links(await ask(commands, "search", arguments=given))] == [
        "Lens, no cv"
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "Please add the words to look for"),
        ("— …", "Please add the words to look for"),
        ("a b", "at least one word must have two letters"),
        ("one two three four five six", "5 words at most"),
        ("x " + "y" * 300, "5 words at most"),
        ("lens colour=red", "There is no option ‘colour’"),
        ("lens category=vison-xyz", "There is no category ‘vison-xyz’"),
        ("zebra", "‘zebra’: no paper found"),
        ("lens offset=-1", "1–1 of 1 paper"),
        ("lens offset=99999999999999", "1–1 of 1 paper"),
        ("lens offset=800", "1–1 of 1 paper"),
    ],
)
async def test_what_cannot_be_searched_is_a_sentence(
    commands: CommandTable, parts: Service, line: str, said: str
) -> None:
    await publish(parts.store, {"cv": [about(1, "Lens one")]})
    assert said in words(await ask(commands, "search", line))
