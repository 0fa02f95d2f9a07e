"""All checks together, and the files that are generated from the servers."""

from collections.abc import Sequence
from pathlib import Path

from scripts.linting.budget import Counter, over_budget
from scripts.linting.cards import card_findings, common_card
from scripts.linting.env_example import FILE, example, example_differences
from scripts.linting.finding import Finding, shown
from scripts.linting.offered import Shelf
from scripts.linting.places import missing_files, roster_findings
from scripts.linting.rules import rules_broken, same_names
from scripts.linting.snapshot import snapshot, snapshot_changes, snapshot_path
from scripts.linting.tools_page import PAGE, table_differences, written


def findings(shelves: Sequence[Shelf], counter: Counter) -> list[Finding]:
    """Return all findings: first server by server, then those about all of them."""
    each = [
        finding
        for shelf in shelves
        for found in (shelf.findings, rules_broken(shelf), missing_files(shelf), _snapshot(shelf), card_findings(shelf))
        for finding in found
    ]
    together = [
        same_names(shelves),
        roster_findings(shelves),
        table_differences(shelves),
        over_budget(shelves, counter),
        example_differences(),
        common_card(),
    ]
    return [*each, *(finding for found in together for finding in found)]


def _snapshot(shelf: Shelf) -> Sequence[Finding]:
    # If a tool does not load, the server's other tools would be reported as removed.
    return [] if shelf.findings else list(snapshot_changes(shelf))


def write_generated(shelves: Sequence[Shelf]) -> list[str]:
    """Write the page's table and every snapshot, and return the names of the files that changed."""
    if any(shelf.findings for shelf in shelves):
        # If a tool does not load, the server's rows and schemas would be lost.
        return []
    written_files = [name for shelf in shelves for name in write_snapshot(shelf)]
    return [*written_files, *write_table(shelves), *_replaced(FILE, example())]


def write_snapshot(shelf: Shelf) -> list[str]:
    """Write one server's snapshot; return its name if it changed."""
    return _replaced(snapshot_path(shelf), snapshot(shelf))


def write_table(shelves: Sequence[Shelf]) -> list[str]:
    """Write the page's table from all servers; return its name if it changed."""
    return _replaced(PAGE, written(PAGE.read_text(encoding="utf-8"), shelves))


def _replaced(path: Path, content: str) -> list[str]:
    if path.exists() and path.read_text(encoding="utf-8") == content:
        return []
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_text(content, encoding="utf-8")
    unfinished.replace(path)
    return [shown(path)]
