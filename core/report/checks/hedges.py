"""Hedges: whether a number is meant as about, over or under, in four languages."""

import re

_OVER = re.compile(
    r"\b(?:over|more than|above|at least|exceed\w*|beyond|greater than|past|surpass\w*)\s?(?:the\s)?$|(?:超过|超過|超|逾|高于|至少)(?:其|它的?|原来的?|原先的?)?\s?$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"\b(?:under|less than|below|fewer than|up to|within|at most|as (?:much|many|high|low) as)\s?(?:the\s)?$|최대\s?$|最大\s?$|(?:不到|不足|低于|少于|高达)(?:其|它的?|原来的?|原先的?)?\s?$",
    re.IGNORECASE,
)
_NEARLY = re.compile(
    r"\b(?:nearly|almost|close to|approaching|just under)\s?(?:the\s)?$|거의\s?$|ほぼ\s?$|(?:近|接近|将近)(?:其|它的?|原来的?|原先的?)?\s?$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.|some|circa)|(?<!\d)[~≈∼]|약|대략|約|およそ|约|大约|大概)\s?$",
    re.IGNORECASE,
)
_OVER_AFTER = re.compile(
    r"^\s?\S{0,4}?\s?(?:이상|넘|초과|남짓|여(?=\s|[개건편명장만])|以上|超|多(?=[个種种项名万])|余|を超え|\+|or more|or higher)"
)
_UNDER_AFTER = re.compile(
    r"^\s?\S{0,4}?\s?(?:미만|이하|도 안|에 못 미|도 채 안|이내|未満|以下|以内|or less|or fewer)"
)
_NEARLY_AFTER = re.compile(
    r"^\s?\S{0,4}?\s?(?:가까(?:이|운|웠)|에 가까|에 육박|近[くい]|弱(?![いくめ]))"
)
_ABOUT_AFTER = re.compile(r"^\s?\S{0,4}?\s?(?:정도|가량|안팎|내외|쯤|程度|前後|ほど|左右|上下)")


def hedge_of(before: str, after: str) -> str:
    """What is said: "over", "under", "nearly", "about" or nothing, from what stands before and after a number."""
    for name, pattern, said in (
        ("nearly", _NEARLY, before),
        ("over", _OVER, before),
        ("under", _UNDER, before),
        ("about", _ABOUT, before),
        ("over", _OVER_AFTER, after),
        ("under", _UNDER_AFTER, after),
        ("nearly", _NEARLY_AFTER, after),
        ("about", _ABOUT_AFTER, after),
    ):
        if pattern.search(said):
            return name
    return ""
