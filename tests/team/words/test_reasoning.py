"""A reply's thoughts are told apart from its answer, whatever marks a model gives them."""

import pytest

from team.words.reasoning import parted

THOUGHT = "Okay, the customer asks where it is. Not mention the backlog."
ANSWER = "Order #W1042 has been processed."


@pytest.mark.parametrize(
    "written",
    [
        f"<think>\n{THOUGHT}\n</think>\n\n{ANSWER}",
        f"{THOUGHT}\n</think>\n\n{ANSWER}",
        f"<thinking>\n{THOUGHT}\n</thinking>\n\n{ANSWER}",
        f"<seed:think>{THOUGHT}</seed:think>{ANSWER}",
        f"<reasoning>{THOUGHT}</reasoning>{ANSWER}",
        f"[THINK]{THOUGHT}[/THINK]{ANSWER}",
        f"◁think▷{THOUGHT}◁/think▷{ANSWER}",
        f"<|START_THINKING|>{THOUGHT}<|END_THINKING|>{ANSWER}",
        f"<|channel>thought\n{THOUGHT}<channel|>{ANSWER}",
        f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}",
        f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}<|return|>",
        f"analysis{THOUGHT}assistantfinal{ANSWER}",
        f"{ANSWER}\n<think>{THOUGHT}",
    ],
)
def test_the_answer_is_what_is_left_without_the_thought(written: str) -> None:
    reply = parted(written)

    assert (reply.thought, reply.answer) == (THOUGHT, ANSWER)


@pytest.mark.parametrize(
    "written", [f"<think>\n{THOUGHT}", f"<think>{THOUGHT}</think>", f"<|channel|>analysis<|message|>{THOUGHT}"]
)
def test_a_thought_alone_is_no_answer(written: str) -> None:
    reply = parted(written)

    assert (reply.thought, reply.answer) == (THOUGHT, "")


def test_an_answer_alone_stays_as_it_is() -> None:
    assert parted(f" {ANSWER}\n").answer == f" {ANSWER}\n"


def test_a_call_in_a_channel_is_left_to_whoever_reads_calls() -> None:
    call = '<|channel|>commentary to=functions.get_order <|constrain|>json<|message|>{"order_id": "#W1"}<|call|>'

    assert parted(f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant{call}").answer == call


def test_a_thought_that_was_never_opened_is_known_as_one() -> None:
    assert parted(f"{THOUGHT}</think>{ANSWER}").unopened
    assert not parted(f"<think>{THOUGHT}</think>{ANSWER}").unopened
