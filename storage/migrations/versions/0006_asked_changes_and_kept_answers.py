"""Questions of programs, answers kept for requests that are sent again, and what a person said for a change."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_asked_changes()
    op.create_table(
        "kept_answers",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("person", "key", name=op.f("pk_kept_answers")),
    )
    op.create_index(op.f("ix_kept_answers_at"), "kept_answers", ["at"])
    op.add_column("audit", sa.Column("said", sa.JSON(none_as_null=True), nullable=True))


def make_asked_changes() -> None:
    op.create_table(
        "asked_changes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("staff", sa.Boolean(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("request_state", sa.String(), nullable=True),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("yes", "no", "not asked", name="answer", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_changes")),
    )
    op.create_index(op.f("ix_asked_changes_digest"), "asked_changes", ["digest"])
    op.create_index(op.f("ix_asked_changes_expires_at"), "asked_changes", ["expires_at"])


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
