"""What is taken out of a text before it leaves, what stays, and what is no text at all."""

import pytest

from storage.characters import cleaned, cleaned_json, is_blank

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;another title\x07shown", "shown"),
        ("\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jcleared", "cleared"),
        ("\x1bcreset", "reset"),
        ("a\x1b", "a"),
        ("bell\x07 back\x08space\x7f\x85next", "bell backspace\nnext"),
        ("over\rwritten\r\nline\u2028and\u2029paragraph", "over\nwritten\nline\nand\nparagraph"),
        ("Order \u202e2401W#\u202c is \u2066safe\u2069", "Order 2401W# is safe"),
        ("hi\U000e0069\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065", "hi"),
        ("\ufeffzero\u200bwidth\u2060", "zerowidth"),
        ("a\ufe0f\ufe0f\ufe0f\ufe01", "a\ufe0f"),
        ("\ud800half", "half"),
    ],
)
def test_what_a_terminal_obeys_or_what_hides_is_taken_out(text: str, left: str) -> None:
    assert cleaned(text) == left
    assert cleaned(left) == left
    assert cleaned_json({"told": [text, 1, None]}) == {"told": [left, 1, None]}


@pytest.mark.parametrize(
    "text",
    [
        "First line\n\tsecond line",
        "주문 #W1042 취소했어요 😀 ㅋㅋ",
        "👨‍👩‍👧‍👦 ❤️ 1️⃣ 👍🏽 🏳️‍🌈",
        ENGLAND,
        "مرحبا، طلبك في الطريق",
        "שלום\u200f! ההזמנה בדרך",
        "می‌خواهم",
        "क्‍ष",
        "naïve café — “quoted” … 100 %",
    ],
)
def test_text_of_any_script_stays_as_it_is(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\u3000\xa0",
        "\u200b\u200d\u2060\ufeff",
        "\xad",
        "\u3164\uffa0\u115f",
        "\ufe0f",
        "\U000e0041",
        "\u2800",
        "\ufffc",
        "\U0001d159",
    ],
)
def test_what_nobody_can_see_is_no_text(text: str) -> None:
    assert is_blank(text)
    assert not is_blank(f"{text}.")
    assert not is_blank(f"{text}한")
    assert not is_blank(f"{text}👍")
