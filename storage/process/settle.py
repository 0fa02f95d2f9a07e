"""Garbage-collector tuning for a process that is about to serve."""

import gc

YOUNG = 5_000
"""New objects between two collections of the youngest generation.

With Python's 700, objects of a turn that waits for its model are promoted too soon; then all objects are scanned every
few seconds, which delays every turn by 0.1 s.
"""


def settle() -> None:
    """Exclude existing objects, which live until exit, from garbage collection, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
