"""Numbers: each one a claim states is in the cited papers, or counts those very papers."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from core.report.checks import Fault
from core.report.checks.amount import Amount
from core.report.checks.amounts import amounts
from core.report.checks.derived import is_derived, says_points
from core.report.checks.exact import exact
from core.report.checks.rounding import equal, near_share, rounds
from core.report.checks.sources import Source
from core.report.checks.texts import NAME_AND_NUMBER, is_english, normal, squashed, words
from core.report.checks.units import UNITS

_WORDS = {
    "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "한": 1,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "both": 2, "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
    "九": 9, "十": 10, "両": 2,
}  # fmt: skip
_N = r"(\d{1,3}|" + "|".join(_WORDS) + ")"
_ADJECTIVES = r"(?:\s(?:new|recent|other|of the|of these|different|such|more))*"
# Papers by their own counters, and things that may stand for papers.
_PAPERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\d가-힣.,]){_N}\s?편(?!집|향|의성|차|광)",
        rf"(?<![\d가-힣.,]){_N}\s?(?:개의\s|건의\s)?논문(?!집)",
        rf"(?:논문|연구)\s{_N}(?:편|건)",
        rf"(?<![\d가-힣.,]){_N}\s연구(?![기실소팀자진원])",
        rf"(?<![\w.,-]){_N}{_ADJECTIVES}\s(?:papers?|articles?|studies|works)\b",
        rf"(?<![\d.,]){_N}\s?(?:本|編|報|件|つ)の(?:論文|研究)|(?:論文|研究)[がはを]?{_N}(?:本|件)",
        rf"(?<![\d第十百千])(?<!\d[.,]){_N}\s?(?:篇(?!文档|文件|文本|新闻|报道|小说|故事|作文|散文|博客|评论|帖|摘要|病历|专利|条目|笔记)|项研究|項研究|个研究|项工作|項工作)",
    )
)
_THINGS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\d가-힣.,]){_N}\s(?:연구|방법|접근|모델|시스템|기법|작업|프레임워크|결과|사례|방식|벤치마크|데이터셋|성과|제안|기술|주제)",
        rf"(?<![\d가-힣.,]){_N}\s?(?:가지|건|개)(?:의)?\s(?:연구|방법|접근|시스템|기법|작업|프레임워크|사례|방식)",
        rf"(?<![\w.,-]){_N}{_ADJECTIVES}\s(?:\w+\s)?(?:methods?|approach(?:es)?|models?|systems?|frameworks?|techniques?|results?|cases|benchmarks?|datasets?|projects|proposals|teams|groups)\b",
        rf"(?<![\d第])(?<!\d[.,]){_N}(?:本|件|編|つ|者)とも",
        rf"(?<![\d第])(?<!\d[.,]){_N}(?:つ|種類|種)?の?(?:手法|研究|方法|アプローチ|モデル|システム|技術|枠組み|提案|データセット|ベンチマーク|論文)",
        rf"(?<![\d第])(?<!\d[.,]){_N}(?:种|種|个|個|项|項|者)?(?:方法|研究|工作|模型|系统|系統|框架|技术|技術|方案|数据集|基准|论文)",
        rf"(?<![\w.,-]){_N} of (?:the|these|them)\b",
        rf"\b(?:the|these|those|all|other|remaining|last|first) {_N}\b(?!-)|(?<![\w.,-]){_N} (?:others|more)\b",
        rf"(?:나머지|다른|남은|이)\s{_N}\s?(?:편|건|개|가지|연구|논문)|(?<![\d가-힣.,]){_N}\s?(?:가지|개|건)?\s?모두",
        rf"(?:残る|残りの?|他の|ほかの|この|これら){_N}(?:本|件|つ|編|者|点)|(?<![\d第])(?<!\d[.,]){_N}者",
        rf"(?:另外|其余|其他|余下|剩下|后|這|这)的?{_N}(?:篇|项|項|种|个|者)",
    )
)
_OF_ALL = re.compile(
    r"^\s?(?:편|건|개)?의?\s?(?:논문|연구)?\s?(?:중|가운데|のうち|本のうち|中的?|里|之中)"
)
_OF_PAPERS = re.compile(r"\b(?:of|out of|among)(?: the| these| all)?\s?$", re.IGNORECASE)
# Some of the cited ones, which nobody can count from outside: "其中三篇", "three of them".
_SOME_BEFORE = re.compile(r"(?:其中(?:的|有)?|그\s?중|이\s?중|(?:その)?うち|of which)\s?$")
_SOME_AFTER = re.compile(r"\s?of (?:them|these)\b")
# What an amount of the first kind is worth as one of the second.
_TURNS: tuple[tuple[str, str, Callable[[float], float]], ...] = (
    ("plain", "percent", lambda value: value),
    ("plain", "percent", lambda value: value * 100 if value <= 1 else value),
    ("plain", "times", lambda value: value),
    ("plain", "share", lambda value: value),
    ("plain", "points", lambda value: value),
    ("points", "percent", lambda value: value),
    ("percent", "points", lambda value: value),
    ("times", "points", lambda value: value),
    ("percent", "share", lambda value: value / 100),
    ("percent", "times", lambda value: value / 100),
    ("percent", "times", lambda value: _TWICE if value == _FINE else value / 100),
    ("times", "percent", lambda value: value * 100),
    ("times", "percent", lambda value: 100 if value == _TWICE else value * 100),
    ("times", "share", lambda value: 1 / value),
    ("share", "percent", lambda value: value * 100),
    ("share", "times", lambda value: 1 / value),
)
_ONE_SCALE = ({"degree", "celsius"}, {"degree", "fahrenheit"})
_EVENTS = re.compile(r"times$")
_SLASHED = re.compile(r"(?:\s?/\s?[\d.]*\d)+")
_FINE = 100
_TENTHS = 10
_FEW = 20
_TWICE = 2.0
_LARGEST_DENOMINATOR = 12


def numbers(
    text: str, cites: Sequence[int], papers: int, source: Source, others: Source | None = None
) -> Iterator[Fault]:
    """Numbers of the claim that the cited papers, joined as ``source``, do not bear out.

    ``papers`` is how many the report is about; ``others`` are the papers not cited.
    """
    seen = _without_names(normal(text), source)
    yield from exact(seen, source.text)
    wrong, counted = _paper_counts(seen, len(set(cites)), papers, source)
    if wrong:
        yield Fault("number", f"{wrong}: the claim cites {len(set(cites))} of {papers} papers")
    stated = amounts(seen)
    own = [one for one in stated if borne_out(one, source)]

    def sound(amount: Amount) -> bool:
        # "Seven in ten" may be what is left of 30%, but "nine of the twelve" were counted.
        spoken = not amount.covers or (amount.values[0] * _TENTHS).is_integer()
        pairs = () if amount.covers else source.pairs
        return (
            amount in own
            or _is_listed(amount, source)
            or (spoken and is_derived(amount, seen, source.amounts, pairs, own))
        )

    covering = [one for one in stated if one.covers and sound(one)]
    excused = counted | {start for one in covering for start in one.covers}
    for amount in stated:
        if amount.covers or amount.start in excused or sound(amount):
            continue
        if others and borne_out(amount, others):
            yield Fault("number", f"{amount.text}: only in a paper that is not cited")
        else:
            yield Fault("number", f"{amount.text}: in none of the cited papers")


def _is_listed(amount: Amount, source: Source) -> bool:
    """Whether as many things are listed in the source: "three models" for "ViT, BERT and GPT-2"."""
    return amount.kind == "plain" and amount.step <= 1 and amount.values[0] in source.listed


def _without_names(text: str, source: Source) -> str:
    """The text with names blanked out, so that "GPT-4" states no number; places stay."""
    spans = [match.span() for match in words(text) if any(map(str.isdigit, match[0]))]
    # "Llama 3.1" too, where the source has it in any spelling.
    spans += [
        match.span()
        for match in NAME_AND_NUMBER.finditer(text)
        if squashed(match[0]) in source.spellings and not is_english(match[0].split()[0])
    ]
    for start, name_end in spans:
        # "CIFAR-10/100", where the source has it so.
        more = _SLASHED.match(text, name_end)
        end = more.end() if more and text[start : more.end()] in source.text else name_end
        text = text[:start] + "_" * (end - start) + text[end:]
    return text


def _paper_counts(text: str, cited: int, papers: int, source: Source) -> tuple[str, set[int]]:
    """A wrong count of papers if there is one, and where the counts begin."""
    counted: set[int] = set()
    wrong = ""
    for pattern, of_papers in [*((p, True) for p in _PAPERS), *((p, False) for p in _THINGS)]:
        for match in pattern.finditer(text):
            group = next(number for number in range(1, pattern.groups + 1) if match[number])
            said, at = match[group].lower(), match.start(group)
            number = _WORDS.get(said) or int(said)
            if at in counted or (not of_papers and said == "both"):
                continue
            some = _SOME_BEFORE.search(text[:at]) or _SOME_AFTER.match(text, match.end(group))
            if some and number < cited:
                counted.add(at)
                continue
            whole = _OF_ALL.match(text, match.end()) or _OF_PAPERS.search(text[:at])
            right = {1, cited, papers} if whole else {1, cited}
            if (number in right and (number > 1 or of_papers)) or number in source.papers:
                counted.add(at)
            # More than there are may be films, or what a survey has read.
            elif of_papers and number <= (papers if pattern is _PAPERS[0] else _FEW):
                counted.add(at)
                wrong = wrong or match[0].strip()
    return wrong, counted


def borne_out(amount: Amount, source: Source) -> bool:
    """Whether the source states the same amount, or one that it rounds."""
    if amount.kind == "share":
        return any(_same(amount, stated) for stated in source.amounts) or _pair(amount, source)
    if amount.kind in {"plain", "points"}:
        known = source.loose | source.meant
        if any(equal(value, number) for value, number in product(amount.values, known)):
            return True
    return any(_same(amount, stated) for stated in source.amounts)


def _pair(amount: Amount, source: Source) -> bool:
    """Whether "16/32" rather names two numbers of the source than a share of one."""
    both = re.fullmatch(r"(\d+)\s?/\s?(\d+)", amount.text)
    if not both or float(both[2]) <= _LARGEST_DENOMINATOR:
        return False
    known = source.loose | {value for stated in source.amounts for value in stated.values}
    return {float(both[1]), float(both[2])} <= known


def _same(amount: Amount, stated: Amount) -> bool:
    """Whether both mean the same, whatever the way it is written."""
    if amount.kind in UNITS and stated.kind == "plain":
        return stated.bare and _same(_without_unit(amount), stated)
    # "Six orders of magnitude" are no million clips.
    if amount.hedge == "order" and stated.kind == "plain":
        return amount.values[-1] in stated.values
    kinds = {amount.kind, stated.kind}
    own = len(kinds) == 1 or stated.kind in {"plain", "points"} or kinds == {"points", "percent"}
    # "95.2" may be short for "95.2%", but "5 bits" are no "5%".
    whole = amount.kind == "plain" and amount.step >= 1
    if whole and stated.kind in {"percent", "times"} and not _EVENTS.search(stated.text):
        return False
    # 6 points are no "6%", though "6%" is often said for points.
    if amount.kind == "percent" and says_points(stated) and not says_points(amount):
        return False
    # "48 hours" are no "48%", nor are "480 tasks".
    if amount.kind == "percent" and stated.kind == "plain" and _is_a_count(stated):
        return False
    return any(
        rounds(amount, value, exact)
        if own
        else near_share(amount, value, exact, stated_as_share=stated.kind in {"share", "times"})
        if "share" in kinds
        else equal(value, exact)
        for value, exact in product(amount.values, _readings(stated, amount.kind))
    )


def _without_unit(amount: Amount) -> Amount:
    """The number alone, as it is written."""
    raw = amount.values[0] if amount.raw is None else amount.raw
    factor = amount.values[0] / raw if raw else 1.0
    return replace(
        amount, values=(raw,), kind="plain", raw=None,
        step=amount.step / factor, round_step=amount.round_step / factor,
    )  # fmt: skip


def _is_a_count(stated: Amount) -> bool:
    return not (stated.bare or stated.signed) and stated.values[0].is_integer()


def _readings(stated: Amount, kind: str) -> Iterator[float]:
    """What a source's amount is worth as an amount of this kind."""
    for value in stated.values:
        if stated.kind == kind or {stated.kind, kind} in _ONE_SCALE:
            yield value
        elif kind == "plain":
            yield value if stated.raw is None else stated.raw
        for source_kind, claim_kind, turned in _TURNS:
            # Words count things: "two" may be "two times", never "2%".
            sound = stated.step or claim_kind == "times" or stated.kind != "plain"
            if (stated.kind, kind) == (source_kind, claim_kind) and value and sound:
                yield turned(value)
