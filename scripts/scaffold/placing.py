"""Putting a new server's files in place: all or none."""

import importlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.scaffold.plan import Plan
from storage.settings import REPOSITORY

UNFINISHED = ".shopdesk-new-server-"


@contextmanager
def placed(plan: Plan, restored: Sequence[Path]) -> Iterator[None]:
    """Write the plan's files to a temporary folder, move them into place, and yield; any failure undoes everything.

    Args:
        plan: the new server.
        restored: files that the caller changes afterwards, whose text is restored on failure.
    """
    texts = {path: path.read_text(encoding="utf-8") for path in restored}
    with tempfile.TemporaryDirectory(dir=REPOSITORY, prefix=UNFINISHED) as aside:
        for path, text in plan.contents().items():
            unfinished = Path(aside) / path.relative_to(REPOSITORY)
            unfinished.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(text, encoding="utf-8")
        try:
            for place in plan.places:
                (Path(aside) / place.relative_to(REPOSITORY)).rename(place)
            importlib.invalidate_caches()
            yield
        except BaseException:
            # Ctrl-C must not leave anything half-written either.
            removed(plan.places)
            for path, text in texts.items():
                path.write_text(text, encoding="utf-8")
            raise


def removed(places: Sequence[Path]) -> None:
    """Delete those of these files and folders that exist."""
    for place in places:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
