"""Whoever asks for a person is heard by code, in either language; who only speaks of one is not."""

import pytest

from team.words.person import asks_for_person


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a human",
        "Can I speak to a real person, please?",
        "please connect me with an agent",
        "I’d like to speak with a representative about order #W1042",
        "Agent please!",
        "HUMAN",
        "let me talk to someone",
        "How do I get hold of a real person?",
        "I need a human",
        "Transfer me to a supervisor.",
        "talk to customer service",
        "상담원 연결해 주세요",
        "상담원이랑 통화하고 싶어요",
        "사람하고 직접 얘기하고 싶은데요",
        "상담사님 바꿔 주세요",
        "담당자 연결 부탁드립니다",
        "진짜 사람이랑 대화할 수 있나요?",
        "상담원",
        "직원 좀 불러 주세요",
        "상담원으로 연결 좀 해줘요",
    ],
)
def test_a_wish_for_a_person_is_heard(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to talk to a human",
        "I talked to a human yesterday and nothing happened",
        "Can a person of 1.90 m sleep in this tent?",
        "Do you have a human-sized teddy bear?",
        "What hours can I talk to an agent?",
        "Is the gift for one person?",
        "Cancel it. If you can't, let me talk to a human.",
        "No need to connect me to an agent",
        "I was able to speak with an agent already",
        "Where is my order #W1042?",
        "상담원 말고 여기서 해결하고 싶어요",
        "어제 상담원이랑 통화했는데 아직이에요",
        "상담원 연결하지 마세요",
        "상담원 연결 시간이 어떻게 되나요?",
        "직원이 바꿔 줬는데 또 고장이에요",
        "한 사람이 쓰기 좋은 텐트 있나요?",
        "제 주문 어디 있어요?",
        "",
    ],
)
def test_who_only_speaks_of_a_person_is_answered_as_ever(text: str) -> None:
    assert not asks_for_person(text)
