"""A Post as Markdown, for files and for people who read them in an editor or a repository."""

import re
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

# CommonMark lets any ASCII punctuation be escaped; these are the ones that could begin markup.
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~!&@$])")
# GitHub's Markdown makes links of bare addresses.
_ADDRESS = re.compile(r"(:(?=//)|(?<=www)\.)", re.IGNORECASE)
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)")


def to_markdown(post: Post) -> str:
    """The whole thread as one document; a category's part is the anchor of its section."""
    return "\n".join(_message(post, message) for message in post.messages)


def escape(text: str) -> str:
    """The text with everything escaped that Markdown would take for markup."""
    escaped = _ADDRESS.sub(r"\\\1", _MARKUP.sub(r"\\\1", text))
    return _LINE_START.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", escaped)


def _message(post: Post, message: Message) -> str:
    level = "#" if message is post.parent else "##"
    parts = [f'<a id="{message.part}"></a>\n\n{level} {escape(message.title)}']
    parts += filter(None, map(_block, message.blocks))
    footer = " · ".join(filter(None, (message.label, post.footer(message))))
    parts.append(f"<sub>{escape(footer)}</sub>")
    return "\n\n".join(parts) + "\n"


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
            return f"![{escape(alt)}]({file})"
        case Choices() | Actions():
            return ""
        case _:
            assert_never(block)


def _line(spans: Line) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    match span:
        case Text(text):
            return escape(text)
        case Strong(text):
            return f"**{escape(text)}**"
        case Emphasis(text):
            return f"*{escape(text)}*"
        case Code(text):
            fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
            return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"
        case Link(text, url):
            return f"[{escape(text)}](<{_address(url)}>)"
        case Jump(text, part):
            return f"[{escape(text)}](#{part})"
        case Cite(number, url):
            return f"[\\[{number}\\]](<{_address(url)}>)"
        case _:
            assert_never(span)


def _address(url: str) -> str:
    """An address for angle brackets, which end at the first ``>`` or line break."""
    return url.replace("<", "%3C").replace(">", "%3E").replace("\n", "").replace("\\", "%5C")
