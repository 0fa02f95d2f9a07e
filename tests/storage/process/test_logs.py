"""The log: a line of JSON for each thing that happened, whatever a caller puts into it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from pydantic import BaseModel, ValidationError

from storage.process.logs import JsonLine, OneLine, Seldom, about, note, tell


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of its own, and what it wrote."""
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(JsonLine())
    handler.addFilter(Seldom())
    logger = logging.getLogger("tests.of.logs")
    logger.propagate, logger.handlers = False, [handler]
    logger.setLevel(logging.INFO)
    yield logger, output
    logger.handlers = []


def lines(output: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_a_line_has_its_facts_and_its_conversation(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, output = written

    with about("c_1"):
        tell(logger, "turn", outcome="done", trouble=None, ms=12.5)
    tell(logger, "turn", outcome="failed")

    first, second = lines(output)
    assert str(first.pop("at")).endswith("+00:00")
    said = {"level": "INFO", "logger": "tests.of.logs", "message": "turn"}
    assert first == said | {"conversation": "c_1", "outcome": "done", "ms": 12.5}
    assert "conversation" not in second


def test_what_happened_is_never_left_out_and_what_others_do_is_counted(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, output = written

    for _ in range(50):
        tell(logger, "turn")
        note(logger, "limit", limit="messages")
    note(logger, "limit", limit="turns")

    found = [line["message"] for line in lines(output)]
    assert (found.count("turn"), found.count("limit")) == (50, 11)


def test_nobody_forges_a_line_and_a_traceback_is_a_part_of_one(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, output = written

    try:
        int("in the middle")
    except ValueError:
        logger.exception("Failed\n%s", '{"message": "turn"}' + "x" * 300)

    [line] = lines(output)
    assert "\n" not in str(line["message"])
    assert len(str(line["message"])) == 201
    assert str(line["traceback"]).endswith("int() with base 10: 'in the middle'")


class Sent(BaseModel):
    """What a model may have to send."""

    count: int


def test_a_traceback_does_not_quote_what_was_sent(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, output = written
    # In parts, since a traceback quotes the line of code too.
    sent = {"count": "@".join(("olivia", "example.com, input_type=x"))}

    try:
        Sent.model_validate(sent)
    except ValidationError:
        logger.exception("Failed")

    [line] = lines(output)
    assert "olivia@example.com" not in str(line)
    assert "[type=int_parsing, input_value=…, input_type=str]" in str(line["traceback"])


def test_in_a_terminal_a_line_is_for_the_eye() -> None:
    record = logging.makeLogRecord({"msg": "turn", "levelname": "INFO", "name": "team", "facts": {"outcome": "done"}})

    assert OneLine("%(levelname)s %(name)s: %(message)s").format(record) == "INFO team: turn outcome=done"
