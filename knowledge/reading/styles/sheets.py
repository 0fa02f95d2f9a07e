"""Style sheets into rules: what each selector declares, as a visitor with an ordinary screen gets it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import tinycss2
from tinycss2.ast import Node

MOST_RULES = 20_000
MOST_LETTERS = 4_000_000
DEEPEST = 8
"""Rules within rules; real sheets have three."""
SCREEN = {"width": 1280.0, "height": 800.0}
"""The visitor's window, in pixels."""

_PROPERTIES = """
display visibility opacity font-size color background-color background-image background-clip position left top right
text-indent clip clip-path width height max-height max-width overflow transform content-visibility text-decoration
vertical-align margin-left filter font-family -webkit-text-fill-color
"""
_MATTERS = frozenset(_PROPERTIES.split())
_ALIKE = {
    "text-decoration-line": "text-decoration",
    "overflow-y": "overflow",
    "overflow-x": "overflow",
    "-webkit-background-clip": "background-clip",
}
_TRUE = ("all", "screen", "(hover: hover)", "(pointer: fine)", "(orientation: landscape)")
_SIZE = re.compile(r"(min|max)-(width|height)\s*:\s*([\d.]+)(px|r?em)?")
_COMPARED = re.compile(r"(width|height)\s*([<>])=?\s*([\d.]+)(px|r?em)?")


@dataclass(frozen=True)
class Value:
    """What is declared of a property, in lower case."""

    text: str
    important: bool = False


Declared = Mapping[str, Value]


@dataclass(frozen=True)
class Rule:
    """A list of selectors and what they declare."""

    selectors: str
    declared: Declared


def rules_of(sheets: Iterable[str]) -> Iterator[Rule]:
    """Yield the rules of these sheets that say something about visibility, in their order."""
    for sheet in sheets:
        nodes = tinycss2.parse_stylesheet(sheet[:MOST_LETTERS], skip_comments=True, skip_whitespace=True)
        yield from _rules(nodes, "", DEEPEST)


def declared_in(style: str) -> Declared:
    """Return what an element's own `style` attribute declares."""
    return _declarations(tinycss2.parse_blocks_contents(style))


def _rules(nodes: Iterable[Node], within: str, deepest: int) -> Iterator[Rule]:
    if not deepest:
        return
    for node in nodes:
        if node.type == "qualified-rule":
            selectors = _nested(tinycss2.serialize(node.prelude).strip(), within)
            inside = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            declared = _declarations(inside)
            if declared:
                yield Rule(selectors, declared)
            yield from _rules(
                (one for one in inside if one.type in {"qualified-rule", "at-rule"}), selectors, deepest - 1
            )
        elif node.type == "at-rule" and node.content and _applies(node):
            inside = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            declared = _declarations(inside) if within else {}
            if declared:
                yield Rule(within, declared)
            yield from _rules(inside, within, deepest - 1)


def _nested(selectors: str, within: str) -> str:
    if not within:
        return selectors
    parent = f":is({within})"
    return selectors.replace("&", parent) if "&" in selectors else f"{parent} {selectors}"


def _applies(rule: Node) -> bool:
    told = tinycss2.serialize(rule.prelude).lower()
    if rule.lower_at_keyword == "media":
        return any(_matches(query.strip()) for query in told.split(","))
    return rule.lower_at_keyword == "layer" or (
        rule.lower_at_keyword == "supports" and not told.strip().startswith("not")
    )


def _matches(query: str) -> bool:
    if query.startswith("not "):
        return not _matches(query[4:])
    return all(_holds(part.strip()) for part in re.split(r"\band\b", query.removeprefix("only ")))


def _holds(part: str) -> bool:
    sized = _SIZE.search(part)
    if sized:
        length = _pixels(sized[3], sized[4])
        return SCREEN[sized[2]] >= length if sized[1] == "min" else SCREEN[sized[2]] <= length
    compared = list(_COMPARED.finditer(part))
    if compared:
        return all(
            SCREEN[one[1]] >= _pixels(one[3], one[4]) if one[2] == ">" else SCREEN[one[1]] <= _pixels(one[3], one[4])
            for one in compared
        )
    return not part or ": ".join(piece.strip() for piece in part.split(":")) in _TRUE


def _pixels(number: str, unit: str | None) -> float:
    return float(number) * (16 if unit in {"em", "rem"} else 1)


def _declarations(nodes: Iterable[Node]) -> dict[str, Value]:
    declared: dict[str, Value] = {}
    for node in nodes:
        if node.type != "declaration":
            continue
        for name, text in _longhands(node):
            before = declared.get(name)
            if before is None or node.important or not before.important:
                declared[name] = Value(text, bool(node.important))
    return declared


def _longhands(node: Node) -> Iterator[tuple[str, str]]:
    name, text = node.lower_name, tinycss2.serialize(node.value).strip()
    if name.startswith("--"):
        yield node.name, text
    elif name == "background":
        yield "background-color", text.lower()
        yield "background-image", text.lower()
    elif name == "font":
        size = next((one for one in node.value if one.type in {"dimension", "percentage", "number"}), None)
        if size is not None:
            yield "font-size", tinycss2.serialize([size]).lower()
    elif _ALIKE.get(name, name) in _MATTERS:
        yield _ALIKE.get(name, name), text.lower()
