"""A question back is an answer where it is about what was said or about what a shop asks; nonsense is none."""

import pytest

from team.grounding.asking import off_topic, strays


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("바다에 광나나 어떻게 되나요?", "이 주문을 반품하고 싶어요."),
        ("바다에 광무를 찾아도론, 어떻게 되나요?", "주문 상품을 모두 반품하고 싶어요."),
        ("안녕하세요! 산이 어디에 있나요?", "제 택배는 어디쯤 왔나요?"),
        ("What is the capital of France?", "Where is my order?"),
        ("Do you have a dog? What does it eat?", "I would like to return the lamp."),
        ("**Where does the river end?**", "Where is it?"),
    ],
)
def test_a_question_about_nothing_that_was_said_is_no_answer(answer: str, said: str) -> None:
    assert strays(answer, ["Hello!", said])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("어떤 주문인지 알려 주시겠어요?", "반품할래요"),
        ("조명은 거실에 두시나요?", "조명 추천해 주세요"),
        ("Which lamp is it?", "My lamp flickers."),
        ("Does the dog food have to be grain-free?", "Do you have food for dogs?"),
        ("Could you be more specific?", "Hm."),
        ("What is your budget, and do you game?", "I am after a laptop"),
        ("Shall I look it up?", "Hm."),
        ("조회해 드릴까요?", "글쎄요"),
        ("Hello!", "Hello!"),
        ("The capital of France is Paris.", "What is the capital of France?"),
        ("무엇을 도와드릴까요?", "안녕하세요"),
    ],
)
def test_a_question_to_the_point_is_one(answer: str, said: str) -> None:
    assert not strays(answer, [said])


TOLD = "MY ORDER #W1042 IS BROKEN. 주문 상품이 파손됐어요. THE LAMP IS MADE OF OAK."


@pytest.mark.parametrize(
    "answer",
    [
        "The capital of France is Paris.",
        "프랑스의 수도는 파리이고 인구가 많습니다.",
        "Mix the flour with the eggs and stir until smooth.",
    ],
)
def test_a_statement_about_something_else_altogether_is_no_answer(answer: str) -> None:
    assert off_topic(answer, TOLD)


@pytest.mark.parametrize(
    "answer",
    [
        "You're welcome!",
        "Nothing was changed.",
        "It is oak, from a forest nearby.",
        "Your parcel left our warehouse this morning.",
        "All done.",
        "It comes by Wednesday, March 11.",
        "Absolutely, that is possible.",
        "네, 알겠습니다.",
        "떡갈나무로 만든 제품입니다.",
        "안녕하세요!",
    ],
)
def test_a_statement_with_a_word_of_the_shops_or_of_what_was_told_is_one(answer: str) -> None:
    assert not off_topic(answer, TOLD)
