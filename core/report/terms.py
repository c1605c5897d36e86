"""Terms: what the shown papers talk about more than the day's other papers do."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from core.paper import Paper

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"(?<!\S)\S*?(?:://|www\.|github\.)\S*")
_STOP = frozenset(
    """ability about above accuracy accurate across after against ai aim al all along also among an
    and any application approach are artificial as aspect at available based basic because been
    before being benchmark best better between beyond both but by can capability capable case
    challenge challenging closed-source code common complex comprehensive conclusion consistent
    contribution conventional critical current data dataset deep despite different difficult
    dimensional diverse do does due during each early easy effective effectiveness efficiency
    efficient either end end-to-end et etc even every example existing experiment experimental
    extensive factor fast few final finding fine-grained first five for foundational four framework
    from full fundamental further future gap general given goal good great had has have here high
    high-quality higher how however if impact important improvement in including information insight
    into is issue it its itself joint key known lack large large-scale larger last less level like
    likely limitation limited little long long-term low lower main major make many may method modern
    more moreover most much multiple must near necessary need new next no non not novel now number
    of often on one only open open-source or order original other our out over overall own paper per
    performance popular possible potential present previous prior problem process proposed quality
    range rare real real-time real-world recent recurring related relevant remaining research
    respective result rich robust role same second self set setting several short short-term should
    significant similar simple simultaneous since single six small so solution some sota specific
    standard state state-of-the-art step still strong study substantial such task term test than
    that the their them then there thereby therefore these they this those though three through thus
    to together top total toward towards traditional two type typical under unified unique until up
    upon us use useful user using value variety various very via was way we well were what when
    where whether which while who whole why will with within without work world year yet you your""".split()
)
_VERBS = frozenset(
    """achieve address adopt aim align allow appear apply arise assess assume become bridge bring
    capture combine come compare conduct confirm consider consist contain contribute cover create
    deliver demonstrate depend describe develop discover discuss emerge employ enable enhance ensure
    establish evaluate examine exceed exhibit exist expand explain explore extend facilitate fail
    find focus follow generate give guide handle help highlight hold identify illustrate implement
    improve include incorporate increase indicate integrate introduce investigate involve know lead
    let leverage maintain manage mitigate observe obtain occur offer operate outperform overcome
    perform predict preserve prevent produce promote propose prove provide reach receive reduce rely
    remain remove represent require resolve reveal see seek select serve show solve suffer suggest
    surpass tackle take tend treat turn underscore understand validate vary work yield""".split()
)
# Words that say something only behind another: "diffusion model", "federated learning".
_HEADS = frozenset(
    """algorithm analysis architecture component function learning mechanism model module network
    strategy system technique training""".split()
)
# Endings, and some words, that go before a noun and are none.
_MODIFIER = re.compile(
    r"(?:ly|[^e]ed|ous|able|ible|ful|less|ive|ary|ic|al|ant|(?:ul|ne|an)ar"
    r"|absolute|convex|dense|discrete|noisy|offline|online|quantum|remote|smooth|sparse|unsafe|weak)$"
)
_NOUNS_ALL_THE_SAME = re.compile(
    r"\b(?:anim|approv|capit|go|hospit|interv|journ|manu|materi|propos|remov|retriev|sign"
    r"|surviv|tri|tutori)al$|\b(?:clin|cub|fabr|heurist|log|metr|mus|statist|top|traff)ic$|[a-z]ics$"
    r"|\b(?:derivat|incent|narrat|object|perspect|primit)ive$|\b(?:c|t|vari)able$"
    r"|\b(?:bound|diction|libr|summ)ary$|\b(?:assist|consist|const|inv|particip|pl|vari)ant$"
)
# A hyphened word is a noun if its end is one: "fine-tuning", "text-to-speech", "trade-off".
_NOUN_IN_PARTS = re.compile(r"-(?:to|of|in)-|-\w*(?:ing|ion|ment|off|ray|speech|net)$")
_ADVERB_OR_VERB = re.compile(r"[a-z]{3}(?:ly|i[sz](?:e|es|ing))$")
_ORDINARY_CAPITAL = re.compile(r"[A-Z]{2}[a-z]{4,}|[A-Z][a-z]+(?:[-'’][A-Za-z][a-z]*)*")
_EXPLAINED = re.compile(r"\b[A-Z]{2}[a-z]{4}")  # "REcommender" tells of an acronym
_PLURALS = (("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ies", "y"), ("s", ""))
_SINGULAR_ENDS = ("ss", "us", "is", "series", "species")
_SHORTEST_PLURAL = 4
_LONGEST = 4
# A longer term says more: by its number of spaces.
_BREADTH = (0.7, 1.6, 1.9, 1.9)
# A theme is telling if few of the day's other papers have it.
_RARE = 0.04
# What more of the day's papers have is no keyword of a few.
_COMMON = 0.08
# Once is chance.
_ESTABLISHED = 2
_INSISTED = 4


@dataclass(slots=True)
class _Use:
    """How these papers use one term: how often in each, in whose title, and how it is spelt."""

    counts: Counter[int] = field(default_factory=Counter)
    titles: set[int] = field(default_factory=set)
    spellings: Counter[str] = field(default_factory=Counter)

    def stands_for(self, part: "_Use") -> bool:
        """Whether the part is said in no other paper and seldom alone."""
        often = 2 * self.counts.total() >= part.counts.total()
        return often and len(self.counts) >= len(part.counts)

    @property
    def spelling(self) -> str:
        """As these papers mostly write it; ties go to small letters, then to the shorter."""
        return min(
            self.spellings.items(),
            key=lambda item: (
                bool(_EXPLAINED.search(item[0])),
                -item[1],
                sum(map(str.isupper, item[0])),
                len(item[0]),
                item[0],
            ),
        )[0]


class Background:
    """In how many of a day's papers each term occurs: what makes a term telling, or common."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._texts: list[str] = []
        self._holding: dict[str, list[int]] = defaultdict(list)
        for number, paper in enumerate(papers):
            text = f"{paper.title} . {paper.abstract}".casefold()
            words = list(map(_key, _WORD.findall(text)))
            self._texts.append(f" {' '.join(words)} ")
            for word in set(words):
                self._holding[word].append(number)

    def holding(self, term: str) -> int:
        """In how many papers the term occurs."""
        words = term.split()
        papers = min((self._holding.get(word, []) for word in words), key=len)
        if len(words) == 1:
            return len(papers)
        return sum(f" {term} " in self._texts[number] for number in papers)

    def rarity(self, term: str) -> float:
        """How telling a term is: 0 for one that every paper has."""
        return math.log((len(self._texts) + 1) / (self.holding(term) + 0.5))

    def share(self, term: str, beside: int) -> float:
        """The share of papers that have the term, those ``beside`` that are known to set aside."""
        others = len(self._texts) - beside
        return max(self.holding(term) - beside, 0) / others if others > 0 else 0.0


def counted_terms(text: str) -> Counter[str]:
    """How often each term occurs: nouns and phrases without filler, case folded."""
    return Counter(key for key, _, _ in _terms(text))


def folded(term: str) -> str:
    """The term as ``counted_terms`` keys it, however it is spelt."""
    return " ".join(map(_key, term.split()))


def keywords(papers: Sequence[Paper], background: Background, most: int) -> list[str]:
    """The terms that tell these papers from the day's others, the strongest first."""
    uses = _longest(_uses(tuple(papers)))
    weight = {
        term: _weight(term, use, background)
        for term, use in uses.items()
        if background.share(term, beside=len(use.counts)) <= _COMMON
        if " " in term or (use.titles and use.counts.total() >= _INSISTED)
    }
    return [uses[term].spelling for term in _distinct(weight, most)]


def shared_terms(
    papers: Sequence[Paper], background: Background, most: int
) -> list[tuple[str, tuple[int, ...]]]:
    """Compound terms that at least two of these papers share, with the papers' numbers from 1.

    One of them insists on it, few of the day's others have it; single words are too often chance.
    """
    uses = _longest(_uses(tuple(papers)))
    weight = {
        term: _weight(term, use, background)
        for term, use in uses.items()
        if len(use.counts) > 1
        and (" " in term or "-" in term)
        and (use.titles or max(use.counts.values()) >= _ESTABLISHED)
        and background.share(term, beside=len(use.counts)) <= _RARE
    }
    chosen = _distinct(weight, most)
    return [(uses[term].spelling, tuple(sorted(uses[term].counts))) for term in chosen]


def _weight(term: str, use: _Use, background: Background) -> float:
    said = sum(map(math.sqrt, use.counts.values()))
    return _BREADTH[term.count(" ")] * said * background.rarity(term)


@lru_cache(maxsize=1)
def _uses(papers: tuple[Paper, ...]) -> Mapping[str, _Use]:
    """The terms that these papers, numbered from 1, have more than once."""
    uses: dict[str, _Use] = defaultdict(_Use)
    for number, paper in enumerate(papers, 1):
        for key, spelling, _ in _terms(paper.title):
            uses[key].counts[number] += 1
            uses[key].titles.add(number)
            uses[key].spellings.setdefault(_uncapitalised(spelling), 0)
        for key, spelling, opens in _terms(paper.abstract):
            uses[key].counts[number] += 1
            if opens:
                uses[key].spellings.setdefault(_uncapitalised(spelling), 0)
            else:
                uses[key].spellings[spelling] += 1
    return {key: use for key, use in uses.items() if use.counts.total() >= _ESTABLISHED}


def _longest(uses: Mapping[str, _Use]) -> dict[str, _Use]:
    """Without the terms that are mostly fragments of a longer one: "human proximal" femur."""
    whole = dict(uses)
    for term, use in uses.items():
        words = term.split()
        for start, end in combinations(range(len(words) + 1), 2):
            part = " ".join(words[start:end])
            if part != term and part in whole and use.stands_for(uses[part]):
                del whole[part]
    return whole


def _terms(text: str) -> Iterator[tuple[str, str, bool]]:
    """Every term of a text, overlapping: its key, its spelling and whether it opens a sentence."""
    text = _ADDRESS.sub(".", text)
    run: list[str] = []
    opens = 0  # the place in the run of a sentence's first word, or -1
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        end = match.end()
        if gap != " ":
            run.clear()
            opens = 0 if not gap or gap[0] in ".!?:" else -1
        bears, ends = _part(match[0])
        run.append(match[0])
        if ends:
            for start in range(max(len(run) - _LONGEST, 0), len(run)):
                if bears or start < len(run) - 1:
                    spelling = " ".join(run[start:])
                    yield folded(spelling), spelling, start == opens
        if not bears:
            run.clear()
            opens = -1


@lru_cache(maxsize=65_536)
def _part(word: str) -> tuple[bool, bool]:
    """Whether a word may stand in a term, and whether it may end one."""
    small, key = word.casefold(), _key(word)
    if len(word) == 1 or not _LETTER.search(small):
        return False, False
    if key in _HEADS:
        return word[0].isupper(), True  # "Model Context Protocol" is a name
    if small in _STOP or key in _STOP or _ADVERB_OR_VERB.search(small) or _is_verb(small):
        return False, False
    if "-" in word:
        return True, bool(_NOUN_IN_PARTS.search(small) or word[-1].isdigit() or word[-1].isupper())
    if sum(map(str.isupper, word)) > 1 or any(map(str.isdigit, word)):
        return True, True
    return True, bool(_NOUNS_ALL_THE_SAME.search(small) or not _MODIFIER.search(small))


def _is_verb(word: str) -> bool:
    bases = (word.removesuffix(ending) for ending in ("s", "es", "d", "ed", "ing"))
    return word in _VERBS or any(base in _VERBS or f"{base}e" in _VERBS for base in bases)


def _uncapitalised(spelling: str) -> str:
    """Without the capitals of a title or of a sentence's beginning; acronyms keep theirs."""
    return " ".join(
        word.lower() if _ORDINARY_CAPITAL.fullmatch(word) else word for word in spelling.split()
    )


def _distinct(weight: Mapping[str, float], most: int) -> list[str]:
    """The strongest terms of which none repeats a word of another, spelt out or as an acronym."""
    chosen: list[str] = []
    taken: set[str] = set()
    for term in sorted(weight, key=lambda term: (-weight[term], term)):
        parts = re.split(r"[ -]", term)
        words = {"".join(part[0] for part in parts), *parts} - _HEADS
        if words.isdisjoint(taken):
            chosen.append(term)
            taken |= words
    return chosen[:most]


@lru_cache(maxsize=65_536)
def _key(word: str) -> str:
    """The word in small letters and the singular."""
    word = word.casefold()
    if len(word) > _SHORTEST_PLURAL and not word.endswith(_SINGULAR_ENDS):
        for ending, singular in _PLURALS:
            if word.endswith(ending):
                return word[: -len(ending)] + singular
    return word
