"""Who carries a parcel, when it left, and when its carrier expects it to arrive."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shipments", sa.Column("carrier", sa.String(), nullable=True))
    for name in ("shipped_on", "expected_on"):
        op.add_column("shipments", sa.Column(name, sa.Date(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
