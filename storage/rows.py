"""The engine's nouns as rows of the tables and back."""

from typing import Any

from sqlalchemy import RowMapping

from core.delivery import Delivery, State
from core.paper import Paper, normalised_title
from core.ranking import Entry
from core.subscription import Subscription, Target
from storage.codec import (
    pause_from_text,
    phrase_from_json,
    phrase_to_json,
    signals_from_json,
    signals_to_json,
    verdict_from_json,
    verdict_to_json,
    wish_from_json,
)

Columns = dict[str, Any]


def paper_columns(paper: Paper) -> Columns:
    """All columns that come from the paper itself."""
    return {
        "id": paper.id,
        "title_key": normalised_title(paper.title),
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "primary_category": paper.primary_category,
        "categories": list(paper.categories),
        "comment": paper.comment,
        "url": paper.url,
        "published": paper.published,
        "links": list(paper.links),
        "sources": list(paper.sources),
        "signals": signals_to_json(paper.signals),
    }


def paper_of(row: RowMapping) -> Paper:
    """The paper of a row of ``papers``."""
    return Paper(
        id=row["id"],
        title=row["title"],
        abstract=row["abstract"],
        authors=tuple(row["authors"]),
        primary_category=row["primary_category"],
        categories=tuple(row["categories"]),
        comment=row["comment"],
        url=row["url"],
        published=row["published"],
        links=tuple(row["links"]),
        sources=tuple(row["sources"]),
        signals=signals_from_json(row["signals"]),
    )


def entry_columns(entry: Entry) -> Columns:
    """The columns of an entry that say why it stands where it stands."""
    return {
        "score": entry.score,
        "verdict": verdict_to_json(entry.verdict),
        "why": [phrase_to_json(why) for why in entry.why],
    }


def entry_of(row: RowMapping) -> Entry:
    """The entry of a row of ``entries`` joined with its paper."""
    return Entry(
        paper=paper_of(row),
        verdict=verdict_from_json(row["verdict"]),
        score=row["score"],
        why=tuple(phrase_from_json(why) for why in row["why"]),
    )


def target_columns(target: Target) -> Columns:
    """Where a post goes."""
    return {"platform": target.platform, "chat": target.chat, "thread": target.thread}


def target_of(row: RowMapping) -> Target:
    """The target of a row of ``subscriptions`` or ``deliveries``."""
    return Target(row["platform"], row["chat"], row["thread"])


def subscription_of(row: RowMapping) -> Subscription:
    """The subscription of a row."""
    return Subscription(
        id=row["id"],
        target=target_of(row),
        wish=wish_from_json(row["wish"]),
        next_due=row["next_due"],
        last_edition=row["last_edition"],
        settled=row["settled"],
        waiting_since=row["waiting_since"],
        paused=pause_from_text(row["paused"]),
        author=row["author"],
        place=row["place"],
    )


def delivery_of(row: RowMapping) -> Delivery:
    """The delivery of a row joined with its body and its parent's ``reply_to``."""
    return Delivery(
        id=row["id"],
        edition=row["edition"],
        issue=row["issue"],
        subscription=row["subscription"],
        part=row["part"],
        position=row["position"],
        target=target_of(row),
        body=row["body"],
        state=State(row["state"]),
        attempts=row["attempts"],
        message_id=row["message_id"],
        reply_to=row["reply_to"] or "",
        error=row["error"],
        ended_at=row["ended_at"],
    )
