"""One day's list of Hugging Face's papers, as its JSON API sends it; nothing in it is trusted.

The shape: https://huggingface.co/docs/hub/api#get-apidailypapers; keys may be missing or null.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from core.clean import clean
from core.i18n import Phrase
from core.paper import BadPaperIdError, Paper, Signal, paper_url, parse_paper_id
from core.ports import Batch, Missing, Remark
from core.sources.fetch import FetchError

NAME = "Hugging Face"
_SOURCE = "huggingface"
_MAX_BYTES = 16 * 2**20
_MOST_VOTES = 10**6
_LONGEST_TITLE = 1_000
_LONGEST_SUMMARY = 20_000
_LONGEST_DETAIL = 200
_LONGEST_ADDRESS = 300
_WEB_ADDRESS = re.compile(
    r"https?://[A-Za-z\d][A-Za-z\d.-]*(?::\d{1,5})?(?:/[\w.~%/?#=&+@:-]*)?", re.ASCII
)


@dataclass(slots=True)
class Daily:
    """What has been read of one day's list.

    ``entries`` counts all its places, ``unreadable`` says of those that name no paper we can take
    why, by place or id, ``odd`` counts the values that could not be read, by their name in the API.
    ``rest`` is why the list is not known to its end.
    """

    papers: dict[str, Paper] = field(default_factory=dict)
    unreadable: dict[str, Phrase] = field(default_factory=dict)
    odd: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    rest: Phrase | None = None

    def take(self, entries: Sequence[object]) -> bool:
        """Add the entries of a page; whether any was not known yet."""
        before = len(self.papers) + len(self.unreadable)
        for entry in entries:
            self.entries += 1
            try:
                paper = _paper(entry, self.odd)
            except _BadEntryError as error:
                place = error.paper_id or f"{NAME} {self.entries}"
                self.unreadable.setdefault(place, error.reason)
            else:
                self.papers.setdefault(paper.id, paper)
        return len(self.papers) + len(self.unreadable) > before

    def batch(self, day: date) -> Batch:
        """The batch of the day whose list this is.

        It is whole where the list was read to its end: what cannot be read there names no paper
        that the day is known to lack.
        """
        papers, remarks = tuple(self.papers.values()), self._remarks()
        gaps = (Missing(f"{NAME} {self.entries + 1}-", self.rest),) if self.rest else ()
        if not papers and self.entries:
            reason = next(iter(self.unreadable.values()))
            return Batch(NAME, "failed", missing=gaps, remarks=remarks, note=reason)
        if not papers:
            note = Phrase("source.nothing_listed", source=NAME, day=day)
            return Batch(NAME, "quiet", note=note)
        if self.rest:
            note = Phrase("source.rest", source=NAME, held=len(papers), reason=self.rest)
            return Batch(NAME, "partial", papers, gaps, remarks, note)
        return Batch(NAME, "ok", papers, remarks=remarks)

    def _remarks(self) -> tuple[Remark, ...]:
        odd = (
            Remark(NAME, Phrase("source.odd_values", source=NAME, field=name, times=times))
            for name, times in sorted(self.odd.items())
        )
        unread = (Remark(p, why) for p, why in self.unreadable.items() if p not in self.papers)
        return (*unread, *odd)


def read_entries(body: bytes) -> list[object]:
    """The entries of a page as they came. Raises FetchError for anything but a whole JSON list."""
    if len(body) > _MAX_BYTES:
        raise FetchError(Phrase("source.too_big", source=NAME), lasting=True)
    try:
        data = json.loads(body)
    # ValueError: no JSON, no text, or a number of more digits than Python reads.
    except (ValueError, RecursionError):
        text = body.strip()
        key = "truncated" if text.startswith(b"[") and not text.endswith(b"]") else "not_list"
        raise FetchError(Phrase(f"source.{key}", source=NAME)) from None
    if isinstance(data, list):
        return data
    if isinstance(data, dict) and isinstance(error := data.get("error"), str):
        detail = clean(error[:_LONGEST_DETAIL]).text
        raise FetchError(Phrase("source.query_refused", source=NAME, detail=detail))
    raise FetchError(Phrase("source.not_list", source=NAME))


class _BadEntryError(ValueError):
    """An entry that names no paper we can take; ``paper_id`` is empty where it has none."""

    def __init__(self, reason: str, paper_id: str = "") -> None:
        super().__init__(reason)
        self.reason = Phrase(f"source.{reason}", source=NAME)
        self.paper_id = paper_id


def _paper(entry: object, odd: Counter[str]) -> Paper:
    """The paper of one entry; counts in ``odd`` what it had to leave out. Raises _BadEntryError."""
    inner = entry.get("paper") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(inner, dict):
        raise _BadEntryError("unreadable_entry")
    # Some values stand in the entry, some in its paper, some in both.
    values = _Values({**entry, **{k: v for k, v in inner.items() if v is not None}}, odd)
    paper_id = _arxiv_id(inner.get("id"))
    title = clean(values.text("title", _LONGEST_TITLE))
    if not title.text:
        raise _BadEntryError("unreadable_entry", paper_id)
    abstract = clean(values.text("summary", _LONGEST_SUMMARY))
    return Paper(
        id=paper_id,
        title=title.text,
        abstract=abstract.text,
        authors=values.authors(),
        url=paper_url(paper_id),
        published=values.moment("publishedAt"),
        links=tuple(dict.fromkeys((*title.links, *abstract.links))),
        sources=(_SOURCE,),
        signals=tuple(_signals(values)),
    )


def _arxiv_id(given: object) -> str:
    """The id, if the list itself gives arXiv's. Raises _BadEntryError."""
    try:
        paper_id = parse_paper_id(given if isinstance(given, str) else "")
    except BadPaperIdError:
        paper_id = ""
    if not paper_id.startswith("arxiv:"):
        raise _BadEntryError("no_arxiv_id")
    return paper_id


def _signals(values: "_Values") -> list[Signal]:
    found: list[tuple[str, int | str | None]] = [
        ("upvotes", values.number("upvotes")),
        ("comments", values.number("numComments") or None),
        ("code", values.address("githubRepo")),
    ]
    if listed := values.moment("submittedOnDailyAt"):
        found.append(("listed", listed.date().isoformat()))
    return [Signal(_SOURCE, name, value) for name, value in found if value is not None]


@dataclass(frozen=True, slots=True)
class _Values:
    """The values of one entry, each taken only if it is what it should be, else counted as odd."""

    given: Mapping[str, Any]
    odd: Counter[str]

    def text(self, name: str, longest: int) -> str:
        value = self.given.get(name)
        if isinstance(value, str) and len(value) <= longest:
            return value
        self._refuse(name)
        return ""

    def number(self, name: str) -> int | None:
        value = self.given.get(name)
        # True is an int too.
        if type(value) is int and 0 <= value <= _MOST_VOTES:
            return value
        self._refuse(name)
        return None

    def address(self, name: str) -> str | None:
        value = self.given.get(name)
        if value == "":
            return None
        if (
            isinstance(value, str)
            and len(value) <= _LONGEST_ADDRESS
            and _WEB_ADDRESS.fullmatch(value)
        ):
            return value
        self._refuse(name)
        return None

    def moment(self, name: str) -> datetime | None:
        """A timestamp in UTC, which is also what one without a zone is in."""
        value = self.given.get(name)
        if isinstance(value, str):
            # OverflowError: the first and the last day of the calendar.
            with suppress(ValueError, OverflowError):
                when = datetime.fromisoformat(value)
                return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
        self._refuse(name)
        return None

    def authors(self) -> tuple[str, ...]:
        """Their names, without those whom the list hides."""
        value = self.given.get("authors")
        people = value if isinstance(value, list) else []
        names = [
            clean(person["name"][:_LONGEST_DETAIL]).text
            for person in people
            if isinstance(person, dict)
            and isinstance(person.get("name"), str)
            and person.get("hidden") is not True
        ]
        if not isinstance(value, list):
            self._refuse("authors")
        return tuple(name for name in names if name)

    def _refuse(self, name: str) -> None:
        if self.given.get(name) is not None:
            self.odd[name] += 1
