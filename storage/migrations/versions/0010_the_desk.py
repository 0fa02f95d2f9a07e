"""Who waits for whom on a ticket, who of the staff has it, what they note, and what the handbook does not answer."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATUSES = ("open", "waiting for customer", "waiting for staff", "resolved")
CATEGORIES = ("delivery", "damage", "return", "payment", "product", "account", "other")
PRIORITIES = ("low", "normal", "high", "urgent")
LAST = "(SELECT e.{what} FROM ticket_entries e WHERE e.ticket_id = tickets.id ORDER BY e.number DESC LIMIT 1)"
STAFF_SPOKE = (
    "EXISTS (SELECT 1 FROM ticket_entries e WHERE e.ticket_id = tickets.id"
    " AND e.kind = 'comment' AND e.by NOT IN (tickets.customer_id, 'shopdesk'))"
)


def upgrade() -> None:
    for name in ("waits_since", "changed_at"):
        op.add_column("tickets", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("tickets", sa.Column("taken_by", sa.String(), nullable=True))
    more_statuses()
    op.create_index(op.f("ix_tickets_changed_at"), "tickets", ["changed_at"])
    tell_who_waits()
    op.create_table(
        "ticket_notes",
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_notes_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "number", name=op.f("pk_ticket_notes")),
    )
    op.create_table(
        "asked_in_vain",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_asked_in_vain_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "at", "words", name=op.f("pk_asked_in_vain")),
    )
    op.create_index(op.f("ix_asked_in_vain_words"), "asked_in_vain", ["words"])


def more_statuses() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_tickets_ticketstatus"), "tickets")
        told = ", ".join(f"'{status}'" for status in STATUSES)
        op.create_check_constraint(op.f("ck_tickets_ticketstatus"), "tickets", f"status IN ({told})")
        return
    # SQLite has the table made anew, and its entries would go with the old one unless they are put aside.
    op.execute("CREATE TEMPORARY TABLE put_aside AS SELECT * FROM ticket_entries")
    op.rename_table("tickets", "old_tickets")
    make_tickets()
    names = ", ".join(column.name for column in columns())
    op.execute(f"INSERT INTO tickets ({names}) SELECT {names} FROM old_tickets")  # noqa: S608 - constant
    op.drop_table("ticket_entries")
    op.drop_table("old_tickets")
    make_entries()
    for name, unique in (("created_at", False), ("customer_id", False), ("conversation_id", True)):
        op.create_index(op.f(f"ix_tickets_{name}"), "tickets", [name], unique=unique)
    op.execute("INSERT INTO ticket_entries SELECT * FROM put_aside")
    op.execute("DROP TABLE put_aside")


def columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("status", one_of("ticketstatus", STATUSES), nullable=False),
        sa.Column("category", one_of("ticketcategory", CATEGORIES), nullable=False),
        sa.Column("priority", one_of("ticketpriority", PRIORITIES), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
    ]


def one_of(name: str, words: Sequence[str]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def make_tickets() -> None:
    refers = {"customer_id": ("customers", "CASCADE"), "order_id": ("orders", "SET NULL")}
    refers["conversation_id"] = ("conversations", "SET NULL")
    op.create_table(
        "tickets",
        *columns(),
        *[
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_tickets_{name}"), ondelete=then)
            for name, (table, then) in refers.items()
        ],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )


def make_entries() -> None:
    op.create_table(
        "ticket_entries",
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("kind", one_of("entrykind", ("opened", "comment", "resolution")), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_entries_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "number", name=op.f("pk_ticket_entries")),
    )


def tell_who_waits() -> None:
    """Tell it of tickets that staff have answered; a demo stays as it was loaded, or it would look used."""
    op.execute(f"UPDATE tickets SET changed_at = coalesce({LAST.format(what='at')}, created_at)")  # noqa: S608 - constant
    op.execute("UPDATE tickets SET waits_since = changed_at WHERE status = 'open'")
    last_by = LAST.format(what="by")
    op.execute(
        "UPDATE tickets SET status = 'waiting for staff'"  # noqa: S608 - constant
        f" WHERE status = 'open' AND {STAFF_SPOKE} AND NOT EXISTS (SELECT 1 FROM shop WHERE origin = 'demo')"
    )
    op.execute(
        "UPDATE tickets SET status = 'waiting for customer', waits_since = NULL"  # noqa: S608 - constant
        f" WHERE status = 'waiting for staff' AND {last_by} NOT IN (customer_id, 'shopdesk')"
    )


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
