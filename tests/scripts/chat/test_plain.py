"""An answer on a terminal has its words, and none of a model's marks."""

import pytest

from scripts.chat.plain import without_marks
from scripts.chat.screen import Screen
from scripts.chat.words import Words

MARKED = (
    "## Your order\n\n**Order #W1042** is *pending*, `#W1042`.\n\n* [Track it](https://example.com/t)\n- two\n\n"
    "| Item | Qty |\n|---|---|\n| Umbrella | 1 |\n| 우산 | 10 |\n\n```\n660132650850\n```"
)
PLAIN = (
    "Your order\n\nOrder #W1042 is pending, #W1042.\n\n- Track it\n- two\n\n"
    "Item      Qty\nUmbrella  1\n우산      10\n\n660132650850"
)


def test_marks_go_and_words_stay() -> None:
    assert without_marks(MARKED) == PLAIN


@pytest.mark.parametrize("text", ["2 * 3 * 4", "snake_case_name", "a - b", "#W1042 is pending.", "**not closed"])
def test_what_is_no_mark_stays(text: str) -> None:
    assert without_marks(text) == text


def test_a_persons_words_are_shown_as_they_wrote_them(capfd: pytest.CaptureFixture[str]) -> None:
    screen = Screen(Words("en"), live=False, trace=False)

    screen.take("message", {"role": "person", "text": "*really*"})
    screen.take("message", {"role": "assistant", "text": "**Order**"})
    screen.take("turn_ended", {"status": "done"})

    assert capfd.readouterr().out == "*really*\nOrder\n"
