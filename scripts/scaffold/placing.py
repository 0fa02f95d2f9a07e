"""How a new server's files take their places: all of them, or none."""

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
    """Write the plan's files in a folder aside, move them to their places, and yield; any failure undoes it all.

    Args:
        plan: the new server.
        restored: files that the caller changes afterwards, which get their text back.
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
            # Ctrl-C too must leave nothing half-written.
            removed(plan.places)
            for path, text in texts.items():
                path.write_text(text, encoding="utf-8")
            raise


def removed(places: Sequence[Path]) -> None:
    """Delete these files and folders, where they are there."""
    for place in places:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
