"""Whose rows a caller may read: their own, everybody's, or nobody's. Every call states it; there is no default."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, true
from sqlalchemy.orm import InstrumentedAttribute


@dataclass(frozen=True)
class CustomerOnly:
    """One customer, who may read their own rows."""

    customer_id: str


@dataclass(frozen=True)
class Staff:
    """The shop's staff, or the shop itself, who may read everybody's rows."""


@dataclass(frozen=True)
class Nobody:
    """A visitor, who may read nothing that belongs to a customer."""


@dataclass(frozen=True)
class TheShop:
    """The shop's own code, acting for whoever a conversation belongs to. No caller ever is this."""


Whose = CustomerOnly | Staff | Nobody
Column = ColumnElement[str] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


def theirs(whose: Whose, column: Column) -> ColumnElement[bool]:
    """Return the condition that a row may be read; the column holds its customer."""
    if isinstance(whose, Staff):
        return true()
    return column == whose.customer_id if isinstance(whose, CustomerOnly) else false()
