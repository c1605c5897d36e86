"""Sorting by weights learnt from labelled papers: a sum over words, pairs of words and codes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from core.category import OTHER, Taxonomy
from core.classify import Classifier, Verdict
from core.classify.features import CODE, IN_TITLE, PRIMARY, Features, as_written, features, tells
from core.classify.rules import RuleClassifier
from core.i18n import Phrase
from core.paper import Paper

Floats = npt.NDArray[np.float32]

WORDS_SHOWN = 3
# Of a paper's terms, so many of the strongest are looked at for words to show.
LOOKED_AT = 40
# A paper's codes are the last of its terms, and never more than this.
MOST_CODES = 40
# Below this many known subjects there is nothing to weigh against each other.
FEWEST_SUBJECTS = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt: each term's rarity and its pull on every category.

    A term's pull is its row of ``pulls`` (whole numbers) times its ``scale``. A score times
    ``heat`` is the logarithm of an odds, so that scores become honest probabilities.
    """

    slugs: tuple[str, ...]
    terms: Mapping[str, int]
    rarity: Floats
    pulls: npt.NDArray[np.int8]
    scale: Floats
    bias: Floats
    heat: float

    def rows(self, found: Features) -> tuple[list[str], Floats]:
        """The terms known here, and each one's pull on every category in this paper."""
        names: list[str] = []
        strengths: list[Floats] = []
        for terms in (found.text, dict.fromkeys(found.title, 1), dict.fromkeys(found.codes, 1)):
            known = [term for term in terms if term in self.terms]
            places = [self.terms[term] for term in known]
            counts = np.array([terms[term] for term in known], dtype=np.float32)
            values = (1 + np.log(counts)) * self.rarity[places]
            length = float(np.sqrt(values @ values)) or 1.0
            names += known
            strengths.append(values / np.float32(length))
        places = [self.terms[name] for name in names]
        strength = np.concatenate(strengths) * self.scale[places]
        return names, self.pulls[places] * strength[:, None]

    def packed(self) -> bytes:
        """The weights as the bytes of a file; the same weights give the same bytes."""
        texts = {"slugs": "\n".join(self.slugs), "terms": "\n".join(self.terms)}
        stream = BytesIO()
        np.savez_compressed(
            stream,
            allow_pickle=False,
            **{name: np.frombuffer(text.encode(), np.uint8) for name, text in texts.items()},
            rarity=self.rarity.astype(np.float16),
            scale=self.scale.astype(np.float16),
            pulls=self.pulls,
            bias=self.bias,
            heat=np.float64(self.heat),
        )
        return stream.getvalue()


def unpack(data: bytes) -> Weights:
    """Read what ``Weights.packed`` wrote."""
    with np.load(BytesIO(data), allow_pickle=False) as stored:
        slugs, terms = (stored[name].tobytes().decode().split("\n") for name in ("slugs", "terms"))
        return Weights(
            slugs=tuple(slugs),
            terms={term: place for place, term in enumerate(terms)},
            rarity=stored["rarity"].astype(np.float32),
            scale=stored["scale"].astype(np.float32),
            pulls=stored["pulls"],
            bias=stored["bias"],
            heat=float(stored["heat"]),
        )


@cache
def shipped() -> Weights:
    """The weights that come with Paperround, read once in a process."""
    return unpack(files("core.classify").joinpath("weights.npz").read_bytes())


class TrainedClassifier:
    """A Classifier that adds up learnt weights over the taxonomy's categories they know.

    A category they do not know works by its own keywords and codes, as in RuleClassifier: it takes
    a paper when its evidence is the surer one, or when nothing else but ``other`` wants the paper.
    """

    def __init__(self, taxonomy: Taxonomy, weights: Weights | None = None) -> None:
        # The shipped weights stay out of the instance, so that it is cheap to send to a pool.
        self._weights = weights
        known = (weights or shipped()).slugs
        self._slugs = tuple(slug for slug in taxonomy.slugs if slug in known)
        self._columns = [known.index(slug) for slug in self._slugs]
        others = [category for category in taxonomy if category.slug not in known]
        bare = replace(taxonomy[OTHER], keywords={}, codes={})
        self._rules = RuleClassifier(Taxonomy((*others, bare))) if others else None

    def classify(self, paper: Paper) -> Verdict:
        """Choose the category with the highest score; the first one of the taxonomy if equal."""
        weights = self._weights or shipped()
        names, pulls = weights.rows(features(paper))
        pulls = pulls[:, self._columns]
        scores = (pulls.sum(axis=0) + weights.bias[self._columns]) * weights.heat
        best = int(scores.argmax()) if names else self._slugs.index(OTHER)
        share = float(1 / np.exp(scores - scores[best]).sum())
        if self._rules is not None:
            ruled = self._rules.classify(paper)
            wanted = ruled.score > share or self._slugs[best] == OTHER
            if ruled.category != OTHER and wanted:
                return ruled
        ahead = pulls[:, best] - pulls.mean(axis=1)
        return Verdict(self._slugs[best], share, _reason(names, ahead, paper))


def default_classifier(taxonomy: Taxonomy) -> Classifier:
    """Give the classifier that suits a taxonomy: the learnt weights where they know enough of it."""
    known = sum(slug in shipped().slugs and slug != OTHER for slug in taxonomy.slugs)
    return TrainedClassifier(taxonomy) if known >= FEWEST_SUBJECTS else RuleClassifier(taxonomy)


def _reason(names: Sequence[str], ahead: Floats, paper: Paper) -> Phrase:
    """The words and codes that spoke most for the category, and against the others."""
    order = np.argsort(-ahead, kind="stable")[:LOOKED_AT].tolist()
    strong = [names[place].removeprefix(IN_TITLE) for place in order if ahead[place] > 0]
    words = ", ".join(as_written(_distinct(t for t in strong if t[0].isalnum()), paper))
    pull = dict(zip(names[-MOST_CODES:], ahead[-MOST_CODES:].tolist(), strict=True))
    codes = ", ".join(
        code
        for code in dict.fromkeys((paper.primary_category, *paper.categories))
        if pull.get(CODE + code, 0.0) + pull.get(PRIMARY + code, 0.0) > 0
    )
    if words and codes:
        return Phrase("classify.words", words=words, codes=codes)
    if words:
        return Phrase("classify.words_only", words=words)
    return Phrase("classify.codes_only", codes=codes) if codes else Phrase("classify.nothing")


def _distinct(terms: Iterable[str]) -> list[str]:
    """The first few terms that tell something and share no word with one before them."""
    shown: list[str] = []
    said: set[str] = set()
    for term in terms:
        if tells(term) and said.isdisjoint(term.split()):
            shown.append(term)
            said.update(term.split())
            if len(shown) == WORDS_SHOWN:
                break
    return shown
