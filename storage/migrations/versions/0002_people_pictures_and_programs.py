"""Chats that a person has, product pictures, programs that log in, and policies' dates and asked questions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

POLICIES = "key, policy_id, language, title, category, effective_date, source, sha256, text"
PASSAGES = "id, document_key, number, section, text"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        remake_policies()
    else:
        change_policies()
    make_replacements()
    mute_chats()
    op.add_column("conversations", sa.Column("stop_asked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_conversations_lease_until"), "conversations", ["lease_until"])
    make_product_pictures()
    make_oauth_clients()
    make_oauth_grants()


def change_policies() -> None:
    op.alter_column("documents", "effective_date", nullable=True)
    op.alter_column("documents", "replaced_date", new_column_name="expires")
    # It was the first day on which a policy did not hold; it is the last on which it does.
    op.execute("UPDATE documents SET expires = expires - 1")
    op.add_column("passages", sa.Column("asked", sa.String(), nullable=False, server_default=""))


def remake_policies() -> None:
    # SQLite cannot change a column, and dropping a table with rows that point to it would take those along.
    op.execute("CREATE TEMPORARY TABLE old_documents AS SELECT * FROM documents")
    op.execute("CREATE TEMPORARY TABLE old_passages AS SELECT * FROM passages")
    op.drop_table("passages")
    op.drop_table("documents")
    make_documents()
    make_passages()
    op.execute(
        f"INSERT INTO documents ({POLICIES}, expires)"  # noqa: S608 - names of our own
        f" SELECT {POLICIES}, date(replaced_date, '-1 day') FROM old_documents"
    )
    op.execute(f"INSERT INTO passages ({PASSAGES}, asked) SELECT {PASSAGES}, '' FROM old_passages")  # noqa: S608
    op.execute("DROP TABLE old_passages")
    op.execute("DROP TABLE old_documents")


def make_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=True),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_policy_id"), "documents", ["policy_id"])


def make_passages() -> None:
    op.create_table(
        "passages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("document_key", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_key"], ["documents.key"], name=op.f("fk_passages_document_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passages")),
    )
    op.create_index(op.f("ix_passages_document_key"), "passages", ["document_key"])


def make_replacements() -> None:
    op.create_table(
        "replacements",
        sa.Column("document_key", sa.String(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_key"], ["documents.key"], name=op.f("fk_replacements_document_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_key", "policy_id", name=op.f("pk_replacements")),
    )
    op.create_index(op.f("ix_replacements_policy_id"), "replacements", ["policy_id"])


def mute_chats() -> None:
    # Written out, since Alembic would make the table anew on SQLite, and its entries would go with the old one.
    op.execute(
        "ALTER TABLE tickets ADD COLUMN conversation_id VARCHAR"
        " CONSTRAINT fk_tickets_conversation_id REFERENCES conversations (id) ON DELETE SET NULL"
    )
    op.create_index(op.f("ix_tickets_conversation_id"), "tickets", ["conversation_id"], unique=True)


def make_product_pictures() -> None:
    op.create_table(
        "product_pictures",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_pictures_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_pictures")),
        sa.UniqueConstraint("product_id", "sha256", name=op.f("uq_product_pictures_product_id_sha256")),
    )


def make_oauth_clients() -> None:
    op.create_table(
        "oauth_clients",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("redirect_uris", sa.JSON(), nullable=False),
        sa.Column("auth_method", sa.String(), nullable=False),
        sa.Column("grant_types", sa.JSON(), nullable=False),
        sa.Column("scope", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_clients")),
    )
    op.create_index(op.f("ix_oauth_clients_created_at"), "oauth_clients", ["created_at"])


def make_oauth_grants() -> None:
    op.create_table(
        "oauth_grants",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("code_challenge", sa.String(), nullable=False),
        sa.Column("redirect_uri", sa.String(), nullable=False),
        sa.Column("redirect_uri_given", sa.Boolean(), nullable=False),
        sa.Column("refresh_hash", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_oauth_grants_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["oauth_clients.id"], name=op.f("fk_oauth_grants_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_grants")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_oauth_grants_code_hash")),
    )
    op.create_index(op.f("ix_oauth_grants_account_id"), "oauth_grants", ["account_id"])
    op.create_index(op.f("ix_oauth_grants_client_id"), "oauth_grants", ["client_id"])
    op.create_index(op.f("ix_oauth_grants_expires_at"), "oauth_grants", ["expires_at"])


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
