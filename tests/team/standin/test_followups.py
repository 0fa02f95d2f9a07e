"""What a specialist makes of a message that leaves out what it is about."""

import pytest

from tests.team.standin.talk import desk

LAMP = {"product_id": "P1", "name": "Desk Lamp", "price_from": 2000, "available": True}
FLOOR_LAMP = {"product_id": "P2", "name": "Floor Lamp", "price_from": 9000, "available": True}
BLACK = {"item_id": "111", "options": {"color": "black"}, "price": 2000, "available": True}


@pytest.mark.parametrize(
    ("search", "question"),
    [
        ("do you have lamps?", "what colours does it come in?"),
        ("do you have lamps?", "how much is it?"),
        ("램프 있어요?", "그건 무슨 색이 있어요?"),
        ("램프 있어요?", "얼마예요?"),
    ],
)
def test_a_question_after_a_search_is_about_the_product_found(search: str, question: str) -> None:
    talk = desk(search_products={"products": [LAMP]}, get_product={**LAMP, "variants": [BLACK]})
    talk.says(search)

    told = talk.says(question)

    assert talk.calls[-1] == ("get_product", {"product_id": "P1"})
    assert "black" in told


@pytest.mark.parametrize(
    ("search", "question"),
    [("show me lamps", "how much is the second one?"), ("램프 보여 주세요", "두 번째 건 얼마예요?")],
)
def test_a_product_of_a_list_is_meant_by_its_place(search: str, question: str) -> None:
    talk = desk(search_products={"products": [LAMP, FLOOR_LAMP]}, get_product={**FLOOR_LAMP, "variants": [BLACK]})
    talk.says(search)

    talk.says(question)

    assert talk.calls[-1] == ("get_product", {"product_id": "P2"})
