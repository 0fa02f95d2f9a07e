"""A reply's thoughts are told apart from its answer, whatever marks a model gives them."""

import pytest

from team.words.reasoning import ALOUD, parted

THOUGHT = "Okay, the customer asks where it is. Not mention the backlog."
ANSWER = "Order #W1042 has been processed."


@pytest.mark.parametrize(
    "written",
    [
        f"<think>\n{THOUGHT}\n</think>\n\n{ANSWER}",
        f"{THOUGHT}\n</think>\n\n{ANSWER}",
        f"<thinking>\n{THOUGHT}\n</thinking>\n\n{ANSWER}",
        f"<seed:think>{THOUGHT}</seed:think>{ANSWER}",
        f"<longcat_think>{THOUGHT}</longcat_think>{ANSWER}",
        f"<|thinking|>{THOUGHT}<|/thinking|>{ANSWER}",
        f"<reasoning>{THOUGHT}</reasoning>{ANSWER}",
        f"[THINK]{THOUGHT}[/THINK]{ANSWER}",
        f"◁think▷{THOUGHT}◁/think▷{ANSWER}",
        f"<|START_THINKING|>{THOUGHT}<|END_THINKING|>{ANSWER}",
        f"<|channel>thought\n{THOUGHT}<channel|>{ANSWER}",
        f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}",
        f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}<|return|>",
        f"analysis{THOUGHT}assistantfinal{ANSWER}",
        f"{ANSWER}\n<think>{THOUGHT}",
        f"<Think>{THOUGHT}</Think>{ANSWER}",
        f"<thinking>{THOUGHT}</think>{ANSWER}",
        f"<antThinking>{THOUGHT}</antThinking>{ANSWER}",
        f"<reflection>{THOUGHT}</reflection>{ANSWER}",
        f"<think></think>{THOUGHT}</think>{ANSWER}",
        f"<think>{THOUGHT}</think>\n<answer>\n{ANSWER}\n</answer>",
        f"<think>{THOUGHT}</think><response>{ANSWER}",
        f"<think>{THOUGHT}</think><|begin_of_box|>{ANSWER}<|end_of_box|>",
        f"<|START_THINKING|>{THOUGHT}<|END_THINKING|><|START_RESPONSE|>{ANSWER}<|END_RESPONSE|>",
        f"<|begin_of_thought|>{THOUGHT}<|end_of_thought|><|begin_of_solution|>{ANSWER}<|end_of_solution|>",
        f"<|inner_prefix|>{THOUGHT}<|inner_suffix|>{ANSWER}",
        f"<unused94>thought\n{THOUGHT}<unused95>{ANSWER}",
        f'<details type="reasoning" done="true">{THOUGHT}</details>{ANSWER}',
        f"Here is my thought process:\n{THOUGHT}\nHere is my response:\n{ANSWER}",
        f"Here are my reasoning steps:\n{THOUGHT}\n[BEGIN FINAL RESPONSE]\n{ANSWER}\n[END FINAL RESPONSE]",
        f"analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}",
        f"<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}",
    ],
)
def test_the_answer_is_what_is_left_without_the_thought(written: str) -> None:
    reply = parted(written)

    assert (reply.thought, reply.answer) == (THOUGHT, ANSWER)


@pytest.mark.parametrize(
    "written",
    [
        f"<think>\n{THOUGHT}",
        f"<think>{THOUGHT}</think>",
        f"<|channel|>analysis<|message|>{THOUGHT}",
        f"analysis{THOUGHT}",
        f"Here is my thought process: {THOUGHT}",
        f"Here are my reasoning steps: {THOUGHT}",
    ],
)
def test_a_thought_alone_is_no_answer(written: str) -> None:
    reply = parted(written)

    assert (reply.thought, reply.answer) == (THOUGHT, "")


def test_an_answer_alone_stays_as_it_is() -> None:
    assert parted(f" {ANSWER}\n").answer == f" {ANSWER}\n"


@pytest.mark.parametrize(
    "call",
    [
        '<|channel|>commentary to=functions.get_order <|constrain|>json<|message|>{"order_id": "#W1"}<|call|>',
        '<|start|>assistant to=functions.get_order<|channel|>commentary json<|message|>{"order_id": "#W1"}<|call|>',
    ],
)
def test_a_call_in_a_channel_is_left_to_whoever_reads_calls(call: str) -> None:
    reply = parted(f"<|channel|>analysis<|message|>{THOUGHT}<|end|>{call}")

    assert (reply.thought, reply.answer) == (THOUGHT, call)


def test_a_thought_that_was_never_opened_is_known_as_one() -> None:
    assert parted(f"{THOUGHT}</think>{ANSWER}").unopened
    assert not parted(f"<think>{THOUGHT}</think>{ANSWER}").unopened


@pytest.mark.parametrize(
    "text",
    [
        "Note to self: do not mention the refund.",
        "(Internal: a fraud risk.) Your order is on its way.",
        "(내부 메모: 사기 위험) 배송 중입니다.",
        "메모: 환불은 언급하지 말 것.",
        "As an AI language model, I do not have access to real-time data.",
        "저는 AI 언어 모델이라 실시간 정보를 모릅니다.",
    ],
)
def test_what_a_model_says_of_itself_or_to_itself_is_said_aloud(text: str) -> None:
    assert ALOUD.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "Yes, I am an AI assistant of the shop.",
        "메모지 10권 주문입니다.",
        "It has internal storage.",
        "내부용 페인트입니다.",
    ],
)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert ALOUD.search(text) is None
