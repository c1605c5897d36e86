"""Why something is here or is not: the answer of ``/why``."""

from datetime import UTC, date, datetime

from bot.commands import CommandTable
from core.i18n import Phrase
from core.paper import Signal
from core.ports import Batch, Missing
from tests.factories import make_paper
from tests.service import Service
from tests.test_commands import ask, commands, parts, words

__all__ = ["commands", "parts"]

DAY = date(2025, 3, 4)
DOWN = Phrase("source.http", source="arXiv", status=503)


async def collected(service: Service, *batches: Batch) -> None:
    for batch in batches:
        await service.store.papers.take_in(DAY, batch, DAY, service.world.now)


async def test_arxiv_s_own_categories_are_told_with_what_each_lacks(
    commands: CommandTable, parts: Service
) -> None:
    papers = [make_paper(n, categories=("cs.CV", "cs.LG")) for n in (1, 2)]
    gap = Missing("arxiv:2501.00009", DOWN, codes=("cs.CV",))
    batch = Batch("arXiv", "partial", tuple(papers), (gap,), note=DOWN)
    await collected(parts, batch)
    said = words(await ask(commands, "why"))
    assert "cs.CV 2/3 · cs.LG 2" in said
    assert "arxiv:2501.00009: arXiv answered with status 503" in said


async def test_a_source_that_broke_is_named_with_its_reason(
    commands: CommandTable, parts: Service
) -> None:
    broken = Phrase("source.http", source="Hugging Face", status=404)
    await collected(
        parts,
        Batch("arXiv", "ok", (make_paper(1),)),
        Batch("Hugging Face", "failed", note=broken),
    )
    assert "Hugging Face 0/0 failed · Hugging Face answered with status 404" in words(
        await ask(commands, "why")
    )


async def test_the_reasons_of_a_category_are_counted(
    commands: CommandTable, parts: Service
) -> None:
    votes = (Signal("huggingface", "upvotes", 92),)
    papers = (make_paper(1, signals=votes), make_paper(2, signals=votes), make_paper(3))
    await collected(parts, Batch("arXiv", "ok", papers))
    said = words(await ask(commands, "why", "cv"))
    assert "upvoted on Hugging Face 2" in said
    assert "92 upvotes on Hugging Face" in said


async def test_a_paper_is_told_its_place_and_its_reasons(
    commands: CommandTable, parts: Service
) -> None:
    papers = tuple(
        make_paper(n, signals=(Signal("huggingface", "upvotes", 100 - n),)) for n in range(1, 9)
    )
    await collected(parts, Batch("arXiv", "ok", papers))
    await ask(commands, "digest", "cv")
    first = words(await ask(commands, "why", "https://arxiv.org/abs/2501.00001v2"))
    assert "Number 1 of 8 in Computer Vision" in first
    assert "so it was in the post" in first
    last = words(await ask(commands, "why", "2501.00008"))
    assert " of 8 in Computer Vision" in last
    assert "so it was not in the post" in last


async def test_a_paper_that_never_came_is_said_so(commands: CommandTable) -> None:
    said = words(await ask(commands, "why", "2501.99999"))
    assert "arxiv:2501.99999: in none of the lists received" in said


async def test_a_paper_of_an_edition_not_made_yet_is_said_to_wait(
    commands: CommandTable, parts: Service
) -> None:
    await collected(parts, Batch("arXiv", "partial", (make_paper(1),), note=DOWN))
    said = words(await ask(commands, "why", "2501.00001"))
    assert "which is not out yet" in said


async def test_where_the_newest_listing_is_not_here_that_is_told_too(
    commands: CommandTable, parts: Service
) -> None:
    await ask(commands, "digest", "cv")
    parts.world.now = datetime(2025, 3, 5, 2, tzinfo=UTC)
    await parts.store.papers.take_in(
        date(2025, 3, 5), Batch("arXiv", "failed", note=DOWN), date(2025, 3, 5), parts.world.now
    )
    said = words(await ask(commands, "why"))
    assert "5 March 2025" in said
    assert "failed" in said


async def test_an_unknown_category_is_refused_with_the_nearest(commands: CommandTable) -> None:
    assert "There is no category ‘vison xyz’" in words(await ask(commands, "why", "vison xyz"))
