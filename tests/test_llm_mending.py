"""What is kept of an answer, and what the papers' own sentences stand in for."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from core.paper import Paper
from core.report import Report, mending
from core.report.draft import Draft, Finding
from core.report.extractive import extract
from core.report.mending import Judged, better, filled, judged, salvaged
from core.report.server import Answer
from core.report.terms import Background
from tests.factories import make_paper
from tests.model_answers import KOREAN, Json, claim, entries, korean

PAPERS = [make_paper(n) for n in (1, 2, 3)]
BAD = "나쁜 말입니다."


def check(draft: Draft, papers: Sequence[Paper], language: str) -> list[Finding]:
    """A check that finds one bad sentence, and a paper without a line."""
    del language
    found = [
        Finding(part, place, "echo", "bad words")
        for part in ("themes", "findings", "impact", "outlook")
        for place, one in enumerate(draft.claims(part))
        if BAD in one.text
    ]
    found += [
        Finding("keywords", n, "echo", "bad") for n, w in enumerate(draft.keywords) if w == BAD
    ]
    cited = {one.cites for one in draft.findings}
    missing = [n for n in range(1, len(papers) + 1) if (n,) not in cited]
    return found + [Finding("findings", None, "missing_paper", str(n)) for n in missing]


@pytest.fixture(autouse=True)
def _a_small_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "verify", check)


def answer(data: object, end: str = "whole") -> Answer:
    text = data if isinstance(data, str) else json.dumps(data)
    return Answer(text, end, 1, 1)  # type: ignore[arg-type]


def judge(data: object, papers: Sequence[Paper] = PAPERS) -> Judged:
    return judged(answer(data), papers, "ko")


def bad(part: str, *places: int, **more: object) -> Json:
    """A good answer with these claims of a part spoilt."""
    data = korean(3) | more
    for place in places:
        data[part][place] = BAD if part == "keywords" else data[part][place] | {"text": BAD}
    return data


def test_nothing_is_wrong_with_a_good_answer_and_all_of_it_stays() -> None:
    verdict = judge(korean(3))
    assert verdict.faults == ()
    assert salvaged(verdict, PAPERS, "ko") == (verdict.draft, ())


@pytest.mark.parametrize("part", ["themes", "impact", "outlook"])
def test_a_part_whose_only_claim_is_wrong_is_extracted(part: str) -> None:
    draft, extracted = salvaged(judge(bad(part, 0)), PAPERS, "ko")
    assert extracted == (part,)
    assert draft.claims(part) == ()
    assert len(draft.findings) == 3


def test_of_two_claims_the_good_one_stays() -> None:
    good = claim("남는 문장입니다.", 2)
    draft, extracted = salvaged(judge(bad("impact", 0, impact=[good, good])), PAPERS, "ko")
    assert extracted == ()
    assert [one.text for one in draft.impact] == [good["text"]]


def test_a_wrong_keyword_goes_alone() -> None:
    draft, extracted = salvaged(judge(bad("keywords", 1)), PAPERS, "ko")
    assert (draft.keywords, extracted) == (("정확도", "방법"), ())


def test_only_the_paper_whose_line_is_wrong_gets_an_extracted_one() -> None:
    report = report_of(bad("findings", 1))
    assert report.extracted == ("findings",)
    whole = filled(report, quoted())
    assert whole.extracted == ("findings",)
    assert [one.cites for one in whole.findings] == [(1,), (2,), (3,)]
    assert whole.line(2) == quoted().line(2)
    assert whole.line(1) == korean(3)["findings"][0]["text"]


def test_a_paper_left_out_gets_an_extracted_line() -> None:
    data = korean(3)
    del data["findings"][2]
    whole = filled(report_of(data), quoted())
    assert (whole.line(3), whole.extracted) == (quoted().line(3), ("findings",))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("impact"),
        lambda data: data.update(impact="none"),
        lambda data: data.update(impact=[{"text": 1, "cites": [1]}]),
        lambda data: data.update(impact=[{"text": "글입니다.", "cites": ["1"]}]),
    ],
)
def test_a_part_that_cannot_be_read_is_extracted_and_the_others_stay(
    spoil: Callable[[Json], object],
) -> None:
    data = korean(3)
    spoil(data)
    verdict = judge(data)
    assert {one.part for one in verdict.faults} == {"impact"}
    draft, extracted = salvaged(verdict, PAPERS, "ko")
    assert extracted == ("impact",)
    assert draft.themes
    assert draft.outlook


@pytest.mark.parametrize("data", ["", "I cannot help with that.", "[]", {}, {"findings": "x"}])
def test_of_an_answer_without_a_report_nothing_stays(data: object) -> None:
    verdict = judge(data)
    assert verdict.faults
    assert salvaged(verdict, PAPERS, "ko")[0] == Draft()


def test_an_answer_that_was_cut_off_is_not_read_though_it_looks_whole() -> None:
    verdict = judged(answer(korean(3), "cut"), PAPERS, "ko")
    assert verdict.draft == Draft()
    assert "cut off" in verdict.faults[0].detail


def test_without_one_good_line_nothing_stays() -> None:
    draft, extracted = salvaged(judge(bad("findings", 0, 1, 2)), PAPERS, "ko")
    assert draft == Draft()
    assert len(extracted) == 5


def test_a_fault_of_the_whole_report_spares_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        mending, "verify", lambda *_: [Finding("report", None, "language", "all of it")]
    )
    assert salvaged(judge(korean(3)), PAPERS, "ko")[0] == Draft()


def test_themes_of_one_paper_are_not_read() -> None:
    verdict = judge(korean(1) | {"themes": [claim(BAD, 1)]}, PAPERS[:1])
    assert (verdict.faults, verdict.draft.themes) == ((), ())


def test_the_better_answer_is_the_one_with_fewer_faults_and_of_equals_the_second() -> None:
    none, one, two = judge(korean(3)), judge(bad("impact", 0)), judge(bad("findings", 0, 1))
    unread, unreadable = judge(korean(3) | {"impact": 1}), judge("no")
    for worse, good in ((one, none), (two, one), (unread, two), (unreadable, unread)):
        assert better(worse, good) is good
        assert better(good, worse) is good
    assert better(one, again := judge(bad("outlook", 0))) is again


def test_a_part_with_nothing_to_extract_stays_empty_and_is_not_named() -> None:
    empty = replace(quoted(), outlook=())
    whole = filled(report_of(bad("outlook", 0)), empty)
    assert (whole.outlook, whole.extracted) == ((), ())


def report_of(data: Json) -> Report:
    draft, extracted = salvaged(judge(data), PAPERS, "ko")
    return Report(
        "cv",
        "ko",
        "llm",
        entries(3),
        **{p: getattr(draft, p) for p in Draft.__slots__},
        model="m",
        extracted=extracted,
    )


def quoted() -> Report:
    return extract("cv", entries(3), Background(PAPERS), KOREAN)
