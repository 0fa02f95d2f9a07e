"""Reasons of steps: each code has its sentence, and whoever gives a reason gives the facts that it names."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.reasons import Code, Reason, all_of
from storage.sensitive.masking import KINDS
from storage.words.shop import WORDS
from team.turn.trouble import FAILURES
from tests.catalogues import File, facts_of

REPOSITORY = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("team", "mcp_servers") for path in (REPOSITORY / folder).rglob("*.py"))


def calls() -> Iterator[ast.Call]:
    """Every `Reason(…)` of the code."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
                yield node


def given(call: ast.Call) -> set[str]:
    """The names of the facts that a call gives."""
    facts = call.args[1] if len(call.args) > 1 else ast.Dict([], [])
    assert isinstance(facts, ast.Dict)
    return {str(key.value) for key in facts.keys if isinstance(key, ast.Constant)}


def codes(call: ast.Call) -> list[Code]:
    """The codes that a call may give; where a variable holds one, no fact may be given."""
    named = [
        node.attr
        for node in ast.walk(call.args[0])
        if isinstance(node, ast.Attribute) and node.attr in Code.__members__
    ]
    return [Code[name] for name in named]


def test_every_reason_is_given_with_the_facts_that_its_sentence_names() -> None:
    found = [(code, given(call)) for call in calls() for code in codes(call)]

    assert len(found) > 20
    assert [(code, facts) for code, facts in found if facts != facts_of(WORDS.folder, f"reason_{code}")] == []
    assert [ast.unparse(call) for call in calls() if not codes(call) and given(call)] == []


def test_there_are_words_for_every_reason_and_for_no_other() -> None:
    said = {name for name in File(WORDS.folder / "en.ftl").facts() if name.startswith("reason_")}

    assert said == {f"reason_{code}" for code in Code}


def test_every_code_is_given_by_somebody_or_names_a_failure_of_a_turn() -> None:
    places = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    given_in_code = {code for code in Code if f"Code.{code.name}" in places}
    hidden = {Code(each) for each in KINDS}

    assert given_in_code | {Code(each) for each in FAILURES} | hidden | {Code.SEVERAL} == set(Code)


@pytest.mark.parametrize(
    ("reason", "fields"),
    [
        (Reason(Code.LATE), {"error": "no answer in time", "error_code": "late", "error_facts": {}}),
        (
            Reason(Code.STATUS_AGAIN, {"status": 429, "seconds": 1.0}),
            {
                "error": "status 429, again after 1 s",
                "error_code": "status_again",
                "error_facts": {"status": 429, "seconds": 1.0},
            },
        ),
        (
            Reason(Code.NO_MODEL, {"why": Reason(Code.LEAKS, {"kinds": [Reason(Code.PROMPT), Reason(Code.MARKUP)]})}),
            {
                "error": "no model answered: not for the customer: prompt, model markup",
                "error_code": "no_model",
                "error_facts": {
                    "why": {
                        "code": "leaks",
                        "facts": {"kinds": [{"code": "prompt", "facts": {}}, {"code": "markup", "facts": {}}]},
                    }
                },
            },
        ),
        (
            all_of([Reason(Code.PROMPT), Reason(Code.TOOL_NAMES, {"names": ["get_order", "list_orders"]})]),
            {
                "error": "prompt, tool names reworded: get_order, list_orders",
                "error_code": "several",
                "error_facts": {
                    "reasons": [
                        {"code": "prompt", "facts": {}},
                        {"code": "tool_names", "facts": {"names": ["get_order", "list_orders"]}},
                    ]
                },
            },
        ),
    ],
)
def test_an_event_has_the_sentence_and_beside_it_the_code_with_its_facts(
    reason: Reason, fields: dict[str, object]
) -> None:
    assert reason.as_fields("error") == fields


def test_several_reasons_that_are_one_are_that_one() -> None:
    assert all_of([Reason(Code.PROMPT)]) == Reason(Code.PROMPT)
