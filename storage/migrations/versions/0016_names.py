"""What a product is called in other languages."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = sa.Column("names", sa.JSON(none_as_null=True), nullable=False, server_default="{}")
    op.add_column("products", names)


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
