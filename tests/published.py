"""Papers that were published, for the tests that find them again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from core.blocks import Items, Link, Paragraph, Post
from core.category import default_taxonomy
from core.paper import Paper
from core.ports import Batch
from storage.store import Store
from tests.factories import make_edition, make_paper
from tests.stores import NOW

DAY = date(2025, 3, 4)


async def publish(
    store: Store, shelves: Mapping[str, Sequence[Paper]], day: date = DAY, **scores: float
) -> None:
    """Papers taken in for a day and sealed on these shelves; ``scores`` are by the last digit."""
    papers = tuple(paper for shelf in shelves.values() for paper in shelf)
    await store.papers.take_in(day, Batch("arXiv", "ok", papers), day, NOW)
    edition = make_edition(shelves, default_taxonomy(), date=day)
    ranked = {
        slug: tuple(
            replace(entry, score=scores.get(f"of_{entry.paper.id[-1]}", entry.score))
            for entry in entries
        )
        for slug, entries in edition.categories.items()
    }
    assert await store.editions.seal(replace(edition, categories=ranked), NOW)


def links(post: Post) -> list[Link]:
    lines = [
        line
        for block in post.parent.blocks
        for line in (
            block.lines
            if isinstance(block, Items)
            else (block.spans,)
            if isinstance(block, Paragraph)
            else ()
        )
    ]
    return [span for line in lines for span in line if isinstance(span, Link)]


def about(number: int, title: str, abstract: str = "We propose a method.") -> Paper:
    return make_paper(number, title=title, abstract=abstract)
