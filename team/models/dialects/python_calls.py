"""Calls written as Python."""

import ast
import re
from typing import Any

from team.models.dialects.arguments import LITERAL_CHARS, Offered, as_json, unwarned
from team.models.dialects.shapes import Call, Found, calls_of, offered_name
from team.models.dialects.table import FENCE, MARK

CALLED = re.compile(
    r"(?:\[\s{0,8}+)?(?:\w{1,40} = )?(?:await )?(?:print\()?(?:await )?(?<![\w.])(?P<name>[\w.]{1,80}+)\("
)
LITERAL = re.compile(r"\[?\s{0,8}\{\s{0,8}['\"]")
AS_A_TREE = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
"""Parse only, and allow `await` outside a function."""

CONSTANTS = {"true": True, "false": False, "null": None}


def read_python(text: str, at: int, offered: Offered) -> Found | None:
    """Parse calls written as Python, such as `[get_order(order_id="#W1042")]`."""
    called = CALLED.match(text, at)
    if LITERAL.match(text, at) is None and (called is None or offered_name(called["name"], offered) is None):
        return None
    for end in _ends(text, at):
        try:
            with unwarned():
                written = compile(text[at:end].strip(), "reply", "exec", AS_A_TREE)
            assert isinstance(written, ast.Module)  # noqa: S101 - this is what compiling it as a tree gives
            each = [_expressed(one, offered) for one in _statements(written.body)]
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


def _statements(body: list[ast.stmt]) -> list[ast.AST]:
    """Return the expressions of a program, except those that only print a variable assigned in it."""
    found, named = list[ast.AST](), set[str]()
    for one in body:
        if isinstance(one, ast.Assign) and all(isinstance(to, ast.Name) for to in one.targets):
            named |= {to.id for to in one.targets if isinstance(to, ast.Name)}
            found.append(one.value)
        elif not (isinstance(one, ast.Expr) and _printed(one.value) in named):
            found.append(one.value if isinstance(one, ast.Expr) else one)
    return found


def _printed(node: ast.AST) -> str:
    """Return the variable that an expression prints or shows; empty if it does something else."""
    printed = node.args if isinstance(node, ast.Call) and ast.unparse(node.func) == "print" else [node]
    return printed[0].id if len(printed) == 1 and isinstance(printed[0], ast.Name) else ""


def _expressed(node: ast.AST, offered: Offered) -> list[Call]:
    """Return the calls in an expression; none if it contains anything else."""
    if isinstance(node, ast.List) and not isinstance(next(iter(node.elts), None), ast.Dict):
        each = [_expressed(one, offered) for one in node.elts]
        return [call for calls in each for call in calls] if all(each) else []
    if isinstance(node, ast.Await):
        return _expressed(node.value, offered)
    if not isinstance(node, ast.Call):
        return calls_of(_value(node), offered)
    name = ast.unparse(node.func)
    if name == "print" and len(node.args) == 1 and not node.keywords:
        return _expressed(node.args[0], offered)
    tool = offered_name(name, offered)
    if tool is None:
        return []
    given = _given(node, list(offered[tool].get("properties", {})))
    return [] if given is None else [Call(tool, given)]


def _given(call: ast.Call, takes: list[str]) -> dict[str, Any] | None:
    """Return a call's arguments by name; None if one cannot be matched to a parameter."""
    given = {word.arg: _value(word.value) for word in call.keywords if word.arg is not None}
    in_order = [_value(one) for one in call.args]
    if len(in_order) == 1 and isinstance(in_order[0], dict) and set(in_order[0]) <= set(takes) and not call.keywords:
        return in_order[0]
    if (
        len(given) != len(call.keywords)
        or len(in_order) > len(takes)
        or not given.keys().isdisjoint(takes[: len(in_order)])
    ):
        return None
    return dict(zip(takes, in_order, strict=False)) | given


class _Constants(ast.NodeTransformer):
    """Replaces JSON's constants with Python's, and refuses an object with a repeated key."""

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        names = [one.value for one in node.keys if isinstance(one, ast.Constant)]
        if len(set(names)) != len(names):
            raise ValueError
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(CONSTANTS[node.id]) if node.id in CONSTANTS else node


def _value(node: ast.AST) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return the value of a literal.

    Raises:
        ValueError: it is not one.
        TypeError: JSON has no such type.
    """
    return as_json(ast.literal_eval(_Constants().visit(node)))
