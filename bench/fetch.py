"""Fetch the texts of the labelled papers from arXiv, by id: ``python -m bench.fetch``.

For a machine without ``../shared``. ``ARXIV_API_URL`` and ``ARXIV_DELAY_SECONDS`` hold here too.
Broken off and started again, it asks only for what it lacks.
"""

import json
import sys
from collections.abc import Sequence
from typing import Any

import arxiv
import requests

from bench.papers import FETCHED, labelled_ids
from bot.settings import load_settings
from core.paper import parse_paper_id

AT_ONCE = 100
RETRIES = 5


def fetch(ids: Sequence[str], client: arxiv.Client) -> list[dict[str, Any]]:
    """One row for each paper that arXiv has, in the shape of the corpus."""
    return [
        {
            "id": parse_paper_id(result.entry_id).removeprefix("arxiv:"),
            "title": result.title,
            "abstract": result.summary,
            "primary_category": result.primary_category,
            "categories": result.categories,
        }
        for result in client.results(arxiv.Search(id_list=list(ids)))
    ]


def main() -> int:
    """Fetch what is lacking; the exit code."""
    settings = load_settings()
    client = arxiv.Client(AT_ONCE, settings.arxiv_delay_seconds, RETRIES)
    client.query_url_format = f"{settings.arxiv_api_url}?{{}}"
    FETCHED.parent.mkdir(exist_ok=True)
    FETCHED.touch()
    held = {json.loads(line)["id"] for line in FETCHED.read_text(encoding="utf-8").splitlines()}
    lacking = [id_ for id_ in labelled_ids() if id_ not in held]
    for start in range(0, len(lacking), AT_ONCE):
        try:
            rows = fetch(lacking[start : start + AT_ONCE], client)
        except (arxiv.ArxivError, requests.RequestException) as error:
            print(f"arXiv did not answer: {error}; start again to go on.", file=sys.stderr)
            return 1
        with FETCHED.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        print(f"{min(start + AT_ONCE, len(lacking))}/{len(lacking)} papers")
    return 0


if __name__ == "__main__":
    sys.exit(main())
