"""What a Post says, to be compared with what its forms say.

Words are compared as letters, digits, punctuation and signs in their order: white space, accents
and what cannot be seen are left to each form.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from core.blocks import (
    Block,
    Cite,
    Image,
    Items,
    Message,
    Paragraph,
    Post,
    Quote,
    Span,
)
from core.render.tidy import one_line

_UNSEEN = frozenset("MCZ")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")


def ink(texts: Iterable[str]) -> str:
    """What is compared of texts."""
    whole = _SKIN.sub("", one_line("".join(texts)))
    return "".join(c for c in whole if unicodedata.category(c)[0] not in _UNSEEN)


def said(span: Span) -> str:
    return f"[{span.number}]" if isinstance(span, Cite) else span.text


def spans_of(block: Block) -> Iterator[Span]:
    match block:
        case Paragraph(spans):
            yield from spans
        case Items(lines) | Quote(lines):
            for line in lines:
                yield from line
        case _:
            pass


def without_pictures(post: Post) -> Post:
    """The post with its words alone, whose order no picture changes."""
    return replace(
        post, parent=_bare(post.parent), replies=tuple(_bare(reply) for reply in post.replies)
    )


def _bare(message: Message) -> Message:
    left = (block for block in message.blocks if not isinstance(block, Image))
    return replace(message, blocks=tuple(left))
