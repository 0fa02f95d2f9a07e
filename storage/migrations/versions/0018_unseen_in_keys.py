"""Ids' and names' keys without any character that nobody sees, and with the minus sign read as a hyphen."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from storage.shop.spelling import folded_id, folded_name

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEYS: tuple[tuple[str, str, Callable[..., str], tuple[str, ...]], ...] = (
    ("customers", "folded_id", folded_id, ("id",)),
    ("customers", "folded_name", folded_name, ("first_name", "last_name")),
    ("products", "folded_id", folded_id, ("id",)),
    ("variants", "folded_id", folded_id, ("item_id",)),
    ("orders", "folded_id", folded_id, ("id",)),
    ("tickets", "folded_id", folded_id, ("id",)),
)
AT_ONCE = 10_000
"""Rows held in memory; a shop may have millions."""


def upgrade() -> None:
    for table, key, fold, columns in KEYS:
        _mend(table, key, fold, columns)


def _mend(table: str, key: str, fold: Callable[..., str], columns: tuple[str, ...]) -> None:
    primary = "item_id" if table == "variants" else "id"
    names = [primary, *(each for each in columns if each != primary)]
    of = sa.table(table, *(sa.column(each) for each in (*names, key)))
    rows = op.get_bind().execute(sa.select(*of.c)).yield_per(AT_ONCE)
    made = ((row[0], getattr(row, key), fold(*(getattr(row, each) for each in columns))) for row in rows)
    # Few shops have one.
    other = [{"of_row": row, "made": new} for row, old, new in made if new != old]
    if other:
        change = sa.update(of).where(of.c[primary] == sa.bindparam("of_row")).values({key: sa.bindparam("made")})
        op.get_bind().execute(change, other)


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
