"""Turns that programs asked for over the OpenAI API."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_turns",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_api_turns_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_turns")),
    )
    op.create_index(op.f("ix_api_turns_conversation_id"), "api_turns", ["conversation_id"])
    for column in ("asked", "told", "chat"):
        op.create_index(op.f(f"ix_api_turns_asker_{column}"), "api_turns", ["asker", column])


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
