"""A Post in a terminal: the thread it would be, as wide as the window and no wider than a page."""

import re
from collections.abc import Iterator
from typing import assert_never

from rich import box
from rich.bar import Bar as Filled
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text as Words
from rich.tree import Tree

from core.blocks import (
    Actions,
    Bar,
    BarChart,
    Block,
    Choices,
    Cite,
    Code,
    Emphasis,
    Heading,
    Image,
    Items,
    Jump,
    Line,
    Link,
    Message,
    Paragraph,
    Post,
    Quote,
    Span,
    Strong,
    Text,
)
from core.render.tidy import one_line, tidy_message

_WIDEST = 100
_BAR = 40
# What joins nothing; rich counts it in one place and not in another, and would cut a line short.
_LOOSE = re.compile(r"(?:^|(?<=\s))[\u200d\ufe0f]+|[\u200d\ufe0f]+(?=\s|$)")


def to_terminal(post: Post) -> RenderableType:
    """The parent's panel with a branch for each category's panel, for rich to print."""
    tree = Tree(message_panel(post, post.parent), guide_style="dim", highlight=False)
    for message in post.replies:
        tree.add(message_panel(post, message))
    return tree


def message_panel(post: Post, message: Message) -> Panel:
    """One message as a panel of its own."""
    message = tidy_message(message)
    footer = " · ".join(filter(None, (message.label, one_line(post.footer(message)))))
    return Panel(
        Group(*_laid_out(message.blocks)),
        title=_words(message.title, style="bold"),
        title_align="left",
        subtitle=Words(footer, style="dim"),
        subtitle_align="right",
        border_style=message.colour,
        box=box.ROUNDED,
        padding=(1, 2, 0, 2),
        width=_WIDEST,
    )


def _laid_out(blocks: tuple[Block, ...]) -> Iterator[RenderableType]:
    """Blocks under their heading, a little in; an empty line after each part."""
    under_heading = False
    blocks = tuple(block for block in blocks if not _is_contents(block))
    for place, block in enumerate(blocks):
        if isinstance(block, Heading):
            under_heading = True
            yield _words(block.text, style="bold")
            continue
        last = place + 1 == len(blocks) or isinstance(blocks[place + 1], Heading)
        below = 1 if last or not under_heading else 0
        yield Padding(_block(block), (0, 0, below, 2 if under_heading else 0))


def _is_contents(block: Block) -> bool:
    """Contents lead nowhere in a terminal, and the bars beside them say the same."""
    return isinstance(block, Items) and any(
        isinstance(span, Jump) for line in block.lines for span in line
    )


def _block(block: Block) -> RenderableType:
    match block:
        case Heading(text):
            return _words(text, style="bold")
        case Paragraph(spans):
            return _line(spans)
        case Items(lines, numbered):
            return _list([f"{n}." if numbered else "•" for n in range(1, len(lines) + 1)], lines)
        case Quote(lines):
            return Group(*(_line(line) for line in lines))
        case Image(_, alt, chart):
            return _bars(chart.bars) if isinstance(chart, BarChart) else _words(alt, style="dim")
        case Choices(question, choices=choices):
            chosen = ", ".join(choice.label for choice in choices if choice.chosen)
            return _words(f"{question} {chosen}".rstrip(), style="dim")
        case Actions(actions):
            return _words("  ".join(f"[ {action.label} ]" for action in actions), style="dim")
        case _:
            assert_never(block)


def _list(marks: list[str], lines: tuple[Line, ...]) -> Table:
    """Marks in a column of their own, so that a long item keeps its indent."""
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for mark, line in zip(marks, lines, strict=True):
        table.add_row(mark, _line(line))
    return table


def _bars(bars: tuple[Bar, ...]) -> Table:
    """Name, count and bar; a narrow window shortens the bars alone."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True, justify="right", style="bold")
    table.add_column(ratio=1, max_width=_BAR)
    longest = max((bar.count for bar in bars), default=1)
    for bar in bars:
        drawn = Filled(size=longest, begin=0, end=bar.count, color=bar.colour)
        table.add_row(_words(bar.name), str(bar.count), drawn)
    return table


def _line(spans: Line) -> Words:
    line = Words(overflow="fold")
    for span in spans:
        line.append_text(_span(span))
    return line


def _span(span: Span) -> Words:
    match span:
        case Text(text):
            return _words(text)
        case Strong(text):
            return _words(text, style="bold")
        case Emphasis(text):
            return _words(text, style="italic")
        case Code(text):
            return _words(text, style="bold cyan")
        case Link(text, url):
            return _words(text, style=Style(link=url, underline=True))
        case Jump(text, _):
            return _words(text)
        case Cite(number, url):
            return Words(f"[{number}]", style=Style(link=url, dim=True))
        case _:
            assert_never(span)


def _words(text: str, style: str | Style = "") -> Words:
    return Words(_LOOSE.sub("", text), style=style)
