"""A file as a source: JSON Lines, one paper a line."""

import asyncio
import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from core.clean import clean
from core.i18n import Phrase
from core.paper import BadPaperIdError, Paper, paper_url, parse_paper_id
from core.ports import Batch, Missing, Remark, Status

_SAFE_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[!-~]*)?", re.ASCII)
_EXPECTED = ("authors", "primary_category", "categories")
# arXiv's listing pages put this label before an author's comment.
_COMMENT_LABEL = "Comments:"


class BadLineError(ValueError):
    """A line that holds no paper; ``reason`` says why."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(repr(reason))
        self.reason = reason


class UnreadableFileError(OSError):
    """The file cannot be opened or read; the message names it and says why."""


class FileSource:
    """Reads papers from a JSON-Lines file.

    A line: ``id, title, authors[], primary_category, categories[], abstract, comment``; id, title
    and abstract are needed. A bad line is missing with its line number; the others are kept.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    async def collect(self, day: date, held: Collection[str] = ()) -> Batch:  # noqa: ARG002
        """Every paper of the file, whatever the day. Raises UnreadableFileError."""
        return await asyncio.to_thread(self.read, day)

    def read(self, day: date) -> Batch:
        """The same, blocking."""
        papers: dict[str, Paper] = {}
        first_line: dict[str, int] = {}
        missing: list[Missing] = []
        remarks: list[Remark] = []
        for number, line in self._lines():
            place = f"{self.name}:{number}"
            try:
                record = _record(line)
                paper = _paper(record)
            except BadLineError as error:
                missing.append(Missing(place, error.reason))
                continue
            if paper.id in papers:
                same = Phrase("file.duplicate", id=paper.id, line=str(first_line[paper.id]))
                remarks.append(Remark(place, same))
                continue
            if absent := ", ".join(name for name in _EXPECTED if name not in record):
                remarks.append(Remark(place, Phrase("file.without", fields=absent)))
            papers[paper.id] = paper
            first_line[paper.id] = number
        return _batch(self.name, day, tuple(papers.values()), tuple(missing), tuple(remarks))

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines that are not blank, numbered from 1, without a byte-order mark."""
        try:
            content = self._path.read_bytes()
        except OSError as error:
            raise UnreadableFileError(f"{self._path}: {error.strerror or error}") from error
        for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
            if line.strip():
                yield number, line


def _batch(
    name: str,
    day: date,
    papers: tuple[Paper, ...],
    missing: tuple[Missing, ...],
    remarks: tuple[Remark, ...],
) -> Batch:
    if not papers and not missing:
        return Batch(name, "quiet", note=Phrase("file.empty", file=name, day=day))
    note = Phrase("file.unreadable", file=name, count=len(missing)) if missing else None
    status: Status = "failed" if not papers else "partial" if missing else "ok"
    return Batch(name, status, papers, missing, remarks, note)


def _record(line: bytes) -> Mapping[str, Any]:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadLineError(Phrase("file.not_utf8")) from None
    except json.JSONDecodeError as error:
        raise BadLineError(Phrase("file.not_json", column=str(error.colno))) from None
    # ValueError: a number of more digits than Python reads.
    except (RecursionError, ValueError):
        raise BadLineError(Phrase("file.not_json", column="1")) from None
    if not isinstance(record, dict):
        raise BadLineError(Phrase("file.not_object"))
    return record


def _paper(record: Mapping[str, Any]) -> Paper:
    """The paper of one line. Raises BadLineError."""
    try:
        paper_id = parse_paper_id(_text(record, "id"))
    except BadPaperIdError:
        raise BadLineError(Phrase("file.bad_id", id=clean(_text(record, "id")).text[:60])) from None
    title = clean(_text(record, "title"))
    abstract = clean(_text(record, "abstract"))
    for name, cleaned in (("title", title), ("abstract", abstract)):
        if not cleaned.text:
            raise BadLineError(Phrase("file.missing", field=name))
    comment = clean(_text(record, "comment", default="").removeprefix(_COMMENT_LABEL))
    codes = _texts(record, "categories")
    return Paper(
        id=paper_id,
        title=title.text,
        abstract=abstract.text,
        authors=tuple(clean(name).text for name in _texts(record, "authors")),
        primary_category=_text(record, "primary_category", default=codes[0] if codes else ""),
        categories=codes,
        comment=comment.text,
        url=_address(record) or paper_url(paper_id),
        links=(*abstract.links, *comment.links),
        sources=("file",),
    )


def _text(record: Mapping[str, Any], name: str, *, default: str | None = None) -> str:
    value = record.get(name)
    if value is None and default is not None:
        return default
    if value is None:
        raise BadLineError(Phrase("file.missing", field=name))
    if not isinstance(value, str):
        raise BadLineError(Phrase("file.wrong_type", field=name))
    return _encodable(value)


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name) or ()
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise BadLineError(Phrase("file.wrong_type", field=name))
    return tuple(_encodable(item) for item in value)


def _address(record: Mapping[str, Any]) -> str:
    """The line's own address, only if a reader may safely follow it."""
    given = _text(record, "url", default="")
    return given if _SAFE_ADDRESS.fullmatch(given) else ""


def _encodable(text: str) -> str:
    """JSON can spell half a surrogate pair, which no file or chat can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")
