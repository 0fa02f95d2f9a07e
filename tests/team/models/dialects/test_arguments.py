"""The arguments of a call are read as the object they mean, in whatever way they were sent."""

import pytest

from team.models.dialects.arguments import NoObjectError, arguments_of, typed


@pytest.mark.parametrize("given", ["", "  ", None, "null", "{}", {}, "[]", [], '"{}"', "None"])
def test_no_arguments_are_an_empty_object(given: object) -> None:
    assert arguments_of(given) == {}


@pytest.mark.parametrize(
    "given",
    [
        {"order_id": "#W1042"},
        '{"order_id": "#W1042"}',
        '"{\\"order_id\\": \\"#W1042\\"}"',
        '"\\"{\\\\\\"order_id\\\\\\": \\\\\\"#W1042\\\\\\"}\\""',
        "{'order_id': '#W1042'}",
        [{"order_id": "#W1042"}],
    ],
)
def test_an_object_is_found_however_often_it_was_encoded(given: object) -> None:
    assert arguments_of(given) == {"order_id": "#W1042"}


def test_a_line_break_in_a_string_is_one() -> None:
    assert arguments_of('{"text": "one\ntwo"}') == {"text": "one\ntwo"}


@pytest.mark.parametrize(
    "given",
    [
        '{"order_id": "#W10',
        "#W1042",
        "[1]",
        "7",
        7,
        True,
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        "{'a': {1, 2}}",
        '{"a": 1}{"a": 2}',
    ],
)
def test_what_means_no_object_or_two_is_none(given: object) -> None:
    with pytest.raises(NoObjectError):
        arguments_of(given)


@pytest.mark.parametrize(
    ("text", "schema", "value"),
    [
        ("#W1042", {"type": "string"}, "#W1042"),
        ("42", {"type": "string"}, "42"),
        ("42", {"type": "integer"}, 42),
        ("true", {"type": "boolean"}, True),
        ("True", {"type": "boolean"}, True),
        ('["a", "b"]', {"type": "array", "items": {"type": "string"}}, ["a", "b"]),
        ("null", {"anyOf": [{"type": "string"}, {"type": "null"}]}, None),
        ("null", {"type": "string"}, "null"),
        ("soon", {"type": "integer"}, "soon"),
        ("42", {}, "42"),
    ],
)
def test_an_argument_written_as_text_has_the_type_its_tool_declares(
    text: str, schema: dict[str, object], value: object
) -> None:
    assert typed(text, schema) == value
