"""Reading a customer's plain yes or no."""

import time

import pytest

from team.turn.confirmations import read_answer

YES = (
    "yes",
    "Yes.",
    "YES!",
    "yes please",
    "Yes, please!",
    "ok",
    "OK, go ahead",
    "sure, thank you",
    "yes, cancel it",
    "Y",
    "yes 👍",
    "sure thing",
)
YES_KO = (
    "네",
    "네.",
    "예",
    "응",
    "그래요",
    "좋아요",
    "네, 부탁드려요",
    "네, 취소해 주세요",
    "네 진행해 주세요",
    "네네",
    "네, 감사합니다",
    "응ㅋㅋ",
    "네^^",
    "네에",
    "ㅇㅋ",
)
NO = (
    "no",
    "No.",
    "no thanks",
    "No, thank you",
    "don't",
    "nope",
    "never mind",
    "stop",
    "n",
    "no, keep it",
    "don't cancel",
)
NO_KO = (
    "아니요",
    "아니",
    "아뇨, 됐어요",
    "됐어요",
    "취소하지 마세요",
    "하지 마세요",
    "안 할래요",
    "ㄴㄴ",
    "안돼요",
    "아니요ㅎㅎ",
)
OTHER = ("yes, but the other address", "yes no", "no yes", "yes?", "ok but when", "yesterday", "cancel it", "please")
MORE = ("", "!", "1", "yes, return it", "I said yes to nothing", "Yes. And cancel #W1 too", "not yes", "уes", "<yes>")
OTHER_KO = (
    "네?",
    "네, 근데 다른 주소로요",
    "네 아니요",
    "예약",
    "취소해 주세요",
    "부탁드려요",
    "네, 그리고 환불은요",
    "아니 네",
    "ㅋㅋ",
    "👍👎",
    "괜찮아요",
)


@pytest.mark.parametrize("text", [*YES, *YES_KO])
def test_a_plain_yes_is_a_yes(text: str) -> None:
    assert read_answer(text, "cancel_order") is True


@pytest.mark.parametrize("text", [*NO, *NO_KO])
def test_a_plain_no_is_a_no(text: str) -> None:
    assert read_answer(text, "cancel_order") is False


@pytest.mark.parametrize("text", [*OTHER, *MORE, *OTHER_KO])
def test_anything_else_leaves_the_question_open(text: str) -> None:
    assert read_answer(text, "cancel_order") is None


def test_the_verb_of_another_question_is_not_part_of_a_yes() -> None:
    assert read_answer("yes, cancel it", "return_items") is None
    assert read_answer("네, 취소해 주세요", "return_items") is None


@pytest.mark.parametrize(
    "text", ["네" * 60 + " 알겠어요", "yes " * 40 + "but", "ㅋ" * 4_000, "네 " * 2_000, "아니" * 2_000]
)
def test_a_row_of_yeses_is_read_at_once(text: str) -> None:
    read_answer("yes", "cancel_order")
    started = time.thread_time()

    assert read_answer(text, "cancel_order") is None
    assert time.thread_time() - started < 0.1


def test_a_message_longer_than_any_answer_is_no_plain_yes() -> None:
    assert read_answer("yes " * 50, "cancel_order") is True
    assert read_answer("yes " * 50 + "yes", "cancel_order") is None
