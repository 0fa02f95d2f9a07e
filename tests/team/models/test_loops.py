"""A reply that repeats itself is noticed soon, and an answer that only looks like one is left alone."""

import json

import pytest

from team.models.loops import Told, loops, repeats

PIECES = [
    "a",
    " ",
    "\n",
    "-",
    "ha",
    "죄송합니다. ",
    "I am sorry. ",
    "I am sorry about that, and I am sorry for the delay.\n",
    "- Umbrella\n- Umbrella stand\n",
    '{"order_id": "#W1042"}, ',
    "Your order is on its way, and it arrives soon. We thank you for your patience, and for your order.\n\n",
]


@pytest.mark.parametrize("piece", PIECES)
def test_a_loop_is_noticed_after_a_few_times_wherever_the_pieces_are_cut(piece: str) -> None:
    written, looped = "Your order #W1042 is on its way. ", piece * 400
    at = next(end for end in range(0, len(looped), 7) if repeats(written + looped[:end]))

    assert at <= max(6 * len(piece), 160)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Your order was delivered.",
        "|---|---|---|---|\n| Umbrella | 1 | 20.00 USD |\n| Umbrella | 1 | 20.00 USD |\n| Kettle | 2 | 54.20 USD |\n",
        "-" * 80,
        "".join(f"- Order #W{number}: delivered, 20.00 USD\n" for number in range(1000, 1020)),
        "- Umbrella, 20.00 USD\n" * 4,
        "하하하하 감사합니다! " * 3,
    ],
)
def test_an_answer_is_no_loop(text: str) -> None:
    assert [end for end in range(len(text)) if repeats(text[:end])] == []


LAUGHTER = "ㅋ" * 160
PASTED = "The parcel never came, and nobody answers the phone.\n" * 7
SIGH = "so very very " * 30
QUOTED = [LAUGHTER, PASTED, SIGH]


def begun(text: str) -> list[str]:
    return [text[:end] for end in range(len(text) + 1)]


@pytest.mark.parametrize("said", QUOTED)
def test_what_a_customer_wrote_again_and_again_may_be_quoted(said: str) -> None:
    told = Told(f"Please note this:\n{said}\nThank you.")
    reply = f"You wrote: {said} I am sorry about that."
    arguments = [json.dumps({"body": said}), json.dumps({"body": said}, ensure_ascii=False)]

    assert [one for text in (reply, *arguments) for one in begun(text) if repeats(one, told)] == []
    assert not loops(reply, told)
    assert loops(reply)


@pytest.mark.parametrize("said", QUOTED)
def test_whoever_goes_on_after_the_quotation_loops(said: str) -> None:
    told = Told(said)
    longer = f"You wrote: {said * 2}"

    assert any(repeats(one, told) for one in begun(longer))
    assert loops(longer, told)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am sorry. " * 6 + "Anyway, your order is pending.", True),
        ("We are looking into it. It takes a while. " * 3, True),
        ("ha" * 20, True),
        ("Your order is pending. It has one item. Your order is pending.", False),
        ("- Umbrella, 20.00 USD\n- Kettle, 20.00 USD\n- Lamp, 20.00 USD\n", False),
    ],
)
def test_a_whole_text_loops_wherever_it_does(text: str, expected: bool) -> None:
    assert loops(text) is expected


def test_a_status_behind_each_ticket_of_a_list_is_a_quotation() -> None:
    rows = "".join(f"- T{number}: Where is my parcel? (waiting for customer)\n" for number in range(4))

    assert not loops(rows, Told('"status":"waiting for customer"' * 4))
    assert loops(rows)
