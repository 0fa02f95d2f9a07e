"""Whose rows a caller may read: their own, everybody's, or nobody's. It is said in each call; there is no default."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, true
from sqlalchemy.orm import InstrumentedAttribute


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
    if isinstance(whose, Staff):
        return true()
    return column == whose.customer_id if isinstance(whose, CustomerOnly) else false()
