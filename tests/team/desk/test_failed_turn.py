"""What a customer is told of a turn that failed."""

import pytest

from storage.db import Sessions
from team.desk.failed_turn import sorry
from team.turn.log import Reached
from team.turn.outcome import Outcome
from team.turn.request import Request
from team.turn.steps import Steps
from team.turn.trouble import Trouble
from team.turn.turn import Turn

NOT_REACHABLE = "I'm sorry, I can't answer right now because our assistant is unavailable."


@pytest.fixture
def turn(sessions: Sessions) -> Turn:
    return Turn(Request("c_1", "", None, "en"), Steps(sessions), 90)


def test_a_change_that_was_made_is_told_and_never_called_nothing(turn: Turn) -> None:
    turn.log.fail(Trouble.MODEL_DOWN)
    turn.log.change("Cancel order #W1042: 54.20 USD back to your Visa")

    told = sorry(turn, Outcome(""), None)

    assert told == f"{NOT_REACHABLE} This was done: Cancel order #W1042: 54.20 USD back to your Visa."


def test_a_change_that_may_have_been_made_is_told_as_not_known(turn: Turn) -> None:
    turn.log.fail(Trouble.TOO_SLOW)
    turn.log.call(Reached.NOT_KNOWN)

    told = sorry(turn, Outcome(""), "T1")

    assert "Nothing was changed" not in told
    assert "I don't know whether the last change went through" in told
    assert told.endswith("ticket T1.")


def test_what_was_answered_before_the_failure_stays(turn: Turn) -> None:
    turn.log.fail(Trouble.MODEL_DOWN)

    told = sorry(turn, Outcome(f"Refunds take 5 to 7 days.\n\n{NOT_REACHABLE}"), "T1")

    assert told.startswith(f"Refunds take 5 to 7 days.\n\n{NOT_REACHABLE} Nothing was changed.")


def test_a_turn_that_did_not_fail_says_its_own_text(turn: Turn) -> None:
    assert sorry(turn, Outcome("Your order is pending."), None) == "Your order is pending."


def test_a_turn_that_was_stopped_after_a_change_tells_of_it(turn: Turn) -> None:
    turn.log.fail(Trouble.STOPPED)
    turn.log.change("Cancel order #W1042")

    assert sorry(turn, Outcome("I stopped."), None) == "I stopped. This was done: Cancel order #W1042."
