"""Cancelling an order: the question, the yes, the rows, and the ways to be refused."""

import pytest
from sqlalchemy import select

from storage.db import Sessions
from storage.owners import CustomerOnly
from storage.settings import Settings
from storage.shop.audit import Answer, Audit
from storage.shop.orders import CancelReason, OrderStatus, get_order
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.factories import add_customer, add_order, credit_card

CALL = {"order_id": "W1042", "reason": "ordered by mistake"}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_confirmed_cancellation_cancels_refunds_and_is_audited(
    settings: Settings, sessions: Sessions, mode: str
) -> None:
    await add_customer(sessions, id="olivia", payment_methods=[credit_card("card", brand="visa", last_four="9212")])
    await add_order(sessions, id="#W1042", customer_id="olivia", status=OrderStatus.PENDING)
    customer = Customer(says_yes=True)

    async with client_of(server_for(settings, sessions, caller("olivia")), customer, mode=mode) as client:
        result = await client.call_tool("cancel_order", CALL)

    assert result.structured_content is not None, text_of(result)
    assert result.structured_content["status"] == "done"
    async with sessions() as session:
        order = await get_order(session, "#W1042", CustomerOnly("olivia"))
        [audit] = (await session.scalars(select(Audit))).all()
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, CancelReason.ORDERED_BY_MISTAKE)
    assert [(payment.type, payment.amount) for payment in order.payments] == [
        ("payment", order.total),
        ("refund", order.total),
    ]
    assert (audit.answer, audit.caller, audit.tool, audit.arguments) == (Answer.YES, "olivia", "cancel_order", CALL)
    refund = f"${order.total // 100}.{order.total % 100:02d} will be refunded to your Visa ending in 9212"
    assert customer.asked == [f"Cancel order #W1042 (1 item). {refund} within 5 to 7 business days."]
    assert audit.summary == f"Order #W1042 is cancelled. {refund} within 5 to 7 business days."
    assert result.structured_content["summary"] == audit.summary
    changed = {change["table"]: change for change in audit.changes}
    assert set(changed) == {"orders", "payments"}
    assert changed["orders"]["key"] == ["#W1042"]
    assert changed["orders"]["before"] == {"status": "pending", "cancel_reason": None}
    assert changed["orders"]["after"] == {"status": "cancelled", "cancel_reason": "ordered by mistake"}
    assert (changed["payments"]["key"], changed["payments"]["before"]) == (["#W1042", 2], None)
    assert changed["payments"]["after"]["amount"] == order.total
    assert result.meta is not None
    assert result.meta["shopdesk/audit_id"] == audit.id
