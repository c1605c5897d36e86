"""Learn the classifier's weights again: ``python -m bench.train``.

Needs scikit-learn and the papers of ``../shared``, or those that ``bench.fetch`` got. The model is one linear score a category over
words, pairs of words and arXiv codes (core/classify/model.py). It is learnt from the labelled
papers by a support vector machine that also sees two sums over the words: how much they belong to
each list of ``lexicon.txt``, and which themes they share (a truncated SVD of all texts). Both sums
are linear in the words, so their weights end up in the words' own. Then the unlabelled papers are
labelled by the model, and it is learnt again with them at half weight. The bundled sample's papers
are labelled papers too: they are to land where the seed has them.

Same papers, same bytes: every seed is fixed and one core does the work.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bench.papers import Labelled, gold, missing, own, seed, unlabelled
from core.category import default_taxonomy
from core.classify.features import Features, features
from core.classify.model import Weights, unpack
from core.classify.rules import tokens
from core.paper import Paper

PLACE = Path(__file__).parents[1] / "core" / "classify" / "weights.npz"
LEXICON = Path(__file__).with_name("lexicon.txt")

# All of these were chosen by cross-validation on train.jsonl.
FEWEST_PAPERS = {"word": 4, "pair": 8, "title": 2, "code": 2}
TITLE_SHARE, CODE_SHARE, LEXICON_SHARE, THEME_SHARE = 0.5, 0.45, 0.2, 0.4
THEMES = 100
COST = 0.5
BALANCE = 0.6
GUESS_WEIGHT = 0.5
# Some sources give no arXiv codes, so every labelled paper is also learnt from without them.
BARE_WEIGHT = 0.3
FOLDS = 5

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms the weights are for: text terms first, then title words, then codes."""

    terms: dict[str, int]
    text: int
    title: int
    rarity: Floats


def vocabulary(found: Sequence[Features], lexicon: dict[str, list[str]]) -> Vocabulary:
    """Choose the terms that enough papers hold, and weigh each by its rarity."""
    papers: Counter[str] = Counter()
    for each in found:
        papers.update(each.text.keys())
        papers.update(each.title)
        papers.update(each.codes)
    kinds: dict[str, list[str]] = {"text": [], "title": [], "code": []}
    for term in sorted(papers):
        kind = "title" if term[0] == "^" else "code" if term[0] in "@#" else "text"
        size = ("pair" if " " in term else "word") if kind == "text" else kind
        if papers[term] >= FEWEST_PAPERS[size] or term in lexicon:
            kinds[kind].append(term)
    terms = [term for kind in kinds.values() for term in kind]
    rarity = [1 + np.log((1 + len(found)) / (1 + papers[term])) for term in terms]
    first, second = len(kinds["text"]), len(kinds["text"]) + len(kinds["title"])
    rarity[second:] = [1.0] * len(kinds["code"])
    # As they are stored, so that what is learnt is what will be used.
    stored = np.array(rarity).astype(np.float16).astype(np.float64)
    return Vocabulary({term: place for place, term in enumerate(terms)}, first, second, stored)


def matrix(found: Sequence[Features], words: Vocabulary) -> sparse.csr_matrix:
    """One row a paper: the strengths of its terms, each of the three kinds of length one."""
    data: list[float] = []
    places: list[int] = []
    ends = [0]
    for each in found:
        for counts in (each.text, dict.fromkeys(each.title, 1), dict.fromkeys(each.codes, 1)):
            known = sorted(words.terms[term] for term in counts if term in words.terms)
            by_place = {words.terms[t]: n for t, n in counts.items() if t in words.terms}
            values = np.array([1 + np.log(by_place[p]) for p in known]) * words.rarity[known]
            data += list(values / (np.linalg.norm(values) or 1.0))
            places += known
        ends.append(len(data))
    return sparse.csr_matrix((data, places, ends), shape=(len(found), len(words.terms)))


def read_lexicon() -> dict[str, list[str]]:
    """Each term of the lexicon, folded as texts are, and the categories it speaks for."""
    found: dict[str, list[str]] = {}
    for section in LEXICON.read_text(encoding="utf-8").split("\n[")[1:]:
        slug, _, words = section.partition("]")
        for word in words.split(","):
            slugs = found.setdefault(" ".join(tokens(word)), [])
            if slug not in slugs:
                slugs.append(slug)
    return found


def hints(x: sparse.csr_matrix, words: Vocabulary, lexicon: dict[str, list[str]]) -> Floats:
    """The fixed sums over the text's terms, one column each: the lexicon's lists, the themes."""
    slugs = default_taxonomy().slugs
    lists = np.zeros((len(words.terms), len(slugs)))
    for term, named in lexicon.items():
        if term in words.terms:
            lists[words.terms[term], [slugs.index(slug) for slug in named]] = 1 / len(named)
    svd = TruncatedSVD(THEMES, n_iter=4, random_state=0).fit(x[:, : words.text])
    themes = np.zeros((len(words.terms), THEMES))
    themes[: words.text] = svd.components_.T
    parts = ((lists, LEXICON_SHARE), (themes, THEME_SHARE))
    return np.hstack([part * (share / _length(x @ part)) for part, share in parts])


def _length(rows: Floats) -> float:
    return float(np.sqrt((rows**2).sum(axis=1).mean()))


def _learn(
    parts: Sequence[sparse.csr_matrix], answers: Sequence[Whole], trust: Sequence[float]
) -> LinearSVC:
    """Learn one category against the rest, the rare ones weighed up; each part has its trust."""
    x, y = sparse.vstack(parts[: len(answers)]).tocsr(), np.concatenate(answers)
    weight = np.repeat(trust, [len(answer) for answer in answers])
    held = np.bincount(y, minlength=y.max() + 1)
    balance = (held.mean() / np.maximum(held, 1)) ** BALANCE
    return LinearSVC(C=COST, random_state=0).fit(x, y, sample_weight=weight * balance[y])


def warmth(scores: Floats, y: Whole) -> float:
    """The factor that makes scores of papers not learnt from the most honest probabilities."""
    right = scores[np.arange(len(y)), y]

    def surprise(heat: float) -> float:
        return float((np.log(np.exp(scores * heat).sum(axis=1)) - right * heat).mean())

    return min((step / 20 for step in range(10, 201)), key=surprise)


def fit(labelled: Sequence[Labelled], others: Sequence[Paper]) -> Weights:
    """Learn the weights from labelled papers and the texts of unlabelled ones."""
    slugs = default_taxonomy().slugs
    lexicon = read_lexicon()
    found = [features(paper) for paper in (*(row.paper for row in labelled), *others)]
    words = vocabulary(found, lexicon)
    shares = np.ones(len(words.terms))
    shares[words.text : words.title] = TITLE_SHARE
    shares[words.title :] = CODE_SHARE
    plain = matrix(found, words)
    hinted = hints(plain, words, lexicon)
    x = sparse.hstack([plain @ sparse.diags(shares), sparse.csr_matrix(plain @ hinted)]).tocsr()
    y = np.array([slugs.index(row.label) for row in labelled])
    seen, unseen = x[: len(y)], x[len(y) :]

    has_codes = np.ones(x.shape[1])
    has_codes[words.title : len(shares)] = 0

    def taught(x: sparse.csr_matrix, y: Whole) -> LinearSVC:
        bare = x @ sparse.diags(has_codes)
        parts, answers, trust = [x, bare], [y, y], [1.0, BARE_WEIGHT]
        if unseen.shape[0]:
            parts.append(unseen)
            answers.append(_learn(parts[:2], answers, trust).predict(unseen))
            trust.append(GUESS_WEIGHT)
        return _learn(parts, answers, trust)

    model = taught(seen, y)
    heat = warmth(_held_out(taught, seen, y), y)
    pulls = shares[:, None] * model.coef_.T[: len(shares)] + hinted @ model.coef_.T[len(shares) :]
    return _weights(slugs, words, pulls, model.intercept_, heat)


def _held_out(
    taught: Callable[[sparse.csr_matrix, Whole], LinearSVC], x: sparse.csr_matrix, y: Whole
) -> Floats:
    """Every paper's scores by a model that did not learn from it."""
    scores = np.zeros((len(y), y.max() + 1))
    for learnt, held in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(x, y):
        scores[held] = taught(x[learnt], y[learnt]).decision_function(x[held])
    return scores


def _weights(
    slugs: tuple[str, ...], words: Vocabulary, pulls: Floats, bias: Floats, heat: float
) -> Weights:
    """Each term's pulls as whole numbers up to 127 and a scale, as they will be read back."""
    scale = (np.abs(pulls).max(axis=1) / 127).astype(np.float16).astype(np.float64)
    scale[scale == 0] = 1.0
    weights = Weights(
        slugs=slugs,
        terms=words.terms,
        rarity=words.rarity.astype(np.float32),
        pulls=np.clip(np.rint(pulls / scale[:, None]), -127, 127).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
        heat=heat,
    )
    return unpack(weights.packed())


def main() -> None:
    """Learn from everything there is, and write the weights where they are shipped."""
    if lacking := missing():
        print(f"Nothing to learn from: {lacking} is missing; python -m bench.fetch gets the texts.")
        return
    weights = fit([*gold(), *own(), *seed()], unlabelled())
    data = weights.packed()
    PLACE.write_bytes(data)
    print(f"{PLACE.name}: {len(weights.terms):,} terms, {len(data) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
