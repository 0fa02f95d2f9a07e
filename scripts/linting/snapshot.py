"""A server's snapshot: a JSON file next to it with its tools as clients saw them when it was last written."""

import json
from collections.abc import Iterator
from pathlib import Path

from scripts.linting.finding import Finding, shown
from scripts.linting.offered import Json, Shelf

FILE = "schemas.json"
MOST_TOLD = 12
WRITE = "If that is intended, run `shopdesk lint --write`; clients and models notice every change"


def snapshot(shelf: Shelf) -> str:
    """Return the expected content of a server's snapshot."""
    listed = {offer.name: offer.as_listed() for offer in sorted(shelf.offers, key=lambda offer: offer.name)}
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def snapshot_path(shelf: Shelf) -> Path:
    """Return the path of a server's snapshot."""
    return shelf.folder / FILE


def snapshot_changes(shelf: Shelf) -> Iterator[Finding]:
    """Yield each difference between the tools and their snapshot."""
    path = snapshot_path(shelf)
    if not path.exists():
        yield Finding(shown(path), "there is no snapshot of the tools' schemas", "Run `shopdesk lint --write`")
        return
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        yield Finding(shown(path), "this is not JSON", "Run `shopdesk lint --write` to rewrite it")
        return
    for name, change in _changes(kept, json.loads(snapshot(shelf))):
        yield Finding(shown(path), change, WRITE, name)


def _changes(kept: Json, now: Json) -> Iterator[tuple[str, str]]:
    for name in sorted({*kept, *now}):
        if name not in now:
            yield name, "the tool was removed"
        elif name not in kept:
            yield name, "the tool is new"
        else:
            yield from ((name, change) for change in _told(kept[name], now[name]))


def _told(kept: Json, now: Json) -> list[str]:
    before, after = dict(_leaves(kept)), dict(_leaves(now))
    told = []
    for path in [*before, *(path for path in after if path not in before)]:
        if path not in after:
            told.append(f"{path} was removed (was {_short(before[path])})")
        elif path not in before:
            told.append(f"{path} is new: {_short(after[path])}")
        elif before[path] != after[path]:
            told.append(f"{path} changed from {_short(before[path])} to {_short(after[path])}")
    rest = len(told) - MOST_TOLD
    return told if rest <= 0 else [*told[:MOST_TOLD], f"and {rest} more differences"]


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every non-object value with its path; `properties` is left out of the path for readability."""
    if not isinstance(value, dict):
        yield path, value
        return
    for key, inside in value.items():
        step = "" if key == "properties" else f"{path}.{key}" if path else str(key)
        yield from _leaves(inside, step or path)


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
