"""Invented papers and sound reports about them in four languages."""

from core.paper import Paper
from core.report import Claim
from core.report.draft import Draft

GARDENS = (
    Paper(
        "arxiv:2501.00001",
        "FernSplat: Sparse-View Reconstruction of Plants with Anchored Gaussians",
        "Reconstructing plants from few photographs is hard because leaves are thin and overlap. "
        "We propose FernSplat, which anchors 3D Gaussians to a skeleton estimated from the images. "
        "Trained on 1,723,456 leaf patches, it needs only five views per plant. On the GreenHouse-12 "
        "benchmark it raises PSNR by 2.4 dB and is 3 times faster than neural radiance fields, "
        "while memory falls from 24 GB to 9.6 GB. Code will be released.",
    ),
    Paper(
        "arxiv:2501.00002",
        "Seeing Through Rain: A Two-Stage Network for Wet Windscreens",
        "Drops on a windscreen blur what a driver assistance system sees. This paper presents "
        "DropNet, a two-stage network that first segments drops and then fills in what they hide. "
        "It was tested on 48 hours of driving in 11 cities and reduces missed pedestrians by 37.5%. "
        "It runs at 62 frames per second on a Jetson Orin. Half of the missed detections that "
        "remain occur at night.",
    ),
    Paper(
        "arxiv:2501.00003",
        "MoleculeBench: Do Vision-Language Models Read Structural Formulas?",
        "Vision-language models (VLMs) are asked to read drawings in chemistry. We introduce "
        "MoleculeBench, a benchmark of 12,000 hand-checked drawings with questions in English and "
        "German. Eight VLMs, GPT-4o among them, reach an accuracy of 41.3% at most; trained chemists "
        "reach 96%. Errors double when a formula is rotated by 90 degrees.",
    ),
)
SPEECH = (
    Paper(
        "arxiv:2501.00004",
        "WhisperLite: 4-bit Quantization of Speech Recognisers for Hearing Aids",
        "Hearing aids have little memory. WhisperLite quantizes the weights of an automatic speech "
        "recognition (ASR) model to 4 bits and distils it into a student with 7 million parameters. "
        "The word error rate rises from 5.1% to only 5.8%, at a latency of 180 ms. A study with "
        "26 listeners found no difference in understanding.",
    ),
    Paper(
        "arxiv:2501.00005",
        "Learning Dialects without Labels: Contrastive Pretraining on Radio Archives",
        "We study self-supervised pretraining on 310,000 hours of radio in 14 dialects of Arabic. "
        "The proposed objective, DialectNCE, contrasts speakers of one dialect with speakers of "
        "another. Compared with wav2vec 2.0 it improves dialect identification from 71% to 83% and "
        "needs a third of the labelled data.",
    ),
)
LONE = (
    Paper(
        "arxiv:2501.00006",
        "Pruning by Curiosity: Which Attention Heads Can a Language Model Lose?",
        "Large language models (LLMs) are expensive to serve. We introduce CuriPrune, a method that "
        "removes attention heads whose outputs a small predictor can guess. In Llama-3.1-8B it "
        "removes 40% of the heads and keeps 98.7% of the accuracy on MMLU, while throughput rises "
        "by a factor of 1.6. The method costs US$ 20 of compute. Whether it carries over to "
        "mixture-of-experts models is left to future work.",
    ),
)


def draft(
    themes: list[tuple[str, list[int]]],
    keywords: str,
    findings: list[tuple[str, list[int]]],
    impact: list[tuple[str, list[int]]],
    outlook: list[tuple[str, list[int]]],
) -> Draft:
    """A draft from pairs of text and citations; keywords are separated by " · "."""
    themes_, findings_, impact_, outlook_ = (
        tuple(Claim(text, tuple(cites)) for text, cites in part)
        for part in (themes, findings, impact, outlook)
    )
    return Draft(themes_, tuple(keywords.split(" · ")), findings_, impact_, outlook_)


GOOD: dict[str, tuple[str, tuple[Paper, ...], Draft]] = {
    "gardens in Korean": (
        "ko",
        GARDENS,
        draft(
            [
                ("보기 어려운 장면을 다루는 연구가 두 편입니다. FernSplat은 얇은 잎을, DropNet은 빗방울에 가린 도로를 다룹니다.", [1, 2]),
                ("3편 모두 카메라나 그림에서 출발하지만, MoleculeBench만 모델을 새로 만들지 않고 평가합니다.", [1, 2, 3]),
            ],
            "식물 재구성 · 3D 가우시안 · 빗방울 제거 · 시각-언어 모델 · 화학 구조식",
            [
                ("FernSplat은 사진 5장에서 추정한 뼈대에 3D 가우시안을 고정해, 식물을 NeRF보다 3배 빠르게 재구성합니다.", [1]),
                ("DropNet은 빗방울을 찾은 뒤 가려진 부분을 채우는 2단계 신경망으로, 놓치는 보행자를 37.5% 줄입니다.", [2]),
                ("MoleculeBench는 사람이 확인한 그림 1만 2천 장으로, VLM이 구조식을 읽는지 영어와 독일어로 묻습니다.", [3]),
            ],
            [
                ("메모리가 24GB에서 9.6GB로 줄어, 약 170만 개의 잎 조각으로 학습한 방법을 온실에서도 쓸 수 있습니다.", [1]),
                ("초당 62프레임으로 동작하므로 운전자 보조 시스템에 실을 수 있고, 11개 도시의 48시간 주행에서 시험했습니다.", [2]),
                ("가장 나은 모델의 정확도도 41.3%로, 화학자의 96%에 크게 못 미칩니다. GPT-4o도 여기에 들어갑니다.", [3]),
            ],
            [
                ("남은 미검출의 절반은 밤에 일어나므로, 야간 성능이 다음 과제입니다.", [2]),
                ("구조식을 90도 돌리면 오류가 두 배가 되는 까닭은 더 살펴볼 일입니다.", [3]),
            ],
        ),
    ),
    "gardens in English": (
        "en",
        GARDENS,
        draft(
            [
                ("Two of the papers see through what is in the way: leaves that overlap, and drops on a windscreen.", [1, 2]),
                ("All three papers start from images, but only MoleculeBench evaluates models instead of building one.", [1, 2, 3]),
            ],
            "plant reconstruction · 3D Gaussians · rain removal · vision-language models · structural formulas",
            [
                ("FernSplat anchors 3D Gaussians to a skeleton and reconstructs a plant from five views, three times faster than NeRF.", [1]),
                ("DropNet first segments drops and then fills in what they hide, which cuts missed pedestrians by 37.5%.", [2]),
                ("MoleculeBench asks eight VLMs, including GPT-4o, about 12,000 hand-checked drawings in English and German.", [3]),
            ],
            [
                ("Greenhouses could scan plants with less hardware: memory falls from 24 GB to under 10 GB.", [1]),
                ("At 62 frames per second on a Jetson Orin, DropNet is fast enough for driver assistance systems.", [2]),
                ("With 41.3% at most against 96% for trained chemists, VLMs can't yet replace a careful reader.", [3]),
            ],
            [
                ("Half of DropNet's remaining misses occur at night; more night-time data may help.", [2]),
                ("Why errors double for formulas rotated by 90 degrees remains open.", [3]),
            ],
        ),
    ),
    "gardens in Japanese": (
        "ja",
        GARDENS,
        draft(
            [
                ("見えにくい対象を扱う研究が2本あります。FernSplatは薄い葉を、DropNetは雨滴に隠れた道路を扱います。", [1, 2]),
                ("画像を読む難しさが共通の関心で、MoleculeBenchは新しいモデルではなく評価を提案します。", [1, 2, 3]),
            ],
            "植物の再構成 · 3Dガウシアン · 雨滴の除去 · 視覚言語モデル · 構造式",
            [
                ("FernSplatは5枚の画像から推定した骨格に3Dガウシアンを固定し、NeRFの3倍の速さで植物を再構成します。", [1]),
                ("DropNetは雨滴を見つけてから隠れた部分を補う二段階のネットワークで、歩行者の見落としを37.5%減らします。", [2]),
                ("MoleculeBenchは人が確認した12,000枚の図で、VLMが構造式を読めるかを英語とドイツ語で問います。", [3]),
            ],
            [
                ("メモリが24GBから9.6GBに減るので、温室でも使いやすくなります。", [1]),
                ("Jetson Orinで毎秒62フレームで動くため、運転支援システムに載せられます。", [2]),
                ("最も高い正解率でも41.3%で、化学者の96%には及びません。", [3]),
            ],
            [
                ("残る見落としの半分は夜間に起きており、夜の性能が今後の課題です。", [2]),
                ("図を90度回すと誤りが2倍になる理由は、さらに調べる必要があります。", [3]),
            ],
        ),
    ),
    "gardens in Chinese": (
        "zh",
        GARDENS,
        draft(
            [
                ("有两篇论文处理难以看清的对象：FernSplat面对重叠的叶片，DropNet面对挡风玻璃上的雨滴。", [1, 2]),
                ("三篇论文都从图像出发，但只有MoleculeBench用于评测，而不提出新模型。", [1, 2, 3]),
            ],
            "植物重建 · 3D高斯 · 雨滴去除 · 视觉语言模型 · 结构式",
            [
                ("FernSplat把3D高斯固定在由图像估计的骨架上，只需五个视角，速度是NeRF的3倍。", [1]),
                ("DropNet是一个两阶段网络，先分割雨滴再补全被遮挡的内容，使漏检的行人减少37.5%。", [2]),
                ("MoleculeBench包含1.2万张人工核对的图，用英语和德语提问，检验VLM能否读懂结构式。", [3]),
            ],
            [
                ("显存从24 GB降到9.6 GB，使该方法更容易在温室中使用；训练用了约170万个叶片图块。", [1]),
                ("在Jetson Orin上每秒62帧，可用于驾驶辅助系统，并在11个城市的48小时行驶中做过测试。", [2]),
                ("八个VLM中最高的准确率也只有41.3%，而受过训练的化学家达到96%。", [3]),
            ],
            [
                ("剩余漏检有一半发生在夜间，夜间性能仍需改进。", [2]),
                ("结构式旋转90度后错误翻倍，其原因有待研究。", [3]),
            ],
        ),
    ),
    "speech in Korean": (
        "ko",
        SPEECH,
        draft(
            [("두 연구 모두 자원이 적은 환경의 음성을 다룹니다. 하나는 기억 장치가, 다른 하나는 라벨이 부족합니다.", [1, 2])],
            "음성 인식 양자화 · 보청기 · 방언 식별 · 자기지도 사전학습 · wav2vec 2.0",
            [
                ("WhisperLite는 ASR 모델의 가중치를 4비트로 양자화하고 매개변수 700만 개의 학생 모델로 증류합니다.", [1]),
                ("DialectNCE는 아랍어 방언 14개의 라디오 31만 시간으로 사전학습해, 방언 식별을 71%에서 83%로 높입니다.", [2]),
            ],
            [
                ("단어 오류율이 5.1%에서 5.8%로 오르는 데 그치고 지연은 0.18초여서, 보청기에 넣을 수 있습니다.", [1]),
                ("라벨이 3분의 1만 있어도 되므로, ‘Learning Dialects without Labels’라는 제목대로 라벨 비용이 줄어듭니다.", [2]),
            ],
            [("26명의 청취자를 넘어서는 시험과, 4비트보다 낮은 정밀도가 남은 과제입니다.", [1])],
        ),
    ),
    "speech in English": (
        "en",
        SPEECH,
        draft(
            [("Both papers make do with little: WhisperLite with memory, DialectNCE with labels.", [1, 2])],
            "quantization · hearing aids · dialect identification · self-supervised pretraining",
            [
                ("WhisperLite quantizes an ASR model to 4 bits and distils it into a student of 7M parameters.", [1]),
                ("DialectNCE contrasts speakers of Arabic dialects and lifts identification from 71% to 83%.", [2]),
            ],
            [
                ("Hearing aids can run it: latency is 180 ms, and the word error rate grows to just 5.8%.", [1]),
                ("With one third of the labelled data, 310k hours of radio in 14 dialects become useful.", [2]),
            ],
            [("A test with more than the 26 listeners of the study would tell more.", [1])],
        ),
    ),
    "speech in Japanese": (
        "ja",
        SPEECH,
        draft(
            [("2つの研究はどちらも、少ない資源で音声を扱います。", [1, 2])],
            "音声認識の量子化 · 補聴器 · 方言の識別 · 自己教師あり学習",
            [
                ("WhisperLiteはASRモデルの重みを4ビットに量子化し、700万パラメータの生徒モデルに蒸留します。", [1]),
                ("DialectNCEは14の方言からなる31万時間のラジオで事前学習し、方言の識別を71%から83%に高めます。", [2]),
            ],
            [
                ("単語誤り率は5.1%から5.8%に上がるだけで、遅延は180ミリ秒です。", [1]),
                ("ラベル付きデータは三分の一で足りるため、話者の少ない方言にも使えます。", [2]),
            ],
            [("26人より多い聞き手での検証が望まれます。", [1])],
        ),
    ),
    "speech in Chinese": (
        "zh",
        SPEECH,
        draft(
            [("两项研究都面向资源有限的语音任务：一项缺少内存，另一项缺少标注。", [1, 2])],
            "语音识别量化 · 助听器 · 方言识别 · 自监督预训练",
            [
                ("WhisperLite把ASR模型的权重量化到4位，并蒸馏为700万参数的学生模型。", [1]),
                ("DialectNCE在14种阿拉伯语方言的31万小时广播上预训练，把方言识别率从71%提高到83%。", [2]),
            ],
            [
                ("词错误率只从5.1%升到5.8%，延迟为180毫秒，适合助听器。", [1]),
                ("所需标注数据只有三分之一，有助于资源较少的方言。", [2]),
            ],
            [("仍需在26名听者之外做更多测试。", [1])],
        ),
    ),
    "one paper in Korean": (
        "ko",
        LONE,
        draft(
            [],
            "어텐션 헤드 · 가지치기 · CuriPrune · 추론 비용",
            [("CuriPrune은 작은 예측기가 출력을 맞힐 수 있는 어텐션 헤드를 없애, Llama-3.1-8B에서 헤드의 40%를 줄입니다.", [1])],
            [("MMLU 정확도의 98.7%를 지키면서 처리량이 1.6배가 됩니다. 계산 비용은 20달러(US$ 20)입니다.", [1])],
            [("전문가 혼합(MoE) 모델에도 통하는지는 후속 연구로 남아 있습니다.", [1])],
        ),
    ),
    "one paper in English": (
        "en",
        LONE,
        draft(
            [],
            "attention heads · pruning · CuriPrune · serving cost",
            [("CuriPrune removes the attention heads whose outputs a small predictor can guess: 40% of them in Llama-3.1-8B.", [1])],
            [("Serving LLMs gets cheaper: 1.6x the throughput at 98.7% of the MMLU accuracy, for $20 of compute.", [1])],
            [("Whether CuriPrune carries over to MoE models is left open.", [1])],
        ),
    ),
    "one paper in Japanese": (
        "ja",
        LONE,
        draft(
            [],
            "アテンションヘッド · 枝刈り · 推論コスト",
            [("CuriPruneは小さな予測器が出力を当てられるアテンションヘッドを取り除き、Llama-3.1-8Bのヘッドを4割減らします。", [1])],
            [("MMLUの正解率の98.7%を保ちながら、スループットは1.6倍になります。", [1])],
            [("MoEモデルでも有効かどうかは今後の課題です。", [1])],
        ),
    ),
    "one paper in Chinese": (
        "zh",
        LONE,
        draft(
            [],
            "注意力头 · 剪枝 · 推理成本",
            [("CuriPrune去掉输出可由小型预测器猜到的注意力头，在Llama-3.1-8B中去掉了40%的头。", [1])],
            [("在保持MMLU准确率98.7%的同时，吞吐量提高到1.6倍，计算成本为20美元。", [1])],
            [("能否用于混合专家（MoE）模型有待后续工作验证。", [1])],
        ),
    ),
}  # fmt: skip
