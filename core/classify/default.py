"""The classifier that comes along, loaded only where papers are sorted."""

from dataclasses import dataclass, field

from core.category import Taxonomy
from core.classify import Classifier, Verdict
from core.paper import Paper


@dataclass(slots=True)
class DefaultClassifier:
    """Sorts by learnt weights; they and numpy are loaded by the first paper.

    So the service's own process, which sends papers to a worker, holds neither.
    """

    taxonomy: Taxonomy
    _loaded: Classifier | None = field(default=None, init=False)

    def classify(self, paper: Paper) -> Verdict:
        """The category of a paper, and why."""
        if self._loaded is None:
            from core.classify.model import default_classifier  # noqa: PLC0415

            self._loaded = default_classifier(self.taxonomy)
        return self._loaded.classify(paper)
