"""What was routed where, and what came of it: one row for each decision, and the figures over them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from storage.db import Base

SHARES = (0.5, 0.95)


class Ended(StrEnum):
    """What came of a decision."""

    ANSWERED = "answered"
    FAILED = "failed"
    """No endpoint answered."""
    DRY_RUN = "dry_run"
    """It was asked for alone."""


class RoutedDecision(Base):
    """One decision. Nothing of what was asked is kept.

    `chosen` is the endpoint's key; `answered_by` that of the one that did answer, empty where none did. `ended` is a
    value of `Ended`, `classified_by` is `rules` or the key of the endpoint that was asked for the task. Times are in
    milliseconds, the cost is in US dollars.
    """

    __tablename__ = "routed_decisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    task: Mapped[str]
    complexity: Mapped[str]
    strategy: Mapped[str]
    classified_by: Mapped[str]
    remembered: Mapped[bool]
    chosen: Mapped[str]
    answered_by: Mapped[str]
    ended: Mapped[str]
    decided_ms: Mapped[float]
    first_ms: Mapped[float | None]
    ms: Mapped[float | None]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    cost: Mapped[float]


async def stats_of(session: AsyncSession, since: datetime) -> dict[str, Any]:
    """Return the figures of all decisions since a moment, computed by the database."""
    recent = RoutedDecision.at >= since
    answered = _counted(RoutedDecision.ended == Ended.ANSWERED)
    query = select(
        func.count().label("decisions"),
        answered.label("answered"),
        _counted(RoutedDecision.ended == Ended.FAILED).label("failed"),
        _counted(RoutedDecision.ended == Ended.DRY_RUN).label("dry_runs"),
        _counted(_replaced()).label("fell_back"),
        _counted(RoutedDecision.remembered.is_(True)).label("remembered"),
        func.coalesce(func.sum(RoutedDecision.prompt_tokens), 0).label("prompt_tokens"),
        func.coalesce(func.sum(RoutedDecision.completion_tokens), 0).label("completion_tokens"),
    )
    row = (await session.execute(query.where(recent))).one()
    cost = (await session.execute(select(func.coalesce(func.sum(RoutedDecision.cost), 0.0)).where(recent))).scalar_one()
    times = {
        column.key: await _quantiles(session, column, recent)
        for column in (RoutedDecision.decided_ms, RoutedDecision.first_ms, RoutedDecision.ms)
    }
    grouped = {
        name: await _by(session, column, recent)
        for name, column in (
            ("tasks", RoutedDecision.task),
            ("complexities", RoutedDecision.complexity),
            ("strategies", RoutedDecision.strategy),
            ("classified_by", RoutedDecision.classified_by),
        )
    }
    totals = {name: int(value) for name, value in row._mapping.items()}
    return {**totals, "cost": float(cost), **times, **grouped, "endpoints": await _endpoints(session, recent)}


async def forget_decisions(session: AsyncSession, before: datetime, *, limit: int) -> int:
    """Delete up to `limit` decisions from before a moment; return how many went."""
    old = select(RoutedDecision.id).where(RoutedDecision.at < before).order_by(RoutedDecision.at).limit(limit)
    ids = (await session.scalars(old)).all()
    if ids:
        await session.execute(delete(RoutedDecision).where(RoutedDecision.id.in_(ids)))
    return len(ids)


def _replaced() -> ColumnElement[bool]:
    return (RoutedDecision.answered_by != "") & (RoutedDecision.answered_by != RoutedDecision.chosen)


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


async def _quantiles(
    session: AsyncSession, column: InstrumentedAttribute[Any], recent: ColumnElement[bool]
) -> dict[str, float | None]:
    known = (recent, column.is_not(None))
    count = (await session.execute(select(func.count()).select_from(RoutedDecision).where(*known))).scalar_one()
    found: dict[str, float | None] = {}
    for share in SHARES:
        query = select(column).where(*known).order_by(column).offset(min(count - 1, int(count * share))).limit(1)
        found[f"p{round(share * 100)}"] = (await session.execute(query)).scalar_one() if count else None
    return found


async def _by(session: AsyncSession, column: InstrumentedAttribute[str], recent: ColumnElement[bool]) -> dict[str, int]:
    query = select(column, func.count()).where(recent).group_by(column).order_by(func.count().desc(), column)
    return {name: int(count) for name, count in await session.execute(query)}


async def _endpoints(session: AsyncSession, recent: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Return for each endpoint how often it was chosen, and how often it answered, at what time and cost."""
    chosen = await _by(session, RoutedDecision.chosen, recent)
    query = (
        select(
            RoutedDecision.answered_by,
            func.count(),
            func.avg(RoutedDecision.ms),
            func.sum(RoutedDecision.prompt_tokens + RoutedDecision.completion_tokens),
            func.sum(RoutedDecision.cost),
            _counted(_replaced()),
        )
        .where(recent, RoutedDecision.answered_by != "")
        .group_by(RoutedDecision.answered_by)
    )
    answered: dict[str, Sequence[Any]] = {row[0]: row for row in await session.execute(query)}
    nothing = ("", 0, None, 0, 0.0, 0)
    found = []
    for key in sorted({*chosen, *answered}):
        _, count, ms, tokens, cost, instead = answered.get(key, nothing)
        counts = {"chosen": chosen.get(key, 0), "answered": int(count), "instead_of_others": int(instead)}
        mean = None if ms is None else round(float(ms), 1)
        found.append({"endpoint": key, **counts, "ms": mean, "tokens": int(tokens), "cost": float(cost)})
    return found
