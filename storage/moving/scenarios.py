"""Scenarios of the demo shop: a customer with exactly the orders that a tester needs, recreated on every request.

`demo_data/scenarios.toml` defines them. Each scenario has its own customer, so recreating one does not affect the
others;
whatever was done with it before, including chats and tickets, is deleted with that customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Base, Sessions, now, writing
from storage.moving.demo import PASSWORD, seed_demo
from storage.moving.demo_data.catalogue import CURRENCY
from storage.moving.demo_data.files import read
from storage.moving.demo_data.parcels import make_journey
from storage.moving.demo_data.pictures import draw
from storage.moving.demo_data.purchases import LAST_DAY
from storage.people.accounts import Account, hash_password
from storage.people.logins import make_logins
from storage.pictures.images import Image
from storage.pictures.pictures import read_picture
from storage.settings import CannotStartError
from storage.shop.customers import Customer, PaymentKind, PaymentMethod
from storage.shop.orders import CancelReason, Order, OrderLine, OrderStatus, Payment, PaymentType, Shipment
from storage.shop.products import Product, Variant
from storage.shop.shop import Origin, find_shop

FILE = "scenarios.toml"
FIRST_POSITION = 9_000_000
ADDRESS = {"address1": "12 Harbor Street", "address2": "", "city": "Portland", "state": "OR", "country": "USA"}
SHIPPED = frozenset({OrderStatus.PROCESSED, OrderStatus.DELIVERED})

Row = dict[str, Any]


class NoSuchScenarioError(CannotStartError):
    """There is no scenario of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no scenario {name}. Scenarios: {', '.join(read(FILE))}.")


class NoDemoError(CannotStartError):
    """The shop's data is real."""

    def __init__(self) -> None:
        super().__init__(
            "This shop's data was imported, and scenarios are made up. Run it in a shop of its own, with "
            "SHOPDESK_HOME=… and DATABASE_URL unset."
        )


@dataclass(frozen=True)
class Scenario:
    """What was created, and how to try it."""

    about: str
    customer_id: str
    order_ids: Sequence[str]
    email: str
    zip: str
    logs_in: bool
    say: Sequence[str]
    then: str
    image_id: str | None = None
    photo: bytes = b""


async def make_scenario(sessions: Sessions, name: str) -> Scenario:
    """Create a scenario in the demo shop; if there is no shop yet, create the demo shop first.

    Raises:
        NoSuchScenarioError: there is no scenario of this name.
        NoDemoError: the shop is not the demo.
    """
    told = read(FILE)
    if name not in told:
        raise NoSuchScenarioError(name)
    async with sessions() as session:
        shop = await find_shop(session)
    if shop is None:
        await seed_demo(sessions)
    elif shop.origin is not Origin.DEMO:
        raise NoDemoError
    async with writing(sessions) as session:
        return await _made(session, name, told[name])


async def _made(session: AsyncSession, name: str, told: Row) -> Scenario:
    customer = _customer(name, told)
    await session.execute(delete(Order).where(Order.customer_id == customer["id"]))
    await session.execute(delete(Customer).where(Customer.id == customer["id"]))
    await session.execute(insert(Customer), [customer])
    methods = _methods(customer["id"], told)
    await session.execute(insert(PaymentMethod), methods)
    [account] = make_logins([customer], hash_password(PASSWORD))
    await session.execute(insert(Account), [account])
    products = await _products(session, told)
    for place, order in enumerate(told["orders"]):
        for model, rows in _order(customer, methods, products, told["number"], place, order).items():
            if rows:
                await session.execute(insert(model), rows)
    image = await _photo(session, customer["id"], account["id"], products[0]) if told.get("photo") else None
    words = {
        "order": _order_id(told["number"], 0),
        "item": products[0].name,
        "wanted": ", ".join(next((one.options for one in products[0].variants if not one.available), {}).values()),
        "email": customer["email"],
        "zip": customer["zip"],
    }
    return Scenario(
        told["about"],
        customer["id"],
        [_order_id(told["number"], place) for place in range(len(told["orders"]))],
        customer["email"],
        customer["zip"],
        told.get("logs_in", True),
        [sentence.format(**words) for sentence in told["say"].values()],
        told.get("then", "").format(**words),
        None if image is None else image["id"],
        b"" if image is None else image["content"],
    )


def _customer(name: str, told: Row) -> Row:
    first, last = told["name"]
    number = told["number"]
    return {
        "id": f"scenario_{name.replace('-', '_')}",
        "position": FIRST_POSITION + number,
        "first_name": first,
        "last_name": last,
        "email": f"{name}@scenario.example",
        "language": "en",
        "zip": f"972{number:02d}",
        **ADDRESS,
    }


def _methods(customer_id: str, told: Row) -> list[Row]:
    key = {"customer_id": customer_id, "brand": None, "last_four": None, "balance": None}
    number = 9_000_000 + told["number"]
    card = {"id": f"credit_card_{number}", "kind": PaymentKind.CREDIT_CARD, "brand": "visa", "last_four": "4242"}
    gift = {"id": f"gift_card_{number}", "kind": PaymentKind.GIFT_CARD, "balance": told.get("gift_card", 0)}
    found = [card, *([gift] if "gift_card" in told else [])]
    return [key | method | {"position": position} for position, method in enumerate(found)]


async def _products(session: AsyncSession, told: Row) -> Sequence[Product]:
    """Return the products to buy: the shop's first ones, or the first with an unavailable variant."""
    query = select(Product).order_by(Product.position)
    if told["orders"][0].get("out_of_stock"):
        query = query.where(Product.variants.any(Variant.available.is_(False)))
    return (await session.scalars(query.limit(2))).all()


def _order_id(number: int, place: int) -> str:
    return f"#W{9_000_000 + 10 * number + place}"


def _order(
    customer: Row, methods: list[Row], products: Sequence[Product], number: int, place: int, told: Row
) -> dict[type[Base], list[Row]]:
    """Return the rows of one order: paid in full, shipped if its status says so, and ordered some days ago."""
    key, status = {"order_id": _order_id(number, place)}, OrderStatus(told["status"])
    bought = [next(one for one in product.variants if one.available) for product in products[: told["items"]]]
    names = {product.id: product.name for product in products}
    method = next(one["id"] for one in methods if one["kind"] == told.get("pay", PaymentKind.CREDIT_CARD))
    is_cancelled = status is OrderStatus.CANCELLED
    order = {
        **{name: customer[name] for name in (*ADDRESS, "zip")},
        "id": key["order_id"],
        "customer_id": customer["id"],
        "position": FIRST_POSITION + 10 * number + 9 - place,
        "status": status,
        "currency": CURRENCY,
        "ordered_at": LAST_DAY - timedelta(days=told["days"]),
        "cancel_reason": CancelReason.NO_LONGER_NEEDED if is_cancelled else None,
    }
    lines = [
        {"line": line, "item_id": one.item_id, "product_id": one.product_id, "options": one.options, "price": one.price}
        | {"name": names[one.product_id]}
        for line, one in enumerate(bought, start=1)
    ]
    parcel = {"number": 1, "tracking_ids": [f"9{number:03d}{place:08d}"], "item_ids": [one.item_id for one in bought]}
    parcel |= make_journey(key["order_id"], 1, customer["language"], order["ordered_at"])
    moved = [PaymentType.PAYMENT, *([PaymentType.REFUND] if is_cancelled else [])]
    paid = {"amount": sum(one.price for one in bought), "payment_method_id": method, "customer_id": customer["id"]}
    return {
        Order: [order],
        OrderLine: [key | line for line in lines],
        Shipment: [key | parcel] if status in SHIPPED else [],
        Payment: [key | paid | {"number": at, "type": kind} for at, kind in enumerate(moved, start=1)],
    }


async def _photo(session: AsyncSession, customer_id: str, account_id: str, product: Product) -> Row:
    """Store a photo of the product with a crack across it, and return its row."""
    picture = await read_picture(cracked(draw(product.id)))
    image_id = f"img_{sha256(customer_id.encode()).hexdigest()[:12]}"
    row = vars(picture) | {"id": image_id, "owner": account_id, "customer_id": customer_id, "created_at": now()}
    await session.execute(insert(Image), [row])
    return row


def cracked(picture: bytes) -> bytes:
    """Return the picture with a crack drawn across it, as a PNG."""
    # Pillow is loaded here because the shop starts without it.
    from io import BytesIO

    from PIL import Image as Pixels
    from PIL import ImageDraw

    opened = Pixels.open(BytesIO(picture)).convert("RGB").resize((768, 768))
    crack = [(96, 40), (330, 250), (280, 380), (520, 470), (470, 600), (700, 730)]
    pencil = ImageDraw.Draw(opened)
    pencil.line(crack, fill="black", width=14)
    pencil.line([(330, 250), (560, 180)], fill="black", width=9)
    encoded = BytesIO()
    opened.save(encoded, "PNG")
    return encoded.getvalue()
