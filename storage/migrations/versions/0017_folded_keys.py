"""The keys under which ids and names are looked up, in whatever spelling somebody types them."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from storage.shop.spelling import folded_id, folded_name

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT_ONCE = 5_000
KEYS: tuple[tuple[str, str, Callable[..., str], tuple[str, ...]], ...] = (
    ("customers", "folded_id", folded_id, ("id",)),
    ("customers", "folded_name", folded_name, ("first_name", "last_name")),
    ("products", "folded_id", folded_id, ("id",)),
    ("variants", "folded_id", folded_id, ("item_id",)),
    ("orders", "folded_id", folded_id, ("id",)),
    ("tickets", "folded_id", folded_id, ("id",)),
)


def upgrade() -> None:
    for table, key, fold, columns in KEYS:
        op.add_column(table, sa.Column(key, sa.String(), nullable=False, server_default=""))
        _fill(table, key, fold, columns)
        op.create_index(op.f(f"ix_{table}_{key}"), table, [key])


def _fill(table: str, key: str, fold: Callable[..., str], columns: tuple[str, ...]) -> None:
    # No database folds letters as we do, so each row's key is made here.
    primary = "item_id" if table == "variants" else "id"
    names = [primary, *(each for each in columns if each != primary)]
    of = sa.table(table, *(sa.column(each) for each in (*names, key)))
    kept = op.get_bind().execute(sa.select(*(of.c[each] for each in names))).all()
    change = sa.update(of).where(of.c[primary] == sa.bindparam("of_row")).values({key: sa.bindparam("made")})
    for start in range(0, len(kept), AT_ONCE):
        some = kept[start : start + AT_ONCE]
        made = [{"of_row": row[0], "made": fold(*(getattr(row, each) for each in columns))} for row in some]
        op.get_bind().execute(change, made)


def downgrade() -> None:
    raise NotImplementedError("a shop is not brought back to an older version; restore a backup")
