"""A query in plain parts: what it computes, of what, under which conditions.

Only a query that is made of these parts and nothing else can be held against a question, or be told in plain words.
Arithmetic of its own, a query within a query, a constant in the place of a figure: of those, code cannot say what they
count, and so their figures are never called an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from sqlglot import exp

from team.services.insights.checking import MOST_ROWS, Query
from team.services.insights.parts import (
    Condition,
    Figure,
    UnreadError,
    column_of,
    condition_of,
    conditions_of,
    parts_of,
)

FINEST = ("order_lines", "payments", "tickets", "items", "orders", "products")
"""Tables that can be joined, the one whose rows a join has first."""
KEYS = {"order_id": "orders", "product_id": "products", "item_id": "items", "ticket_id": "tickets"}
"""Columns that tables are joined by, and the table whose rows each tells apart."""
KNOWN = frozenset({"expressions", "from_", "joins", "where", "group", "order", "limit", "distinct"})
KINDS: dict[type[exp.Expr], str] = {exp.Sum: "sum", exp.Avg: "average", exp.Max: "most", exp.Min: "least"}
CENTS = 2
HUNDRED = 100.0


@dataclass(frozen=True)
class Plain:
    """A query in plain parts."""

    tables: frozenset[str]
    figures: Sequence[Figure]
    conditions: Sequence[Condition]
    groups: Sequence[str]
    first: int | None
    """How many rows it is cut to, if to fewer than an answer has."""
    by: Figure | None
    """What the rows are ordered by."""
    is_descending: bool

    @property
    def all_conditions(self) -> list[Condition]:
        """The conditions of all rows, and of each figure."""
        return [*self.conditions, *(one for figure in self.figures for one in figure.where)]

    @property
    def columns(self) -> set[str]:
        """Every column that it reads."""
        ordered = () if self.by is None else (self.by,)
        return {*self.groups, *(one.of for one in (*self.figures, *ordered)), *(c.column for c in self.all_conditions)}


def plain_of(query: Query) -> Plain:
    """Return a query in plain parts.

    Raises:
        UnreadError: a part of it is none of those.
    """
    tree = query.tree
    if not isinstance(tree, exp.Select) or (set(filter(tree.args.get, tree.args)) - KNOWN) or tree.find(exp.Subquery):
        raise UnreadError(tree)
    tables = _tables(tree)
    where = list(parts_of(tree.args["where"].this)) if tree.args.get("where") else []
    joins = [one for one in where if _is_key(one)]
    _all_joined(tree, tables, len(joins))
    finest = next((one for one in FINEST if one in tables), min(tables))
    figures = [_figure(one.unalias(), finest) for one in tree.expressions]
    by, is_descending = _order(tree, figures, finest)
    return Plain(
        tables=tables,
        figures=figures,
        conditions=[condition_of(one) for one in where if not _is_key(one)],
        groups=[column_of(one) for one in tree.args["group"].expressions] if tree.args.get("group") else [],
        first=_first(tree, figures),
        by=by,
        is_descending=is_descending,
    )


def _tables(tree: exp.Select) -> frozenset[str]:
    sources = [tree.args["from_"].this, *(join.this for join in tree.args.get("joins") or ())]
    names = [one.name for one in sources]
    if len(set(names)) != len(names):
        raise UnreadError(f"{names[-1]}, {names[-1]}")
    return frozenset(names)


def _all_joined(tree: exp.Select, tables: frozenset[str], in_where: int) -> None:
    """Every table is joined by the key of another: of rows that are only multiplied, nothing can be counted."""
    on = 0
    for join in tree.args.get("joins") or ():
        if join.side or (join.kind and join.kind not in {"INNER", "CROSS"}):
            raise UnreadError(join)
        parts = list(parts_of(join.args["on"])) if join.args.get("on") else []
        if not all(map(_is_key, parts)):
            raise UnreadError(join)
        on += bool(parts)
    if on + in_where < len(tables) - 1:
        raise UnreadError(", ".join(sorted(tables)))


def _is_key(node: exp.Expr) -> bool:
    if not isinstance(node, exp.EQ):
        return False
    one, other = node.this, node.expression
    is_known = isinstance(one, exp.Column) and isinstance(other, exp.Column) and one.name in KEYS
    return is_known and one.name == other.name and one.table != other.table


def _figure(node: exp.Expr, finest: str) -> Figure:
    """Return what a column of the result is."""
    node = node.unnest()
    if isinstance(node, exp.Column):
        return Figure("shown", node.name)
    if isinstance(node, exp.Round):
        return _rounded(node, finest)
    if isinstance(node, exp.Coalesce) and [one.sql() for one in node.expressions] == ["0"]:
        return _figure(node.this, finest)
    if isinstance(node, exp.Filter):
        return replace(_figure(node.this, finest), where=conditions_of(node.expression.this))
    return _computed(node, finest)


def _computed(node: exp.Expr, finest: str) -> Figure:
    match node:
        case exp.Count():
            return _count(node, finest)
        case exp.Sum() | exp.Avg() | exp.Max() | exp.Min():
            return _of_column(node, finest)
        case exp.Mul() | exp.Div():
            return _share(node, finest)
    raise UnreadError(node)


def _rounded(node: exp.Round, finest: str) -> Figure:
    """Return a figure that is rounded, though not to less than a hundredth, which would be another figure."""
    inner, places = _figure(node.this, finest), node.args.get("decimals")
    if not isinstance(places, exp.Literal) or int(places.name) < CENTS or inner.kind in {"count", "shown"}:
        raise UnreadError(node)
    return inner


def _count(node: exp.Count, finest: str) -> Figure:
    what = node.this
    if isinstance(what, exp.Star):
        return Figure("count", finest)
    if isinstance(what, exp.Case) and what.args.get("default") in (None, exp.null()) and len(what.args["ifs"]) == 1:
        only = what.args["ifs"][0]
        if not isinstance(only.args["true"], exp.Literal):
            raise UnreadError(node)
        return Figure("count", finest, conditions_of(only.this))
    is_distinct = isinstance(what, exp.Distinct) and len(what.expressions) == 1
    column = column_of(what.expressions[0] if is_distinct else what)
    if column == "customer_number":
        # Of rows that repeat a customer, code says that they are counted twice.
        return Figure("count" if is_distinct else "count_again", "customers")
    if is_distinct and column in {"product", "name"}:
        return Figure("count", "products")
    if column not in KEYS or not (is_distinct or KEYS[column] == finest):
        raise UnreadError(node)
    return Figure("count", KEYS[column])


def _of_column(node: exp.Expr, finest: str) -> Figure:
    what = node.this.unnest()
    kind = KINDS[type(node)]
    if not isinstance(what, exp.Case):
        return Figure(kind, column_of(what))
    ifs, default = what.args["ifs"], what.args.get("default")
    if len(ifs) != 1 or (default is not None and default.sql() not in {"0", "0.0", "NULL"}) or kind not in {"sum"}:
        raise UnreadError(node)
    then, where = ifs[0].args["true"], conditions_of(ifs[0].this)
    if then.sql() in {"1", "1.0"}:
        return Figure("count", finest, where)
    return Figure(kind, column_of(then), where)


def _share(node: exp.Expr, finest: str) -> Figure:
    """Read a part of the rows by all of them, or a hundred times that; whole numbers would lose the rest."""
    division = next(one for one in (*node.find_all(exp.Div), None))
    if division is None or len(list(node.find_all(exp.Div))) != 1:
        raise UnreadError(node)
    above, below = _factors(division.this), division.expression.unnest()
    whole = _figure(below.this if isinstance(below, exp.Nullif) else below, finest)
    beside = [one for one in _factors(node) if one is not division]
    numbers = [one for one in (*above, *beside) if isinstance(one, exp.Literal)]
    parts = [one for one in (*above, *beside) if not isinstance(one, exp.Literal)]
    if len(parts) != 1 or parts[0] not in above or not any("." in one.name for one in numbers if one in above):
        raise UnreadError(node)
    part, factor = _figure(parts[0], finest), prod(float(one.name) for one in numbers)
    if (part.kind, whole) != ("count", Figure("count", part.of)) or not part.where or factor not in {1.0, HUNDRED}:
        raise UnreadError(node)
    return replace(part, kind="share" if factor == 1.0 else "percent")


def _factors(node: exp.Expr) -> list[exp.Expr]:
    node = node.unnest()
    return [*_factors(node.this), *_factors(node.expression)] if isinstance(node, exp.Mul) else [node]


def _order(tree: exp.Select, figures: Sequence[Figure], finest: str) -> tuple[Figure | None, bool]:
    order = tree.args.get("order")
    if order is None:
        return None, False
    first = order.expressions[0]
    names = [one.alias_or_name for one in tree.expressions]
    what = first.this
    if isinstance(what, exp.Column) and not what.table and what.name in names:
        figure = figures[names.index(what.name)]
    else:
        figure = _figure(what, finest)
    return figure, bool(first.args.get("desc"))


def _first(tree: exp.Select, figures: Sequence[Figure]) -> int | None:
    limit = int(tree.args["limit"].expression.name) if tree.args.get("limit") else MOST_ROWS + 1
    is_one_row = not tree.args.get("group") and all(one.kind != "shown" for one in figures)
    if limit > MOST_ROWS or (is_one_row and limit):
        return None
    if not tree.args.get("order"):
        raise UnreadError(tree.args["limit"])
    return limit
