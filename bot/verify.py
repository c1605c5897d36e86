"""``paperround verify``: what is wrong with written reports, held against their papers."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from bot.complaints import BAD, NOTHING, USEFUL, complain, show
from core.clean import clean
from core.paper import Paper
from core.report.checks.quoting import is_quoted
from core.report.draft import CLAIM_PARTS, Draft, DraftError, Finding, extracted_parts, read_draft
from core.report.verify import verify

# A paper's own sentence is in the paper's language and of its length.
_ITS_OWN = frozenset({"language", "length", "echo"})

# A category shows 20 at most (PAPERS_PER_CATEGORY).
_MOST_PAPERS = 100


class BadLineError(ValueError):
    """A line that holds no report and papers; the message says why."""


def run(file: Path, *, as_json: bool) -> int:
    """Run the command and give its exit code; one answer a line, in the file's order."""
    try:
        content = file.read_bytes()
    except OSError as error:
        return complain(f"{file}: {error.strerror or error}", BAD)
    table = Table("line", "place", "fault", "what was found", box=None)
    checked = 0
    for number, line in _lines(content):
        try:
            findings = check(_record(line))
            checked += 1
        except BadLineError as error:
            findings = [Finding("line", None, "schema", str(error))]
        if as_json:
            _print_json(findings)
        else:
            _add_rows(table, number, findings)
    if table.row_count:
        show(table)
    return USEFUL if checked else complain(f"{file}: no reports in it", NOTHING)


def check(record: Mapping[str, Any]) -> list[Finding]:
    """Every finding in one report of ``{language, papers, report}``. Raises BadLineError."""
    papers = _papers(record)
    language = record.get("language")
    if not isinstance(language, str) or not language.strip():
        raise BadLineError("field 'language' is missing or no text")
    if "report" not in record:
        raise BadLineError("field 'report' is missing")
    report = record["report"]
    try:
        draft = read_draft(report)
    except DraftError as error:
        return list(error.findings)
    findings = verify(draft, papers, language.strip().lower())
    quoting = extracted_parts(report)
    return [
        found
        for found in findings
        if found.part not in quoting or not _its_own(found, draft, papers)
    ]


def _its_own(finding: Finding, draft: Draft, papers: list[Paper]) -> bool:
    """Whether an extracted part is found to be what it says it is."""
    if finding.fault not in _ITS_OWN:
        return False
    if finding.part not in CLAIM_PARTS or finding.index is None:
        return finding.part == "keywords"
    return is_quoted(draft.claims(finding.part)[finding.index], papers)


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, numbered from 1, without a byte-order mark."""
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            yield number, line


def _record(line: bytes) -> Mapping[str, Any]:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadLineError("not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise BadLineError(f"not JSON (at character {error.colno})") from None
    # ValueError: a number of more digits than Python reads.
    except (RecursionError, ValueError):
        raise BadLineError("not JSON (at character 1)") from None
    if not isinstance(record, dict):
        raise BadLineError("not a JSON object with language, papers and report")
    return record


def _papers(record: Mapping[str, Any]) -> list[Paper]:
    """The papers in the order of their numbers, as plain text."""
    given = record.get("papers")
    if not isinstance(given, list) or not given:
        raise BadLineError("field 'papers' is missing, empty or no list")
    if len(given) > _MOST_PAPERS:
        raise BadLineError(f"field 'papers' has {len(given)}; at most {_MOST_PAPERS} are read")
    papers: dict[int, Paper] = {}
    for place, item in enumerate(given, 1):
        if not isinstance(item, dict):
            raise BadLineError(f"paper {place} is no object")
        number = item.get("n", place)
        if not isinstance(number, int) or isinstance(number, bool):
            raise BadLineError(f"paper {place}: field 'n' is no whole number")
        for field in ("title", "abstract"):
            if not isinstance(item.get(field), str):
                raise BadLineError(f"paper {place}: field '{field}' is missing or no text")
        title, abstract = clean(item["title"]).text, clean(item["abstract"]).text
        papers[number] = Paper(str(item.get("id", place)), title, abstract)
    if sorted(papers) != list(range(1, len(given) + 1)):
        raise BadLineError("the papers are not numbered from 1 without gaps or repeats")
    return [papers[number] for number in sorted(papers)]


def _print_json(findings: list[Finding]) -> None:
    answer = {"ok": not findings, "findings": [asdict(found) for found in findings]}
    # What was found may hold half a character pair, which UTF-8 cannot write.
    line = json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace")
    sys.stdout.write(line.decode("utf-8") + "\n")


def _add_rows(table: Table, number: int, findings: list[Finding]) -> None:
    if not findings:
        table.add_row(str(number), "", Text("ok"), "")
    for found in findings:
        place = found.part if found.index is None else f"{found.part} {found.index}"
        detail = "".join(char if char.isprintable() else "�" for char in found.detail)
        table.add_row(str(number), Text(place), Text(found.fault), Text(detail))
