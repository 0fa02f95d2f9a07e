"""Calls written as Python."""

import ast
import re
from typing import Any

from team.models.dialects.arguments import LITERAL_CHARS, Offered, as_json, unwarned
from team.models.dialects.shapes import Call, Found, calls_of, offered_name
from team.models.dialects.table import FENCE, MARK

CALLED = re.compile(r"(?:\[\s{0,8}+)?(?:print\()?(?<![\w.])(?P<name>[\w.]{1,80}+)\(")
LITERAL = re.compile(r"\[?\s{0,8}\{\s{0,8}'")
CONSTANTS = {"true": True, "false": False, "null": None}


def read_python(text: str, at: int, offered: Offered) -> Found | None:
    """Parse calls written as Python, such as `[get_order(order_id="#W1042")]`."""
    called = CALLED.match(text, at)
    if LITERAL.match(text, at) is None and (called is None or offered_name(called["name"], offered) is None):
        return None
    for end in _ends(text, at):
        try:
            with unwarned():
                body = ast.parse(text[at:end].strip()).body
            each = [_expressed(one.value if isinstance(one, ast.Expr) else one, offered) for one in body]
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            continue
        if each and all(each):
            return Found([call for calls in each for call in calls], end)
    return None


def _ends(text: str, at: int) -> list[int]:
    """Return where something that starts here may end: at a mark, a fence, the line's end or the text's end."""
    mark, fence, line = MARK.search(text, at), FENCE.search(text, at), text.find("\n", at)
    ends = [len(text), *(one.start() for one in (mark, fence) if one is not None), *([line] if line > 0 else [])]
    return sorted({end for end in ends if end - at <= LITERAL_CHARS}, reverse=True)


def _expressed(node: ast.AST, offered: Offered) -> list[Call]:
    """Return the calls in an expression; none if it contains anything else."""
    if isinstance(node, ast.List) and not isinstance(next(iter(node.elts), None), ast.Dict):
        each = [_expressed(one, offered) for one in node.elts]
        return [call for calls in each for call in calls] if all(each) else []
    if not isinstance(node, ast.Call):
        return calls_of(_value(node), offered)
    name = ast.unparse(node.func)
    if name == "print" and len(node.args) == 1 and not node.keywords:
        return _expressed(node.args[0], offered)
    tool = offered_name(name, offered)
    if tool is None:
        return []
    given = {word.arg: _value(word.value) for word in node.keywords if word.arg is not None}
    takes = list(offered[tool].get("properties", {}))
    if len(node.args) == 1 and not given and len(takes) == 1:
        given = {takes[0]: _value(node.args[0])}
    elif node.args or len(given) != len(node.keywords):
        return []
    return [Call(tool, given)]


class _Constants(ast.NodeTransformer):
    """Replaces JSON's constants with Python's."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(CONSTANTS[node.id]) if node.id in CONSTANTS else node


def _value(node: ast.AST) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return the value of a literal.

    Raises:
        ValueError: it is not one.
        TypeError: JSON has no such type.
    """
    return as_json(ast.literal_eval(_Constants().visit(node)))
