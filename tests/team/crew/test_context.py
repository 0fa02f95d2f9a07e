"""A prompt that is too long: what is oldest goes first, and code's notes stand for it."""

import time

from autogen_core import FunctionCall
from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    LLMMessage,
    SystemMessage,
    UserMessage,
)

from team.crew.context import LEFT_OUT, fitted, tokens_in
from team.turn.notes import MOST_ABOUT, MOST_ASKED, Notes, things_named

SYSTEM = SystemMessage(content="You are the order desk.")


def asked(text: str) -> UserMessage:
    return UserMessage(content=text, source="user")


def told(text: str) -> AssistantMessage:
    return AssistantMessage(content=text, source="OrderTracker")


def looked_up(result: str) -> list[LLMMessage]:
    call = FunctionCall(id="call_1", name="get_order", arguments='{"order_id": "#W1"}')
    found = FunctionExecutionResult(call_id="call_1", name="get_order", content=result, is_error=False)
    return [AssistantMessage(content=[call], source="OrderTracker"), FunctionExecutionResultMessage(content=[found])]


def results(messages: list[LLMMessage]) -> list[str]:
    return [
        one.content
        for message in messages
        if message.type == "FunctionExecutionResultMessage"
        for one in message.content
    ]


def test_what_fits_is_left_as_it_is() -> None:
    messages = [SYSTEM, asked("where is it?"), *looked_up("pending"), told("It is pending."), asked("and now?")]

    assert fitted(messages, Notes(asked=("the first",)), 1_000) == messages


def test_earlier_tool_results_go_first_then_the_oldest_words_and_the_notes_say_what_they_were() -> None:
    notes = Notes().after("first?", "PolicyGuide", [], []).after("second?", "OrderTracker", [], ["order #W1042"])
    old = [asked("first?" + "x" * 300), told("one" + "x" * 300), asked("second?"), *looked_up("y" * 900), told("two")]

    sent = fitted([SYSTEM, *old, asked("and now?")], notes, 220)

    assert results(sent) == []
    assert [one.content for one in sent[2:]] == ["second?", "two", "and now?"]
    assert "first?" in str(sent[1].content)
    assert "second?" not in str(sent[1].content)
    assert "Last spoken of: order #W1042" in str(sent[1].content)


def test_of_one_turn_the_oldest_results_are_left_out_and_the_latest_stays() -> None:
    now = [asked("compare them"), *looked_up("a" * 900), *looked_up("b" * 900), *looked_up("c" * 900)]

    sent = fitted([SYSTEM, *now], Notes(), 600)

    assert results(sent) == [LEFT_OUT, LEFT_OUT, "c" * 900]


def test_notes_stay_short_however_long_the_conversation() -> None:
    notes = Notes()
    for turn in range(500):
        notes = notes.after(
            f"{turn} " + "long " * 200, "TicketDesk", ["Cancelled order #W1. " * 20], [f"order #W{turn}"]
        )

    assert len(notes.asked) == MOST_ASKED
    assert notes.about == ("order #W496", "order #W497", "order #W498", "order #W499")
    assert len(notes.about) == MOST_ABOUT
    assert tokens_in(notes.before(kept=3)) < 1_500


def test_the_subject_is_the_thing_spoken_of_last_and_never_an_id_of_ours() -> None:
    notes = Notes().after("a", "x", [], ["order #W1", "order #W2"]).after("b", "x", [], ["order #W1"])

    assert notes.about == ("order #W2", "order #W1")
    assert things_named({"order_id": "#W1", "payment_method_id": "credit_card_1", "item_ids": ["1"]}) == ["order #W1"]


def test_a_long_conversation_of_the_longest_messages_is_fitted_in_a_moment() -> None:
    longest = "0123456789" * 400
    messages = [SYSTEM, *[line for _ in range(100) for line in (asked(longest), told("Yes."))], asked(longest)]

    started = time.thread_time()
    kept = fitted(messages, Notes(), 11_000)

    assert kept == [SYSTEM, told("Yes."), asked(longest), told("Yes."), asked(longest)]
    assert time.thread_time() - started < 0.05
