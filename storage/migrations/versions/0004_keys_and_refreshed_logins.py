"""API keys, who began a conversation with one, and logins that programs refresh."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_api_keys()
    make_login_families()
    # Written out, since Alembic would make the table anew on SQLite, and its events would go with the old one.
    op.execute(
        "ALTER TABLE conversations ADD COLUMN key_id VARCHAR"
        " CONSTRAINT fk_conversations_key_id REFERENCES api_keys (id) ON DELETE CASCADE"
    )
    op.create_index(op.f("ix_conversations_key_id"), "conversations", ["key_id"])


def make_api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("staff", sa.Boolean(), nullable=False),
        sa.Column("trusted_front", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN customer_id IS NULL THEN staff <> trusted_front ELSE NOT (staff OR trusted_front) END",
            name=op.f("ck_api_keys_a_customer_staff_or_a_front"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_api_keys_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    op.create_index(op.f("ix_api_keys_customer_id"), "api_keys", ["customer_id"])


def make_login_families() -> None:
    op.create_table(
        "login_families",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("password_mark", sa.String(), nullable=False),
        sa.Column("refresh_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_login_families_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_families")),
    )
    op.create_index(op.f("ix_login_families_account_id"), "login_families", ["account_id"])
    op.create_index(op.f("ix_login_families_expires_at"), "login_families", ["expires_at"])


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
