"""``digest.json``: the edition and its reports for other programs; the shape is a contract."""

import json
from collections.abc import Sequence
from typing import Any

from core.category import Taxonomy
from core.edition import Edition
from core.i18n import Catalog
from core.ranking import Entry
from core.report import Claim, Report

SCHEMA = 1


def to_json(
    edition: Edition, reports: Sequence[Report], taxonomy: Taxonomy, catalog: Catalog
) -> str:
    """The document as text. Every category is listed with its count; papers are those shown."""
    by_category = {report.category: report for report in reports}
    document = {
        "schema": SCHEMA,
        "date": edition.date.isoformat(),
        "language": catalog.language,
        "sample": edition.sample,
        "coverage": _coverage(edition, catalog),
        "categories": [
            {
                "slug": category.slug,
                "name": catalog.name(category.name),
                "count": len(edition.categories[category.slug]),
                **_shown(by_category.get(category.slug), catalog),
            }
            for category in taxonomy
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _coverage(edition: Edition, catalog: Catalog) -> dict[str, Any]:
    coverage = edition.coverage
    return {
        "owed": coverage.owed,
        "held": coverage.held,
        "missing": [
            {"id": item.id, "reason": catalog.text(item.reason), "count": item.count}
            for item in coverage.missing
        ],
        "sources": [
            {
                "name": source.source,
                "status": source.status,
                "count": source.held,
                "note": catalog.text(source.note) if source.note else "",
            }
            for source in coverage.sources
        ],
    }


def _shown(report: Report | None, catalog: Catalog) -> dict[str, Any]:
    if report is None:
        return {"papers": [], "report": None}
    return {
        "papers": [
            _paper(number, entry, report, catalog) for number, entry in enumerate(report.papers, 1)
        ],
        "report": {
            "method": report.method,
            "model": report.model if report.method == "llm" else "",
            **({"extracted": list(report.extracted)} if report.extracted else {}),
            "themes": _claims(report.themes),
            "keywords": list(report.keywords),
            "findings": _claims(report.findings),
            "impact": _claims(report.impact),
            "outlook": _claims(report.outlook),
        },
    }


def _paper(number: int, entry: Entry, report: Report, catalog: Catalog) -> dict[str, Any]:
    paper = entry.paper
    return {
        "n": number,
        "id": paper.id,
        "title": paper.title,
        "authors": list(paper.authors),
        "url": paper.url,
        "abstract": paper.abstract,
        "new": report.line(number),
        "why": [catalog.text(reason) for reason in entry.why],
    }


def _claims(claims: Sequence[Claim]) -> list[dict[str, Any]]:
    return [{"text": claim.text, "cites": list(claim.cites)} for claim in claims]
