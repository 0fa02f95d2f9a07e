"""A reply that repeats itself is noticed soon, and an answer that only looks like one is left alone."""

import pytest

from team.models.loops import repeats

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
