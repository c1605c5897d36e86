"""What language models were asked, and what they wrote; which listings were announced.

Revision 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From revision 0001."""
    op.add_column(
        "coverage",
        sa.Column("announced", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "usage",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "model", name="pk_usage"),
    )
    op.create_table(
        "written",
        sa.Column("edition", sa.Date(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("papers", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint(
            "edition", "category", "language", "model", "prompt", "papers", name="pk_written"
        ),
    )
