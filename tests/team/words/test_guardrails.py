"""The guards of a turn: what comes in, and what goes out."""

from team.words.guardrails import Guarded, guard_answer, guard_message


def test_control_characters_are_stripped_and_the_rest_is_kept() -> None:
    assert guard_message("where\x00 is\x1b[31m it?\n#W1 한글 😀", False) == Guarded(
        "where is it?\n#W1 한글 😀", "passed"
    )


def test_a_message_of_4000_characters_passes_and_a_longer_one_is_blocked() -> None:
    assert guard_message("a" * 4000, False).verdict == "passed"
    assert guard_message("a" * 4001, False).problem == "too_long"


def test_no_text_is_blocked_unless_there_is_a_picture() -> None:
    assert guard_message(" \n", False).problem == "empty"
    assert guard_message("\u200b \u2060\ufeff", False).problem == "empty"
    assert guard_message("", True) == Guarded("", "passed")


def test_the_markup_of_a_tool_call_is_not_shown() -> None:
    leaked = 'One moment. <tool_call>{"name": "get_order"}</tool_call>'

    assert guard_answer(leaked, []) == Guarded("One moment.", "passed")


def test_raw_json_and_empty_answers_are_blocked() -> None:
    assert guard_answer('{"order_id": "#W1"}', []).verdict == "acted"
    assert guard_answer("<tool_call>{}", []).verdict == "acted"


def test_a_tools_name_is_reworded() -> None:
    guarded = guard_answer("I used `get_order` for it.", ["get_order"])

    assert guarded.text == "I used get order for it."


def test_a_number_of_a_card_or_a_person_is_in_no_answer_but_a_parcel_s_is() -> None:
    told = guard_answer("It went to card 4111 1111 1111 1111 of 900101-1234567. Tracking 4111111111111111.", [])

    assert told.text == "It went to card ●●●● ●●●● ●●●● 1111 of ●●●●●●-●●●●●●●. Tracking 4111111111111111."
    assert told.verdict == "acted"
