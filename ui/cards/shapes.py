"""The shapes of cards. A field that a shape does not name, such as the id of a payment method, is not on the card."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# The marks around text of others are for models.
MARKS = str.maketrans("", "", "⟦⟧")
Text = Annotated[str, AfterValidator(lambda text: text.translate(MARKS))]
Options = dict[Text, Text]
Amount = int
"""In minor units of the card's currency."""


class Shape(BaseModel):
    """A part of a card: it takes its fields from a result and leaves the others."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class Line(Shape):
    """What was bought."""

    item_id: str
    product_id: str
    name: Text
    options: Options
    price: Amount


class Address(Shape):
    """Where an order goes."""

    address1: Text
    address2: Text
    city: Text
    state: Text
    country: Text
    zip: Text


class Shipment(Shape):
    """A parcel: its tracking numbers, who carries it, and since when."""

    tracking_ids: list[str]
    carrier: Text | None = None
    shipped_on: date | None = None


class Movement(Shape):
    """Money that moved; from or to which method is not on the card."""

    type: Literal["payment", "refund"]
    amount: Amount


class Returned(Shape):
    """What comes back."""

    item_ids: list[str]


class Exchanged(Returned):
    """What comes back, what is sent for it, and what it costs more."""

    new_item_ids: list[str]
    price_difference: Amount


class OrderCard(Shape):
    """One order: where it stands, what is in it, and what can be done with it now."""

    kind: Literal["order"] = "order"
    order_id: str
    status: str
    ordered_on: date | None = None
    expected_on: date | None = None
    expected_by: Literal["carrier", "shop rules"] | None = None
    overdue: bool | None = None
    currency: str
    total: Amount
    lines: list[Line]
    address: Address
    shipments: list[Shipment]
    payments: list[Movement]
    cancel_reason: str | None = None
    returned: Returned | None = Field(None, validation_alias="return")
    exchange: Exchanged | None = None
    allowed_actions: list[str]


class OrderFacts(Shape):
    """What of an order a change may touch."""

    order_id: str
    status: str
    currency: str
    lines: list[Line]
    address: Address


class OrderInList(Shape):
    """One order of several."""

    order_id: str
    status: str
    ordered_on: date | None = None
    total: Amount
    currency: str
    items: list[Text]


class OrdersCard(Shape):
    """Several orders, newest first."""

    kind: Literal["orders"] = "orders"
    orders: list[OrderInList]


class Variant(Shape):
    """One item of a product."""

    item_id: str
    options: Options
    price: Amount
    available: bool


class ProductCard(Shape):
    """One product with all that can be chosen."""

    kind: Literal["product"] = "product"
    product_id: str
    name: Text
    description: Text = ""
    currency: str
    variants: list[Variant]


class ProductInList(Shape):
    """One product of several; a photo's closest products have no price."""

    product_id: str
    name: Text
    price_from: Amount | None = None
    currency: str | None = None
    available: bool | None = None
    reason: Text = ""


class ProductsCard(Shape):
    """Several products, best first."""

    kind: Literal["products"] = "products"
    products: list[ProductInList]
    read_as: Text | None = None


class TicketInList(Shape):
    """One ticket of several."""

    ticket_id: str
    subject: Text
    status: str
    priority: str
    category: str
    order_id: str | None = None


class TicketsCard(Shape):
    """Several tickets, newest first."""

    kind: Literal["tickets"] = "tickets"
    tickets: list[TicketInList]


class Entry(Shape):
    """One thing that happened to a ticket; who did it only tells whether it was the customer."""

    at: datetime
    kind: str
    text: Text
    by_customer: bool


class TicketCard(TicketInList):
    """One ticket and what happened to it."""

    kind: Literal["ticket"] = "ticket"
    history: list[Entry]


class PolicyCard(Shape):
    """One policy of the handbook, whole."""

    kind: Literal["policy"] = "policy"
    policy_id: str
    title: Text
    effective_date: date | None = None
    text: Text


class DamageCard(Shape):
    """What a look at an item's photo found."""

    kind: Literal["damage"] = "damage"
    verdict: Literal["damaged", "not_damaged", "unclear"]
    confidence: float
    evidence: Text


class Difference(Shape):
    """One fact before and after a change, in words or as an amount."""

    what: Literal["status", "address", "item", "price", "payment", "refund", "gift_card"]
    was: Text | Amount | None = None
    now: Text | Amount | None = None


class DoneCard(Shape):
    """A change that was made: its sentence, and what is different now."""

    kind: Literal["done"] = "done"
    summary: Text
    id: str | None = None
    order_id: str | None = None
    differences: list[Difference]


class Proposal(Shape):
    """What a question would change, besides its sentence: the page puts it beside the order as it is."""

    action: str
    order_id: str | None = None
    item_ids: list[str] = []
    new_item_ids: list[str] = []
    address: Address | None = None
