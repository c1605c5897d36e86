"""Numbers in words: "three times", "절반", "두 배", "二段階", "三分之一"."""

import re
from collections.abc import Iterator

# Where it begins and ends, its value, and what it counts: "plain", "times", "share", "percent" or
# a unit. What follows a plain one may say more.
Worded = tuple[int, int, float, str]

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
    # "Four and six" are two numbers, "a hundred and six" is one.
    rf"(?:(?:[\s-]|(?:(?<=hundred)|(?<=[mb]illion)|(?<=thousand))\sand\s)(?:{_ENGLISH_WORD}))*(?![a-z])",
    re.IGNORECASE,
)
_AFTER_DIGITS = re.compile(r"\d[\s-]?$")
_ORDINALS = "third fourth fifth sixth seventh eighth ninth".split()
_PARTS = {
    "quarter": 4, "tenth": 10, "hundredth": 100, "thousandth": 1000,
    **{word: value for value, word in enumerate(_ORDINALS, 3)},
    **{f"{tens[:-1]}ieth": value for tens, value in _TENS.items()},
    **{
        f"{tens}-{word}": value + more
        for tens, value in _TENS.items()
        for more, word in enumerate(["first", "second", *_ORDINALS], 1)
    },
}  # fmt: skip
_LONGEST_FIRST = "|".join(sorted(_PARTS, key=len, reverse=True))
_SHARE = re.compile(
    rf"\b(a|one|two|three|four|five|six|seven|eight|nine)[\s-]({_LONGEST_FIRST})s?\b(?! [a-z]*(?:paper|stage|step))",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"\b(?:half|halv(?:e|es|ed|ing))\b|절반|(?<![가-힣])반으로|半分|半減|一半|减半|減半",
    re.IGNORECASE,
)
_MULTIPLIED = (
    (2.0, re.compile(r"\b(?:twice|two-?fold|doubl(?:es|ed|ing)|double(?=[.,;]| (?:the|that|its|as|in|if|when|while|for|under|after|with|to)\b))\b|갑절|곱절|倍増|翻倍|翻番|(?<![\d一-鿿.])倍(?=[のに増])", re.IGNORECASE)),
    (3.0, re.compile(r"\b(?:thrice|three-?fold|tripl(?:es|ed|ing)|triple(?=[.,;]| (?:the|that|its|as|in|if|when|while|for|under|after|with|to)\b))\b", re.IGNORECASE)),
    (4.0, re.compile(r"\b(?:four-?fold|quadrupl(?:es|ed|ing))\b", re.IGNORECASE)),
    (5.0, re.compile(r"\bfive-?fold\b", re.IGNORECASE)),
    (10.0, re.compile(r"\b(?:ten-?fold)\b", re.IGNORECASE)),
    (100.0, re.compile(r"\b(?:hundred-?fold)\b", re.IGNORECASE)),
    (1000.0, re.compile(r"\b(?:thousand-?fold)\b", re.IGNORECASE)),
)  # fmt: skip
_FOLD = re.compile(
    rf"\b((?:{'|'.join(_TENS)}|six|seven|eight|nine|eleven|twelve|fifteen)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?)-?fold\b",
    re.IGNORECASE,
)
_ONES = {
    "한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7,
    "여덟": 8, "아홉": 9,
}  # fmt: skip
_NATIVE_TENS = {
    "열": 10, "스무": 20, "스물": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80,
    "아흔": 90,
}  # fmt: skip
_DAYS = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9, "열흘": 10,
    "보름": 15,
}  # fmt: skip
_COUNTER = (
    r"가지|개|편|명|대(?![로신부체])|번|차례|단계|종류?|건|장|곳|쌍|층|살|달(?!러)|시간|자릿수|갈래|축|군데|마리|권|방향|언어|도메인|과제|"
    r"배(?![치경포열관선터양])|분(?![류할포야석])|초|주|해|년|쪽|줄|단어|문장|토큰|걸음|수\b|판|회|도시|나라|국|점(?!\s?만점)|그루|벌|켤레|척|필|통|시 |자리|사람|"
    r"달러|센트|비트|바이트|미터|킬로|그램|도\b|프레임|글자|행|열|질문|이미지|샘플|매개|파라|규모|단위|여\s|이상|세트|묶음|팀|집|병|환자"
)
_TENS_OR_ONES = "|".join(sorted({*_ONES} - {"한", "하나", "둘", "셋", "넷"}, key=len, reverse=True))
_KOREAN = re.compile(
    rf"(?<![가-힣])(?:({'|'.join(_NATIVE_TENS)})\s?({'|'.join(sorted(_ONES, key=len, reverse=True))})?|({_TENS_OR_ONES}))"
    rf"(?:(?=\s?(?:{_COUNTER})(?!째))|(?=\s(?!번째|째)[가-힣A-Za-z]))"
)
# 열 is heat and a column too, 네 is "yes".
_VAGUE_KOREAN = re.compile(
    r"열\s?(?!가지|개|편|명|대|번|차례|종|건|장|곳|쌍|살|달|시간|마리|권|배|단계|군데)|네[,.]|네\s(?:네|알)|두\s(?:고|지|어|면|었|는\s)"
)
_KOREAN_DAYS = re.compile(rf"(?<![가-힣])({'|'.join(_DAYS)})(?![가-힣]*(?:토큰|아침|살이))")
_SINO_SMALL = "(?:[이삼사오육칠팔구]?천)?(?:[이삼사오육칠팔구]?백)?(?:[이삼사오육칠팔구]?십)?[일이삼사오육칠팔구]?"
_KOREAN_LARGE = re.compile(
    rf"(?<![가-힣\d.,])(?<!\d\s)(?<!몇\s)(?!만\s?[해하한했합할큼])(?=[일이삼사오육칠팔구십백천만억조])(?!조(?:\s|건)|만점|억\s?(?:단위|대)|[일이삼사오육칠팔구](?![십백천만억]))((?:{_SINO_SMALL}[만억조]\s?)?{_SINO_SMALL})"
    rf"(?=\s?(?:{_COUNTER}))"
)
_SINO = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9}
_SINO_UNITS = {"십": 10, "백": 100, "천": 1000}
_SINO_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12}
_KOREAN_SHARE = re.compile(
    r"(?<![가-힣])([이삼사오육칠팔구십백])\s?분의\s?(일|이|삼|사|오|육|칠|팔|구|\d)"
)

_HAN = {
    "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "〇": 0, "零": 0,
}  # fmt: skip
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_LARGE = {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12}
_HAN_COUNTER = (
    r"つ(?!目)|種|种|個|个|類|类|項|项|篇|本(?!来|の|文|研|稿|論|質|格|体)|件|層|层|倍|段階|阶段|階段|级|級|組|组|条|份|大(?!规|規|模|学|型|きな|語|语|幅|量)|"
    r"維(?!持)|维(?!持|护)|次元|路(?!径|徑)|方面|者(?!的)|款|套|輪|轮|位|名|張|张|言語|语言|モデル|手法|方式|步(?!骤)|步骤|ステップ|データ|タスク|任务|模块|模型|数据|场景|指标|领域|部分|点|條|人|回|轴|軸|規模|规模|级别|小时|時間|分钟|分間|秒|比特|帧|帖|字节|词|遍|天|日(?![本常])|月(?!球)|年(?![代度])|週|周(?![围边期末长波辺囲知])|岁|歳|册|冊|只|匹|头|台|臺|架|枚|か|ヶ|カ|句|列|首(?!先|次)|例|株|棵|把|支|双|対|对(?![于比应])|社|校|座|栋|間|间|盘|局|团|队|体(?!験|验|系)|页|頁|段(?!落)|問|问|案|国|城|手(?!法|段|順|动|動)|歩|次(?![元方関函样多曲式的])"
)
_HAN_LOOSE = re.compile(
    rf"(?<!第)(?<![十百千万一-三统唯几幾数數何好成上\d])(?<!\d\s)(?!十分|二手|二次|一十|四周(?![间間]))"
    rf"(?:((?:[一二两兩三四五六七八九零〇]?[十百千万亿億]){{1,6}}[一二三四五六七八九]?|[二两兩三四五六七八九])(?={_HAN_COUNTER}|[ァ-ヶA-Za-z])"
    r"|(?!百分|千分|万分|十[百千万])((?:[一二两兩三四五六七八九][十百千万亿億]){1,6}[一二三四五六七八九]?|十[一二三四五六七八九])(?![十百千万亿億]|分[之の]))"
)
_HAN_SHARE = re.compile(
    r"百分之(?P<percent>[一二三四五六七八九十百]+|\d+(?:\.\d+)?)|(?P<whole>[二三四五六七八九十百千]+)分[の之](?P<part>[一二三四五六七八九\d])"
)
_HAN_TENTHS = re.compile(r"([一二三四五六七八九])(?:成(?=[以左的，,。、多]|$)|割(?!り))")


def worded(text: str) -> Iterator[Worded]:
    """Numbers in words: where they begin and end, their value and kind ("plain", "times", ...).

    "One" is left out, since it seldom counts; so are "hundreds" and other vague ones.
    """
    yield from _english(text)
    for match in _FOLD.finditer(text):
        yield *match.span(), float(english_value(match[1])), "times"
    for value, pattern in _MULTIPLIED:
        for match in pattern.finditer(text):
            yield *match.span(), value, "times"
    for match in _HALF.finditer(text):
        yield *match.span(), 0.5, "share"
    if not text.isascii():
        yield from _korean(text)
        yield from _han(text)


def is_number_word(word: str) -> bool:
    """Whether an English word is nothing but a number: "Seventeen", "Forty-two"."""
    return bool(_ENGLISH.fullmatch(word))


def _english(text: str) -> Iterator[Worded]:
    shares = list(_SHARE.finditer(text))
    for match in shares:
        part = {"a": 1}.get(match[1].lower()) or _SMALL[match[1].lower()]
        yield *match.span(), part / _PARTS[match[2].lower()], "share"
    for match in _ENGLISH.finditer(text):
        if any(share.start() <= match.start() < share.end() for share in shares):
            continue
        value = english_value(match[0])
        if value <= 1 or _AFTER_DIGITS.search(text[max(0, match.start() - 2) : match.start()]):
            continue
        yield *match.span(), float(value), "plain"


def english_value(written: str) -> float:
    """The worth of number words: "two hundred and five"."""
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
        value = _NATIVE_TENS.get(match[1], 0) + _ONES.get(match[2] or match[3], 0)
        if value > 1 and (match[2] or not _VAGUE_KOREAN.match(text, match.start())):
            yield *match.span(), float(value), "plain"
    for match in _KOREAN_DAYS.finditer(text):
        yield *match.span(), _DAYS[match[1]] * 86400.0, "second"
    for match in _KOREAN_LARGE.finditer(text):
        if match[1].strip():
            yield (
                match.start(),
                match.start() + len(match[1].rstrip()),
                _sino_value(match[1]),
                "plain",
            )
    for match in _KOREAN_SHARE.finditer(text):
        part = _SINO.get(match[2]) or int(match[2])
        yield *match.span(), part / _sino_value(match[1]), "share"


def _sino_value(written: str) -> float:
    return _value(written, _SINO, _SINO_UNITS, _SINO_LARGE)


def _han(text: str) -> Iterator[Worded]:
    for match in _HAN_LOOSE.finditer(text):
        value = han_value(match[1] or match[2])
        if value > 1:
            yield *match.span(), value, "plain"
    for match in _HAN_SHARE.finditer(text):
        if said := match["percent"]:
            yield *match.span(), float(said) if said[0].isdigit() else han_value(said), "percent"
        else:
            part = int(match["part"]) if match["part"].isdigit() else _HAN[match["part"]]
            yield *match.span(), part / han_value(match["whole"]), "share"
    for match in _HAN_TENTHS.finditer(text):
        yield *match.span(), _HAN[match[1]] * 10.0, "percent"


def han_value(written: str) -> float:
    """The worth of Han digits: "三万二千"."""
    return _value(written, _HAN, _HAN_UNITS, _HAN_LARGE)


def _value(
    written: str, ones: dict[str, int], units: dict[str, int], large: dict[str, int]
) -> float:
    """The worth of digits and units of ten in the eastern order: 三万二千五百."""
    total = group = digit = 0
    for char in written:
        if char in ones:
            digit = ones[char]
        elif char in units:
            group, digit = group + (digit or 1) * units[char], 0
        elif char in large:
            total, group, digit = total + (group + digit or 1) * large[char], 0, 0
    return float(total + group + digit)
