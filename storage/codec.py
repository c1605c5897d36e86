"""The engine's nouns as JSON and back: what lies in the columns that nobody searches by."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from core.classify import Verdict
from core.i18n import Phrase, Value
from core.paper import Signal
from core.ports import Missing, Remark, SourceCoverage
from core.ranking import Entry
from core.report import Claim, Report
from core.subscription import Wish

Json = dict[str, Any]


def phrase_to_json(phrase: Phrase) -> Json:
    """``{"key", "values"}``; a date among the values is ``{"date"}``, an inner phrase the same."""
    return {
        "key": phrase.key,
        "values": {name: _value_to_json(value) for name, value in phrase.values.items()},
    }


def phrase_from_json(data: Mapping[str, Any]) -> Phrase:
    """The phrase of ``phrase_to_json``."""
    values = {name: _value_from_json(value) for name, value in data["values"].items()}
    return Phrase(data["key"], **values)


def _value_to_json(value: Value) -> str | int | Json:
    if isinstance(value, Phrase):
        return phrase_to_json(value)
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _value_from_json(data: str | int | Mapping[str, Any]) -> Value:
    if isinstance(data, str | int):
        return data
    return date.fromisoformat(data["date"]) if "date" in data else phrase_from_json(data)


def pause_to_text(reason: Phrase) -> str:
    """A reason as JSON, never empty."""
    return json.dumps(phrase_to_json(reason), ensure_ascii=False)


def pause_from_text(text: str) -> Phrase | None:
    """The reason of ``pause_to_text``, None for empty text; rows of before were words."""
    if not text:
        return None
    try:
        return phrase_from_json(json.loads(text))
    except (ValueError, TypeError, KeyError):
        return Phrase("pause.told", reason=text)


def signals_to_json(signals: Iterable[Signal]) -> list[list[str | int]]:
    """``[[source, name, value]]``."""
    return [[signal.source, signal.name, signal.value] for signal in signals]


def signals_from_json(data: Iterable[Sequence[Any]]) -> tuple[Signal, ...]:
    """The signals of ``signals_to_json``."""
    return tuple(Signal(*signal) for signal in data)


def missing_to_json(missing: Iterable[Missing]) -> list[Json]:
    """``[{"id", "reason", "count", "codes"}]``."""
    return [
        {
            "id": item.id,
            "reason": phrase_to_json(item.reason),
            "count": item.count,
            "codes": list(item.codes),
        }
        for item in missing
    ]


def missing_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Missing, ...]:
    """The entries of ``missing_to_json``."""
    return tuple(
        Missing(
            item["id"],
            phrase_from_json(item["reason"]),
            item["count"],
            # Rows of before it was asked have none.
            tuple(item.get("codes", ())),
        )
        for item in data
    )


def remarks_to_json(remarks: Iterable[Remark]) -> list[Json]:
    """``[{"place", "said"}]``."""
    return [{"place": remark.place, "said": phrase_to_json(remark.said)} for remark in remarks]


def remarks_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Remark, ...]:
    """The remarks of ``remarks_to_json``."""
    return tuple(Remark(item["place"], phrase_from_json(item["said"])) for item in data)


def coverage_to_json(source: SourceCoverage) -> Json:
    """One source's coverage, its fields by name."""
    return {
        "source": source.source,
        "status": source.status,
        "owed": source.owed,
        "held": source.held,
        "missing": missing_to_json(source.missing),
        "remarks": remarks_to_json(source.remarks),
        "note": source.note and phrase_to_json(source.note),
        "checked_at": source.checked_at and source.checked_at.isoformat(),
        "announced": source.announced,
    }


def coverage_from_json(data: Mapping[str, Any]) -> SourceCoverage:
    """The coverage of ``coverage_to_json``."""
    note, checked_at = data["note"], data["checked_at"]
    return SourceCoverage(
        source=data["source"],
        status=data["status"],
        owed=data["owed"],
        held=data["held"],
        missing=missing_from_json(data["missing"]),
        remarks=remarks_from_json(data["remarks"]),
        note=phrase_from_json(note) if note else None,
        checked_at=datetime.fromisoformat(checked_at) if checked_at else None,
        announced=data.get("announced", False),
    )


def verdict_to_json(verdict: Verdict) -> Json:
    """``{"category", "score", "reason"}``."""
    return {
        "category": verdict.category,
        "score": verdict.score,
        "reason": phrase_to_json(verdict.reason),
    }


def verdict_from_json(data: Mapping[str, Any]) -> Verdict:
    """The verdict of ``verdict_to_json``."""
    return Verdict(data["category"], data["score"], phrase_from_json(data["reason"]))


def report_to_json(report: Report) -> Json:
    """All of a report but its category and language; of its papers the ids."""
    return {
        "method": report.method,
        "model": report.model,
        "extracted": list(report.extracted),
        "papers": [entry.paper.id for entry in report.papers],
        "themes": _claims_to_json(report.themes),
        "keywords": list(report.keywords),
        "findings": _claims_to_json(report.findings),
        "impact": _claims_to_json(report.impact),
        "outlook": _claims_to_json(report.outlook),
    }


def report_from_json(
    category: str, language: str, data: Mapping[str, Any], papers: Iterable[Entry]
) -> Report:
    """The report of ``report_to_json`` about these papers."""
    return Report(
        category=category,
        language=language,
        method=data["method"],
        model=data["model"],
        # Reports of before there were mixed ones have none.
        extracted=tuple(data.get("extracted", ())),
        papers=tuple(papers),
        themes=_claims_from_json(data["themes"]),
        keywords=tuple(data["keywords"]),
        findings=_claims_from_json(data["findings"]),
        impact=_claims_from_json(data["impact"]),
        outlook=_claims_from_json(data["outlook"]),
    )


def _claims_to_json(claims: Iterable[Claim]) -> list[Json]:
    return [{"text": claim.text, "cites": list(claim.cites)} for claim in claims]


def _claims_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Claim, ...]:
    return tuple(Claim(item["text"], tuple(item["cites"])) for item in data)


def wish_to_json(wish: Wish) -> Json:
    """A wish, its fields by name; the time as ``09:00:00``."""
    return {
        "language": wish.language,
        "at": wish.at.isoformat(),
        "zone": wish.zone,
        "categories": list(wish.categories),
        "include": list(wish.include),
        "exclude": list(wish.exclude),
        "weekdays": sorted(wish.weekdays),
    }


def wish_from_json(data: Mapping[str, Any]) -> Wish:
    """The wish of ``wish_to_json``."""
    return Wish(
        language=data["language"],
        at=time.fromisoformat(data["at"]),
        zone=data["zone"],
        categories=tuple(data["categories"]),
        include=tuple(data["include"]),
        exclude=tuple(data["exclude"]),
        weekdays=frozenset(data["weekdays"]),
    )
