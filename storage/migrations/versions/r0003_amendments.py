"""Messages that are corrected after they were sent, and what became known of a sealed edition.

Revision 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_AMENDED = sa.text("amend_at IS NOT NULL")
_PARENT = sa.text("position = 0")


def upgrade() -> None:
    """From revision 0002."""
    op.add_column("deliveries", sa.Column("amend_at", sa.DateTime(timezone=True), nullable=True))
    for table, column in (
        ("deliveries", "amends"),
        ("deliveries", "correction"),
        ("editions", "correction"),
    ):
        op.add_column(
            table, sa.Column(column, sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
    op.add_column("editions", sa.Column("told", sa.JSON(), nullable=True))
    op.add_column(
        "subscriptions", sa.Column("place", sa.String(), nullable=False, server_default="")
    )
    op.create_index(
        "ix_deliveries_amended",
        "deliveries",
        ["platform", "amend_at"],
        sqlite_where=_AMENDED,
        postgresql_where=_AMENDED,
    )
    op.create_index(
        "ix_deliveries_parents",
        "deliveries",
        ["edition", "id"],
        sqlite_where=_PARENT,
        postgresql_where=_PARENT,
    )
