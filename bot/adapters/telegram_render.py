"""A Post as Telegram's messages: pure, and within the limits by construction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.adapters.telegram_asking import asked_in, placeholder, question
from bot.adapters.telegram_body import Body, chart_json
from bot.adapters.telegram_buttons import fits, keyboard
from bot.adapters.telegram_text import (
    CAPTION_LIMIT,
    TEXT_LIMIT,
    Formatted,
    content,
    fitting,
    formatted,
)
from core.blocks import (
    Action,
    Actions,
    BarChart,
    Block,
    Chart,
    Cite,
    Image,
    Items,
    Jump,
    Message,
    Paragraph,
    Post,
    Span,
    Text,
)
from core.delivery import Frozen
from core.post import FOR_YOU
from core.render.pages import Row, pages

# The widest numbers a footer is given while it is not known how many pages there will be.
_MOST_PAGES = 9999
# Answers that are asked for again and again.
_KEPT = 64
# Telegram takes no message without words.
_NO_WORDS = Formatted("…")


@dataclass(frozen=True, slots=True)
class _Page:
    rows: Sequence[Row]
    chart: Chart | None = None


def thread(post: Post) -> list[Frozen]:
    """The day's post for a group: the parent under its chart, a silent reply for each category."""
    parent = _frozen(post, post.parent, _with_picture(post, post.parent), answers=False)
    replies = (
        frozen
        for reply in post.replies
        for frozen in _frozen(post, reply, _without_picture(post, reply), answers=True)
    )
    return [*parent, *replies]


def private(post: Post) -> list[Frozen]:
    """The day's post for one person: one message, and a button for each category.

    What no button can bring, the papers found by the reader's own words, follows silently.
    """
    actions = tuple(action for action in _categories(post) if fits(action))
    parts = {dict(action.arguments)["category"] for action in actions}
    blocks = (Actions(actions), *_without_lines(post.parent.blocks, parts))
    parent = replace(post.parent, blocks=blocks)
    found = _frozen(post, parent, _one_page(post, parent), answers=False)
    for reply in post.replies:
        if reply.part == FOR_YOU:
            found += _frozen(post, reply, _without_picture(post, reply), answers=True)
    return found


@lru_cache(_KEPT)
def answer(post: Post) -> tuple[Body, ...]:
    """The messages that answer a command: the first with its picture, the others text.

    One with nothing but a question asks it.
    """
    parent, asks = post.parent, asked_in(post.parent)
    if asks:
        parent = question(parent, asks, post.language)
    bodies = _bodies(post, parent, _with_picture(post, parent))
    if asks:
        bodies[-1] = replace(bodies[-1], asks=placeholder(asks))
    for reply in post.replies:
        bodies += _bodies(post, reply, _without_picture(post, reply))
    return tuple(bodies)


def _frozen(post: Post, message: Message, found: Sequence[_Page], *, answers: bool) -> list[Frozen]:
    """The pages as parts: ``cv``, ``cv/2``, …; all but a parent's first are replies."""
    return [
        Frozen(
            f"{message.part}/{number}" if number > 1 else message.part,
            replace(body, reply=answers or number > 1).frozen(),
        )
        for number, body in enumerate(_bodies(post, message, found), 1)
    ]


def _bodies(post: Post, message: Message, found: Sequence[_Page]) -> list[Body]:
    """The pages with their footers, the buttons under the last."""
    bodies = []
    for number, page in enumerate(found, 1):
        words = formatted(page.rows, _footer(post, message, number, len(found)))
        if not words.text.strip() and not page.chart:
            words = _NO_WORDS
        bodies.append(Body(words, chart_json(page.chart) if page.chart else ""))
    bodies[-1] = replace(bodies[-1], keyboard=keyboard(message.blocks))
    return bodies


def _footer(post: Post, message: Message, part: int, parts: int) -> str:
    """Who wrote it and the day; nothing is recognised by it here, so the rest stays out."""
    page = f"{part}/{parts}" if parts > 1 else ""
    return " · ".join(filter(None, (message.label, post.day, page)))


def _with_picture(post: Post, message: Message) -> list[_Page]:
    """All under the chart where that fits.

    Else a day's overview begins with its chart, title and counts, and a category's chart follows
    its text.
    """
    image = _image(message)
    if image is None:
        return _without_picture(post, message)
    rows = content(message.title, message.blocks)
    caption = fitting(CAPTION_LIMIT, _widest_footer(post, message))
    if caption(rows):
        return [_Page(rows, image.chart)]
    if isinstance(image.chart, BarChart):
        head, *rest = pages(_beginning(rows), caption)
        left = _rejoined([*(row for page in rest for row in page), *rows[len(_beginning(rows)) :]])
        return [_Page(head, image.chart), *_text_pages(post, message, left)]
    shown = pages(content("", (Paragraph((Text(image.alt),)),)), caption)[0]
    return [*_text_pages(post, message, rows), _Page(shown, image.chart)]


def _one_page(post: Post, message: Message) -> list[_Page]:
    """All under the chart where that fits, else without it."""
    found = _with_picture(post, message)
    return found if len(found) == 1 else _without_picture(post, message)


def _without_picture(post: Post, message: Message) -> list[_Page]:
    return _text_pages(post, message, content(message.title, message.blocks))


def _text_pages(post: Post, message: Message, rows: Sequence[Row]) -> list[_Page]:
    fit = fitting(TEXT_LIMIT, _widest_footer(post, message))
    return [_Page(page) for page in pages(rows, fit)]


def _widest_footer(post: Post, message: Message) -> str:
    return _footer(post, message, _MOST_PAGES, _MOST_PAGES)


def _image(message: Message) -> Image | None:
    """The picture of a message, which can have one here."""
    return next((block for block in message.blocks if isinstance(block, Image)), None)


def _beginning(rows: Sequence[Row]) -> Sequence[Row]:
    """The title and what is said before the first list or heading."""
    for place, row in enumerate(rows):
        if place and row.kind != "paragraph":
            return rows[:place]
    return rows


def _rejoined(rows: Sequence[Row]) -> list[Row]:
    """The rows with those in one piece again that were cut, but for the first."""
    whole: list[Row] = []
    for row in rows:
        if whole and not row.begins:
            whole[-1] = replace(whole[-1], spans=whole[-1].spans + row.spans)
        else:
            whole.append(row)
    return whole


def _categories(post: Post) -> list[Action]:
    """A button for each category, which brings that day's message about it."""
    day = (("date", post.day),) if post.day else ()
    return [
        Action(post.label(one), "digest", (("category", one.part), *day))
        for one in post.replies
        if one.part != FOR_YOU
    ]


def _said(span: Span) -> str:
    return f"[{span.number}]" if isinstance(span, Cite) else span.text


def _without_lines(blocks: Sequence[Block], parts: set[str]) -> list[Block]:
    """The blocks without the lines that lead to one of the parts."""
    return [
        replace(
            block,
            lines=tuple(
                line
                for line in block.lines
                if not any(isinstance(span, Jump) and span.part in parts for span in line)
            ),
        )
        if isinstance(block, Items)
        else block
        for block in blocks
    ]
