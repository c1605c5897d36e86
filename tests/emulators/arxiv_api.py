"""What arXiv's query API answers: the search, the order, the paging and the Atom.

Modelled on https://info.arxiv.org/help/api/user-manual.html, not on our own source code.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

_EASTERN = ZoneInfo("America/New_York")
_NAMESPACES = (
    'xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom"'
)
# From which day's 14:00 to which day's 14:00 (Eastern) a listing reaches back, by weekday.
_REACH = {0: (4, 3), 1: (4, 1)}
_MOST_RESULTS = 2000


class QueryError(ValueError):
    """A query arXiv refuses; the message is what its error entry says."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as arXiv holds it; ``id`` has no version."""

    id: str
    title: str
    published: datetime
    abstract: str = "An abstract."
    authors: tuple[str, ...] = ("Ada Lovelace",)
    primary_category: str = "cs.AI"
    categories: tuple[str, ...] = ("cs.AI",)
    comment: str = ""
    version: int = 1
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The page of a query."""

    entries: tuple[Entry, ...]
    total: int
    start: int
    size: int
    query: str


def load(path: Path, day: date) -> list[Entry]:
    """The papers of a JSON-Lines file; those without ``published`` are spread over the day's."""
    lines = path.read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines if line.strip()]
    return list(spread((_entry(record) for record in records), day))


def spread(entries: Iterable[Entry], day: date) -> Iterable[Entry]:
    """Each entry that has no date of its own gets one in the listing of this day, in order."""
    papers = list(entries)
    begin, end = window(day)
    step = (end - begin) / (len(papers) + 1)
    for number, entry in enumerate(papers, 1):
        if entry.published == datetime.min.replace(tzinfo=UTC):
            when = (begin + step * number).replace(microsecond=0)
            yield replace(entry, published=when)
        else:
            yield entry


def window(day: date) -> tuple[datetime, datetime]:
    """When the papers of the listing of this weekday were submitted, UTC."""
    first, last = _REACH.get(day.weekday(), (2, 1))
    return tuple(  # type: ignore[return-value]
        datetime.combine(day - timedelta(days=back), time(14), _EASTERN).astimezone(UTC)
        for back in (first, last)
    )


def answer(entries: Sequence[Entry], parameters: Mapping[str, str]) -> Answer:
    """The page that these request parameters ask for. Raises QueryError."""
    start = _number(parameters, "start", 0)
    size = _number(parameters, "max_results", 10)
    query = parameters.get("search_query", "")
    ids = [part.strip() for part in parameters.get("id_list", "").split(",") if part.strip()]
    if not query and not ids:
        raise QueryError("search_query and id_list are both empty")
    if size > _MOST_RESULTS:
        raise QueryError(f"max_results must not exceed {_MOST_RESULTS}")
    found = [e for e in entries if _matches(e, query)] if query else list(entries)
    if ids:
        bare = [re.sub(r"v\d+$", "", text) for text in ids]
        found = [entry for text in bare for entry in found if entry.id == text]
    found = _ordered(found, parameters)
    text = f"search_query={query}&id_list={','.join(ids)}&start={start}&max_results={size}"
    return Answer(tuple(found[start : start + size]), len(found), start, size, text)


def atom(page: Answer, *, with_total: bool = True) -> str:
    """The page as a feed."""
    total = f"<opensearch:totalResults>{page.total}</opensearch:totalResults>" if with_total else ""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f"<feed {_NAMESPACES}>\n"
        "  <id>https://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>\n"
        f"  <title>arXiv Query: {escape(page.query)}</title>\n"
        "  <updated>2025-07-15T00:00:00Z</updated>\n"
        f"  <link href={quoteattr('https://arxiv.org/api/query?' + page.query)} "
        'type="application/atom+xml"/>\n'
        f"  <opensearch:itemsPerPage>{page.size}</opensearch:itemsPerPage>\n"
        f"  {total}\n"
        f"  <opensearch:startIndex>{page.start}</opensearch:startIndex>\n"
        f"{''.join(map(_atom_entry, page.entries))}</feed>\n"
    )


def error_atom(message: str) -> str:
    """The feed with the one entry by which arXiv refuses a query."""
    anchor = message.replace(" ", "_")
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f"<feed {_NAMESPACES}>\n"
        "  <opensearch:totalResults>1</opensearch:totalResults>\n"
        "  <entry>\n"
        f"    <id>https://arxiv.org/api/errors#{escape(anchor)}</id>\n"
        "    <title>Error</title>\n"
        "    <updated>2025-07-15T00:00:00Z</updated>\n"
        f"    <summary>{escape(message)}</summary>\n"
        "    <author><name>arXiv api core</name></author>\n"
        "  </entry>\n</feed>\n"
    )


def _entry(record: Mapping[str, Any]) -> Entry:
    published = record.get("published")
    when = datetime.fromisoformat(published) if published else datetime.min.replace(tzinfo=UTC)
    return Entry(
        id=record["id"],
        title=record["title"],
        published=when.astimezone(UTC) if published else when,
        abstract=record.get("abstract", ""),
        authors=tuple(record.get("authors", ())),
        primary_category=record.get("primary_category", ""),
        categories=tuple(record.get("categories", ())),
        # The corpus was taken from listing pages, whose label the API does not send.
        comment=(record.get("comment") or "").removeprefix("Comments:").strip(),
        version=int(record.get("version", 1)),
    )


def _number(parameters: Mapping[str, str], name: str, default: int) -> int:
    text = parameters.get(name, str(default))
    if not text.lstrip("-").isdecimal():
        raise QueryError(f"{name} must be an integer")
    if int(text) < 0:
        raise QueryError(f"{name} must be non-negative")
    return int(text)


def _matches(entry: Entry, query: str) -> bool:
    codes = re.findall(r"cat:([\w.*-]+)", query)
    if codes and not any(fnmatchcase(mine, code) for mine in entry.categories for code in codes):
        return False
    dates = re.search(r"submittedDate:\[(\d{12}) TO (\d{12})\]", query)
    if dates is None:
        return True
    # Both minutes belong to the range, the last with all its seconds.
    minute = entry.published.strftime("%Y%m%d%H%M")
    return dates[1] <= minute <= dates[2]


def _ordered(entries: list[Entry], parameters: Mapping[str, str]) -> list[Entry]:
    by = parameters.get("sortBy", "relevance")
    if by not in {"relevance", "lastUpdatedDate", "submittedDate"}:
        raise QueryError(f"sortBy must be in: relevance, lastUpdatedDate, submittedDate, not {by}")
    if by == "relevance":
        return entries
    return sorted(
        entries,
        key=lambda e: (e.updated or e.published) if by == "lastUpdatedDate" else e.published,
        reverse=parameters.get("sortOrder", "descending") == "descending",
    )


def _atom_entry(entry: Entry) -> str:
    scheme = 'scheme="http://arxiv.org/schemas/atom"'
    address = f"{entry.id}v{entry.version}"
    authors = "".join(
        f"    <author>\n      <name>{escape(name)}</name>\n    </author>\n"
        for name in entry.authors
    )
    categories = "".join(
        f"    <category term={quoteattr(code)} {scheme}/>\n" for code in entry.categories
    )
    comment = (
        f"    <arxiv:comment>{escape(entry.comment)}</arxiv:comment>\n" if entry.comment else ""
    )
    return (
        "  <entry>\n"
        f"    <id>http://arxiv.org/abs/{address}</id>\n"
        f"    <title>{escape(entry.title)}</title>\n"
        f"    <updated>{entry.updated or entry.published:%Y-%m-%dT%H:%M:%SZ}</updated>\n"
        f'    <link href="https://arxiv.org/abs/{address}" rel="alternate" type="text/html"/>\n'
        f'    <link href="https://arxiv.org/pdf/{address}" rel="related" type="application/pdf"'
        ' title="pdf"/>\n'
        f"    <summary>{escape(entry.abstract)}</summary>\n"
        f"{categories}"
        f"    <published>{entry.published:%Y-%m-%dT%H:%M:%SZ}</published>\n"
        f"{comment}"
        f"    <arxiv:primary_category term={quoteattr(entry.primary_category)}/>\n"
        f"{authors}"
        "  </entry>\n"
    )
