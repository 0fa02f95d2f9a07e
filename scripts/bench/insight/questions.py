"""Questions with known answers, each with the query that answers it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts.bench.insight.figures import Figures

STATUSES = {
    "pending": "대기 중",
    "processed": "처리된",
    "delivered": "배송 완료",
    "cancelled": "취소된",
    "return requested": "반품 요청",
    "exchange requested": "교환 요청",
}
CATEGORIES = {"delivery": "배송", "damage": "파손", "payment": "결제", "account": "계정"}


@dataclass(frozen=True)
class Question:
    """A question, the query that answers it, and what comes out."""

    text: str
    sql: str
    rows: Sequence[Sequence[object]]


def questions_of(known: Figures) -> list[Question]:
    """Return all questions on a shop that its rows can answer, in both languages."""
    return [*_of_orders(known), *_of_money(known), *_of_tickets(known), *_of_products(known), *_of_months(known)]


def _both(english: str, korean: str, sql: str, *rows: Sequence[object]) -> Iterator[Question]:
    yield Question(english, sql, rows)
    yield Question(korean, sql, rows)


def _of_orders(known: Figures) -> Iterator[Question]:
    for status, korean in STATUSES.items():
        where = f"FROM orders WHERE status = '{status}'"
        yield from _both(
            f"How many orders are {status}?",
            f"{korean} 주문은 몇 건인가요?",
            f"SELECT count(*) AS n {where}",
            [known.count(status)],
        )
        yield from _both(
            f"How many customers have {status} orders?",
            f"{korean} 주문이 있는 고객은 몇 명인가요?",
            f"SELECT count(DISTINCT customer_number) AS n {where}",
            [known.customers(status)],
        )
    for status, korean in (("cancelled", "취소된"), ("delivered", "배송 완료")):
        yield from _both(
            f"How many orders are not {status}?",
            f"{korean} 주문을 제외하면 주문은 몇 건인가요?",
            f"SELECT count(*) AS n FROM orders WHERE status <> '{status}'",
            [known.not_in(status)],
        )
    for items in (2, 3):
        yield from _both(
            f"How many orders have at least {items} items?",
            f"품목이 {items}개 이상인 주문은 몇 건인가요?",
            f"SELECT count(*) AS n FROM orders WHERE items >= {items}",
            [known.at_least(items)],
        )
    yield from _both(
        "How many orders are there for each status?",
        "상태별 주문은 몇 건인가요?",
        "SELECT status, count(*) AS n FROM orders GROUP BY status",
        *known.statuses().items(),
    )


def _of_money(known: Figures) -> Iterator[Question]:
    for status in ("pending", "delivered", "cancelled"):
        korean = STATUSES[status]
        yield from _both(
            f"What is the total value of {status} orders?",
            f"{korean} 주문의 합계 금액은 얼마인가요?",
            f"SELECT sum(total) AS value FROM orders WHERE status = '{status}'",
            [known.total(status)],
        )
        yield from _both(
            f"What is the average value of {status} orders?",
            f"{korean} 주문의 평균 금액은?",
            f"SELECT avg(total) AS value FROM orders WHERE status = '{status}'",
            [known.average(status)],
        )
    for least in (500, 1000):
        yield from _both(
            f"How many orders are worth more than {least}?",
            f"금액이 {least} 초과인 주문은 몇 건인가요?",
            f"SELECT count(*) AS n FROM orders WHERE total > {least}",
            [known.above(least)],
        )
    yield from _both(
        "How much was refunded in total?",
        "환불된 총액은 얼마인가요?",
        "SELECT sum(amount) AS value FROM payments WHERE type = 'refund'",
        [known.paid("refund")],
    )


def _of_tickets(known: Figures) -> Iterator[Question]:
    if not known.tickets:
        return
    for category, korean in CATEGORIES.items():
        yield from _both(
            f"How many {category} tickets are there?",
            f"{korean} 티켓은 몇 건인가요?",
            f"SELECT count(*) AS n FROM tickets WHERE category = '{category}'",
            [known.tickets_of(category=category)],
        )
    yield from _both(
        "How many open tickets are urgent?",
        "긴급 티켓 중 열린 것은 몇 건인가요?",
        "SELECT count(*) AS n FROM tickets WHERE status = 'open' AND priority = 'urgent'",
        [known.tickets_of(status="open", priority="urgent")],
    )
    yield from _both(
        "How many tickets are unresolved?",
        "해결되지 않은 티켓은 몇 건인가요?",
        "SELECT count(*) AS n FROM tickets WHERE status <> 'resolved'",
        [len(known.tickets) - known.tickets_of(status="resolved")],
    )


def _of_products(known: Figures) -> Iterator[Question]:
    yield from _both(
        "What is the highest price of an item?",
        "가장 비싼 품목의 가격은?",
        "SELECT max(price) AS price FROM items",
        [known.dearest()],
    )
    yield from _both(
        "What is the lowest price of an item?",
        "가장 싼 품목의 가격은?",
        "SELECT min(price) AS price FROM items",
        [known.cheapest()],
    )
    # Ten names of this shop's own, by number of variants, so that there is something to count.
    for product in sorted(known.products, key=lambda one: (-len(one.variants), one.name))[:8]:
        name = product.name
        quoted = name.replace("'", "''")
        yield from _both(
            f"How many variants of {name} are in stock?",
            f"{name} 품목 중 재고가 있는 것은 몇 개인가요?",
            f"SELECT count(*) AS n FROM items WHERE product = '{quoted}' AND available = 1",
            [known.variants(name, available=True)],
        )
        yield from _both(
            f"What is the average price of {name}?",
            f"{name} 평균 가격은?",
            f"SELECT avg(price) AS price FROM items WHERE product = '{quoted}'",
            [known.average_price(name)],
        )


def _of_months(known: Figures) -> Iterator[Question]:
    for month in known.months()[:3]:
        year, number = month.split("-")
        yield from _both(
            f"How many orders were placed in {month}?",
            f"{year}년 {int(number)}월 주문은 몇 건인가요?",
            f"SELECT count(*) AS n FROM orders WHERE ordered_month = '{month}'",
            [known.in_month(month)],
        )


def same_rows(came: Sequence[Sequence[object]], known: Sequence[Sequence[object]]) -> bool:
    """Whether these are the rows that are known, in any order, to the cent."""
    return _plain(came) == _plain(known)


def _plain(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    return sorted([f"{cell:.2f}" if isinstance(cell, int | float) else str(cell) for cell in row] for row in rows)
