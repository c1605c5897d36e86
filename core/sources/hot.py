"""deeplearn.org's pages: the front page with its panels, and a paper's own page.

Every panel of the front page has the same markup inside; only the one titled "Hot Papers" counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from bs4 import BeautifulSoup, ParserRejectedMarkup, Tag
from bs4.element import NavigableString

from core.clean import Clean, clean
from core.i18n import Phrase
from core.paper import Paper, Signal, normalised_title
from core.ports import Missing
from core.sources.fetch import FetchError

NAME = "deeplearn.org"
_SOURCE = "deeplearn"
_PANEL_TITLE = "hot papers"
_MOST_PAPERS = 20
_MAX_BYTES = 2**20
# Each tag that is left open takes the next ones in; a page of nothing else would cost minutes.
_DEEPEST = 300
_MOST_TAGS = 50
_HOSTS = frozenset({"deeplearn.org", "www.deeplearn.org"})
_PAPER_PATH = re.compile(r"/arxiv/([1-9]\d{0,11})(?:/.*)?", re.ASCII)
# Slugs keep the title's punctuation: "/arxiv/530608/int-flashattention:-enabling-flash-attention".
_SLUG_SIGNS = "/%:@!$&'()*+,;=~"
_LONGEST_TITLE = 1_000
_LONGEST_ABSTRACT = 20_000
_SHORTEST_ABSTRACT = 80

_XML_PROLOG = re.compile(r"\A\s*(?:<\?[^>]*>\s*)+")
_PAGE_BEGINS = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_PAGE_ENDS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_APOLOGY = re.compile(
    r"there was a problem with this request"
    r"|\A\W*(?:sorry\b|oops\b|we(?:['’]| a)re sorry|page not found|internal server error"
    r"|service unavailable|bad gateway|too many requests|(?:please )?enable javascript)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hot:
    """A paper of the panel: canonical id, title, the address of its page, its rank from 1."""

    id: str
    title: str
    url: str
    rank: int


@dataclass(frozen=True, slots=True)
class Front:
    """The front page: the papers of its hot panel, the entries that name none, and its headings.

    ``headings`` are normalised; what stands there too is no title of a paper's page.
    """

    hot: tuple[Hot, ...]
    missing: tuple[Missing, ...]
    headings: frozenset[str]


def read_front(body: bytes, base_url: str) -> Front:
    """The front page of the site at this address. Raises FetchError where it has no hot papers."""
    page = _parsed(body)
    found: dict[str, Hot] = {}
    missing: list[Missing] = []
    for rank, link in enumerate(_links(page), 1):
        if rank > _MOST_PAPERS:
            break
        number, url = _paper_page(str(link.get("href", "")), base_url) if link else ("", "")
        title = _said(link, _LONGEST_TITLE).text if link else ""
        if number and title:
            found.setdefault(number, Hot(f"deeplearn:{number}", title, url, rank))
        else:
            place = f"deeplearn:{number}" if number else f"{NAME} {rank}"
            missing.append(Missing(place, Phrase("source.unreadable_entry", source=NAME)))
    if not found and not missing:
        raise FetchError(Phrase("source.no_panel", source=NAME))
    named = tuple(item for item in missing if item.id.removeprefix("deeplearn:") not in found)
    return Front(tuple(found.values()), named, frozenset(_headings(page)))


def read_paper(body: bytes, hot: Hot, front: Front) -> Paper:
    """The paper of its page. Raises FetchError where the page is another one or has no abstract.

    An arXiv id is never taken from it: links and text may name any paper.
    """
    page = _parsed(body)
    if not _is_of(page, hot, front):
        raise FetchError(Phrase("source.other_page", source=NAME), lasting=True)
    abstract = _first_paragraph(page)
    if len(abstract.text) < _SHORTEST_ABSTRACT or _APOLOGY.search(abstract.text):
        raise FetchError(Phrase("source.no_abstract", source=NAME), lasting=True)
    return Paper(
        id=hot.id,
        title=hot.title,
        abstract=abstract.text,
        url=hot.url,
        links=abstract.links,
        sources=(_SOURCE,),
        signals=(Signal(_SOURCE, "hot", hot.rank),),
    )


def _parsed(body: bytes) -> BeautifulSoup:
    """The page, however broken its markup is. Raises FetchError for what is no whole page."""
    if len(body) > _MAX_BYTES:
        raise FetchError(Phrase("source.too_big", source=NAME), lasting=True)
    # A prolog would make the parser warn of XML.
    text = _XML_PROLOG.sub("", body.decode("utf-8-sig", "replace"))
    begins, ends = _PAGE_BEGINS.search(text), _PAGE_ENDS.search(text)
    if not begins or not ends:
        key = "source.truncated" if begins else "source.not_list"
        raise FetchError(Phrase(key, source=NAME))
    try:
        page = BeautifulSoup(text, "html.parser")
    except (ParserRejectedMarkup, RecursionError, ValueError):
        raise FetchError(Phrase("source.not_list", source=NAME)) from None
    if _depth(page) > _DEEPEST:
        raise FetchError(Phrase("source.not_list", source=NAME))
    return page


def _depth(page: BeautifulSoup) -> int:
    """How many tags lie in one another at most."""
    depths = {id(page): 0}
    for tag in page.find_all():
        depths[id(tag)] = depths[id(tag.parent)] + 1
    return max(depths.values())


def _links(page: BeautifulSoup) -> Iterator[Tag | None]:
    """The link of each title in the hot panel, None where a title has none."""
    for heading in page.find_all(class_="panel-title", limit=_MOST_TAGS):
        panel = heading.find_parent("div", class_="panel")
        if panel and " ".join(_text(heading).split()).casefold() == _PANEL_TITLE:
            for title in panel.find_all("div", class_="title"):
                # Where the panel is not closed, the next ones come to lie in it.
                if title.find_parent("div", class_="panel") is panel:
                    yield title.find("a", recursive=False)
            return


def _paper_page(href: str, base_url: str) -> tuple[str, str]:
    """The number and the address of the paper a link leads to, both empty where to none."""
    base = base_url.rstrip("/")
    try:
        home, link = urlsplit(base), urlsplit(urljoin(f"{base}/", href.strip()))
        own = link.scheme in {"http", "https"} and link.hostname in {home.hostname, *_HOSTS}
    except ValueError:
        return "", ""
    path = link.path.removeprefix(home.path)
    match = _PAPER_PATH.fullmatch(path)
    if not own or match is None:
        return "", ""
    return match[1], base + quote(path, safe=_SLUG_SIGNS, errors="replace")


def _is_of(page: BeautifulSoup, hot: Hot, front: Front) -> bool:
    """Whether the page's title is the listed one, or it has no title of its own."""
    title = normalised_title(hot.title)
    headings = set(_headings(page))
    # "<title>" goes on with what kind of page it is.
    return any(title in heading for heading in headings) or headings <= front.headings


def _headings(page: BeautifulSoup) -> Iterator[str]:
    """What the page calls itself, normalised."""
    tags = page.find_all(["title", "h1", "h2", "h3"], limit=_MOST_TAGS)
    metas = page.find_all("meta", property="og:title", limit=_MOST_TAGS)
    texts = [_said(tag, _LONGEST_TITLE).text for tag in tags]
    texts += [clean(str(meta.get("content", ""))[:_LONGEST_TITLE]).text for meta in metas]
    return filter(None, map(normalised_title, texts))


def _first_paragraph(page: BeautifulSoup) -> Clean:
    """The first paragraph of the article that says something."""
    article = page.find("div", class_="article-content")
    for paragraph in article.find_all("p", limit=_MOST_TAGS) if article else ():
        said = _said(paragraph, _LONGEST_ABSTRACT)
        if said.text:
            return said
    return clean("")


def _said(tag: Tag, longest: int) -> Clean:
    """The tag's text, nothing where it is too long to be what it should be."""
    text = _text(tag)
    return clean(text if len(text) <= longest else "")


def _text(tag: Tag) -> str:
    """What a reader sees of the tag, without tags of its own kind in it, which an open one swallows."""
    parts = []
    for piece in tag.descendants:
        if isinstance(piece, Tag) and piece.name == "br":
            parts.append(" ")
        # The subclasses are comments, scripts and the like.
        elif type(piece) is NavigableString and piece.find_parent(tag.name) is tag:
            parts.append(str(piece))
    return "".join(parts)
