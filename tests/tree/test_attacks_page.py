"""What docs/attacks.md says of tests is so."""

import ast
import re

from storage.settings import REPOSITORY

PAGE = REPOSITORY / "docs/attacks.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def names_in(path: str) -> set[str]:
    """The tests of a file; none where there is no such file."""
    file = REPOSITORY / path
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.exists() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_the_page_of_attacks_names_exists() -> None:
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))

    assert len(named) > 30
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_every_row_of_the_page_of_attacks_names_a_test() -> None:
    _, table = PAGE.read_text(encoding="utf-8").split("| fault | test | before | after |\n|---|---|---|---|\n")
    rows = table.split("\n\n")[0].splitlines()

    assert len(rows) > 30
    assert [row for row in rows if not NAMED.search(row)] == []
