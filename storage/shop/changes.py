"""What a transaction changed: each row before and after, for the audit log."""

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstanceState, Session, UOWTransaction

from storage.db import Base


def watch_changes(session: AsyncSession) -> list[dict[str, Any]]:
    """Return a list that fills with one entry (table, key, before, after) for each row the session writes."""
    changes: list[dict[str, Any]] = []

    def collect(sync: Session, _context: UOWTransaction) -> None:
        changes.extend(_added(row) for row in sync.new if isinstance(row, Base))
        changes.extend(_changed(row) for row in sync.dirty if isinstance(row, Base) and sync.is_modified(row))
        changes.extend(_removed(row) for row in sync.deleted if isinstance(row, Base))

    # After the flush, a new row has its generated keys, and a changed one still has its old values.
    event.listen(session.sync_session, "after_flush", collect)
    return changes


def _added(row: Base) -> dict[str, Any]:
    state: InstanceState[Base] = inspect(row)
    values = {attribute.key: state.attrs[attribute.key].value for attribute in state.mapper.column_attrs}
    return _entry(row, before=None, after=values)


def _changed(row: Base) -> dict[str, Any]:
    state: InstanceState[Base] = inspect(row)
    before, after = {}, {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if history.has_changes():
            before[attribute.key] = history.deleted[0] if history.deleted else None
            after[attribute.key] = history.added[0] if history.added else None
    return _entry(row, before=before, after=after)


def _removed(row: Base) -> dict[str, Any]:
    state: InstanceState[Base] = inspect(row)
    values = {attribute.key: state.attrs[attribute.key].value for attribute in state.mapper.column_attrs}
    return _entry(row, before=values, after=None)


def _entry(row: Base, *, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    state: InstanceState[Base] = inspect(row)
    key = state.mapper.primary_key_from_instance(row)
    return {
        "table": str(state.mapper.local_table),
        "key": [_plain(part) for part in key],
        "before": None if before is None else {name: _plain(value) for name, value in before.items()},
        "after": None if after is None else {name: _plain(value) for name, value in after.items()},
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column may hold anything JSON can say
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
