"""Figures over turns: how fast, how dear, who answered, and what failed; computed by the database."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.turns.traces import FAILED, HOUR_S, SLOW_MS, Trace, TracePart, Wanted

SHARES = (0.5, 0.95)
MOST_HOURS = 24 * 7


async def figures_of(session: AsyncSession, wanted: Wanted) -> dict[str, Any]:
    """Return the figures of the turns that are wanted: totals, by hour, by specialist, by tool."""
    conditions = wanted.conditions()
    totals = await _totals(session, conditions)
    return {
        **totals,
        "first_word_ms": await _quantiles(session, Trace.first_word_ms, conditions),
        "ms": await _quantiles(session, Trace.ms, conditions),
        "hours": await _hours(session, conditions),
        "specialists": await _shares(session, Trace.specialist, conditions),
        "chosen_by": await _shares(session, Trace.by, conditions),
        "tools": await _parts(session, "tool", conditions),
        "models": await _parts(session, "model", conditions),
    }


async def _totals(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> dict[str, Any]:
    sums = ("model_calls", "failed_calls", "prompt_tokens", "completion_tokens", "cached_tokens", "tool_calls")
    columns = [func.coalesce(func.sum(getattr(Trace, name)), 0).label(name) for name in (*sums, "tool_errors")]
    query = select(
        func.count().label("turns"),
        _counted(Trace.status.in_(FAILED)).label("failed"),
        _counted(Trace.ms >= SLOW_MS).label("slow"),
        _counted(Trace.replaced.is_(True)).label("replaced"),
        *columns,
    )
    row = (await session.execute(query.select_from(Trace).where(*conditions))).one()
    return {name: int(value) for name, value in row._mapping.items()}


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


async def _quantiles(
    session: AsyncSession, column: InstrumentedAttribute[Any], conditions: Sequence[ColumnElement[bool]]
) -> dict[str, float | None]:
    """Return the median and the time that 95 of 100 turns keep, in milliseconds; None where there is no turn."""
    known = [*conditions, column.is_not(None)]
    count = (await session.execute(select(func.count()).select_from(Trace).where(*known))).scalar_one()
    found: dict[str, float | None] = {}
    for share in SHARES:
        at = min(count - 1, int(count * share))
        query = select(column).where(*known).order_by(column).offset(max(0, at)).limit(1)
        found[f"p{round(share * 100)}"] = None if not count else (await session.execute(query)).scalar_one()
    return found


async def _hours(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> list[dict[str, Any]]:
    query = select(
        Trace.hour,
        func.count().label("turns"),
        _counted(Trace.status.in_(FAILED)).label("failed"),
        func.avg(Trace.first_word_ms).label("first_word_ms"),
        func.avg(Trace.ms).label("ms"),
        func.sum(Trace.prompt_tokens + Trace.completion_tokens).label("tokens"),
    )
    rows = await session.execute(
        query.where(*conditions).group_by(Trace.hour).order_by(Trace.hour.desc()).limit(MOST_HOURS)
    )
    return [
        {
            "at": datetime.fromtimestamp(row.hour * HOUR_S, UTC).isoformat(),
            "turns": row.turns,
            "failed": int(row.failed),
            "first_word_ms": None if row.first_word_ms is None else round(float(row.first_word_ms), 1),
            "ms": round(float(row.ms), 1),
            "tokens": int(row.tokens),
        }
        for row in reversed(rows.all())
    ]


async def _shares(
    session: AsyncSession, column: InstrumentedAttribute[str], conditions: Sequence[ColumnElement[bool]]
) -> list[dict[str, Any]]:
    query = select(column.label("name"), func.count().label("turns")).where(*conditions, column != "")
    rows = await session.execute(query.group_by(column).order_by(func.count().desc(), column))
    return [{"name": row.name, "turns": row.turns} for row in rows]


async def _parts(session: AsyncSession, kind: str, conditions: Sequence[ColumnElement[bool]]) -> list[dict[str, Any]]:
    query = (
        select(
            TracePart.name,
            func.sum(TracePart.calls).label("calls"),
            func.sum(TracePart.errors).label("errors"),
            func.sum(TracePart.ms).label("ms"),
        )
        .join(Trace, Trace.id == TracePart.trace_id)
        .where(TracePart.kind == kind, *conditions)
        .group_by(TracePart.name)
        .order_by(func.sum(TracePart.calls).desc(), TracePart.name)
    )
    return [
        {"name": row.name, "calls": int(row.calls), "errors": int(row.errors), "ms": float(row.ms) / int(row.calls)}
        for row in await session.execute(query)
    ]
