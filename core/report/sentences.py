"""Sentences of an abstract, and which of them says what is new."""

import re
from collections.abc import Sequence

from core.paper import Paper

# A full stop ends no sentence after these; "e.g." and "i.e." are met as "e.g" and "i.e".
_MID_SENTENCE = frozenset(
    "e.g i.e et vs cf fig figs eq eqs tab nos resp dr prof mr ref refs vol pp viz".split()
)
# After these it ends one only if the next word opens sentences.
_MAYBE_LAST = frozenset("al etc no approx sec ms st w.r.t ca incl dept univ a.k.a u.s".split())
_OPENERS = frozenset(
    """a after also although an and as at based both but by current despite each early existing
    experiments extensive finally first for from furthermore given hence here how however if in
    inspired instead it its learning many more moreover most next no notably on one only our prior
    recent recently second several since some specifically such that the their then there therefore
    these they this those through thus to traditional two under unlike using via we what when where
    whether which while with yet""".split()
)
_BORDER = re.compile(
    r"(?<![.!?])([.!?]++[\"”’)\]]*+)\s++(?=[\"“‘(\[]*+([A-Z0-9À-ÖØ-ÞΑ-Ω][^\W_]{0,30}+)(\.?))"
)
_INITIAL = re.compile(r"[A-Z]")
_NAME = re.compile(r"[A-Z][^\W\d_]")
_OPENING = "([“‘\"'"
# How far back the words before a full stop are looked for: no word is longer.
_REACH = 60

_PIECE = (
    r"(?:paper|work|study|article|survey|thesis|report|review|chapter|tutorial|perspective|research"
    r"|manuscript)(?! (?:findings|results))"
)
_SUBJECT = re.compile(
    r"(?:^|(?<=, ))(?-i:I)(?= )|\bwe\b"
    rf"|\b(?:(?:this|our)\s+(?:\w+\s+)?|the\s+(?:present\s+|current\s+)?){_PIECE}\b",
    re.IGNORECASE,
)
_VERBS = (
    (5.0, "propos|introduc|present"),
    (4.0, "develop|design|devis|releas|build|built|construct|creat|contribut|formulat|unveil"),
    (
        3.0,
        (
            "study|studies|investigat|explor|analy[sz]|examin|prov|establish|survey|review|describ"
            "|address|conduct|evaluat|argu|deriv|revisit|extend|offer|aim|implement|tackl|formali"
            "|generali|advocat|consolidat|synthesi|unif|resolv|discover|characteri|assess|identif"
            "|quantif|solv|overcom|outlin|initiat|curat|collect|shar(?:e|es|ed|ing)\\b"
        ),
    ),
    (
        2.0,
        (
            "show|demonstrat|find|found|report|discuss|compar|apply|appli|adopt|us|leverag|suggest"
            "|reveal|uncover|focus|consider|remov|improv|obtain|perform|train|test|measur|simulat"
        ),
    ),
)
_NEWS = tuple((weight, re.compile(rf"\b(?:{stems})\w*", re.IGNORECASE)) for weight, stems in _VERBS)
# What is done stands right after who does it; a verb further on is rather about something else.
_NEAR = 40
_LATER = re.compile(
    r"\b(?:and|by|then)\s+(?:\w+ly\s+)?(?:propos|introduc|present|develop|design|releas)",
    re.IGNORECASE,
)
_PASSIVES = (
    (
        4.0,
        re.compile(r"\b(?:is|are|was|were)\s+(?:proposed|introduced|presented)\b", re.IGNORECASE),
    ),
    (
        3.0,
        re.compile(
            r"\b(?:is|are|was|were)\s+(?:developed|studied|investigated|derived|analy[sz]ed)\b"
            r"|\b(?:main|key|primary|core) (?:contribution|goal|objective|aim)",
            re.IGNORECASE,
        ),
    ),
)
_ANNOUNCED = re.compile(
    rf"^(?:here\b|in (?:this|our) (?:\w+ )?{_PIECE}\b|this (?:\w+ )?{_PIECE}\b)", re.IGNORECASE
)
_AFTERTHOUGHT = re.compile(
    r"^(?:finally|furthermore|moreover|additionally|in addition|also|lastly|besides|further"
    r"|then|next|second(?:ly)?|subsequently|collectively|overall|in summary|in conclusion|together|as (?:an? |key )+step"
    r"|to (?:facilitate|support|validate|evaluate|implement|further|demonstrate|foster|promote))\b"
    r"|\bwe\s+(?:further|also|finally|additionally|then|next|conclude|hope)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\bexperiment|\boutperform|\bresults?\b|\bstate[- ]of[- ]the[- ]art\b|\d\s?%|\bachiev",
    re.IGNORECASE,
)
# A number of contributions without the contributions.
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|several)\s+(?:\w+\s+)?contributions\b[^:]*$", re.IGNORECASE
)
_EFFECT = re.compile(
    r"\boutperform\w*|\bimprov\w+|\breduc\w+|\bachiev\w+|\bsurpass\w*|\bspeed-?up|\bfaster\b"
    r"|\benabl\w+|\bstate-of-the-art\b|\bsignificant\w*",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<!\d)\d++(?:\.\d++)?+\s?(?:%|×|x\b|times\b|points?\b)")
_AHEAD = re.compile(
    r"\bfuture (?:work|research|directions?|studies|developments?)\b|\bour limitations?\b"
    r"|\blimitations of (?:our|this)\b|\bopen (?:question|problem)s?\b|\bpav\w+ the way\b"
    r"|\bremains?\s+(?:an?\s+)?(?:open|unclear|unsolved|to be)\b|\bpotential (?:of|for|to|as)\b"
    r"|\bpromising (?:direction|avenue|path|step)\w*|\b(?:new|promising) (?:avenue|direction)s\b"
    r"|\bfoundation for\b|\bopens? (?:up )?(?:new|the)\b|\bnext steps?\b",
    re.IGNORECASE,
)
_BACKDROP = re.compile(
    r"^(?:while|however|although|though|despite|since|because|as|existing|previous|prior|recent(?:ly)?|traditional"
    r"|conventional|current|most|many|these (?:challenges|limitations|issues)|to address)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"https?://|\bavailable\b|\boutperform|\bresults\b", re.IGNORECASE)
_METHOD_NAME = re.compile(r"^([\w.+-]+(?: [\w.+-]+)?):\s")

_SHORT, _LONG = 40, 320
# An abstract has fewer sentences; what goes on further is no abstract, and not read to its end.
_MOST = 100


def sentences(text: str) -> list[str]:
    """The sentences of a plain text, in order; abbreviations, initials and decimals end none."""
    found: list[str] = []
    start = 0
    for match in _BORDER.finditer(text):
        if match[1].startswith(".") and _goes_on(text[start : match.start()][-_REACH:], match):
            continue
        found.append(text[start : match.end(1)].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def _goes_on(before: str, border: re.Match[str]) -> bool:
    """Whether the full stop after these words belongs to the last of them."""
    previous, last = ["", "", *before.split()][-2:]
    bracketed = last.startswith(tuple(_OPENING))
    last = last.lstrip(_OPENING)
    before_an_initial = _is_initial(border[2]) and border[3] == "."
    folded = last.casefold()
    opens = border[2].casefold() in _OPENERS and not before_an_initial
    if folded in _MID_SENTENCE or folded in _MAYBE_LAST:
        return folded in _MID_SENTENCE or not opens
    if last.isdigit():
        # "1." before an item of a list
        return previous == "" or previous.endswith((":", ";"))
    if not _INITIAL.fullmatch(last) or opens:
        return False
    # "J. Smith", "by J. Smith", "S. K. Lee", "Jane S. Lee", "R. Roe, J. Smith"; never "over G. We".
    if bracketed or before_an_initial or _is_initial(previous) or previous in {"", "by"}:
        return True
    return previous.endswith(",") or bool(_NAME.match(previous))


def _is_initial(word: str) -> bool:
    return bool(_INITIAL.fullmatch(word.lstrip(_OPENING).removesuffix(".")))


def contribution(paper: Paper) -> str:
    """The sentence of the abstract that says what the paper adds; the title if there is none.

    Cue-scored: who says it ("we", "this paper"), what is done ("propose" before "show"), whether
    the method's own name is in it; afterthoughts, bare results and lists without items count less.
    """
    found = sentences(paper.abstract)[:_MOST]
    if not found:
        return paper.title
    name = _METHOD_NAME.match(paper.title)
    scores = [
        _newness(sentence, name[1] if name else "") - 0.1 * place
        for place, sentence in enumerate(found)
    ]
    return found[scores.index(max(scores))]


def after(sentence: str, abstract: str) -> list[str]:
    """The sentences that follow this one: what it brings, no longer what was there before."""
    found = sentences(abstract)
    return found[found.index(sentence) + 1 :] if sentence in found else []


def effect(found: Sequence[str]) -> str:
    """The sentence that says what is better for it, with a figure if there is one; or nothing."""
    scored = [
        (_effect(sentence), -place, sentence)
        for place, sentence in enumerate(found)
        if _EFFECT.search(sentence) and not _BACKDROP.search(sentence)
    ]
    return max(scored)[2] if scored else ""


def ahead(found: Sequence[str]) -> str:
    """The last sentence that looks ahead: limits, open questions, what it makes possible."""
    for sentence in reversed(found):
        if _AHEAD.search(sentence) and not (_BACKDROP.search(sentence) or _ASIDE.search(sentence)):
            return sentence
    return ""


def _newness(sentence: str, name: str) -> float:
    score = _deed(sentence)
    if score and _ANNOUNCED.search(sentence):
        score += 1.0
    if name and name in sentence:
        score += 2.0
    if _AFTERTHOUGHT.search(sentence):
        score -= 2.0
    if _RESULT.search(sentence):
        score -= 1.5
    if _AHEAD.search(sentence):
        score -= 1.5
    if sentence.endswith(":") or len(sentence) < _SHORT or _COUNTED.search(sentence):
        score -= 3.0
    if len(sentence) > _LONG:
        score -= 1.0
    return score


def _deed(sentence: str) -> float:
    """How plainly the sentence says that its authors add something."""
    if subject := _SUBJECT.search(sentence):
        said = sentence[subject.end() :]
        near = said[:_NEAR]
        first = next((weight for weight, verb in _NEWS if verb.search(near)), 0.5)
        return max(first, 4.5) if _LATER.search(said) else first
    if _BACKDROP.search(sentence):
        return 0.0
    return next((weight for weight, said in _PASSIVES if said.search(sentence)), 0.0)


def _effect(sentence: str) -> float:
    return len(_EFFECT.findall(sentence)) + 2.0 * bool(_FIGURE.search(sentence))
