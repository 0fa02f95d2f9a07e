"""What a process does once, when it is about to serve."""

import gc

YOUNG = 5_000
"""How many more objects there are, when new ones are searched for garbage.

With Python's 700, those of a turn that waits for its model count as old too soon; then all objects are searched every
few seconds, which holds every turn up for 0.1 s.
"""


def settle() -> None:
    """Have the garbage collector pass over what is here by now, which stays to the end, and search the rest less."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
