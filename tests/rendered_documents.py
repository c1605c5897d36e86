"""What holds of any Post as Markdown and HTML; each check raises where it does not."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.blocks import (
    Cite,
    Code,
    Emphasis,
    Heading,
    Image,
    Items,
    Jump,
    Link,
    Paragraph,
    Post,
    Quote,
    Strong,
)
from core.render.html import to_html
from core.render.markdown import to_markdown
from core.render.tidy import one_line, web_address
from tests.rendered import ink, said, spans_of, without_pictures

# --- Markdown

_TAG = re.compile(r"</?(?:a|sub|strong|em|code)>|<a id=\"[\w.-]*\">")


def check_markdown(post: Post) -> None:
    """Read back, the document has the post's words, links, lists and headings, and no others."""
    document = to_markdown(post)
    document.encode()
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = list(_flat(parser.parse(document)))
    kinds = Counter(token.type for token in tokens)
    tags = Counter(token.content for token in tokens if token.type == "html_inline")
    assert all(_TAG.fullmatch(tag) for tag in tags)
    assert not kinds.keys() & {"hr", "fence", "code_block", "table_open", "s_open", "softbreak"}
    expected = _counts(post)
    for tag, kind in (("strong", Strong), ("em", Emphasis)):
        assert kinds[f"{tag}_open"] + tags[f"<{tag}>"] == tags[f"</{tag}>"] + kinds[f"{tag}_close"]
        assert kinds[f"{tag}_open"] + tags[f"<{tag}>"] == expected[kind]
    assert kinds["code_inline"] + tags["<code>"] == expected[Code]
    assert (tags["<sub>"], kinds["heading_open"]) == (
        len(post.messages),
        len(post.messages) + expected[Heading],
    )
    lists = kinds["bullet_list_open"] + kinds["ordered_list_open"]
    assert (lists, kinds["blockquote_open"]) == (expected[Items], expected[Quote])
    assert kinds["image"] == expected[Image]
    assert [unquote(str(t.attrs["href"])) for t in tokens if t.type == "link_open"] == [
        unquote(parser.normalizeLink(to)) for to in _addresses(post, blank=False)
    ]
    words = (t.content for t in tokens if t.type in {"text", "text_special", "code_inline"})
    assert ink(words) == ink(_words(post))


def _flat(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or ())


def _counts(post: Post) -> Counter[type]:
    """How many there are of each kind of block and span that shows something."""
    found: Counter[type] = Counter()
    for message in post.messages:
        for block in message.blocks:
            found[type(block)] += not isinstance(block, Items | Quote) or bool(block.lines)
            found.update(type(span) for span in spans_of(block) if one_line(said(span)).strip())
    return found


def _addresses(post: Post, *, blank: bool) -> list[str]:
    """Where the links lead, in their order; ``blank``: those too that show no words."""
    found = []
    for message in post.messages:
        for span in (span for block in message.blocks for span in spans_of(block)):
            if isinstance(span, Jump):
                to = f"#{span.part}"
            else:
                to = web_address(span.url) if isinstance(span, Link | Cite) else ""
            if to and (blank or one_line(said(span)).strip()):
                found.append(to)
    return found


def _words(post: Post, joint: str = " · ") -> Iterator[str]:
    """Everything that a document says, in its order; ``joint`` stands in the footers."""
    for message in post.messages:
        yield message.title
        for block in message.blocks:
            if isinstance(block, Heading):
                yield block.text
            elif isinstance(block, Image):
                yield block.alt
            yield from map(said, spans_of(block))
        yield joint.join(filter(None, (message.label, post.footer(message))))


# --- HTML


def check_html(post: Post) -> None:
    """The page is well formed and has the post's words, links and tags, and no others."""
    page = to_html(post)
    page.encode()
    reader = Reader(page)
    counts = _counts_of_tags(post)
    assert {tag: reader.tags[tag] for tag in counts} == counts
    assert (
        not reader.tags.keys()
        - counts.keys()
        - {*("html", "head", "meta", "title", "style", "body", "main")}
    )
    assert reader.links == _addresses(post, blank=True)
    assert reader.names <= {
        *("lang", "charset", "name", "content", "id", "class", "style", "href", "src", "alt")
    }
    words = _words(without_pictures(post), joint="")
    assert ink(reader.words) == ink([post.parent.title, *words])


def _counts_of_tags(post: Post) -> dict[str, int]:
    blocks = [block for message in post.messages for block in message.blocks]
    kinds: Counter[type] = Counter(type(block) for block in blocks)
    kinds.update(type(span) for block in blocks for span in spans_of(block))
    items = [len(block.lines) for block in blocks if isinstance(block, Items)]
    quoted = [len(block.lines) for block in blocks if isinstance(block, Quote)]
    numbered = sum(isinstance(block, Items) and block.numbered for block in blocks)
    each = len(post.messages)
    return {
        **dict.fromkeys(("article", "footer"), each),
        **dict.fromkeys(("img", "figure"), kinds[Image]),
        "span": 2 * each,
        "h1": 1,
        "h2": len(post.replies),
        "h3": kinds[Heading],
        "strong": kinds[Strong],
        "em": kinds[Emphasis],
        "code": kinds[Code],
        "a": len(_addresses(post, blank=True)),
        "ol": numbered,
        "ul": len(items) - numbered,
        "li": sum(items),
        "blockquote": len(quoted),
        "p": kinds[Paragraph] + sum(quoted),
    }


class Reader(HTMLParser):
    """What a browser would see: visible words, tags, addresses; raises on unbalanced tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: Counter[str] = Counter()
        self.names: set[str] = set()
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.names.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in {"meta", "img", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)
