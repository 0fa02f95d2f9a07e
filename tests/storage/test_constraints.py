"""The database itself refuses rows that cannot be."""

from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import IntegrityError

from storage.db import Base, Sessions, writing
from storage.people.accounts import Account
from storage.shop.customers import Customer, PaymentMethod
from storage.shop.orders import Order, OrderLine, Payment
from storage.shop.products import Variant
from storage.shop.shop import Shop
from tests.factories import A_DAY, add_account, add_customer, add_order, add_product, credit_card, gift_card, variant

CHANGES: list[tuple[type[Base], dict[str, Any], str]] = [
    (Order, {"status": "lost"}, "ck_orders_orderstatus"),
    (Order, {"currency": "DOLLARS"}, "currency_is_iso_4217"),
    (Order, {"cancel_reason": "no longer needed"}, "only_cancelled_has_a_reason"),
    (Order, {"customer_id": "nobody"}, "(?i)foreign key"),
    (OrderLine, {"line": 0}, "lines_count_from_one"),
    (OrderLine, {"price": -1}, "price_not_negative"),
    (Payment, {"amount": -1}, "amount_not_negative"),
    (Payment, {"type": "gift"}, "paymenttype"),
    (Payment, {"payment_method_id": "nobodys"}, "(?i)foreign key"),
    (PaymentMethod, {"balance": -1}, "balance_not_negative"),
    (PaymentMethod, {"balance": None}, "only_gift_cards_have_a_balance"),
    (PaymentMethod, {"last_four": "12345"}, "last_four_has_four"),
    (Variant, {"price": -1}, "price_not_negative"),
    (Variant, {"product_id": "nothing"}, "(?i)foreign key"),
    (Customer, {"email": "Olivia@Example.com"}, "email_is_lower_case"),
    (Account, {"email": "Olivia@Example.com"}, "email_is_lower_case"),
    (Account, {"staff": True}, "a_customer_or_staff"),
]


@pytest.mark.parametrize(("model", "values", "rule"), CHANGES)
async def test_a_row_that_cannot_be_is_refused(
    sessions: Sessions, model: type[Base], values: dict[str, Any], rule: str
) -> None:
    customer = await add_customer(sessions, payment_methods=[gift_card()])
    await add_order(sessions, customer_id=customer.id)
    await add_account(sessions, customer_id=customer.id)
    await add_product(sessions)

    columns = ", ".join(f"{name} = :{name}" for name in values)
    with pytest.raises(IntegrityError, match=rule):
        async with writing(sessions) as session:
            await session.execute(text(f"UPDATE {model.__tablename__} SET {columns}"), values)  # noqa: S608 - our own names


async def test_a_customers_email_is_theirs_alone(sessions: Sessions) -> None:
    await add_customer(sessions, email="olivia@example.com")

    with pytest.raises(IntegrityError, match=r"customers\.email|uq_customers_email"):
        await add_customer(sessions, email="olivia@example.com")


async def test_an_item_id_names_one_item(sessions: Sessions) -> None:
    await add_product(sessions, variants=[variant("1001")])

    with pytest.raises(IntegrityError, match=r"variants\.item_id|pk_variants"):
        await add_product(sessions, variants=[variant("1001")])


async def test_an_order_cannot_be_paid_with_another_customers_card(sessions: Sessions) -> None:
    await add_customer(sessions, payment_methods=[credit_card("credit_card_7")])
    order = await add_order(sessions)
    change = update(Payment).where(Payment.order_id == order.id).values(payment_method_id="credit_card_7")

    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        async with writing(sessions) as session:
            await session.execute(change)


async def test_a_payment_is_of_the_customer_whose_order_it_is(sessions: Sessions) -> None:
    other = await add_customer(sessions)
    order = await add_order(sessions)

    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        async with writing(sessions) as session:
            await session.execute(update(Payment).where(Payment.order_id == order.id).values(customer_id=other.id))


async def test_a_payment_method_that_paid_for_an_order_cannot_be_deleted(sessions: Sessions) -> None:
    await add_order(sessions)

    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        async with writing(sessions) as session:
            await session.execute(delete(PaymentMethod))


async def test_there_is_one_shop(sessions: Sessions) -> None:
    row = {"id": 2, "origin": "demo", "currency": "USD", "fingerprint": "none", "loaded_at": A_DAY}

    with pytest.raises(IntegrityError, match=r"there_is_one"):
        async with writing(sessions) as session:
            await session.execute(insert(Shop), row)


async def test_an_error_of_the_database_shows_no_row(sessions: Sessions) -> None:
    await add_customer(sessions, email="olivia@example.com")

    with pytest.raises(IntegrityError) as refusal:
        await add_customer(sessions, email="olivia@example.com")

    assert "olivia@example.com" not in str(refusal.value)
