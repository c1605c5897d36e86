"""The tables. Every moment is UTC; a change here needs a migration beside it."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out. A naive one raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC; SQLite keeps no zone."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)
# In a column of its own type, so that an absent value is NULL and not the JSON word.
_JSON = JSON(none_as_null=True)
_NONE = text("0")


def _paper_id(*, primary_key: bool = False, index: bool = False) -> Column[str]:
    """A reference that follows a paper to the id it gets when an arXiv entry joins it."""
    target = ForeignKey("papers.id", onupdate="CASCADE")
    return Column("paper_id", String, target, primary_key=primary_key, index=index, nullable=False)


papers = Table(
    "papers",
    metadata,
    Column("id", String, primary_key=True),
    Column("title_key", String, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("abstract", Text, nullable=False),
    Column("authors", _JSON, nullable=False),
    Column("primary_category", String, nullable=False),
    Column("categories", _JSON, nullable=False),
    Column("comment", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("published", UTCDateTime),
    Column("links", _JSON, nullable=False),
    Column("sources", _JSON, nullable=False),
    Column("signals", _JSON, nullable=False),
    Column("edition", Date, nullable=False, index=True),
    Column("first_seen", UTCDateTime, nullable=False),
)

# Other ids by which a paper was ever given: a title may change, a button keeps the id it was sent.
aliases = Table(
    "aliases",
    metadata,
    Column("id", String, primary_key=True),
    _paper_id(index=True),
)

sightings = Table(
    "sightings",
    metadata,
    Column("day", Date, primary_key=True),
    Column("source", String, primary_key=True),
    _paper_id(primary_key=True, index=True),
    Column("signals", _JSON, nullable=False),
)

coverage = Table(
    "coverage",
    metadata,
    Column("day", Date, primary_key=True),
    Column("source", String, primary_key=True),
    Column("owed", Integer, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("quiet", Boolean, nullable=False),
    Column("missing", _JSON, nullable=False),
    Column("remarks", _JSON, nullable=False),
    Column("note", _JSON),
    Column("checked_at", UTCDateTime, nullable=False),
    Column("announced", Boolean, nullable=False, server_default=false()),
)

editions = Table(
    "editions",
    metadata,
    Column("date", Date, primary_key=True),
    Column("sealed_at", UTCDateTime, nullable=False),
    Column("slugs", _JSON, nullable=False),
    Column("held", Integer, nullable=False),
    Column("coverage", _JSON, nullable=False),
    Column("sample", Boolean, nullable=False),
    # How often what is known of the coverage has changed since, and what is told of it by now.
    Column("correction", Integer, nullable=False, server_default=_NONE),
    Column("told", _JSON),
)


def _edition() -> Column[object]:
    return Column("edition", Date, ForeignKey("editions.date"), primary_key=True)


entries = Table(
    "entries",
    metadata,
    _edition(),
    Column("category", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    _paper_id(index=True),
    Column("score", Float, nullable=False),
    Column("verdict", _JSON, nullable=False),
    Column("why", _JSON, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    _edition(),
    Column("category", String, primary_key=True),
    Column("language", String, primary_key=True),
    Column("body", _JSON, nullable=False),
)

# What a language model wrote, of editions not sealed too: asked for again, it costs nothing.
written = Table(
    "written",
    metadata,
    Column("edition", Date, primary_key=True),
    Column("category", String, primary_key=True),
    Column("language", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("prompt", String, primary_key=True),
    Column("papers", String(64), primary_key=True),
    Column("body", _JSON, nullable=False),
)

usage = Table(
    "usage",
    metadata,
    Column("day", Date, primary_key=True),
    Column("model", String, primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("prompt_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", String, nullable=False),
    Column("chat", String, nullable=False),
    Column("thread", String, nullable=False),
    Column("wish", _JSON, nullable=False),
    Column("next_due", UTCDateTime, nullable=False),
    Column("last_edition", Date),
    Column("settled", Date),
    Column("waiting_since", UTCDateTime),
    Column("paused", Text, nullable=False),
    Column("author", String, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("place", String, nullable=False, server_default=""),
    Index("ix_subscriptions_target", "platform", "chat", "thread"),
    Index("ix_subscriptions_due", "paused", "next_due"),
    # Deliveries keep the number after its subscription is gone: it must not come back as another's.
    sqlite_autoincrement=True,
)

messages = Table(
    "messages",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("platform", String, nullable=False),
    Column("body", Text, nullable=False),
)

_LIVE = text("state IN ('pending', 'sending')")
_AMENDED = text("amend_at IS NOT NULL")
_PARENT = text("position = 0")

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition", Date, nullable=False),
    Column("issue", Integer, nullable=False),
    Column("subscription", Integer, nullable=False),
    Column("part", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("platform", String, nullable=False),
    Column("chat", String, nullable=False),
    Column("thread", String, nullable=False),
    Column("message", ForeignKey("messages.hash"), nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", UTCDateTime, nullable=False),
    Column("message_id", String, nullable=False),
    Column("error", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    # From when on a sent message is to be shown anew, how often that was tried, and as of which
    # correction of its edition the body was made.
    Column("amend_at", UTCDateTime),
    Column("amends", Integer, nullable=False, server_default=_NONE),
    Column("correction", Integer, nullable=False, server_default=_NONE),
    # In the order in which a subscription's posts are looked up.
    UniqueConstraint("subscription", "edition", "issue", "part", name="uq_deliveries_key"),
    Index("ix_deliveries_target", "platform", "chat", "thread"),
    Index("ix_deliveries_live", "platform", "id", sqlite_where=_LIVE, postgresql_where=_LIVE),
    Index(
        "ix_deliveries_live_target",
        "platform",
        "chat",
        "thread",
        "id",
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    ),
    Index(
        "ix_deliveries_amended",
        "platform",
        "amend_at",
        sqlite_where=_AMENDED,
        postgresql_where=_AMENDED,
    ),
    Index(
        "ix_deliveries_parents",
        "edition",
        "id",
        sqlite_where=_PARENT,
        postgresql_where=_PARENT,
    ),
    sqlite_autoincrement=True,
)

missed = Table(
    "missed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription", Integer, nullable=False),
    Column("due", UTCDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", UTCDateTime, nullable=False),
    UniqueConstraint("subscription", "due", name="uq_missed_due"),
)
