"""The spellings by which people mean a category, in every language and with a slip."""

import pytest

from core.category import Taxonomy, UnknownCategoryError

SPELLINGS = {
    "llm": (
        "LLM|l l m|LLMs|large language models|large langauge models|거대언어모델|거대 언어 모델|"
        "大規模言語モデル|大语言模型"
    ),
    "agents": "AI Agents|ai-agents|agent|에이전트|ai 에이전트|AIエージェント|智能体",
    "nlp": "NLP|natural languge processing|자연어처리|자연어 처리|自然言語処理|自然语言处理",
    "cv": (
        "vision|Vision|ＣＶ|computer vison|computer visoin|Computer-Vision|computervision|비전|"
        "컴퓨터 비전|컴퓨터비젼|コンピュータビジョン|计算机视觉|cs.CV"
    ),
    "multimodal": "Multi Modal|multimodel|멀티모달|マルチモーダル|多模态",
    "rl": "RL|reinforcment learning|강화학습|강화 학습|強化学習|强化学习",
    "robotics": "robots|robotic s|로보틱스|로봇|ロボティクス|机器人",
    "audio": "Speech & Audio|speech and audio|speech/audio|음성|음성·오디오|音声|语音",
    "recsys": "recomender systems|추천시스템|추천 시스템|推薦システム|推荐系统",
    "graph": "graph learning|graph neural networks|그래프 학습|グラフ学習|图学习",
    "theory": "ML theory|ml-theory|machine learning theroy|기계학습 이론|機械学習理論|机器学习理论",
    "training": "model training|모델 학습 기법|モデルの学習手法|训练方法",
    "inference": "inference aceleration|추론 가속|推論の高速化|推理加速|quantisation",
    "safety": "security and safety|AI safety|보안|보안과 안전|セキュリティ|安全",
    "science": "ai for science|AI4Science|science & health|과학|의료|科学|医疗",
    "timeseries": "시계열|time series|tabular and time series|時系列|时间序列|표 시계열",
    "other": "Other|기타|その他|其他",
}
FOUND = [(query, slug) for slug, named in SPELLINGS.items() for query in named.split("|")]


@pytest.mark.parametrize(("query", "slug"), FOUND)
def test_a_category_is_meant_by_each_of_its_spellings(
    taxonomy: Taxonomy, query: str, slug: str
) -> None:
    for typed in (query, query.upper(), f"  {query.replace(' ', '  ')} ", query.swapcase()):
        assert taxonomy.find(typed).slug == slug, typed


def test_the_spellings_are_those_of_every_category(taxonomy: Taxonomy) -> None:
    assert tuple(SPELLINGS) == taxonomy.slugs


@pytest.mark.parametrize(
    "query",
    [
        *("", "weather", "xyz", "hello world", "비트코인", "天気", "v", "cvv", "비", "영화", "and"),
        *("research", "genetic", "knowledge gap", "interference", "draining", "searching"),
        *("vison", "cv llm", "recommender systems cv", "🙂", "cs.XX"),
    ],
)
def test_nonsense_and_short_slips_find_nothing_but_the_three_nearest(
    taxonomy: Taxonomy, query: str
) -> None:
    with pytest.raises(UnknownCategoryError) as caught:
        taxonomy.find(query)
    assert len(caught.value.nearest) == 3
