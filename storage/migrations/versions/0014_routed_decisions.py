"""What was routed to which endpoint, and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "routed_decisions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *[
            sa.Column(name, sa.String(), nullable=False)
            for name in ("task", "complexity", "strategy", "classified_by", "chosen", "answered_by", "ended")
        ],
        sa.Column("remembered", sa.Boolean(), nullable=False),
        sa.Column("decided_ms", sa.Double(), nullable=False),
        sa.Column("first_ms", sa.Double(), nullable=True),
        sa.Column("ms", sa.Double(), nullable=True),
        sa.Column("prompt_tokens", sa.BigInteger(), nullable=False),
        sa.Column("completion_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routed_decisions")),
    )
    op.create_index(op.f("ix_routed_decisions_at"), "routed_decisions", ["at"])


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
