"""Tasks that several models answer together, their steps, and the changes they ask about."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TASKS = ("waiting", "running", "asked", "done", "failed", "cancelled")
WRITES = ("asked", "declined", "doing", "done", "refused", "unknown")


def upgrade() -> None:
    op.create_table(
        "cooperation_tasks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("status", one_of("taskstatus", TASKS), nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("caller", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_holder", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooperation_tasks")),
    )
    op.create_index(op.f("ix_cooperation_tasks_status"), "cooperation_tasks", ["status"])
    op.create_table(
        "cooperation_steps",
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        of_a_task("cooperation_steps"),
        sa.PrimaryKeyConstraint("task_id", "seq", name=op.f("pk_cooperation_steps")),
    )
    op.create_table(
        "cooperation_writes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        *[sa.Column(name, sa.String(), nullable=False) for name in ("key", "step", "server", "tool")],
        sa.Column("arguments", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=True),
        sa.Column("names", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("status", one_of("writestatus", WRITES), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        of_a_task("cooperation_writes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooperation_writes")),
        sa.UniqueConstraint("task_id", "key", name=op.f("uq_cooperation_writes_task_id_key")),
    )
    op.create_index(op.f("ix_cooperation_writes_task_id"), "cooperation_writes", ["task_id"])


def one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def of_a_task(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_task_id")
    return sa.ForeignKeyConstraint(["task_id"], ["cooperation_tasks.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
