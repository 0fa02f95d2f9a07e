"""The cheapest available item of a product is one look into an index, and so are the orders of a product."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_variants_product_id_available_price"), "variants", ["product_id", "available", "price"])
    op.drop_index(op.f("ix_variants_product_id"), "variants")
    op.create_index(op.f("ix_order_lines_product_id"), "order_lines", ["product_id"])


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
