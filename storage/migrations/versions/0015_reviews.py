"""What others say of a product, as one row of figures."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_summaries",
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("reviews", sa.BigInteger(), nullable=False),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("aspects", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("quotes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reviews > 0", name=op.f("ck_review_summaries_there_is_one")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_review_summaries_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_review_summaries")),
    )


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
