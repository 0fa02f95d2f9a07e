"""Rows as they were at a moment: what the audit log says was changed since is undone in a session, and only there.

Nothing is written: the session's objects get their earlier values as if they had been read like that, and rows that
came later are not found. A row that was deleted since stays gone, and so does what was changed without an audit row.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, and_, event, inspect, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.orm.attributes import set_committed_value

from storage.db import Base
from storage.shop.audit import Audit

HELD = "rows as they were"
Key = tuple[type[Base], tuple[Any, ...]]


async def rewind(session: AsyncSession, at: datetime) -> None:
    """Have this session see the shop's rows as they were at a moment. It must not be used to write."""
    query = select(Audit.changes).where(Audit.at > at).order_by(Audit.at.desc(), Audit.id)
    values: dict[Key, dict[str, Any]] = {}
    born: set[Key] = set()
    for changes in await session.scalars(query):
        for change in reversed(changes):
            if (found := _key_of(change)) is None:
                continue
            # From the newest change to the oldest, so that the oldest value before wins.
            if change["before"] is None:
                born.add(found)
            else:
                born.discard(found)
                values.setdefault(found, {}).update(change["before"])
    _hide(session, born)
    held = [await _as_before(session, *key, before) for key, before in values.items() if key not in born]
    # A session forgets objects that nobody holds, and would read them anew.
    session.info[HELD] = held


def _key_of(change: Mapping[str, Any]) -> Key | None:
    mapped = {
        mapper.local_table.key: mapper.class_ for mapper in Base.registry.mappers if hasattr(mapper.local_table, "key")
    }
    model = mapped.get(change["table"])
    return None if model is None else (model, tuple(change["key"]))


async def _as_before(
    session: AsyncSession, model: type[Base], key: tuple[Any, ...], before: Mapping[str, Any]
) -> Base | None:
    row = await session.get(model, key if len(key) > 1 else key[0])
    if row is None:
        return None
    columns = inspect(model).columns
    for name, value in before.items():
        set_committed_value(row, name, _typed(columns[name].type.python_type, value))
    return row


def _typed(kind: type[Any], value: Any) -> Any:  # noqa: ANN401 - a column may hold anything JSON can say
    """Return a value of the audit log as its column's type has it."""
    if value is None or isinstance(value, kind):
        return value
    if issubclass(kind, Enum):
        return kind(value)
    if issubclass(kind, datetime | date):
        return kind.fromisoformat(value)
    return value


def _hide(session: AsyncSession, born: set[Key]) -> None:
    """Have no query of this session find these rows."""
    of_model: dict[type[Base], list[tuple[Any, ...]]] = {}
    for model, key in born:
        of_model.setdefault(model, []).append(key)
    hidden = [
        with_loader_criteria(model, _none_of(model, keys), include_aliases=True) for model, keys in of_model.items()
    ]

    def without(state: ORMExecuteState) -> None:
        if state.is_select:
            state.statement = state.statement.options(*hidden)

    if hidden:
        event.listen(session.sync_session, "do_orm_execute", without)


def _none_of(model: type[Base], keys: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
    columns = inspect(model).primary_key
    return not_(or_(*(and_(*(column == part for column, part in zip(columns, key, strict=True))) for key in keys)))
