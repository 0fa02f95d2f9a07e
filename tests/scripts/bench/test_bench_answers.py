"""Final answers are judged by what they say and cite."""

import pytest

from scripts.bench.answering.judging import Outcome, Question, Said, judged, read_questions

STATED = Question("en", "stated", "How long does a refund take?", ["5 to 7|five to seven", "days"])
OF_OTHERS = Question("ko", "another shop", "쿠팡 환불 정책 알려줘", [])


@pytest.mark.parametrize(
    ("question", "said", "outcome"),
    [
        (STATED, Said("It takes 5 to 7 business days (Refunds).", cites=True), Outcome.RIGHT),
        (STATED, Said("It takes 15 to 70 days (Refunds).", cites=True), Outcome.MADE_UP),
        (STATED, Said("It takes 5 to 7 business days.", cites=False), Outcome.MADE_UP),
        (STATED, Said("I did not find this in our policies.", cites=False), Outcome.HONEST),
        (OF_OTHERS, Said("환불은 5~7영업일 걸려요 (환불과 처리 기간).", cites=True), Outcome.MADE_UP),
        (OF_OTHERS, Said("저희 쇼핑몰 정책만 안내해 드릴 수 있어요.", cites=False), Outcome.HONEST),
    ],
)
def test_an_answer_is_right_by_what_it_says_and_made_up_where_nothing_says_it(
    question: Question, said: Said, outcome: Outcome
) -> None:
    assert judged(question, said) is outcome


def test_there_are_two_hundred_questions_as_many_in_each_language_and_each_once() -> None:
    questions = read_questions()

    assert len({one.text for one in questions}) == len(questions) == 200
    assert sum(one.language == "ko" for one in questions) == 100
