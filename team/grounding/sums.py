"""Checks amounts that a model calculated itself: sums and differences of amounts with a source."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from itertools import combinations

MOST_TOLD = 24
"""Up to this many amounts of a currency, any two are combined; with more, an invented amount would often match."""

MOST_TIMES = 10
MOST_NAMED = 8
"""Amounts in the answer itself that are combined; this many have 256 sums."""


def adds_up(amount: Decimal, told: Collection[Decimal], named: Sequence[Decimal]) -> bool:
    """Whether an amount is the sum or difference of two amounts with a source, or follows from those in the answer.

    From the answer's own it may be the sum of several, or a small multiple of one: "three at $20 each are $60".

    Args:
        amount: the amount in the answer.
        told: every amount with a source in that currency.
        named: those of them that occur in the answer, as often as they do.
    """
    few = told if len(told) <= MOST_TOLD else set(named)
    return _of_two(amount, few) or amount in _sums(named[:MOST_NAMED]) or _is_multiple(amount, named)


def _of_two(amount: Decimal, told: Iterable[Decimal]) -> bool:
    pairs = combinations(sorted(told, reverse=True), 2)
    return any(amount in (more + less, more - less) for more, less in pairs)


def _sums(named: Iterable[Decimal]) -> set[Decimal]:
    """Return the sums of every two or more of these."""
    of_one, of_more = set[Decimal](), set[Decimal]()
    for one in named:
        of_more |= {one + other for other in of_one | of_more}
        of_one.add(one)
    return of_more


def _is_multiple(amount: Decimal, named: Iterable[Decimal]) -> bool:
    return any(one and amount % one == 0 and 1 < amount / one <= MOST_TIMES for one in named)
