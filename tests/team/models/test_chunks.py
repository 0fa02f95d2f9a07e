"""A streamed tool call is put together however its server cuts and numbers the pieces."""

from typing import Any

import pytest

from team.models.chunks import Calls

ONE, OTHER = '{"order_id": "#W1042"}', '{"order_id": "#W7"}'


def piece(name: str | None = None, arguments: object = None, **more: object) -> dict[str, Any]:
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    return {"function": function, **more}


@pytest.mark.parametrize(
    ("pieces", "calls"),
    [
        (
            [piece("get_order", "", index=0, id="a"), piece(None, ONE[:9], index=0), piece(None, ONE[9:], index=0)],
            [("get_order", ONE)],
        ),
        (
            [piece("get_order", ONE, index=0, id="a"), piece("get_order", OTHER, index=1, id="b")],
            [("get_order", ONE), ("get_order", OTHER)],
        ),
        # Two calls with one index.
        (
            [piece("get_order", ONE, index=0, id="a"), piece("get_order", OTHER, index=0, id="b")],
            [("get_order", ONE), ("get_order", OTHER)],
        ),
        (
            [piece("get_order", ONE, index=0, id=""), piece("get_order", OTHER, index=0, id="")],
            [("get_order", ONE), ("get_order", OTHER)],
        ),
        (
            [piece("list_orders", "", index=0, id="a"), piece("get_order", ONE, index=0, id="b")],
            [("list_orders", ""), ("get_order", ONE)],
        ),
        # No index at all, or no id, or neither.
        ([piece("get_order", ONE[:9], id="a"), piece(None, ONE[9:])], [("get_order", ONE)]),
        (
            [piece("get_order", ONE[:9], id="a"), piece(None, ONE[9:], id="a"), piece("get_order", OTHER, id="b")],
            [("get_order", ONE), ("get_order", OTHER)],
        ),
        ([piece("get_order", ONE), piece("get_order", OTHER)], [("get_order", ONE), ("get_order", OTHER)]),
        ([piece("list_orders"), piece("get_order", ONE)], [("list_orders", ""), ("get_order", ONE)]),
        # One id for every call, or the name after the arguments.
        (
            [piece("get_order", ONE, index=0, id="a"), piece("get_order", OTHER, index=1, id="a")],
            [("get_order", ONE), ("get_order", OTHER)],
        ),
        ([piece(None, ONE, index=0, id="a"), piece("get_order", index=0)], [("get_order", ONE)]),
        # An empty object before the real one, or all of it once more at the end.
        ([piece("get_order", "{}", index=0, id="a"), piece(None, ONE, index=0)], [("get_order", ONE)]),
        (
            [piece("get_order", "{}", index=0), piece(None, ONE[:9], index=0), piece(None, ONE[9:], index=0)],
            [("get_order", ONE)],
        ),
        (
            [piece("get_order", ONE[:9], index=0), piece(None, ONE[9:], index=0), piece("", ONE, index=0)],
            [("get_order", ONE)],
        ),
        # Under other names.
        ([{"index": 0, "function": "get_order", "arguments": ONE}], [("get_order", ONE)]),
        ([{"index": 0, "name": "get_order", "input": {"order_id": "#W1042"}}], [("get_order", ONE)]),
        # Pieces that interleave.
        (
            [
                piece("get_order", ONE[:9], index=0, id="a"),
                piece("get_order", OTHER[:9], index=1, id="b"),
                piece(None, ONE[9:], index=0),
                piece(None, OTHER[9:], index=1),
            ],
            [("get_order", ONE), ("get_order", OTHER)],
        ),
        # The name, the id, or all so far, again with each piece.
        (
            [piece("get_order", ONE[:9], index=0, id="a"), piece("get_order", ONE[9:], index=0, id="a")],
            [("get_order", ONE)],
        ),
        ([piece("get_order", ONE[:9], index=0), piece("get_order", ONE[9:], index=0)], [("get_order", ONE)]),
        (
            [piece("get_order", ONE[:9], index=0, id="a"), piece(None, ONE[9:], index=0, id="b")],
            [("get_order", ONE)],
        ),
        (
            [piece("get_order", ONE[:9], index=0, id="a"), piece("get_order", ONE, index=0, id="a")],
            [("get_order", ONE)],
        ),
        # A name in two pieces.
        ([piece("get_", None, index=0, id="a"), piece("order", ONE, index=0)], [("get_order", ONE)]),
        # An object where a string belongs, another name for it, no function at all.
        ([piece("get_order", {"order_id": "#W1042"}, index=0)], [("get_order", ONE)]),
        ([{"index": 0, "function": {"name": "get_order", "parameters": ONE}}], [("get_order", ONE)]),
        ([{"index": 0, "name": "get_order", "arguments": ONE}], [("get_order", ONE)]),
        ([piece("list_orders", None, index=0)], [("list_orders", "")]),
    ],
)
def test_the_pieces_of_a_call_are_put_together(pieces: list[dict[str, Any]], calls: list[tuple[str, str]]) -> None:
    begun = Calls({"get_order", "list_orders"})
    for one in pieces:
        begun.add(one)

    made = begun.as_delta()
    assert [(one["function"]["name"], one["function"]["arguments"]) for one in made] == calls
    assert [one["index"] for one in made] == list(range(len(calls)))
