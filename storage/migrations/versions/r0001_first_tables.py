"""The first tables.

Revision 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)
_LIVE = sa.text("state IN ('pending', 'sending')")


def upgrade() -> None:
    """From an empty database."""
    _papers()
    _sources()
    _editions()
    _subscriptions()
    _deliveries()
    _delivery_indexes()


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _papers() -> None:
    op.create_table(
        "papers",
        _column("id", sa.String()),
        _column("title_key", sa.String()),
        _column("title", sa.Text()),
        _column("abstract", sa.Text()),
        _column("authors", sa.JSON()),
        _column("primary_category", sa.String()),
        _column("categories", sa.JSON()),
        _column("comment", sa.Text()),
        _column("url", sa.Text()),
        sa.Column("published", _MOMENT, nullable=True),
        _column("links", sa.JSON()),
        _column("sources", sa.JSON()),
        _column("signals", sa.JSON()),
        _column("edition", sa.Date()),
        _column("first_seen", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_papers"),
    )
    op.create_index("ix_papers_edition", "papers", ["edition"])
    op.create_index("ix_papers_title_key", "papers", ["title_key"])
    op.create_table(
        "aliases",
        _column("id", sa.String()),
        _column("paper_id", sa.String()),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name="fk_aliases_paper_id", onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_aliases"),
    )
    op.create_index("ix_aliases_paper_id", "aliases", ["paper_id"])


def _sources() -> None:
    op.create_table(
        "sightings",
        _column("day", sa.Date()),
        _column("source", sa.String()),
        _column("paper_id", sa.String()),
        _column("signals", sa.JSON()),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name="fk_sightings_paper_id", onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("day", "source", "paper_id", name="pk_sightings"),
    )
    op.create_index("ix_sightings_paper_id", "sightings", ["paper_id"])
    op.create_table(
        "coverage",
        _column("day", sa.Date()),
        _column("source", sa.String()),
        _column("owed", sa.Integer()),
        _column("counted", sa.Boolean()),
        _column("quiet", sa.Boolean()),
        _column("missing", sa.JSON()),
        _column("remarks", sa.JSON()),
        sa.Column("note", sa.JSON(), nullable=True),
        _column("checked_at", _MOMENT),
        sa.PrimaryKeyConstraint("day", "source", name="pk_coverage"),
    )


def _editions() -> None:
    op.create_table(
        "editions",
        _column("date", sa.Date()),
        _column("sealed_at", _MOMENT),
        _column("slugs", sa.JSON()),
        _column("held", sa.Integer()),
        _column("coverage", sa.JSON()),
        _column("sample", sa.Boolean()),
        sa.PrimaryKeyConstraint("date", name="pk_editions"),
    )
    op.create_table(
        "entries",
        _column("edition", sa.Date()),
        _column("category", sa.String()),
        _column("position", sa.Integer()),
        _column("paper_id", sa.String()),
        _column("score", sa.Float()),
        _column("verdict", sa.JSON()),
        _column("why", sa.JSON()),
        sa.ForeignKeyConstraint(["edition"], ["editions.date"], name="fk_entries_edition"),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name="fk_entries_paper_id", onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edition", "category", "position", name="pk_entries"),
    )
    op.create_index("ix_entries_paper_id", "entries", ["paper_id"])
    op.create_table(
        "reports",
        _column("edition", sa.Date()),
        _column("category", sa.String()),
        _column("language", sa.String()),
        _column("body", sa.JSON()),
        sa.ForeignKeyConstraint(["edition"], ["editions.date"], name="fk_reports_edition"),
        sa.PrimaryKeyConstraint("edition", "category", "language", name="pk_reports"),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        _column("id", sa.Integer()),
        _column("platform", sa.String()),
        _column("chat", sa.String()),
        _column("thread", sa.String()),
        _column("wish", sa.JSON()),
        _column("next_due", _MOMENT),
        sa.Column("last_edition", sa.Date(), nullable=True),
        sa.Column("settled", sa.Date(), nullable=True),
        sa.Column("waiting_since", _MOMENT, nullable=True),
        _column("paused", sa.Text()),
        _column("author", sa.String()),
        _column("created_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_due", "subscriptions", ["paused", "next_due"])
    op.create_index("ix_subscriptions_target", "subscriptions", ["platform", "chat", "thread"])
    op.create_table(
        "missed",
        _column("id", sa.Integer()),
        _column("subscription", sa.Integer()),
        _column("due", _MOMENT),
        _column("reason", sa.Text()),
        _column("recorded_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_missed"),
        sa.UniqueConstraint("subscription", "due", name="uq_missed_due"),
    )


def _deliveries() -> None:
    op.create_table(
        "messages",
        _column("hash", sa.String(length=64)),
        _column("platform", sa.String()),
        _column("body", sa.Text()),
        sa.PrimaryKeyConstraint("hash", name="pk_messages"),
    )
    op.create_table(
        "deliveries",
        _column("id", sa.Integer()),
        _column("edition", sa.Date()),
        _column("issue", sa.Integer()),
        _column("subscription", sa.Integer()),
        _column("part", sa.String()),
        _column("position", sa.Integer()),
        _column("platform", sa.String()),
        _column("chat", sa.String()),
        _column("thread", sa.String()),
        _column("message", sa.String(length=64)),
        _column("state", sa.String()),
        _column("attempts", sa.Integer()),
        _column("not_before", _MOMENT),
        _column("message_id", sa.String()),
        _column("error", sa.Text()),
        _column("created_at", _MOMENT),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["message"], ["messages.hash"], name="fk_deliveries_message"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("subscription", "edition", "issue", "part", name="uq_deliveries_key"),
        sqlite_autoincrement=True,
    )


def _delivery_indexes() -> None:
    op.create_index(
        "ix_deliveries_live",
        "deliveries",
        ["platform", "id"],
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_index(
        "ix_deliveries_live_target",
        "deliveries",
        ["platform", "chat", "thread", "id"],
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_index("ix_deliveries_message", "deliveries", ["message"])
    op.create_index("ix_deliveries_target", "deliveries", ["platform", "chat", "thread"])
