"""Names, numbers and talk of the task, held exactly against the cited papers."""

import pytest

from core.paper import Paper
from core.report import Claim
from core.report.draft import Draft, DraftError, read_draft
from core.report.verify import verify

QUAY = Paper(
    "arxiv:2501.00021",
    "QuayNet: Ranking Harbours with Fixed Crane Replay",
    "We present QuayNet, which uses Fixed Crane Replay and a k-NN index. It is tuned from Tide 3.2 and "
    "compared with Swell-2.5, with Sea-Port, and with the policy π₀ on Harbour-31. We call the small model REEF. "
    "REEF has 2:4 sparsity and a bound of 13√3. Success rises from 36% to 84%, and accuracy by 6.06 "
    "percentage points. It was labelled by third-year students with four and six cranes, in 5-fold "
    "cross-validation, is 30-300x faster and cuts logs by 90%.",
)


def faults(language: str, text: str) -> set[str]:
    """The faults of one claim about the quay."""
    findings = verify(Draft(impact=(Claim(text, (1,)),)), [QUAY], language)
    return {found.fault for found in findings if found.part == "impact"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "QuayNet builds on Loose Crane Replay for harbours."),
        ("ko", "QuayNet은 Fixed Winch Replay를 씁니다."),
        ("en", "QuayNet looks harbours up with k-means clusters."),
        ("en", "QuayNet is tuned from Tide 3.1 for harbours."),
        ("zh", "QuayNet 与 Tide 4 相比更快。"),
        ("en", "QuayNet beats Swell-3 on harbours."),
        ("ja", "QuayNetは基準手法のπ₁を上回りました。"),
        ("en", "QuayNet is measured on Harbour-Gate for ships."),
        ("en", "QuayNet is compared with Port-Sea for ships."),
        ("en", "QuayNet is compared with Sea-Part for ships."),
        ("en", "The small model Reef ranks harbours."),
        ("en", "QuayNet is measured on KITTI for harbours."),
        ("ko", "QuayNet은 DPO로 학습합니다."),
        ("zh", "QuayNet 采用 USB 格式。"),
    ],
)
def test_a_name_that_no_cited_paper_has_is_found_however_well_known(
    language: str, text: str
) -> None:
    assert "name" in faults(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Physicists can rank harbours with QuayNet on one GPU."),
        ("en", "QuayNet uses Fixed Crane Replay and is tuned from Tide 3.2."),
        ("ko", "QuayNet은 π₀와 Swell-2.5보다 낫습니다."),
        ("ja", "QuayNetはHarbour-31でSea-Portを上回りました。"),
    ],
)
def test_names_as_the_paper_writes_them_are_sound(language: str, text: str) -> None:
    assert faults(language, text) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "REEF works with 1:4 sparsity on harbours."),
        ("en", "REEF proves a bound of 13√2 for harbours."),
        ("en", "It was labelled by fourth-year students."),
        ("ja", "成功率は36%から84%へと48%上がりました。"),
        ("ja", "成功率は36%から84%へと58ポイント上がりました。"),
        ("ko", "정확도를 6.06% 높였습니다."),
        ("en", "QuayNet runs with ten cranes in harbours."),
        ("en", "Success rises by 47.5 points with QuayNet."),
    ],
)
def test_a_number_that_is_nearly_the_papers_is_found(language: str, text: str) -> None:
    assert "number" in faults(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "REEF works with 2:4 sparsity and proves a bound of 13√3."),
        ("en", "It was labelled by third-year students."),
        ("ja", "成功率は36%から84%へと48ポイント上がりました。"),
        ("ko", "정확도를 6.06%포인트 높였습니다."),
        ("en", "QuayNet runs with six cranes in harbours."),
        ("en", "QuayNet is 30- to 300-fold faster in harbours."),
        ("ja", "港での5分割交差検証で確かめました。"),
        ("en", "Logs shrink to about a tenth in harbours."),
    ],
)
def test_a_number_as_the_paper_has_it_is_sound_in_any_form(language: str, text: str) -> None:
    assert "number" not in faults(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Say only what the cited titles and abstracts say."),
        ("en", "Name a method as its paper spells it. QuayNet ranks harbours."),
        ("ko", "인용한 제목과 초록에 있는 내용만 말합니다."),
        ("ja", "引用した要旨に書かれていることだけを述べます。"),
        ("ja", "QuayNetは港を並べます。JSON形式で出力します。"),
        ("zh", "每条论断都要在 cites 中给出所依据论文的编号。"),
        ("zh", "只陈述所引标题和摘要中的内容。"),
    ],
)
def test_what_the_writer_was_asked_is_no_claim(language: str, text: str) -> None:
    assert "echo" in faults(language, text)


CLAIM = {"text": "QuayNet ranks harbours.", "cites": [1]}
WHOLE = {"themes": [], "keywords": ["quay"], "findings": [CLAIM], "impact": [CLAIM], "outlook": [CLAIM]}  # fmt: skip


@pytest.mark.parametrize("part", ["keywords", "impact", "outlook"])
def test_an_empty_part_is_a_fault(part: str) -> None:
    with pytest.raises(DraftError, match=part):
        read_draft(WHOLE | {part: []})


def test_themes_may_be_empty_for_one_paper_only() -> None:
    assert read_draft(WHOLE).themes == ()
    with pytest.raises(DraftError, match="themes"):
        read_draft(WHOLE | {"findings": [CLAIM, CLAIM | {"cites": [2]}]})


def test_a_part_may_be_empty_where_something_was_extracted() -> None:
    assert read_draft(WHOLE | {"outlook": [], "extracted": ["impact"]}).outlook == ()
