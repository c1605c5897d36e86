"""A Post as Markdown, for files and for people who read them in an editor or a repository."""

import re
from collections.abc import Iterator
from typing import assert_never

from core.blocks import (
    Actions,
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
from core.render.tidy import tidy

# CommonMark lets any ASCII punctuation be escaped; these are the ones that could begin markup.
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~!&@$])")
# GitHub's Markdown makes links of bare addresses.
_ADDRESS = re.compile(r"(:(?=//)|(?<=www)\.)", re.IGNORECASE)
# What begins a list, a rule or the line under a heading.
_LINE_START = re.compile(r"^(?:([-+=])(?=\1|\s|$)|(\d+)([.)])(?=\s|$))")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def to_markdown(post: Post) -> str:
    """The whole thread as one document; a category's part is the anchor of its section."""
    post = tidy(post)
    return "\n".join(_message(post, message) for message in post.messages)


def escape(text: str) -> str:
    """One line of words with everything escaped that Markdown would take for markup."""
    return _begun(_escaped(text))


def _escaped(text: str) -> str:
    return _ADDRESS.sub(r"\\\1", _MARKUP.sub(r"\\\1", text))


def _begun(line: str) -> str:
    """The line so that its beginning is no markup."""
    return _LINE_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line.strip(" "))


def _message(post: Post, message: Message) -> str:
    level = "#" if message is post.parent else "##"
    footer = " · ".join(filter(None, (message.label, post.footer(message))))
    parts = (
        f'<a id="{message.part}"></a>',
        f"{level} {escape(message.title)}",
        *_blocks(message.blocks),
        f"<sub>{escape(footer)}</sub>",
    )
    return "\n\n".join(parts) + "\n"


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    last: Block | None = None
    for block in blocks:
        shown = _block(block)
        if not shown:
            continue
        if isinstance(block, Items) and isinstance(last, Items):
            # Two lists below each other would be read as one.
            yield "<!-- -->"
        yield shown
        last = block


def _block(block: Block) -> str:
    match block:
        case Heading(text):
            return f"### {escape(text)}"
        case Paragraph(spans):
            return _line(spans)
        case Items(lines, numbered):
            return "\n".join(
                f"{f'{number}.' if numbered else '-'} {_line(line)}"
                for number, line in enumerate(lines, 1)
            )
        case Quote(lines):
            return "\n".join(f"> {_line(line)}  " for line in lines)
        case Image(file, alt):
            return f"![{_escaped(alt)}]({file})"
        case Choices() | Actions():
            return ""
        case _:
            assert_never(block)


def _line(spans: Line) -> str:
    line = ""
    for span in spans:
        line += _span(span, line[-1:])
    return _begun(line)


def _span(span: Span, before: str) -> str:
    """The span; ``before`` is the sign that stands before it, if any."""
    match span:
        case Text(text):
            return _escaped(text)
        case Strong(text):
            return _around("**", "strong", text, before)
        case Emphasis(text):
            return _around("*", "em", text, before)
        case Code(text):
            return _code(text, before)
        case Link(text, url):
            return _link(text, f"<{_address(url)}>")
        case Jump(text, part):
            return _link(text, f"#{part}")
        case Cite(number, url):
            return f"[\\[{number}\\]](<{_address(url)}>)"
        case _:
            assert_never(span)


def _around(sign: str, tag: str, text: str, before: str) -> str:
    """The words between signs; between tags where the signs would be taken for words.

    CommonMark 6.2: a sign beside a space or punctuation may not be read as one.
    """
    inner = text.strip()
    if not inner:
        return text
    start = len(text) - len(text.lstrip())
    readable = inner[0].isalnum() and inner[-1].isalnum()
    if readable and (start or before != "*"):
        shown = f"{sign}{_escaped(inner)}{sign}"
    else:
        shown = f"<{tag}>{_escaped(inner)}</{tag}>"
    return f"{text[:start]}{shown}{text[start + len(inner) :]}"


def _code(text: str, before: str) -> str:
    if not text.strip():
        return text
    if before == "`":
        return f"<code>{_escaped(text)}</code>"
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    padded = "`" in text or (text[0] == text[-1] == " ")
    return f"{fence} {text} {fence}" if padded else f"{fence}{text}{fence}"


def _link(text: str, to: str) -> str:
    return f"[{_escaped(text)}]({to})" if text.strip() else text


def _address(url: str) -> str:
    """An address in which no sign has a second meaning."""
    return _ENTITY.sub(r"\&", url)
