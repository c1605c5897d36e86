from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.paper import Paper
from core.report import Claim
from core.report.draft import CLAIM_PARTS, PARTS, Draft, DraftError, read_draft
from core.report.verify import FAULTS, verify
from tests.verify_reports import GARDENS, GOOD, SPEECH

EVERY = st.sampled_from(sorted(GOOD))


def faults(text: str, cites: Sequence[int], papers: Sequence[Paper], language: str) -> set[str]:
    """The faults of one claim, whatever is missing beside it."""
    findings = verify(Draft(impact=(Claim(text, tuple(cites)),)), papers, language)
    return {found.fault for found in findings if found.part == "impact"}


def spoilt(name: str, part: str, addition: str) -> set[str]:
    """The faults of a sound report when a part's first claim ends with an addition."""
    language, papers, draft = GOOD[name]
    first, *rest = draft.claims(part)
    changed = (Claim(f"{first.text} {addition}", first.cites), *rest)
    return {found.fault for found in verify(_with(draft, part, changed), papers, language)}


def _with(draft: Draft, part: str, claims: tuple[Claim, ...]) -> Draft:
    changes: dict[str, Any] = {part: claims}
    return replace(draft, **changes)


@pytest.mark.parametrize("name", GOOD)
def test_a_sound_report_has_no_finding(name: str) -> None:
    language, papers, draft = GOOD[name]
    assert verify(draft, papers, language) == []


@given(EVERY, st.sampled_from([0, -1, 99]), st.sampled_from(["findings", "impact", "outlook"]))
def test_a_citation_of_a_paper_that_is_not_there_is_found(name: str, cite: int, part: str) -> None:
    language, papers, draft = GOOD[name]
    first, *rest = draft.claims(part)
    changed = _with(draft, part, (Claim(first.text, (*first.cites, cite)), *rest))
    assert ("citation", part, 0) in {
        (f.fault, f.part, f.index) for f in verify(changed, papers, language)
    }


@given(EVERY, st.sampled_from(["findings", "impact", "outlook"]))
def test_a_claim_that_cites_nothing_is_found(name: str, part: str) -> None:
    language, papers, draft = GOOD[name]
    first, *rest = draft.claims(part)
    changed = _with(draft, part, (Claim(first.text, ()), *rest))
    assert "citation" in {found.fault for found in verify(changed, papers, language)}


@given(EVERY, st.integers(0, 2))
def test_a_paper_without_its_line_is_found(name: str, place: int) -> None:
    language, papers, draft = GOOD[name]
    place %= len(papers)
    rest = draft.findings[:place] + draft.findings[place + 1 :]
    found = verify(replace(draft, findings=rest), papers, language)
    assert [(f.fault, f.part, f.index) for f in found] == [("missing_paper", "findings", None)]


@pytest.mark.parametrize(
    ("fault", "addition"),
    [
        *(("latex", said) for said in (r"$\tilde{\mathcal{O}}(n)$", r"\chipname", "x_{i}", "$f<N/2$", "$5$")),
        *(("link", said) for said in ("https://arxiv.org/abs/2411.05003", "github.com/x/y", "www.x.org", "t.me/abc", "evil.co.kr")),
        *(("mention", said) for said in ("@everyone", "@here", "@alice", "<@123456>", "<#99>", "＠everyone", "/start")),
        *(("markup", said) for said in ("**bold**", "__under__", "`code`", "[a](b)", "<b>x</b>", "&lt;", "~~no~~", "| a | b |", "\n# Head", "🚀")),
        *(("control", said) for said in ("\u200b", "\u202e", "\u2066", "\x07", "\u00ad", "\U000e0041")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["gardens in Korean", "gardens in English", "speech in Japanese", "one paper in Chinese"])  # fmt: skip
def test_what_is_no_plain_text_is_found_and_named(name: str, fault: str, addition: str) -> None:
    assert fault in spoilt(name, "findings", addition)
    assert fault in spoilt(name, "outlook", addition)


@pytest.mark.parametrize(
    ("name", "passage"),
    [
        *(("gardens in Korean", said) for said in ("重大한 결과입니다.", "鏡像", "まだ", "dân tộc", "компонент", "The method significantly improves the results.")),
        *(("gardens in English", said) for said in ("중요한", "まだ", "компонент", "lo cual mejora mucho los resultados", "und das ist sehr wichtig für alle")),
        *(("gardens in Japanese", said) for said in ("중요한", "该方法非常有效。", "компонент", "The method significantly improves the results.")),
        *(("gardens in Chinese", said) for said in ("중요한", "まだ", "検証", "の", "The method significantly improves the results.")),
    ],
)  # fmt: skip
def test_a_foreign_passage_is_found(name: str, passage: str) -> None:
    assert "language" in spoilt(name, "impact", passage)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "첫 번째 논문은 사진에서 식물을 재구성합니다."),
        ("ko", "본 보고서는 식물 재구성을 다룹니다."),
        ("en", "As an AI language model, I cannot judge the drawings."),
        ("en", "The first paper reconstructs plants from few photographs."),
        ("en", "Sure! Here is the summary of the leaf reconstruction."),
        ("ja", "最初の論文は植物の再構成を扱います。"),
        ("zh", "第一篇论文研究植物重建问题。"),
        ("zh", "作为一个AI语言模型，我无法判断。"),
    ],
)
def test_the_writer_speaking_of_itself_is_found(language: str, text: str) -> None:
    assert "echo" in faults(text, [1], GARDENS, language)


@pytest.mark.parametrize(
    "text",
    [
        "잎 조각 180만 개로 학습했습니다.",
        "재구성이 4배 빨라졌습니다.",
        "재구성이 3% 빨라졌습니다.",
        "메모리가 24GB에서 9.4GB로 줄었습니다.",
        "메모리가 24MB에서 9.6MB로 줄었습니다.",
        "사진 6장이면 충분합니다.",
        "사진 여섯 장이면 충분합니다.",
        "PSNR이 2.45dB 올랐습니다.",
        "보행자를 놓치는 일이 37.5% 줄었습니다.",
        "두 논문은 식물을 재구성합니다.",
    ],
)
def test_a_number_that_the_cited_paper_lacks_is_found(text: str) -> None:
    assert "number" in faults(text, [1], GARDENS, "ko")


def test_themes_of_one_paper_are_found() -> None:
    language, papers, draft = GOOD["one paper in English"]
    themed = replace(draft, themes=(Claim("CuriPrune makes serving cheaper.", (1,)),))
    assert [(f.part, f.index, f.fault) for f in verify(themed, papers, language)] == [
        ("themes", None, "schema")
    ]


@pytest.mark.parametrize("parts", [[], ["impact", "outlook"], None])
def test_the_parts_that_were_extracted_may_be_named(parts: object) -> None:
    assert read_draft(_data() | {"method": "llm", "model": "m", "extracted": parts})


@pytest.mark.parametrize("parts", ["impact", [1], ["nowhere"], {}, 3])
def test_extracted_parts_that_are_no_parts_are_no_draft(parts: object) -> None:
    with pytest.raises(DraftError):
        read_draft(_data() | {"extracted": parts})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "잎 조각 약 170만 개로 학습했습니다."),
        ("ko", "잎 조각 1,723,456개로 학습했습니다."),
        ("en", "It was trained on over 1.7 million leaf patches."),
        ("en", "It was trained on 1.7M leaf patches and is threefold faster."),
        ("ja", "葉の画像172万枚で学習し、三倍速くなりました。"),
        ("zh", "训练用了172万个图块，速度提高到三倍。"),
        ("ko", "ＰＳＮＲ이 ２.４dB 올랐습니다."),
        ("en", "Memory falls from 24 GB to about 10 GB with five views."),
    ],
)
def test_a_number_may_be_rounded_or_written_otherwise(language: str, text: str) -> None:
    assert "number" not in faults(text, [1], GARDENS, language)


@pytest.mark.parametrize(
    "text",
    [
        "FernSplt은 식물을 재구성합니다.",
        "FrenSplat은 식물을 재구성합니다.",
        "Fernsplat은 식물을 재구성합니다.",
        "DropNet은 식물을 재구성합니다.",
        "NeuroLeaf는 식물을 재구성합니다.",
        "GreenHouse-13에서 시험했습니다.",
    ],
)
def test_a_name_that_the_cited_paper_lacks_is_found(text: str) -> None:
    assert "name" in faults(text, [1], GARDENS, "ko")


@pytest.mark.parametrize(
    "text",
    [
        "FernSplat's skeleton anchors 3D Gaussians.",
        "FernSplat-based scans could help AI researchers.",
        "Operators of greenhouses need less memory on their GPUs.",
        "Like NeRF, it reconstructs leaves, though Gaussians are faster.",
    ],
)
def test_a_possessive_a_compound_and_common_knowledge_are_sound(text: str) -> None:
    assert faults(text, [1], GARDENS, "en") == set()


@given(st.data())
def test_a_swapped_citation_is_found_where_the_claim_names_a_method(data: st.DataObject) -> None:
    language, papers, draft = GOOD[data.draw(st.sampled_from([n for n in GOOD if "one" not in n]))]
    claims = draft.findings
    place = data.draw(st.integers(0, len(claims) - 1))
    other = data.draw(
        st.sampled_from([n for n in range(1, len(papers) + 1) if n not in claims[place].cites])
    )
    changed = list(claims)
    changed[place] = Claim(claims[place].text, (other,))
    found = verify(replace(draft, findings=tuple(changed)), papers, language)
    assert {"name", "number"} & {f.fault for f in found if f.index == place}


def test_a_repeated_claim_is_found_where_it_stands_again() -> None:
    language, papers, draft = GOOD["speech in English"]
    again = replace(draft, outlook=(draft.impact[0],))
    assert [(f.part, f.index, f.fault) for f in verify(again, papers, language)] == [
        ("outlook", 0, "duplicate")
    ]


@pytest.mark.parametrize(
    "text", ["Short.", "word " * 200, "It needs fewer views, and", "It anchors Gaussians (to a"]
)
def test_a_text_too_short_too_long_or_cut_off_is_found(text: str) -> None:
    assert "length" in faults(text, [1], GARDENS, "en")


def test_a_keyword_is_checked_like_a_claim() -> None:
    language, papers, draft = GOOD["speech in Korean"]
    bad = replace(draft, keywords=("音声", "@everyone", "WhisperLte", "음성 인식"))
    found = {(f.index, f.fault) for f in verify(bad, papers, language)}
    assert {(0, "language"), (1, "mention"), (2, "name")} <= found
    assert 3 not in {index for index, _ in found}


def _data() -> dict[str, Any]:
    claim = {"text": "WhisperLite quantizes an ASR model to 4 bits.", "cites": [1]}
    return {part: ["a word"] if part == "keywords" else [dict(claim)] for part in PARTS}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("wrong", [None, "text", {}, 3, [None], [3], [[]], [""]])
def test_a_part_of_the_wrong_shape_is_no_draft(part: str, wrong: object) -> None:
    with pytest.raises(DraftError) as error:
        read_draft(_data() | {part: wrong})
    assert {found.part for found in error.value.findings} == {part}
    assert {found.fault for found in error.value.findings} == {"schema"}
    others = [other for other in PARTS if other != part]
    assert all(len(getattr(error.value.readable, other)) == 1 for other in others)


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_no_draft(part: str) -> None:
    data = _data()
    del data[part]
    with pytest.raises(DraftError):
        read_draft(data)


@pytest.mark.parametrize("part", CLAIM_PARTS)
@pytest.mark.parametrize("cite", [True, False, "1", 1.0, None, [1]])
def test_a_citation_that_is_no_number_is_no_draft(part: str, cite: object) -> None:
    data = _data()
    data[part][0]["cites"] = [cite]
    with pytest.raises(DraftError) as error:
        read_draft(data)
    assert [found.fault for found in error.value.findings] == ["citation"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*PARTS, "method", "x"]), json_values))
def test_any_json_is_read_or_refused_with_known_faults(data: dict[str, Any]) -> None:
    told = {"schema"}
    try:
        read_draft(data)
    except DraftError as error:
        told = {found.fault for found in error.findings}
    assert told
    assert told <= FAULTS.keys()


@given(st.text(max_size=300), st.sampled_from(["ko", "en", "ja", "zh", "de", "ru"]))
def test_any_text_is_judged_with_known_faults(text: str, language: str) -> None:
    draft = Draft(findings=(Claim(text, (1,)), Claim(text[::-1], (2,))), keywords=(text,))
    assert {found.fault for found in verify(draft, SPEECH, language)} <= FAULTS.keys()


@pytest.mark.parametrize(
    "piece", ["a", "<a", "*a", "_a", "1,", "| ", "一", "두 ", "A-", "(a | b ", "[", "a@"]
)
def test_a_hostile_text_is_judged_at_once(piece: str) -> None:
    paper = Paper("arxiv:2501.09999", piece * 50, piece * 5_000)
    assert verify(Draft(findings=(Claim(piece * 5_000, (1,)),)), [paper], "ko")
