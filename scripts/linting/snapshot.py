"""A server's snapshot: the JSON file beside it that holds its tools as clients saw them when it was last written."""

import json
from collections.abc import Iterator
from pathlib import Path

from scripts.linting.finding import Finding, shown
from scripts.linting.offered import Json, Shelf

FILE = "schemas.json"
MOST_TOLD = 12
WRITE = "If that is meant, run `shopdesk lint --write`; clients and models notice each change"


def snapshot(shelf: Shelf) -> str:
    """Return what the snapshot of a server has to hold."""
    listed = {offer.name: offer.as_listed() for offer in sorted(shelf.offers, key=lambda offer: offer.name)}
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def snapshot_path(shelf: Shelf) -> Path:
    """Return where the snapshot of a server is."""
    return shelf.folder / FILE


def snapshot_changes(shelf: Shelf) -> Iterator[Finding]:
    """Yield where the tools differ from their snapshot, each in words."""
    path = snapshot_path(shelf)
    if not path.exists():
        yield Finding(shown(path), "there is no snapshot of the tools' schemas", "Run `shopdesk lint --write`")
        return
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        yield Finding(shown(path), "this is no JSON", "Run `shopdesk lint --write`, which writes it anew")
        return
    for name, change in _changes(kept, json.loads(snapshot(shelf))):
        yield Finding(shown(path), change, WRITE, name)


def _changes(kept: Json, now: Json) -> Iterator[tuple[str, str]]:
    for name in sorted({*kept, *now}):
        if name not in now:
            yield name, "the tool is gone"
        elif name not in kept:
            yield name, "the tool is new"
        else:
            yield from ((name, change) for change in _told(kept[name], now[name]))


def _told(kept: Json, now: Json) -> list[str]:
    before, after = dict(_leaves(kept)), dict(_leaves(now))
    told = []
    for path in [*before, *(path for path in after if path not in before)]:
        if path not in after:
            told.append(f"{path} is gone (was {_short(before[path])})")
        elif path not in before:
            told.append(f"{path} is new: {_short(after[path])}")
        elif before[path] != after[path]:
            told.append(f"{path} was {_short(before[path])}, is {_short(after[path])}")
    rest = len(told) - MOST_TOLD
    return told if rest <= 0 else [*told[:MOST_TOLD], f"and {rest} more differences"]


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every value that is no object, by the way to it; `properties` says nothing to a person and is left out."""
    if not isinstance(value, dict):
        yield path, value
        return
    for key, inside in value.items():
        step = "" if key == "properties" else f"{path}.{key}" if path else str(key)
        yield from _leaves(inside, step or path)


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
