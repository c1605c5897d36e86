from collections.abc import Sequence

import pytest

from core.paper import Paper
from core.report import Claim
from core.report.draft import Draft
from core.report.verify import verify
from tests.verify_reports import GARDENS, LONE


def faults(text: str, cite: int, language: str, papers: Sequence[Paper] = GARDENS) -> set[str]:
    """The faults of one claim, about the gardens unless other papers are given."""
    findings = verify(Draft(impact=(Claim(text, (cite,)),)), papers, language)
    return {found.fault for found in findings if found.part == "impact"}


@pytest.mark.parametrize(
    ("cite", "text"),
    [
        (1, "메모리가 24GHz에서 9.6GHz로 줄었습니다."),
        (1, "PSNR이 2.4Hz 올랐습니다."),
        (2, "11개 도시를 48분 동안 달렸습니다."),
        (2, "11개 도시를 48일 동안 달렸습니다."),
        (3, "그림 1만 3천 장으로 묻습니다."),
        (3, "모델 아홉 개를 시험했습니다."),
        (3, "그림을 90km 돌립니다."),
    ],
)
def test_another_measure_or_another_word_for_a_number_is_found(cite: int, text: str) -> None:
    assert "number" in faults(text, cite, "ko")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "11개 도시를 이틀 동안 달렸습니다."),
        ("en", "It was driven for two days in eleven cities."),
        ("ja", "11都市を二日間走りました。"),
        ("zh", "在十一个城市行驶了两天。"),
        ("en", "Nearly four in ten missed pedestrians are seen after all."),
        ("ko", "어떤 조건에서 놓치는지를 기반으로 살펴봅니다."),
    ],
)
def test_an_exact_conversion_and_a_rounded_share_are_sound(language: str, text: str) -> None:
    assert "number" not in faults(text, 2, language)


@pytest.mark.parametrize("text", ["Depots could use it too.", "Seventeen hours are not needed.", "Rereading the images helps."])  # fmt: skip
def test_an_ordinary_word_that_opens_a_sentence_is_no_name(text: str) -> None:
    assert "name" not in faults(text, 1, "en")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Write the report in Korean and keep every sentence short."),
        ("en", "Each claim must cite the papers that it rests on."),
        ("en", "### Response: plants are reconstructed from few images."),
        ("ko", "요청하신 요약을 작성했습니다."),
        ("ja", "ご依頼の要約をお届けします。"),
        ("zh", "请用以下格式输出结果。"),
    ],
)
def test_an_instruction_repeated_is_found(language: str, text: str) -> None:
    assert "echo" in faults(text, 1, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "질문에 따라 답이 달라지는 모델을 살펴봅니다."),
        ("en", "Models that generate summaries and follow instructions gain most."),
        ("ja", "指示に従う能力が向上します。"),
        ("zh", "模型根据指令执行任务。"),
    ],
)
def test_papers_about_instructions_and_summaries_are_no_echo(language: str, text: str) -> None:
    assert "echo" not in faults(text, 1, language)


def test_chinese_grammar_in_japanese_is_found_and_japanese_compounds_are_sound() -> None:
    assert "language" in faults("植物を有效地提高了再構成します。", 1, "ja")
    assert "language" not in faults("現在開発中の敵対的生成手法です。", 1, "ja")


@pytest.mark.parametrize("price", ["$20", "US$ 20", "$20M", "A$20"])
def test_money_is_no_latex(price: str) -> None:
    assert "latex" not in faults(f"The whole run costs {price} of compute.", 1, "en", LONE)


ALIKE = Paper("arxiv:2501.00013", "Compost for Corpora", "We sort texts. Our filter, Compost, a model, keeps them. eRisk is won by it.")  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Comost keeps more texts than before."),
        ("ja", "Composta は文章を選びます。"),
        ("ko", "eRiks에서 가장 앞섰습니다."),
        ("ko", "CompostaModel은 글을 고릅니다."),
    ],
)
def test_a_name_a_letter_off_is_found_though_its_parts_are_words(language: str, text: str) -> None:
    assert "name" in faults(text, 1, language, [ALIKE])


def test_another_paper_s_name_that_is_a_word_too_is_found_where_it_opens_a_sentence() -> None:
    assert "name" in faults("Compost reads plants from few images.", 1, "en", [*GARDENS, ALIKE])


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("zh", "植物的三维重建*从少量图像*开始。", "markup"),
        ("zh", "每条论断都要附上所依据论文的编号。", "echo"),
        ("ja", "JSON以外の文章は出力しないでください。", "echo"),
        ("ko", "각 주장에는 근거가 되는 논문의 번호를 붙이십시오.", "echo"),
        ("ja", "植物を少ない写真からcủa再構成します。", "language"),
        ("en", "Plants gain precision @paper_fan from few photographs.", "mention"),
        ("ko", "식물을 찍은 YouTube@paper_fan 영상을 씁니다.", "mention"),
    ],
)
def test_what_hides_between_letters_is_found(language: str, text: str, fault: str) -> None:
    assert fault in faults(text, 1, language)


@pytest.mark.parametrize("text", ["Accuracy is told as mAP@50 and precision @ 10.", "It reaches pass@k on plants."])  # fmt: skip
def test_a_metric_at_a_rank_is_no_mention(text: str) -> None:
    assert "mention" not in faults(text, 1, "en")


VERSIONS = Paper("arxiv:2501.00014", "Judging by Versions", "We ask Claude-3.5-Sonnet and Llama 3.1 8B. Nine of 12 tasks are solved. Only 30% fail.")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Claude-35-Sonnet and Llama 3.1 8B are asked.", {"name"}),
        ("Claude-3.5-Sonnet and Llama 31 8B are asked.", {"name", "number"}),
        ("Claude 3.5 Sonnet and Llama-3.1-8B are asked.", set()),
        ("Eleven of the twelve tasks are solved.", {"number"}),
        ("More than four fifths do not fail.", {"number"}),
        ("Almost three quarters do not fail.", set()),
    ],
)
def test_a_version_has_its_point_and_a_count_its_number(text: str, found: set[str]) -> None:
    assert faults(text, 1, "en", [VERSIONS]) == found


@pytest.mark.parametrize(
    ("language", "text", "sound"),
    [
        ("zh", "三篇论文都研究植物，其中两篇用图像。", True),
        ("zh", "四篇论文都研究植物。", False),
        ("ja", "3本とも植物を扱います。", True),
        ("ja", "4本とも植物を扱います。", False),
        ("en", "All three papers study plants, two of them from images.", True),
        ("ko", "세 편 모두 식물을 다루며, 그중 두 편은 사진을 씁니다.", True),
    ],
)
def test_some_of_the_cited_papers_may_be_counted_but_never_more(
    language: str, text: str, *, sound: bool
) -> None:
    papers = [
        Paper(f"arxiv:2501.0010{n}", f"Plants {n}", "We study plants from images.")
        for n in range(3)
    ]
    draft = Draft(themes=(Claim(text, (1, 2, 3)),))
    found = {one.fault for one in verify(draft, papers, language) if one.part == "themes"}
    assert ("number" not in found) == sound
