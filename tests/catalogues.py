"""What the tests read in the catalogues of messages."""

import ast as python
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from storage.settings import REPOSITORY
from storage.words.languages import ENGLISH

PACKAGES = ("mcp_servers", "team", "ui", "storage", "knowledge", "scripts")


def catalogue_folders() -> list[Path]:
    """The folders that hold a catalogue."""
    found = {path.parent for package in PACKAGES for path in (REPOSITORY / package).rglob("*.ftl")}
    return sorted(found)


@dataclass(frozen=True)
class File:
    """One language's file."""

    path: Path

    @property
    def entries(self) -> list[ast.Message]:
        """Its messages, in order, one that is there twice too."""
        resource = FluentParser().parse(self.path.read_text(encoding="utf-8"))
        assert [entry for entry in resource.body if isinstance(entry, ast.Junk)] == []
        return [entry for entry in resource.body if isinstance(entry, ast.Message)]

    def facts(self) -> dict[str, set[str]]:
        """What each message, and each of its attributes, has to be given."""
        texts = dict(self._texts())
        return {name: _facts(name, texts) for name in texts}

    def _texts(self) -> Iterator[tuple[str, ast.Pattern]]:
        for entry in self.entries:
            if entry.value is not None:
                yield entry.id.name, entry.value
            yield from ((f"{entry.id.name}.{one.id.name}", one.value) for one in entry.attributes)


def _facts(name: str, texts: dict[str, ast.Pattern]) -> set[str]:
    found = Named()
    found.visit(texts[name])
    return found.facts.union(*(_facts(other, texts) for other in found.messages))


class Named(Visitor):
    """What a text names: facts, and other messages."""

    def __init__(self) -> None:
        self.facts: set[str] = set()
        self.messages: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - Fluent's name
        """Note a fact."""
        self.facts.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802 - Fluent's name
        """Note another message."""
        self.messages.add(node.id.name)


def facts_of(folder: Path, message: str, language: str = ENGLISH) -> set[str]:
    """What a message has to be given."""
    return File(folder / f"{language}.ftl").facts()[message]


def named_in(sources: list[Path]) -> set[str]:
    """Every text of these sources: an id is used where it is one; one put together there is there with a `*`."""
    return {text for path in sources for text in (_of_python(path) if path.suffix == ".py" else _of_page(path))}


def _of_python(path: Path) -> Iterator[str]:
    for node in python.walk(python.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, python.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, python.JoinedStr):
            parts = [str(part.value) if isinstance(part, python.Constant) else "*" for part in node.values]
            yield "".join(parts)


def _of_page(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    yield from re.findall(r"[\"']([a-z_]+)[\"']", text)
    yield from (re.sub(r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", "*", found) for found in re.findall(r"`([^`\s]+)`", text))
    yield from (found.replace("${screen}", "*") for found in re.findall(r'"(\$\{screen\}[a-z_]+)"', text))
    # The keys of an object may be ids that are said.
    yield from re.findall(r"^ +([a-z_]+): ", text, re.MULTILINE)
