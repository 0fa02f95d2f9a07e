"""The parts that a query in plain parts is made of: conditions and figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

HOW: dict[type[exp.Expr], str] = {
    exp.EQ: "EQ",
    exp.NEQ: "NEQ",
    exp.GT: "GT",
    exp.GTE: "GTE",
    exp.LT: "LT",
    exp.LTE: "LTE",
    exp.Like: "LIKE",
}
FLIPPED = {"GT": "LT", "GTE": "LTE", "LT": "GT", "LTE": "GTE"}


class UnreadError(Exception):
    """A part of a query is none that code can hold against a question."""

    def __init__(self, part: exp.Expr | str) -> None:
        super().__init__(part if isinstance(part, str) else part.sql(comments=False)[:80])


@dataclass(frozen=True)
class Condition:
    """A column compared with values: with `EQ` and `NEQ` with any of them."""

    column: str
    how: str
    values: tuple[str, ...]
    is_text: bool
    in_small_letters: bool = False


@dataclass(frozen=True)
class Figure:
    """What one column of a result is; `kind` is `count` of a table's rows, `sum` of a column, or `shown` as it is."""

    kind: str
    of: str
    where: tuple[Condition, ...] = ()


def parts_of(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the parts that all have to be true."""
    node = node.unnest()
    if isinstance(node, exp.And):
        yield from parts_of(node.this)
        yield from parts_of(node.expression)
    elif isinstance(node, exp.Between):
        yield exp.GTE(this=node.this, expression=node.args["low"])
        yield exp.LTE(this=node.this, expression=node.args["high"])
    else:
        yield node


def column_of(node: exp.Expr) -> str:
    """Return the column that a part is.

    Raises:
        UnreadError: it is none.
    """
    if not isinstance(node, exp.Column):
        raise UnreadError(node)
    return node.name


def condition_of(node: exp.Expr) -> Condition:
    """Return the comparison of a column with values that a part is.

    Raises:
        UnreadError: it is none.
    """
    node = node.unnest()
    if isinstance(node, exp.Not):
        inner = condition_of(node.this)
        if inner.how not in {"EQ", "NEQ"}:
            raise UnreadError(node)
        return replace(inner, how="NEQ" if inner.how == "EQ" else "EQ")
    if isinstance(node, exp.Or):
        left, right = condition_of(node.this), condition_of(node.expression)
        if (left.column, left.how, left.is_text) != (right.column, "EQ", right.is_text) or right.how != "EQ":
            raise UnreadError(node)
        return replace(left, values=left.values + right.values)
    if isinstance(node, exp.In):
        return _compared(node.this, "EQ", node.expressions)
    if type(node) not in HOW:
        raise UnreadError(node)
    how, one, other = HOW[type(node)], node.this, node.expression
    if isinstance(one, exp.Literal):
        one, other, how = other, one, FLIPPED.get(how, how)
    return _compared(one, how, [other])


def _compared(node: exp.Expr, how: str, values: Sequence[exp.Expr]) -> Condition:
    node = node.unnest()
    small = isinstance(node, exp.Lower)
    column = column_of(node.this if small else node)
    if not values or not all(isinstance(one, exp.Literal) for one in values):
        raise UnreadError(node)
    if len({one.is_string for one in values}) > 1:
        raise UnreadError(node)
    return Condition(column, how, tuple(one.name for one in values), values[0].is_string, small)


def conditions_of(node: exp.Expr) -> tuple[Condition, ...]:
    """Return every comparison that a part is made of."""
    return tuple(condition_of(one) for one in parts_of(node))
