"""Whether a query may run: one SELECT, over known tables and columns, made of known parts and nothing else.

Nothing of the text that a model wrote reaches a database. It is parsed, every part of it is looked up among those
allowed here, and the SQL that runs is written anew from what was understood.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from team.services.insights.tables import Tables

# What it cannot parse it says in the log, with the text; here that is a refusal like any other.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

LONGEST = 4_000
"""Characters of a query."""
ALIAS = re.compile(r"[^\W\d]{1,40}")
MOST_TABLES = 8
"""How often a query may name a table: each is one more way to multiply rows."""
MOST_ROWS = 200
"""Rows of an answer; one more is asked for, to know whether there are more."""

CLAUSES: tuple[type[exp.Expr], ...] = (
    *(exp.Select, exp.Union, exp.Except, exp.Intersect, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join),
    *(exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Offset, exp.Distinct, exp.Filter),
    *(exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star),
)
VALUES: tuple[type[exp.Expr], ...] = (
    *(exp.Literal, exp.Null, exp.Boolean, exp.Tuple, exp.Paren, exp.Case, exp.If, exp.Cast, exp.DataType),
    *(exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is),
    *(exp.Like, exp.ILike, exp.Exists, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.DPipe),
)
FUNCTIONS: tuple[type[exp.Expr], ...] = (
    *(exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Round, exp.Abs, exp.Coalesce, exp.Nullif),
    *(exp.Lower, exp.Upper, exp.Length, exp.Substring, exp.Trim),
    *(exp.Window, exp.WindowSpec, exp.RowNumber, exp.Rank, exp.DenseRank),
)
ALLOWED = frozenset((*CLAUSES, *VALUES, *FUNCTIONS))
TYPES = frozenset(["CHAR", "VARCHAR", "TEXT", "INT", "BIGINT", "SMALLINT", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN"])


class NotAllowedError(Exception):
    """A query is not one that may run. The message tells a model what to change."""


@dataclass(frozen=True)
class Query:
    """A query that may run.

    `asked` is what was written, with its tables' own names, as it is shown to a person; `sql` is what runs; `tree` is
    what was understood, each column with its table; `headings` are what its columns are called, if it names them.
    """

    asked: str
    sql: str
    tree: exp.Query
    tables: frozenset[str]
    headings: tuple[str, ...]


def checked(text: str, known: Tables) -> Query:
    """Return the query that a text is.

    Raises:
        NotAllowedError: it is none, is more than one, or holds something that is not allowed.
    """
    if len(text) > LONGEST:
        raise NotAllowedError(f"A query may have at most {LONGEST:,} characters.")
    try:
        tree = _parsed(text, known.dialect)
        for node in tree.walk():
            _admit(node)
        asked = tree.sql(dialect=known.dialect, comments=False)
        shown = _bounded(tree)
        full = qualify(shown.copy(), schema=known.schema(), dialect=known.dialect, quote_identifiers=True)
        named = full.copy()
        tables = frozenset(_defined(full, known))
        sql = full.sql(dialect=known.dialect, comments=False)
    except SqlglotError as error:
        raise NotAllowedError(f"The query is not valid: {_first_line(error)}") from error
    except RecursionError as error:
        raise NotAllowedError("The query is nested too deeply.") from error
    if not isinstance(named, exp.Query):
        raise NotAllowedError("Write exactly one SELECT, and nothing else.")
    return Query(asked, sql, named, tables, _headings(tree))


def _parsed(text: str, dialect: str) -> exp.Query:
    found = [one for one in sqlglot.parse(text, read=dialect) if one is not None]
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise NotAllowedError("Write exactly one SELECT, and nothing else.")
    return found[0]


def _admit(node: exp.Expr) -> None:
    """Refuse a part of a query that is not on the list.

    Raises:
        NotAllowedError: it is not.
    """
    if type(node) not in ALLOWED:
        name = node.name if isinstance(node, exp.Anonymous) else node.key
        raise NotAllowedError(f"{name.upper()} is not allowed. Use only SELECT with plain clauses and aggregates.")
    if isinstance(node, exp.With) and node.recursive:
        raise NotAllowedError("A recursive query is not allowed.")
    if isinstance(node, exp.Table) and (node.db or node.catalog or not isinstance(node.this, exp.Identifier)):
        raise NotAllowedError("Name tables alone: no schema, and no function in the place of a table.")
    if isinstance(node, exp.DataType) and node.this.name not in TYPES:
        raise NotAllowedError(f"The type {node.this.name} is not allowed.")
    if isinstance(node, exp.Limit | exp.Offset) and not _is_whole(node.expression):
        raise NotAllowedError("LIMIT and OFFSET must be plain numbers.")


def _headings(tree: exp.Query) -> tuple[str, ...]:
    """Return what each column is called: its alias, or what it computes; none if they are not all named.

    An alias is one word without digits. Whatever else a model writes there could be read as a figure.
    """
    shown = tree.selects
    if any(one.find(exp.Star) and not one.find(exp.Count) for one in shown):
        return ()
    return tuple(_heading(one) for one in shown)


def _heading(shown: exp.Expr) -> str:
    if ALIAS.fullmatch(shown.alias):
        return shown.alias
    what = shown.unalias()
    return what.name if isinstance(what, exp.Column) else what.sql(comments=False)


def _is_whole(node: exp.Expr | None) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit()


def _bounded(tree: exp.Query) -> exp.Query:
    """Return the query with a limit of at most one row more than an answer has."""
    limit = tree.args.get("limit")
    if limit is None or int(limit.expression.name) > MOST_ROWS:
        return tree.limit(MOST_ROWS + 1, copy=True)
    return tree


def _defined(tree: exp.Expr, known: Tables) -> Iterator[str]:
    """Put each table's definition in its place, and yield the names of the tables.

    Raises:
        NotAllowedError: a table is unknown, or there are too many.
    """
    named = [
        source for scope in traverse_scope(tree) for source in scope.sources.values() if isinstance(source, exp.Table)
    ]
    if not named:
        raise NotAllowedError("Read at least one table.")
    if len(named) > MOST_TABLES:
        raise NotAllowedError(f"A query may name tables at most {MOST_TABLES} times.")
    for table in named:
        name = table.name
        if name not in known.tables:
            raise NotAllowedError(f"There is no table {name}. There are {', '.join(known.tables)}.")
        yield name
        select = known.tables[name].select
        if select:
            definition = _parsed_once(select, known.dialect).copy()
            table.replace(exp.Subquery(this=definition, alias=exp.TableAlias(this=_quoted(table.alias_or_name))))


@cache
def _parsed_once(select: str, dialect: str) -> exp.Query:
    return _parsed(select, dialect)


def _quoted(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def _first_line(error: SqlglotError) -> str:
    # The parser marks the place in terminal colours.
    line = str(error).partition("\n")[0]
    return line.replace("\x1b[4m", "").replace("\x1b[0m", "")[:200]
