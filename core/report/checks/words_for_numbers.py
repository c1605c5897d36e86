"""Numbers in words: "three times", "절반", "두 배", "二段階", "三分之一"."""

import re
from collections.abc import Iterator
from typing import Literal

Kind = Literal["plain", "percent", "times", "share", "second", "byte"]
# What is written, where it begins, its values, and what it counts.
Worded = tuple[str, int, tuple[float, ...], Kind]

_SMALL = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "dozen": 12,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_LARGE = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ENGLISH_WORD = "|".join([*_TENS, *sorted(_SMALL, key=len, reverse=True), *_LARGE])
_ENGLISH = re.compile(
    rf"\b(?:(?:a|an)\s(?=hundred|thousand|million|billion|trillion|dozen))?(?:{_ENGLISH_WORD})"
    rf"(?:(?:[\s-]|\sand\s)(?:{_ENGLISH_WORD}))*(?![a-z])",
    re.IGNORECASE,
)
_AFTER_DIGITS = re.compile(r"\d[\s-]?$")
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_SHARE = re.compile(
    r"\b(one|a|two|three)[\s-](third|quarter|fourth|fifth|tenth)s?\b(?! [a-z]*(?:paper|stage|step))",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"\b(?:half|halv(?:e|es|ed|ing))\b|절반|반으로|半分|半減|一半|减半|減半", re.IGNORECASE
)
_MULTIPLIED = (
    (2.0, re.compile(r"\b(?:twice|two-?fold|doubl(?:es|ed|ing)|double(?=[.,;]| (?:the|that|its|as|in|if|when|while|for|under|after|with|to)\b))\b|갑절|곱절|倍増|翻倍|翻番|(?<![\d一-鿿.])倍(?=[のに増])", re.IGNORECASE)),
    (3.0, re.compile(r"\b(?:thrice|three-?fold|tripl(?:es|ed|ing)|triple(?=[.,;]| (?:the|that|its|as|in|if|when|while|for|under|after|with|to)\b))\b", re.IGNORECASE)),
    (4.0, re.compile(r"\b(?:four-?fold|quadrupl(?:es|ed|ing))\b", re.IGNORECASE)),
    (5.0, re.compile(r"\bfive-?fold\b", re.IGNORECASE)),
    (10.0, re.compile(r"\b(?:ten-?fold|an? order of magnitude|one order of magnitude)\b", re.IGNORECASE)),
    (100.0, re.compile(r"\b(?:hundred-?fold|two orders of magnitude)\b", re.IGNORECASE)),
    (1000.0, re.compile(r"\b(?:thousand-?fold|three orders of magnitude)\b", re.IGNORECASE)),
)  # fmt: skip
_TIMES_AFTER = re.compile(r"[\s-](?:times|fold)\b", re.IGNORECASE)
_PERCENT_AFTER = re.compile(r"[\s-]per\s?cent", re.IGNORECASE)

_NATIVE = {
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
}
_COUNTER = r"가지|개|편|명|대|번|차례|단계|종류?|건|장|곳|쌍|층|살|달|시간|자릿수|갈래|축|군데|마리|권|방향|언어|도메인|과제"
_KOREAN = re.compile(
    rf"(?<![가-힣])(두|세|네|다섯|여섯|일곱|여덟|아홉|열)(?:\s?(배)(?![치경포열관선터양])|\s?(?:{_COUNTER})(?!째)|\s(?=[가-힣A-Za-z])(?!번째|째))"
)
_VAGUE_KOREAN = re.compile(r"^(?:열\s|네[,.]|네\s(?:네|알)|두\s(?:고|지|어|면|었|는\s))")
_KOREAN_LARGE = re.compile(
    r"(?<![가-힣\d.,])(?<!\d\s)((?:십|백|천)?만|백|천|억|십억|백억|천억|조|열두|스무|서른|마흔|쉰|예순|일흔|여든|아흔)\s?(?=개|건|장|명|규모|쌍|단위|토큰|번|시간|배|편|종|가지|곳|여\s|대|이상|분의|문장|이미지|샘플|단어|매개|파라)"
)
_KOREAN_VALUES = {
    "십만": 1e5, "백만": 1e6, "천만": 1e7, "만": 1e4, "백": 100, "천": 1000, "억": 1e8, "십억": 1e9, "백억": 1e10,
    "천억": 1e11, "조": 1e12, "열두": 12, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70,
    "여든": 80, "아흔": 90,
}  # fmt: skip
_SINO = {
    "일": 1,
    "이": 2,
    "삼": 3,
    "사": 4,
    "오": 5,
    "육": 6,
    "칠": 7,
    "팔": 8,
    "구": 9,
    "십": 10,
    "백": 100,
}
_KOREAN_SHARE = re.compile(
    r"(?<![가-힣])(이|삼|사|오|육|칠|팔|구|십|백)\s?분의\s?(일|이|삼|사|오|\d)"
)

_HAN = {
    "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "〇": 0, "零": 0,
}  # fmt: skip
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_LARGE = {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12}
_HAN_COUNTER = (
    r"つ(?!目)|種|种|個|个(?!百分点)|類|类|項|项|篇|本(?!来|の|文|研|稿|論|質|格|体)|件|層|层|倍|段階|阶段|階段|级|級|組|组|条|份|大(?!规|規|模|学|型|きな|語|语|幅|量)|"
    r"維(?!持)|维(?!持|护)|次元|路(?!径|徑)|方面|者(?!的)|款|套|輪|轮|位|名|張|张|言語|语言|モデル|手法|方式|步(?!骤)|步骤|ステップ|データ|タスク|任务|模块|模型|数据|场景|指标|领域|部分|点|條|人|回|轴|軸|規模|规模|级别|小时|時間|分钟|分間|秒"
)
_HAN_LOOSE = re.compile(
    rf"(?<!第)(?<![十百千万一-三统唯\d])(?<!\d\s)([二两兩三四五六七八九]|[一二两兩三四五六七八九]?[十百千万亿億][一二三四五六七八九十百千万亿億]*)(?={_HAN_COUNTER})"
)
_HAN_SHARE = re.compile(
    r"百分之(?P<percent>[一二三四五六七八九十百]+|\d+(?:\.\d+)?)|(?P<whole>[二三四五六七八九十百])分[の之](?P<part>[一二三四五\d])"
)
_HAN_TENTHS = re.compile(r"([一二三四五六七八九])(?:成(?=[以左的，。、多]|$)|割(?!り))")


def worded(text: str) -> Iterator[Worded]:
    """Numbers in words: what is written, where, its values and its kind (plain, times, ...).

    "One" is left out, since it seldom counts; so are "hundreds" and other vague ones.
    """
    yield from _english(text)
    for value, pattern in _MULTIPLIED:
        for match in pattern.finditer(text):
            yield match[0], match.start(), (value,), "times"
    for match in _HALF.finditer(text):
        yield match[0], match.start(), (0.5,), "share"
    if not text.isascii():
        yield from _korean(text)
        yield from _han(text)


def _english(text: str) -> Iterator[Worded]:
    shares = list(_SHARE.finditer(text))
    for match in shares:
        part = {"a": 1}.get(match[1].lower()) or _SMALL[match[1].lower()]
        yield match[0], match.start(), (part / _PARTS[match[2].lower()],), "share"
    for match in _ENGLISH.finditer(text):
        if any(share.start() <= match.start() < share.end() for share in shares):
            continue
        value = _english_value(match[0])
        if value <= 1 or _AFTER_DIGITS.search(text[max(0, match.start() - 2) : match.start()]):
            continue
        times = _TIMES_AFTER.match(text, match.end())
        kind: Kind = "times" if times else "plain"
        if _PERCENT_AFTER.match(text, match.end()):
            kind = "percent"
        yield match[0], match.start(), (float(value),), kind


def _english_value(written: str) -> float:
    total, group = 0, 0
    for word in re.findall(r"[a-z]+", written.lower()):
        if word in _SMALL:
            group = 12 * max(group, 1) if word == "dozen" else group + _SMALL[word]
        elif word in _TENS:
            group += _TENS[word]
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word in _LARGE:
            total, group = total + max(group, 1) * _LARGE[word], 0
    return total + group


def _korean(text: str) -> Iterator[Worded]:
    for match in _KOREAN.finditer(text):
        if not _VAGUE_KOREAN.match(text[match.start() : match.start() + 5]):
            yield _found(match, _NATIVE[match[1]], times=bool(match[2]))
    for match in _KOREAN_LARGE.finditer(text):
        if not text.startswith("분의", match.end()):
            times = text.startswith("배", match.end())
            yield _found(match, _KOREAN_VALUES[match[1]], times=times)
    for match in _KOREAN_SHARE.finditer(text):
        part = _SINO.get(match[2]) or int(match[2])
        yield match[0], match.start(), (part / _SINO[match[1]],), "share"


def _found(match: re.Match[str], value: float, *, times: bool) -> Worded:
    return match[0].strip(), match.start(), (float(value),), "times" if times else "plain"


def _han(text: str) -> Iterator[Worded]:
    for match in _HAN_LOOSE.finditer(text):
        value = _han_value(match[1])
        if value > 1:
            yield _found(match, value, times=text.startswith("倍", match.end()))
    for match in _HAN_SHARE.finditer(text):
        if said := match["percent"]:
            value = float(said) if said[0].isdigit() else _han_value(said)
            yield match[0], match.start(), (value,), "percent"
        else:
            part = int(match["part"]) if match["part"].isdigit() else _HAN[match["part"]]
            yield match[0], match.start(), (part / _han_value(match["whole"]),), "share"
    for match in _HAN_TENTHS.finditer(text):
        yield match[0], match.start(), (_HAN[match[1]] * 10.0,), "percent"


def _han_value(written: str) -> float:
    total = group = digit = 0
    for char in written:
        if char in _HAN:
            digit = _HAN[char]
        elif char in _HAN_UNITS:
            group, digit = group + (digit or 1) * _HAN_UNITS[char], 0
        else:
            total, group, digit = total + (group + digit or 1) * _HAN_LARGE[char], 0, 0
    return float(total + group + digit)
