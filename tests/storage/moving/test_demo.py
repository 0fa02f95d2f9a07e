"""The demo shop is the same every time, and everything in it fits together."""

from collections import Counter

from sqlalchemy import func, select

from storage.db import Sessions
from storage.moving.contents import Counts, is_untouched_demo, replacing
from storage.moving.demo import KNOWN_EMAILS, PASSWORD, STAFF_EMAIL, make_demo, seed_demo
from storage.moving.demo_data.purchases import LAST_DAY
from storage.people.accounts import Account, check_password, find_account
from storage.shop.customers import Customer, PaymentKind
from storage.shop.orders import Order, OrderStatus, PaymentType
from storage.shop.products import Product
from storage.shop.shop import Origin, find_shop
from storage.shop.tickets import EntryKind, Ticket, TicketStatus

SENT = set(OrderStatus) - {OrderStatus.PENDING, OrderStatus.ITEMS_CHANGED, OrderStatus.CANCELLED}


def test_the_demo_shop_is_the_same_every_time() -> None:
    assert make_demo("a hash") == make_demo("a hash")


async def test_the_demo_shop_has_the_same_fingerprint_each_time_it_is_written(sessions: Sessions) -> None:
    shops: list[tuple[str, str, str]] = []
    for _ in range(2):
        counts = await seed_demo(sessions)
        async with sessions() as session:
            shop = await find_shop(session)
            assert shop is not None
            shops.append((shop.origin, shop.currency, shop.fingerprint))

    assert shops[0] == shops[1]
    assert shops[0][:2] == (Origin.DEMO, "USD")
    assert counts == Counts(customers=200, products=60, variants=320, orders=600, tickets=48)


async def test_every_order_of_the_demo_is_worth_what_was_paid_for_it(demo_sessions: Sessions) -> None:
    async with demo_sessions() as session:
        orders = (await session.scalars(select(Order))).all()

    assert {order.status for order in orders} == set(OrderStatus)
    for order in orders:
        signs = [1 if payment.type is PaymentType.PAYMENT else -1 for payment in order.payments]
        paid = sum(sign * payment.amount for sign, payment in zip(signs, order.payments, strict=True))
        assert paid == (0 if order.status is OrderStatus.CANCELLED else order.total), order.id
        assert all(payment.amount > 0 for payment in order.payments), order.id


async def test_parcels_hold_what_was_sent_and_have_tracking_ids(demo_sessions: Sessions) -> None:
    async with demo_sessions() as session:
        orders = (await session.scalars(select(Order))).all()

    for order in orders:
        packed = Counter(item_id for parcel in order.shipments for item_id in parcel.item_ids)
        bought = Counter(line.item_id for line in order.lines)
        assert packed == (bought if order.status in SENT else Counter()), order.id
    tracking_ids = [one for order in orders for parcel in order.shipments for one in parcel.tracking_ids]
    assert len(set(tracking_ids)) == len(tracking_ids) > 300


async def test_parcels_left_on_a_business_day_after_the_order_and_most_carriers_name_a_day(
    demo_sessions: Sessions,
) -> None:
    async with demo_sessions() as session:
        orders = (await session.scalars(select(Order))).all()

    parcels = [(order, parcel) for order in orders for parcel in order.shipments]
    for order, parcel in parcels:
        assert order.ordered_at is not None
        assert parcel.shipped_on is not None
        assert order.ordered_at.date() < parcel.shipped_on <= LAST_DAY.date()
        assert parcel.expected_on is None or parcel.shipped_on < parcel.expected_on
        assert parcel.shipped_on.weekday() < 5
    with_day = sum(parcel.expected_on is not None for _, parcel in parcels)
    assert 0.7 < with_day / len(parcels) < 0.9
    by_country = {(order.country, parcel.carrier) for order, parcel in parcels}
    assert {carrier for country, carrier in by_country if country == "USA"} == {"UPS", "FedEx", "USPS"}
    assert {carrier for country, carrier in by_country if country != "USA"} == {"CJ대한통운", "한진택배", "우체국택배"}


async def test_what_was_asked_for_stands_on_the_orders_it_was_asked_for(demo_sessions: Sessions) -> None:
    async with demo_sessions() as session:
        orders = (await session.scalars(select(Order))).all()

    for order in orders:
        assert (order.cancel_reason is not None) == (order.status is OrderStatus.CANCELLED)
        assert (order.return_item_ids is not None) == (order.status is OrderStatus.RETURN_REQUESTED)
        assert (order.exchange_item_ids is not None) == (order.status is OrderStatus.EXCHANGE_REQUESTED)
        assert order.exchange_item_ids is None or order.exchange_item_ids != order.exchange_new_item_ids


async def test_the_known_customers_have_an_order_of_each_kind_a_visitor_tries(demo_sessions: Sessions) -> None:
    async with demo_sessions() as session:
        for email in KNOWN_EMAILS:
            customer = (await session.scalars(select(Customer).where(Customer.email == email))).one()
            orders = (await session.scalars(select(Order).where(Order.customer_id == customer.id))).all()
            account = await find_account(session, email)

            assert {OrderStatus.PENDING, OrderStatus.PROCESSED, OrderStatus.DELIVERED} <= {one.status for one in orders}
            assert {PaymentKind.CREDIT_CARD, PaymentKind.GIFT_CARD} <= {one.kind for one in customer.payment_methods}
            assert check_password(account, PASSWORD).customer_id == customer.id


async def test_the_known_korean_customer_has_a_korean_name_and_address(demo_sessions: Sessions) -> None:
    async with demo_sessions() as session:
        customer = (await session.scalars(select(Customer).where(Customer.email == "mina.kim@example.com"))).one()
        account = await find_account(session, customer.email)

    assert (customer.language, customer.first_name, customer.last_name) == ("ko", "민아", "김")
    assert (customer.address1, customer.city, customer.country) == ("테헤란로 152", "강남구", "대한민국")
    assert account is not None
    assert account.name == "김민아"


async def test_staff_can_log_in_and_passwords_are_hashed_once(demo_sessions: Sessions) -> None:
    async with demo_sessions() as session:
        staff = await find_account(session, STAFF_EMAIL)
        number = await session.scalar(select(func.count()).select_from(Account))
        hashes = await session.scalar(select(func.count(Account.password_hash.distinct())))

    assert check_password(staff, PASSWORD).staff
    assert (number, hashes) == (201, 1)


async def test_products_are_found_in_both_languages_and_some_variants_are_sold_out(demo_sessions: Sessions) -> None:
    async with demo_sessions() as session:
        products = (await session.scalars(select(Product))).all()

    korean = [product for product in products if any("가" <= letter <= "힣" for letter in product.keywords)]
    sold_out = [product for product in products if not all(variant.available for variant in product.variants)]
    assert len(korean) == len(products)
    assert len(sold_out) > 10
    assert all(any(variant.available for variant in product.variants) for product in products)
    for product in products:
        options = [tuple(sorted(variant.options.items())) for variant in product.variants]
        assert len(set(options)) == len(options)


async def test_tickets_have_a_history_in_order_that_ends_as_they_stand(demo_sessions: Sessions) -> None:
    async with demo_sessions() as session:
        tickets = (await session.scalars(select(Ticket))).all()

    assert {ticket.status for ticket in tickets} == set(TicketStatus)
    for ticket in tickets:
        times = [entry.at for entry in ticket.history]
        assert times == sorted(times)
        assert ticket.history[0].kind is EntryKind.OPENED
        resolved = ticket.history[-1].kind is EntryKind.RESOLUTION
        assert resolved == (ticket.status is TicketStatus.RESOLVED)


async def test_staff_who_logged_in_before_the_demo_keep_their_own_password(demo_sessions: Sessions) -> None:
    async with demo_sessions.begin() as session:
        staff = await find_account(session, STAFF_EMAIL)
        assert staff is not None
        staff.password_hash = "their own"

    await seed_demo(demo_sessions)

    async with demo_sessions() as session:
        kept = await find_account(session, STAFF_EMAIL)
        assert kept is not None
        assert kept.password_hash == "their own"
        assert await is_untouched_demo(session)


async def test_the_demos_staff_login_goes_when_the_shops_own_data_comes(demo_sessions: Sessions) -> None:
    async with replacing(demo_sessions, Origin.IMPORTED, "USD", replace=False):
        pass

    async with demo_sessions() as session:
        assert await find_account(session, STAFF_EMAIL) is None
