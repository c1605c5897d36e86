"""Numbers that a claim computes, or says in several words, in four languages."""

import pytest

from core.paper import Paper
from core.report import Claim
from core.report.checks.amounts import amounts
from core.report.checks.lists import listed
from core.report.draft import Draft
from core.report.verify import verify

HARBOUR = Paper(
    "arxiv:2501.00011",
    "TideCast: Forecasting Quay Traffic from Sound",
    "Harbours are watched by people. TideCast listens instead, and raises accuracy from 71.4% to "
    "79.6% while latency falls from 9 seconds to 2 seconds. On Quay-Bench it reaches F1 = 0.93, "
    "higher than SonarNet (F1 = 0.85). It cuts storage by 90.2% and needs 3.7x less memory. The "
    "market is to grow from $9 billion to $49.6 billion by 2030. It was trained for 36 hours on "
    "1.2M clips and 300,000 labels, with a model of 32B parameters, and answers 100.4 KFPS/W. "
    "A second version is 12,000x cheaper to run, measured on ships, ferries, tugs, and cranes. "
    "Talks last 90 minutes. The BLEU scores are 8.3 / 34.7 and 20.9 / 44.5.",
)


def faults(language: str, text: str) -> set[str]:
    """The faults of one claim about the harbour."""
    findings = verify(Draft(impact=(Claim(text, (1,)),)), [HARBOUR], language)
    return {found.fault for found in findings if found.part == "impact"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Accuracy rises from 71.4% to 79.6%, by 8.2 points, or just over eight points."),
        ("en", "Its F1 of 0.93 is eight points ahead of the 0.85 of SonarNet."),
        ("en", "Answers take 2 seconds instead of 9 seconds, seven seconds less and more than four times as fast."),
        ("en", "Storage shrinks by 90.2%, to 9.8%."),
        ("en", "It runs in less than a third of the memory."),
        ("en", "The market grows from $9 billion to $49.6 billion, more than fivefold."),
        ("en", "Training took a day and a half."),
        ("en", "Talks of an hour and a half are followed."),
        ("en", "Its 1.2 million clips and 300,000 labels make 1.5 million items in all."),
        ("en", "The second version is four orders of magnitude cheaper."),
        ("en", "Four kinds of things were heard: ships, ferries, tugs and cranes."),
        ("en", "A model of this kind generalises better, and nobody has to synthesise labels."),
        ("en", "One score is 20.9, less than half as high as the other with 44.5."),
        ("ko", "정확도가 71.4%에서 79.6%로 8.2%포인트 올랐습니다."),
        ("ko", "시장은 90억 달러에서 496억 달러로 다섯 배 넘게 커집니다."),
        ("ko", "하루 반 동안 학습했습니다."),
        ("ko", "한 시간 반짜리 강연도 따라갑니다."),
        ("ko", "시장은 2030년까지 496억 달러로, 곧 496억 0천만 달러로 커집니다."),
        ("ko", "와트당 초당 10만 프레임 이상을 처리합니다."),
        ("ko", "사람의 귀와 겨룰 만해 항구에서 쓸 수 있습니다."),
        ("ja", "1時間半の講演にも対応します。"),
        ("ja", "精度は71.4%から79.6%へ8.2ポイント上がりました。"),
        ("ja", "1ワットあたり毎秒10万フレームを処理します。"),
        ("ja", "費用は4桁も下がりました。"),
        ("zh", "准确率从71.4%升至79.6%，提高8.2个百分点。"),
        ("zh", "一个半小时的演讲也能跟上。"),
        ("zh", "用一百多万段录音训练了三百多亿参数的模型。"),
        ("zh", "内存不到其三分之一，成本低四个数量级。"),
        ("zh", "市场从90亿美元增至496亿美元，扩大到五倍以上。"),
    ],
)  # fmt: skip
def test_what_a_claim_computes_or_says_in_other_words_is_sound(language: str, text: str) -> None:
    assert "number" not in faults(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "TideCast gains 7.2 points of accuracy."),
        ("en", "Its F1 is twelve points ahead of SonarNet's."),
        ("en", "It answers five seconds sooner."),
        ("en", "Storage shrinks to a seventh."),
        ("en", "It runs in less than a sixth of the memory."),
        ("en", "The market grows more than sevenfold."),
        ("en", "Training took two days and a half."),
        ("en", "Talks of two and a half hours are followed."),
        ("en", "The second version is six orders of magnitude cheaper."),
        ("en", "Seven kinds of things were heard."),
        ("en", "At most 3.8x less memory is needed."),
        ("ko", "정확도가 71.4%에서 79.6%로 9.2%포인트 올랐습니다."),
        ("ko", "시장은 아홉 배 넘게 커집니다."),
        ("ko", "두 시간 반짜리 강연도 따라갑니다."),
        ("ja", "2時間半の講演にも対応します。"),
        ("ja", "費用は6桁も下がりました。"),
        ("zh", "两个半小时的演讲也能跟上。"),
        ("zh", "用三百多万段录音训练。"),
        ("zh", "存储只剩五十分之一。"),
    ],
)
def test_what_does_not_follow_from_the_paper_is_found(language: str, text: str) -> None:
    assert "number" in faults(language, text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("tested on ViT, BERT, and GPT-2 in practice", 3),
        ("datasets, namely CIFAR-10, CIFAR-100, ImageNet-1k, GLUE, and CBT", 5),
        ("(1) a shape, (2) a map, (3) a rule and (4) a memory", 4),
    ],
)
def test_a_list_is_as_long_as_it_has_things(text: str, count: int) -> None:
    assert count in listed(text)


def test_clauses_make_no_list() -> None:
    assert not listed("In this work, we propose a net, and show that it learns.")


@pytest.mark.parametrize("text", ["수십만 건", "十几亿参数", "几百万张图", "겨룰 만해"])
def test_a_vague_amount_states_no_number(text: str) -> None:
    assert amounts(text) == []
