"""A query is held against its question: what one names, the other has to name too."""

from datetime import date

import pytest

from team.services.insights.checking import checked
from team.services.insights.fitting import differences
from team.services.insights.question import asked
from team.services.insights.tables import SQLITE, of_shop

TODAY = date(2026, 3, 15)


def differs(question: str, sql: str, currencies: int = 1) -> list[str]:
    known = of_shop(SQLITE, currencies)
    return [
        f"{one.code} {one.about}".strip() for one in differences(asked(question, TODAY), checked(sql, known), known)
    ]


@pytest.mark.parametrize("question", ["결제 티켓은 몇 건인가요?", "How many payment tickets are there?"])
def test_a_word_of_two_meanings_has_to_be_in_the_query_where_only_one_is_meant(question: str) -> None:
    assert differs(question, "SELECT count(*) FROM tickets") != []
    assert differs(question, "SELECT count(*) FROM tickets WHERE category = 'payment'") == []


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("How many orders were placed last month?", "ordered_month = '2026-02'"),
        ("지난달 주문은 몇 건인가요?", "ordered_on >= '2026-02-01' AND ordered_on < '2026-03-01'"),
        ("How many orders were placed in March 2026?", "ordered_on BETWEEN '2026-03-01' AND '2026-03-31'"),
    ],
)
def test_a_period_is_the_one_that_is_named_from_its_first_day_to_its_last(question: str, where: str) -> None:
    assert differs(question, f"SELECT count(*) FROM orders WHERE {where}") == []
    assert differs(question, f"SELECT count(*) FROM orders WHERE {where.replace('2026', '2025')}") != []
    assert differs(question, "SELECT count(*) FROM orders") != []


def test_amounts_of_several_currencies_are_not_added_up() -> None:
    question, sql = "What is the total value of all orders?", "SELECT sum(total) AS value FROM orders"

    assert differs(question, sql) == []
    assert differs(question, sql, currencies=2) == ["currencies 2"]


def test_an_order_is_not_counted_once_for_each_of_its_lines() -> None:
    sql = "SELECT sum(total) AS value FROM orders JOIN order_lines USING (order_id)"

    assert any(one.startswith("doubled") for one in differs("What is the total value of orders?", sql))
