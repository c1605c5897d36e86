import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.verify import run
from tests.verify_reports import GOOD


def line(name: str, **report: object) -> dict[str, Any]:
    """One of the sound reports as a line of the file, with changes to its report."""
    language, papers, draft = GOOD[name]
    shown = [
        {"n": n, "id": p.id, "title": p.title, "abstract": p.abstract}
        for n, p in enumerate(papers, 1)
    ]
    return {"language": language, "papers": shown, "report": asdict(draft) | report}


def answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *lines: object
) -> list[dict[str, Any]]:
    """What the command prints about these lines, parsed."""
    file = tmp_path / "reports.jsonl"
    written = [said if isinstance(said, str) else json.dumps(said) for said in lines]
    file.write_text("\n".join(written), encoding="utf-8")
    assert run(file, as_json=True) == 0
    return [json.loads(said) for said in capsys.readouterr().out.splitlines()]


def test_each_line_gets_its_answer_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = line(
        "speech in Korean",
        outlook=[{"text": "지연은 190ms입니다. 더 시험해야 합니다.", "cites": [1]}],
    )
    first, second = answers(tmp_path, capsys, line("gardens in English"), bad)
    assert first == {"ok": True, "findings": []}
    assert [(f["part"], f["index"], f["fault"]) for f in second["findings"]] == [
        ("outlook", 0, "number")
    ]


@pytest.mark.parametrize(
    "bad",
    [
        "{not json",
        "[]",
        json.dumps({"language": "ko"}),
        json.dumps(line("one paper in Korean") | {"papers": []}),
        json.dumps(line("one paper in Korean") | {"language": 3}),
        json.dumps(line("one paper in Korean") | {"papers": [{"title": "x", "abstract": "y"}] * 101}),
        json.dumps(line("one paper in Korean") | {"papers": [{"n": 1, "title": "x"}]}),
        json.dumps(line("one paper in Korean") | {"papers": [{"n": 2, "title": "x", "abstract": "y"}]}),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_the_others_go_on(
    bad: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = answers(tmp_path, capsys, bad, line("one paper in Korean"))
    assert not first["ok"]
    assert [(f["part"], f["fault"]) for f in first["findings"]] == [("line", "schema")]
    assert second["ok"]


def test_a_report_of_the_wrong_shape_is_answered_with_its_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = [line("one paper in Korean") | {"report": 3}, line("one paper in Korean", impact=None)]
    first, second = answers(tmp_path, capsys, *wrong)
    assert [f["part"] for f in first["findings"]] == ["report"]
    assert [f["part"] for f in second["findings"]] == ["impact"]


def test_latex_in_a_paper_is_read_as_its_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = line("one paper in English")
    given["papers"][0]["abstract"] = given["papers"][0]["abstract"].replace("40%", r"$40\%$")
    assert answers(tmp_path, capsys, given)[0]["ok"]


def test_an_extracted_report_may_quote_its_papers_in_their_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quoted = "Large language models (LLMs) are expensive to serve."
    claims = {"findings": [{"text": quoted, "cites": [1]}]}
    extracted = line("one paper in Korean", method="extracted", impact=[], outlook=[], **claims)
    written = line("one paper in Korean", method="llm", **claims)
    first, second = answers(tmp_path, capsys, extracted, written)
    assert first["ok"]
    assert {f["fault"] for f in second["findings"]} == {"language"}


def test_only_the_parts_named_as_extracted_may_quote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quoted = [{"text": "Large language models (LLMs) are expensive to serve.", "cites": [1]}]
    mixed = {"method": "llm", "impact": quoted, "outlook": []}
    lines = [
        line("one paper in Korean", extracted=[part], **mixed) for part in ("impact", "outlook")
    ]
    first, second = answers(tmp_path, capsys, *lines)
    assert first["ok"]
    assert [(f["part"], f["fault"]) for f in second["findings"]] == [("impact", "language")]


def test_a_file_that_cannot_be_read_is_a_bad_argument(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "none.jsonl", as_json=True) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_a_file_without_a_report_is_nothing_useful(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"\n\n")
    assert run(tmp_path / "empty.jsonl", as_json=True) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("part", ["findings", "keywords"])
def test_a_part_of_many_thousands_is_a_fault_of_the_part_and_not_read_to_its_end(
    part: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = line("one paper in Korean")
    given["report"][part] = given["report"][part] * 20_000
    (answer,) = answers(tmp_path, capsys, given)
    places = {(found["part"], found["index"]) for found in answer["findings"]}
    assert (part, None) in places
    assert len(places) < 20


def test_of_very_many_citations_a_few_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = line("one paper in Korean")
    given["report"]["impact"] = [given["report"]["impact"][0] | {"cites": list(range(50_000))}]
    (answer,) = answers(tmp_path, capsys, given)
    told = [found["detail"] for found in answer["findings"] if found["fault"] == "citation"]
    assert told[0] == "there is no paper 0"
    assert len(told) == 5
