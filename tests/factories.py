"""One builder per table, valid by default: a test states only the field it is about."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import count

from sqlalchemy import select

from storage.chats.conversations import Conversation
from storage.chats.events import Event, add_event
from storage.db import Sessions, writing
from storage.people.accounts import Account, hash_password, new_account_id
from storage.pictures.images import Image
from storage.shop.customers import ADDRESS_FIELDS, Customer, PaymentKind, PaymentMethod
from storage.shop.orders import Order, OrderLine, OrderStatus, Payment, PaymentType, Shipment
from storage.shop.products import Product, Variant
from storage.shop.shop import Origin, Shop
from storage.shop.tickets import EntryKind, Ticket, TicketCategory, TicketEntry, TicketPriority, TicketStatus
from tests.order_parts import of_status, paid, sent

A_DAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSWORD = "demo-pass"
ADDRESS = dict(zip(ADDRESS_FIELDS, ("12 Maple Street", "Apt 3", "Portland", "OR", "USA", "97201"), strict=True))

# Far from the demo shop's own places and ids, so that a test can add to it.
_numbers = count(10_001)


def credit_card(id: str = "credit_card_1", *, brand: str = "visa", last_four: str = "9212") -> PaymentMethod:
    return PaymentMethod(id=id, kind=PaymentKind.CREDIT_CARD, brand=brand, last_four=last_four, balance=None)


def gift_card(id: str = "gift_card_1", *, balance: int = 10_000) -> PaymentMethod:
    return PaymentMethod(id=id, kind=PaymentKind.GIFT_CARD, brand=None, last_four=None, balance=balance)


async def add_customer(
    sessions: Sessions,
    *,
    id: str | None = None,
    first_name: str = "Olivia",
    last_name: str = "Brown",
    email: str | None = None,
    language: str = "en",
    address: Mapping[str, str] = ADDRESS,
    payment_methods: Sequence[PaymentMethod] | None = None,
) -> Customer:
    """Add a customer, with a credit card unless other payment methods are given."""
    number = next(_numbers)
    methods = [credit_card()] if payment_methods is None else list(payment_methods)
    for position, method in enumerate(methods):
        method.position = position
    customer = Customer(
        id=id or f"customer_{number}",
        position=number,
        first_name=first_name,
        last_name=last_name,
        email=email or f"customer.{number}@example.com",
        language=language,
        payment_methods=methods,
        **address,
    )
    async with writing(sessions) as session:
        session.add(customer)
    return customer


async def add_account(
    sessions: Sessions, *, email: str | None = None, customer_id: str | None = None, password: str = PASSWORD
) -> Account:
    """Add a login: of this customer, or of staff where no customer is named."""
    number = next(_numbers)
    account = Account(
        id=new_account_id(),
        email=email or f"account.{number}@example.com",
        name="Olivia Brown",
        password_hash=_hash(password),
        customer_id=customer_id,
        staff=customer_id is None,
    )
    async with writing(sessions) as session:
        session.add(account)
    return account


@cache
def _hash(password: str) -> str:
    # A hash takes 30 ms on purpose; the tests share one for each password.
    return hash_password(password)


def variant(
    item_id: str | None = None,
    *,
    price: int = 4_500,
    available: bool = True,
    options: Mapping[str, str] | None = None,
) -> Variant:
    return Variant(
        item_id=item_id or f"{next(_numbers):010d}",
        options=dict(options or {"color": "black"}),
        price=price,
        available=available,
    )


async def add_product(
    sessions: Sessions,
    *,
    id: str | None = None,
    name: str = "Desk Lamp",
    names: Mapping[str, str] | None = None,
    description: str = "A lamp for the desk.",
    category: str = "home",
    keywords: str = "lamp light 램프 조명",
    variants: Sequence[Variant] | None = None,
) -> Product:
    """Add a product, with one available variant unless others are given."""
    number = next(_numbers)
    sold = [variant()] if variants is None else list(variants)
    for position, one in enumerate(sold):
        one.position = position
    words = {"name": name, "names": dict(names or {}), "description": description, "category": category}
    product = Product(
        id=id or f"product_{number}", position=number, **words, keywords=keywords, currency="USD", variants=sold
    )
    async with writing(sessions) as session:
        session.add(product)
    return product


def line(
    item_id: str = "1001",
    *,
    product_id: str = "2001",
    name: str = "Desk Lamp",
    price: int = 4_500,
    options: Mapping[str, str] | None = None,
) -> OrderLine:
    return OrderLine(
        item_id=item_id, product_id=product_id, name=name, price=price, options=dict(options or {"color": "black"})
    )


async def add_order(
    sessions: Sessions,
    *,
    id: str | None = None,
    customer_id: str | None = None,
    status: OrderStatus = OrderStatus.PENDING,
    lines: Sequence[OrderLine] | None = None,
    payment_method_id: str | None = None,
    payments: Sequence[tuple[PaymentType, int, str]] | None = None,
    shipments: Sequence[Shipment] | None = None,
    ordered_at: datetime = A_DAY,
) -> Order:
    """Add an order: of a new customer unless one is named, paid in full, and with whatever its status implies."""
    number = next(_numbers)
    customer = await _customer(sessions, customer_id)
    bought = [line()] if lines is None else list(lines)
    for position, one in enumerate(bought, start=1):
        one.line = position
    item_ids = [one.item_id for one in bought]
    method = payment_method_id or customer.payment_methods[0].id
    moved = paid(status, sum(one.price for one in bought), method) if payments is None else payments
    order = Order(
        id=id or f"#W{number:07d}",
        customer_id=customer.id,
        position=number,
        status=status,
        currency="USD",
        ordered_at=ordered_at,
        lines=bought,
        shipments=sent(status, item_ids) if shipments is None else list(shipments),
        payments=[
            Payment(number=position, type=kind, amount=amount, payment_method_id=method_id)
            for position, (kind, amount, method_id) in enumerate(moved, start=1)
        ],
        **of_status(status, item_ids, method),
        **{field: getattr(customer, field) for field in ADDRESS_FIELDS},
    )
    async with writing(sessions) as session:
        session.add(order)
    return order


async def _customer(sessions: Sessions, customer_id: str | None) -> Customer:
    if customer_id is None:
        return await add_customer(sessions)
    async with sessions() as session:
        return (await session.scalars(select(Customer).where(Customer.id == customer_id))).one()


async def add_ticket(
    sessions: Sessions,
    *,
    id: str | None = None,
    customer_id: str | None = None,
    order_id: str | None = None,
    subject: str = "The parcel is late",
    body: str = "It should have been here on Monday.",
    status: TicketStatus = TicketStatus.OPEN,
    category: TicketCategory = TicketCategory.DELIVERY,
    priority: TicketPriority = TicketPriority.NORMAL,
    created_at: datetime = A_DAY,
) -> Ticket:
    """Add a ticket: of a new customer unless one is named, with its history."""
    owner = await _customer(sessions, customer_id)
    history = [TicketEntry(number=1, at=created_at, by=owner.id, kind=EntryKind.OPENED, text=body)]
    if status is TicketStatus.RESOLVED:
        later = created_at + timedelta(hours=5)
        history.append(TicketEntry(number=2, at=later, by="staff", kind=EntryKind.RESOLUTION, text="It arrived."))
    ticket = Ticket(
        id=id or f"T{next(_numbers):08d}",
        customer_id=owner.id,
        order_id=order_id,
        subject=subject,
        status=status,
        category=category,
        priority=priority,
        created_at=created_at,
        history=history,
    )
    async with writing(sessions) as session:
        session.add(ticket)
    return ticket


async def add_conversation(
    sessions: Sessions,
    *,
    id: str | None = None,
    customer_id: str | None = None,
    account_id: str | None = None,
    title: str = "",
) -> Conversation:
    """Add a conversation: of a new customer and account unless either is named."""
    if customer_id is None and account_id is None:
        customer_id = (await add_customer(sessions)).id
    account_id = account_id or (await add_account(sessions, customer_id=customer_id)).id
    conversation = Conversation(
        id=id or f"c_{next(_numbers)}",
        customer_id=customer_id,
        account_id=account_id,
        title=title,
        created_at=A_DAY,
        updated_at=A_DAY,
    )
    async with writing(sessions) as session:
        session.add(conversation)
    return conversation


async def add_message(sessions: Sessions, conversation_id: str, text: str, *, role: str = "customer") -> Event:
    """Add a message to a conversation."""
    async with writing(sessions) as session:
        return await add_event(session, conversation_id, "message", {"role": role, "text": text, "image_ids": []})


async def add_image(
    sessions: Sessions,
    content: bytes,
    *,
    id: str | None = None,
    customer_id: str | None = None,
    content_type: str = "image/png",
    width: int = 640,
    height: int = 480,
) -> Image:
    """Add a picture with these bytes, of a new customer unless one is named."""
    owner = await _customer(sessions, customer_id)
    image = Image(
        id=id or f"i_{next(_numbers)}",
        owner=owner.id,
        customer_id=owner.id,
        sha256=sha256(content).hexdigest(),
        content_type=content_type,
        width=width,
        height=height,
        content=content,
        created_at=A_DAY,
    )
    async with writing(sessions) as session:
        session.add(image)
    return image


async def add_shop(sessions: Sessions, *, origin: Origin = Origin.DEMO, fingerprint: str = "none") -> Shop:
    """Add the row that says where the shop's data came from."""
    shop = Shop(origin=origin, currency="USD", fingerprint=fingerprint, loaded_at=A_DAY)
    async with writing(sessions) as session:
        session.add(shop)
    return shop
