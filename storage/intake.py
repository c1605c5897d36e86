"""Taking papers in: which of them are known already, and what each adds. Plain data, no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from core.paper import Paper, merge, normalised_title

# Who writes of a paper after it is no authority on its title, abstract and authors.
_ARXIV = "arxiv"


class Intake:
    """The rows that some papers may concern, and what taking those papers in changes in them.

    ``stored`` are all rows with an id or a title of theirs, ``aliases`` leads from another id of a
    paper to its row's. Afterwards ``new`` and ``changed`` hold papers by id, ``renamed`` leads from a
    row's old id to its new one, and ``learnt`` holds the aliases to add.
    """

    def __init__(self, stored: Iterable[Paper], aliases: Mapping[str, str]) -> None:
        self.new: dict[str, Paper] = {}
        self.changed: dict[str, Paper] = {}
        self.renamed: dict[str, str] = {}
        self.learnt: dict[str, str] = {}
        self._aliases = dict(aliases)
        self._rows: dict[str, Paper] = {}
        self._by_title: defaultdict[str, list[str]] = defaultdict(list)
        for paper in sorted(stored, key=lambda paper: paper.id):
            self._shelve(paper)

    def take(self, paper: Paper) -> None:
        """Takes one paper in, as a new row or joined to the one it belongs to."""
        known = self._known(paper)
        if known is None:
            self.new[paper.id] = paper
            self._shelve(paper)
            return
        stored = self._rows[known]
        if paper.arxiv_id is not None and stored.arxiv_id is None:
            self._rename(stored, _joined(paper, stored, newer=paper))
            return
        if paper.id != known and paper.id not in self._aliases:
            self._learn(paper.id, known)
        if _ARXIV in paper.sources and _ARXIV not in stored.sources:
            self._keep(_joined(replace(paper, id=known), stored, newer=paper))
        else:
            self._keep(_joined(stored, paper, newer=paper))

    def id_of(self, paper: Paper) -> str:
        """The id of the row that holds a paper taken in."""
        return paper.id if paper.id in self._rows else self._aliases[paper.id]

    def _known(self, paper: Paper) -> str | None:
        """The id of the row of the same paper: by id, else by title where one has no arXiv id."""
        known = paper.id if paper.id in self._rows else self._aliases.get(paper.id)
        if known is not None:
            return known
        twins = self._by_title[normalised_title(paper.title)]
        if paper.arxiv_id is not None:
            # Two arXiv ids under one title are two papers: arXiv's id is the stronger evidence.
            twins = [twin for twin in twins if self._rows[twin].arxiv_id is None]
        return twins[0] if twins else None

    def _shelve(self, paper: Paper) -> None:
        self._rows[paper.id] = paper
        # A title without a letter or digit says nothing of who is who.
        if title := normalised_title(paper.title):
            self._by_title[title].append(paper.id)

    def _keep(self, paper: Paper) -> None:
        if paper.id in self.new:
            self.new[paper.id] = paper
        elif paper != self._rows[paper.id]:
            self.changed[paper.id] = paper
        self._rows[paper.id] = paper

    def _learn(self, other: str, known: str) -> None:
        self._aliases[other] = known
        self.learnt[other] = known

    def _rename(self, stored: Paper, paper: Paper) -> None:
        """The row goes on under its arXiv id; all that led to it leads there."""
        old = stored.id
        del self._rows[old]
        self._by_title[normalised_title(stored.title)].remove(old)
        self._shelve(paper)
        for leading in (self._aliases, self.learnt):
            leading.update({other: paper.id for other, known in leading.items() if known == old})
        self._learn(old, paper.id)
        if old in self.new:
            del self.new[old]
            self.new[paper.id] = paper
        else:
            self.changed.pop(old, None)
            self.changed[paper.id] = paper
            self.renamed[old] = paper.id


def _joined(first: Paper, second: Paper, newer: Paper) -> Paper:
    """Both as one, under the first's id and texts; of two values of a signal the newer's."""
    (joined,) = merge((first, replace(second, id=first.id)))
    older = first if newer is second else second
    signals = {(signal.source, signal.name): signal for signal in (*older.signals, *newer.signals)}
    return replace(
        joined,
        primary_category=joined.primary_category or second.primary_category,
        url=joined.url or second.url,
        signals=tuple(signals.values()),
    )
