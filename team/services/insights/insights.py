"""`data_insights`: a question on the shop's orders, tickets and products, or on a CSV, answered with figures.

The model writes a query and no figure. Code checks the query, runs it, holds it against the question, and says what
came out; a query that does not fit the question is shown with what differs, and is not called the answer.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, literal, select

from storage.db import now, reading
from storage.errors import ShopError
from storage.shop.orders import Order
from storage.shop.products import Product
from team.services.insights.chart import chart_of
from team.services.insights.checking import NotAllowedError, Query, checked
from team.services.insights.fitting import differences
from team.services.insights.limits import Differs
from team.services.insights.parts import UnreadError
from team.services.insights.plain import plain_of
from team.services.insights.question import asked
from team.services.insights.running import FailedError, Result, TooLongError, run
from team.services.insights.sheet import LARGEST_CSV, open_sheet
from team.services.insights.tables import POSTGRESQL, SQLITE, Tables, of_shop
from team.services.insights.telling import WORDS, told
from team.services.insights.writing import write_query
from team.services.place import Place

TRIES = 3
OF_CSV = "csv"
"""The code of a query over columns that code does not know."""
LONGEST_QUESTION = 500
MOST_NAMES = 20
NAMED = (
    (Product.name, frozenset({"product", "name"})),
    (Product.category, frozenset({"category"})),
    (Order.country, frozenset({"country"})),
    (Order.currency, frozenset({"currency"})),
)
"""Where names of the shop's own stand, and the columns of a query that hold them."""
TOLD_ROWS, TOLD_COLUMNS = 5, 4
"""The largest table that is also said in a sentence."""


class QuestionError(ShopError):
    """A question is empty or too long."""

    def __init__(self) -> None:
        super().__init__(f"Put the question into `content`, in 1 to {LONGEST_QUESTION} characters.")


class Wanted(BaseModel):
    """The parameters of `data_insights`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    sql: str = Field("", max_length=4_000)
    """A query of the person's own, in the place of one by a model; it is checked like any other."""
    csv: str = Field("", max_length=LARGEST_CSV)
    """The rows that the question is about, in the place of the shop's own."""


@dataclass(frozen=True)
class Source:
    """What a question is about: its tables, what runs a query over them, and how a query departs from the question."""

    tables: Tables
    run: Callable[[Query], Awaitable[Result]]
    differences: Callable[[Query], Sequence[Differs]]


@dataclass
class Tried:
    """What became of the queries so far: the last one that ran, and why those before could not be used."""

    sql: str = ""
    problem: str = ""
    query: Query | None = None
    result: Result | None = None
    differs: Sequence[Differs] = ()
    refused: list[dict[str, str]] = field(default_factory=list)
    by: str = ""


async def answer(place: Place, content: str, wanted: Wanted) -> dict[str, Any]:
    """Answer a question on the shop's data.

    Raises:
        QuestionError: it is empty or too long.
        NoModelError: no model answers.
    """
    question = content.strip()
    if not 1 <= len(question) <= LONGEST_QUESTION:
        raise QuestionError
    tried = Tried()
    async with _of_csv(wanted.csv) if wanted.csv else _of_shop(place, question) as source:
        for number in range(1 if wanted.sql else TRIES):
            place.tell("query", number, TRIES)
            if wanted.sql:
                tried.sql, tried.by = wanted.sql, "person"
            else:
                last = tried.problem, tried.sql
                written = await write_query(place.models, question, source.tables, now().date(), *last)
                tried.sql, tried.by = written.sql, written.endpoint
            await _try(source, tried)
            if not tried.problem:
                break
    return _told(place.language, tried)


@asynccontextmanager
async def _of_shop(place: Place, question: str) -> AsyncIterator[Source]:
    tables = await _tables(place)
    said = asked(question, now().date(), await _names(place, question))
    yield Source(
        tables,
        lambda query: run(place.sessions, query, tables.reads),
        lambda query: differences(said, query, tables),
    )


@asynccontextmanager
async def _of_csv(text: str) -> AsyncIterator[Source]:
    """Open a CSV. What its columns mean is known to nobody here, so no query can be held against the question.

    Raises:
        SheetError: it cannot be read.
    """
    opened = open_sheet(text)
    sheet = await asyncio.to_thread(opened.__enter__)
    try:
        yield Source(sheet.tables, lambda query: asyncio.to_thread(sheet.run, query), lambda _: [Differs(OF_CSV)])
    finally:
        opened.__exit__(None, None, None)


async def _tables(place: Place) -> Tables:
    async with reading(place.sessions) as session:
        currencies = await session.scalar(select(func.count(Order.currency.distinct()))) or 1
    sqlite = place.sessions.engine.dialect.name == "sqlite"
    return of_shop(SQLITE if sqlite else POSTGRESQL, currencies)


async def _names(place: Place, question: str) -> dict[str, frozenset[str]]:
    """Return the names of products, categories, countries and currencies in a question, and where they stand."""
    text = func.lower(literal(question.casefold()))
    found: dict[str, frozenset[str]] = {}
    async with reading(place.sessions) as session:
        for column, known in NAMED:
            named = select(column).distinct().where(column != "", text.contains(func.lower(column))).limit(MOST_NAMES)
            found |= {name: found.get(name, frozenset()) | known for name in await session.scalars(named)}
    return found


async def _try(source: Source, tried: Tried) -> None:
    """Check, run and compare the query that was tried; `problem` is left empty if no other one could be better."""
    try:
        query = checked(tried.sql, source.tables)
        result = await source.run(query)
    except (NotAllowedError, TooLongError, FailedError) as error:
        tried.problem = str(error)
        tried.refused.append({"sql": tried.sql[:1000], "why": tried.problem})
        return
    tried.query, tried.result = query, result
    tried.differs = source.differences(query)
    tried.problem = " ".join(_differs(one, "en") for one in tried.differs if one.code != OF_CSV)


Status = Literal["answered", "unsure", "refused"]


def _told(language: str, tried: Tried) -> dict[str, Any]:
    told: dict[str, Any] = {"service_type": "data_insights", "by": tried.by, "refused": tried.refused}
    if tried.query is None or tried.result is None:
        return {**told, "status": "refused", "answer": WORDS.say("no_query", language), "columns": [], "rows": []}
    query, result = tried.query, tried.result
    status: Status = "unsure" if tried.differs else "answered"
    differs = [_differs(one, language) for one in tried.differs]
    counted = _counted(query, language)
    sentence = WORDS.say("unsure", language, why=" ".join(differs)) if differs else _sentence(result, language)
    return {
        **told,
        "status": status,
        "answer": sentence,
        "differs": differs,
        "columns": list(result.columns),
        "rows": [list(row) for row in result.rows],
        "more": result.more,
        "counted": counted,
        "chart": chart_of(result, counted or query.asked),
        "query": query.asked,
        "sources": [{"kind": "table", "table": table} for table in sorted(query.tables)],
        "ms": result.ms,
    }


def _counted(query: Query, language: str) -> str:
    """Tell what the figures count; of a query that code cannot read, its SQL alone says that."""
    try:
        return told(plain_of(query), language)
    except UnreadError:
        return ""


def _differs(one: Differs, language: str) -> str:
    return WORDS.say(f"differs_{one.code}", language, about=_about(one, language))


def _about(one: Differs, language: str) -> str:
    known = f"kind_{one.about}"
    return WORDS.say(known, language) if known in WORDS else one.about


def _sentence(result: Result, language: str) -> str:
    """Say a small table; a larger one is only counted, since its rows are there to read."""
    if not result.rows:
        return WORDS.say("nothing", language)
    if len(result.rows) == 1 and len(result.columns) == 1:
        return WORDS.say("one_figure", language, figure=_figure(result.rows[0][0], language))
    if len(result.rows) <= TOLD_ROWS and len(result.columns) <= TOLD_COLUMNS:
        rows = (
            ", ".join(f"{name}: {_figure(cell, language)}" for name, cell in zip(result.columns, row, strict=True))
            for row in result.rows
        )
        return WORDS.say("few_rows", language, rows="; ".join(rows))
    return WORDS.say("more_rows" if result.more else "many_rows", language, count=len(result.rows))


def _figure(cell: object, language: str) -> str:
    match cell:
        case None:
            return WORDS.say("no_value", language)
        case bool() | str():
            return str(cell)
        case int() | float():
            return f"{cell:,}"
    return str(cell)
