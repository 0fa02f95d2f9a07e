"""Reading an email and a postcode out of what people write, and hiding both."""

import pytest

from team.words.particulars import as_written, read_particulars, with_marks, without_particulars

MAIL = "olivia.brown@example.com"


@pytest.mark.parametrize(
    ("text", "email", "postcode"),
    [
        (f"{MAIL} 97201", MAIL, "97201"),
        ("My email is Olivia.Brown@Example.com and my zip code is 97201.", MAIL, "97201"),
        ("이메일은 mina.kim@example.com이고 우편번호는 06236입니다", "mina.kim@example.com", "06236"),
        ("우편번호 06236 이고 메일은 a.b+c@d.co.kr 입니다", "a.b+c@d.co.kr", "06236"),
        ("ｏ＠example.com ０６２３６", "o@example.com", "06236"),
        (f"WC2N 5DU, {MAIL}", MAIL, "WC2N 5DU"),
        ("it's sw1a1aa thanks", None, "sw1a1aa"),
        ("zip: 1234 AB", None, "1234 AB"),
        ("K1A 0B1", None, "K1A 0B1"),
        (f"Cancel order 10432. I am {MAIL}", MAIL, None),
        (f"Where is order 10432? I am {MAIL}, 97201", MAIL, "97201"),
        ("Where is order #W1042?", None, None),
        ("주문번호 12345 입니다", None, None),
        ("I bought three of them in 2024 and all were broken", None, None),
        ("why do you need that?", None, None),
    ],
)
def test_what_was_asked_for_is_read_however_it_is_written(text: str, email: str | None, postcode: str | None) -> None:
    found = read_particulars(text, asked=True)

    assert (found.email, found.postcode) == (email, postcode)


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("Do you deliver to postcode 97201?", None),
        ("Do you have lamps for 12345 won?", None),
        (f"I am {MAIL}, the lamp cost 12345", None),
        (f"Where is my order? {MAIL} / 97201", "97201"),
        (f"My zip is 97201 and my mail {MAIL}", "97201"),
    ],
)
def test_before_it_is_asked_for_only_a_postcode_given_with_an_email_is_one(text: str, postcode: str | None) -> None:
    assert read_particulars(text, asked=False).postcode == postcode


def test_a_message_is_shown_masked_and_told_with_marks() -> None:
    found = read_particulars(f"Where is #W1042? {MAIL}, 97201", asked=False)

    assert found.shown == "Where is #W1042? o•••@example.com, •••••"
    assert found.told == with_marks(found.shown) == "Where is #W1042? [email], [postcode]"
    assert "example" not in found.words


def test_full_width_letters_are_told_as_the_usual_ones_and_shown_as_they_were_written() -> None:
    said = as_written("Where is ＃Ｗ１０４２？　주문 번호예요, 50％ ①")

    assert (said.shown, said.told) == (
        "Where is ＃Ｗ１０４２？　주문 번호예요, 50％ ①",
        "Where is #W1042? 주문 번호예요, 50% ①",
    )


def test_a_long_message_is_read_at_once() -> None:
    for text in ("a" * 4_000, "order" * 800, "a." * 2_000, "1 " * 2_000, "우편번호 " * 800, "a@" * 2_000):
        read_particulars(text, asked=True)


def test_a_result_loses_the_customers_id_and_their_email() -> None:
    result = (
        '{"customer_id":"c_1","orders":[{"customer_id":"c_1","by":"c_1","note":"mail to o.b@example.com","total":5}]}'
    )

    told = without_particulars(result, "c_1")

    assert told == '{"orders":[{"by":"customer","note":"mail to o•••@example.com","total":5}]}'
    assert without_particulars("No order #W1 was found.", "c_1") == "No order #W1 was found."
