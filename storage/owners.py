"""Whose rows a caller may read: their own, everybody's, or nobody's. It is said in each call; there is no default."""

from dataclasses import dataclass

from sqlalchemy import BindParameter, ColumnElement, String, bindparam, false, true
from sqlalchemy.orm import InstrumentedAttribute

OWNER_ID = "owner_id"


@dataclass(frozen=True)
class CustomerOnly:
    """One customer, who may read what is their own."""

    customer_id: str


@dataclass(frozen=True)
class Staff:
    """The shop's staff, or the shop itself, which may read everybody's."""


@dataclass(frozen=True)
class Nobody:
    """A visitor, who may read nothing that belongs to a customer."""


@dataclass(frozen=True)
class TheShop:
    """Code of the shop that acts for whoever a conversation belongs to. Nobody who calls is this."""


Whose = CustomerOnly | Staff | Nobody
Column = ColumnElement[str] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


def theirs(whose: Whose, column: Column) -> ColumnElement[bool]:
    """Return the condition that a row, whose customer is in this column, may be read."""
    return _readable(type(whose), column, whose.customer_id if isinstance(whose, CustomerOnly) else "")


def kept_theirs(kind: type[Whose], column: Column) -> ColumnElement[bool]:
    """Return the same condition for a query that is kept: it is run with `owner_values`, and fails without them."""
    return _readable(kind, column, bindparam(OWNER_ID, type_=String()))


def owner_values(whose: Whose) -> dict[str, str]:
    """Return what a query with `kept_theirs` is run with."""
    return {OWNER_ID: whose.customer_id} if isinstance(whose, CustomerOnly) else {}


def _readable(kind: type[Whose], column: Column, customer_id: str | BindParameter[str]) -> ColumnElement[bool]:
    if kind is Staff:
        return true()
    return column == customer_id if kind is CustomerOnly else false()
