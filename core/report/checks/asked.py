"""The task itself in a claim: sentences of the prompt, and talk of how a report is to be written."""

import re
from collections.abc import Iterator
from functools import cache

from core.i18n import catalog, languages
from core.paper import Paper
from core.report.checks import Fault
from core.report.prompt import messages, repair

# So many words, or letters where words are not set apart, are no coincidence.
_WORDS, _LETTERS = 5, 12
_SENTENCE = re.compile(r"(?:[^.!?。！？\n]|[.!?](?=\S))+")
# What rules for a report speak of, and what a paper's own text says that speaks of it too.
_ABOUT = tuple(
    (re.compile(said, re.IGNORECASE), re.compile(excused, re.IGNORECASE))
    for said, excused in (
        (r"\bcit(?:e[sd]?|ing|ations?)\b|인용|引用|所引|援引|出典", r"\bcit(?:e|ing|ation)|quot|attribut"),
        (r"\babstracts\b|\btitles? and abstracts?\b|초록|要旨|アブストラクト|摘要", r"\babstracts?\b|summar"),
        (r"\btitles?\b|제목|タイトル|表題|标题", r"\btitles?\b|headline|heading"),
        (r"(?<![A-Za-z])JSON(?![A-Za-z])|제이슨", r"\bJSON\b|structured output"),
        (r"(?<![A-Za-z])(?:LaTeX|Markdown|emojis?)(?![A-Za-z])|마크다운|이모지|マークダウン|絵文字|表情符号", r"latex|markdown|emoji"),
        (r"\bclaims?\b|주장|主張|论断|论点", r"claim|argument|statement|assert"),
        (r"논문\s?번호|論文の?番号|(?:论文|文献)的?编号|\bnumbers? of (?:the|each) papers?\b", r"paper (?:id|number)"),
        (r"\banswer with\b|(?:으?로|만)\s?(?:출력|답변?)(?:합|하|해)|(?:出力|回答)(?:します|する|して)|(?:输出|回答)", r"\boutput|\banswer|respon"),
        (r"키워드|キーワード|关键词|\bkeywords\b", r"keyword"),
        (r"서론 없이|머리말|前置き|开场白|\bpreamble\b", r"preamble|introduct"),
    )
)  # fmt: skip
_DIGEST = re.compile(
    r"\b(?:daily|news) digest\b|다이제스트|ダイジェスト|日刊|每日(?:的)?\s?(?:AI\s?)?论文",
    re.IGNORECASE,
)
_WRITE = re.compile(
    r"그대로\s?(?:적|쓰|씁|표기)|만\s?(?:말합니다|말하고|적습니다|적고|서술합니다)|(?:추세|경향|공통점)[^.]{0,12}(?:말하|언급하|다루)지 않"
    r"|そのまま(?:書|記)|(?:だけ|のみ)を?(?:述べ|書き|記し)|(?:傾向|共通点)[^。]{0,10}(?:述べ|触れ)(?:ない|ません)"
    r"|只(?:陈述|写|说(?!明)|讲)|(?:照原文|按原文|原样)(?:写|书写|保留|拼写)|(?:不要|不得|不)(?:谈|提|说)[^。]{0,8}(?:趋势|共同)"
    r"|논문마다\s(?:정확히\s)?(?:하나|한 문장)|論文ごとに(?:一つ|1つ|一文)|每篇论文(?:恰好|只|各)?(?:写|给出)?一(?:条|句)"
)


def asked(text: str, source: str) -> Iterator[Fault]:
    """Sentences that say what was asked of the writer; ``source`` is the text of the cited papers."""
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        about = sum(
            bool(said.search(sentence)) and not excused.search(source) for said, excused in _ABOUT
        )
        digest = _DIGEST.search(sentence) and "digest" not in source.casefold()
        if about > 1 or digest or _WRITE.search(sentence) or _repeats(sentence):
            yield Fault("echo", sentence[:60])
            return


def _repeats(sentence: str) -> bool:
    """Whether the sentence has a passage of the prompt."""
    return not _grams(sentence).isdisjoint(_prompted())


@cache
def _prompted() -> frozenset[str]:
    papers = [Paper("", "", ""), Paper("", "", "")]
    said = [repair([], "", ())[-1]["content"]]
    for language in languages():
        said += [messages(papers[:n], catalog(language))[0]["content"] for n in (1, 2)]
    return frozenset().union(*(_grams(one[0]) for text in said for one in _SENTENCE.finditer(text)))


def _grams(sentence: str) -> frozenset[str]:
    """Runs of five words, or of twelve letters in scripts that do without spaces."""
    words = re.findall(r"[a-z]+", sentence.casefold())
    runs = {" ".join(words[at : at + _WORDS]) for at in range(len(words) - _WORDS + 1)}
    letters = "".join(re.findall("[가-힣ぁ-んァ-ヶ一-鿿]", sentence))
    runs |= {letters[at : at + _LETTERS] for at in range(len(letters) - _LETTERS + 1)}
    return frozenset(runs)
