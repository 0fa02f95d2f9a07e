"""Turns as staff look into them: a row for each, its parts, and what its models were sent and replied."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COUNTS = ("model_calls", "failed_calls", "prompt_tokens", "completion_tokens", "cached_tokens")


def upgrade() -> None:
    op.create_table(
        "traces",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        *[
            sa.Column(name, sa.String(), nullable=False)
            for name in ("status", "trouble", "language", "caller", "asked", "answered", "specialist", "by")
        ],
        sa.Column("ms", sa.Double(), nullable=False),
        sa.Column("first_word_ms", sa.Double(), nullable=True),
        *[sa.Column(name, sa.BigInteger(), nullable=False) for name in (*COUNTS, "tool_calls", "tool_errors")],
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_traces_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traces")),
    )
    for column in ("conversation_id", "at", "hour"):
        op.create_index(op.f(f"ix_traces_{column}"), "traces", [column])
    op.create_table(
        "trace_parts",
        *[sa.Column(name, sa.String(), nullable=False) for name in ("trace_id", "kind", "name")],
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("errors", sa.BigInteger(), nullable=False),
        sa.Column("ms", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["trace_id"], ["traces.id"], name=op.f("fk_trace_parts_trace_id_traces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("trace_id", "kind", "name", name=op.f("pk_trace_parts")),
    )
    op.create_index(op.f("ix_trace_parts_name"), "trace_parts", ["name"])
    op.create_table(
        "trace_records",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_trace_records_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_records")),
    )
    for column in ("conversation_id", "at"):
        op.create_index(op.f(f"ix_trace_records_{column}"), "trace_records", [column])


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
