import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import catalog
from core.ports import Batch
from core.sources.file import FileSource, UnreadableFileError

DAY = date(2025, 7, 15)
LINE: dict[str, Any] = {
    "id": "2507.10578",
    "title": "A Title",
    "authors": ["Kim Minji", "Ada L."],
    "primary_category": "cs.CV",
    "categories": ["cs.CV", "cs.AI"],
    "abstract": "We propose a thing.",
    "comment": "Comments:      Accepted to ICCV",
}


def line(**changes: object) -> str:
    return json.dumps({k: v for k, v in (LINE | changes).items() if v is not ...})


def read(folder: Path, *lines: str | bytes) -> Batch:
    path = folder / "papers.jsonl"
    path.write_bytes(b"\n".join(part.encode() if isinstance(part, str) else part for part in lines))
    return FileSource(path).read(DAY)


def reasons(batch: Batch) -> list[str]:
    words = catalog("en")
    return [f"{m.id}: {words.text(m.reason)}" for m in batch.missing]


def test_a_line_becomes_a_paper_with_its_canonical_id_and_address(tmp_path: Path) -> None:
    (paper,) = read(tmp_path, line()).papers
    assert paper.id == "arxiv:2507.10578"
    assert paper.url == "https://arxiv.org/abs/2507.10578"
    assert paper.authors == ("Kim Minji", "Ada L.")
    assert paper.comment == "Accepted to ICCV"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{not json", "papers.jsonl:2: not JSON (at character 2)"),
        ("[1, 2]", "papers.jsonl:2: not a JSON object with one paper"),
        (line(title=...), "papers.jsonl:2: field 'title' is missing"),
        (line(abstract="  "), "papers.jsonl:2: field 'abstract' is missing"),
        (line(id=...), "papers.jsonl:2: field 'id' is missing"),
        (line(id="42"), "papers.jsonl:2: not a paper id: 42"),
        (line(title=7), "papers.jsonl:2: field 'title' has the wrong type"),
        (line(authors="Kim"), "papers.jsonl:2: field 'authors' has the wrong type"),
        (b"\xff\xfe{}", "papers.jsonl:2: not UTF-8 text"),
        ("[" * 100_000, "papers.jsonl:2: not JSON (at character 1)"),
    ],
)
def test_a_bad_line_is_named_and_the_good_ones_are_kept(
    tmp_path: Path, bad: str | bytes, reason: str
) -> None:
    batch = read(tmp_path, line(id="2507.00001"), bad, line(id="2507.00002"))
    assert [p.id for p in batch.papers] == ["arxiv:2507.00001", "arxiv:2507.00002"]
    assert reasons(batch) == [reason]
    assert batch.status == "partial"
    assert batch.owed == 3


def test_a_duplicate_id_is_named_and_counted_once(tmp_path: Path) -> None:
    batch = read(tmp_path, line(title="First"), line(id="2507.10578v2", title="Second"))
    assert [p.title for p in batch.papers] == ["First"]
    (remark,) = batch.remarks
    assert remark.place == "papers.jsonl:2"
    assert catalog("en").text(remark.said) == "arxiv:2507.10578 is already on line 1; skipped"
    assert batch.status == "ok"


def test_a_paper_without_authors_is_kept_and_remarked(tmp_path: Path) -> None:
    batch = read(tmp_path, line(authors=..., comment=...))
    assert batch.papers[0].authors == ()
    assert [r.place for r in batch.remarks] == ["papers.jsonl:1"]


@pytest.mark.parametrize("content", ["", "\n\n  \n", "\ufeff"])
def test_an_empty_file_is_quiet_and_says_so(tmp_path: Path, content: str) -> None:
    batch = read(tmp_path, content)
    assert batch.status == "quiet"
    assert batch.note
    assert catalog("en").text(batch.note) == "papers.jsonl: no papers in it."


def test_a_file_of_nothing_but_bad_lines_has_failed(tmp_path: Path) -> None:
    assert read(tmp_path, "x", "y").status == "failed"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    batch = read(tmp_path, b"\xef\xbb\xbf" + line().encode() + b"\r", line(id="2507.00002") + "\r")
    assert len(batch.papers) == 2
    assert not batch.missing


def test_half_a_surrogate_pair_does_not_reach_the_paper(tmp_path: Path) -> None:
    (paper,) = read(tmp_path, line(title="A \ud800 title")).papers
    paper.title.encode("utf-8")


def test_an_address_that_is_no_web_address_is_replaced(tmp_path: Path) -> None:
    (paper,) = read(tmp_path, line(url="javascript:alert(1)")).papers
    assert paper.url == "https://arxiv.org/abs/2507.10578"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="gone.jsonl: No such file"):
        FileSource(tmp_path / "gone.jsonl").read(DAY)


@given(st.lists(st.binary(max_size=80)))
def test_no_bytes_make_the_reader_stumble(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    good = line().encode()
    batch = read(tmp_path_factory.mktemp("bytes"), good, *lines)
    filled = sum(bool(part.strip()) for part in b"\n".join([good, *lines]).split(b"\n"))
    assert len(batch.papers) + len(batch.missing) == filled
    assert batch.papers[0].id == "arxiv:2507.10578"
