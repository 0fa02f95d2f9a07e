"""Who answered a question, where and how; which program asked; and no sealed question kept by the page."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("answered_by", "answered_where", "answered_how"):
        op.add_column("audit", sa.Column(name, sa.String(), nullable=True))
    op.add_column("asked_changes", sa.Column("program", sa.String(), nullable=True))
    # A question of before was sealed by the tool servers, which now look it up: whoever still wants it asks again.
    op.execute("UPDATE asked_changes SET expires_at = asked_at WHERE answer IS NULL")
    for name in ("request_state", "keys"):
        op.drop_column("asked_changes", name)


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
