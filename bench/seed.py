"""The seed's text as reports: what a bot that checked nothing used to post."""

import re
from pathlib import Path
from typing import Any

from core.category import default_taxonomy
from core.paper import Paper
from core.sample import sample_edition

SEED = Path(__file__).parents[2] / "shared" / "seed" / "digest-2024-11-10.md"
PARTS = ("themes", "keywords", "findings", "impact", "outlook")
_HEADING = re.compile(r"[#*\s]*([1-5])\.\s")
_SOURCE = re.compile(r"\s*-\s(.+?)\s\((?:http\S+)\)\s*")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+\.)\s+")
_QUOTED = re.compile(r'"([^"]+)"')


def seed_lines() -> list[tuple[str, dict[str, Any]]]:
    """Each section's title, and the section as the checker reads a report; none without the file.

    The seed cites nothing: a line rests on the papers whose method it names, in a section about
    one paper on that one. Emphasis around words goes, all else stays as it was posted.
    """
    if not SEED.exists():
        return []
    edition = sample_edition(default_taxonomy())
    known = [entry.paper for entries in edition.categories.values() for entry in entries]
    sections = re.split(r"^## ", SEED.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [_section(section, known) for section in sections]


def _section(section: str, known: list[Paper]) -> tuple[str, dict[str, Any]]:
    title, _, rest = section.partition("\n")
    body, _, sources = rest.partition("**출처:**")
    by_title = {paper.title: paper for paper in known}
    listed = [found[1].strip() for line in sources.splitlines() if (found := _SOURCE.match(line))]
    papers = [by_title.get(name) or Paper(id="", title=name, abstract="") for name in listed]
    numbered = [
        {"n": n, "id": paper.id, "title": paper.title, "abstract": paper.abstract}
        for n, paper in enumerate(papers, 1)
    ]
    report = _parts(body, papers)
    return title.strip(), {"language": "ko", "papers": numbered, "report": report}


def _parts(body: str, papers: list[Paper]) -> dict[str, Any]:
    report: dict[str, Any] = {part: [] for part in PARTS}
    part = ""
    for line in body.splitlines():
        if (heading := _HEADING.match(line)) and not line.startswith("    "):
            part = PARTS[int(heading[1]) - 1]
        elif part and (text := _BULLET.sub("", line).replace("**", "").strip()):
            if part == "keywords":
                report[part] += _QUOTED.findall(text) or [text]
            else:
                report[part].append({"text": text, "cites": _cites(text, papers)})
    return report


def _cites(text: str, papers: list[Paper]) -> list[int]:
    if len(papers) == 1:
        return [1]
    names = [paper.title.partition(":")[0] for paper in papers]
    return [n for n, name in enumerate(names, 1) if name in text]
