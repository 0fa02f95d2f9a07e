"""The orders tools' results: the fields of orders and customers, as a model reads them."""

from dataclasses import dataclass
from datetime import date
from typing import Self, TypedDict

from pydantic import BaseModel, ConfigDict, Field

from mcp_servers.orders.arrival import Arrival, By, arrival_of, parcel_arrival
from mcp_servers.orders.rules import allowed_actions
from mcp_servers.runtime.cursor import to_cursor
from mcp_servers.runtime.untrusted import Label, Line
from storage.delivery import DeliveryRules
from storage.shop.customers import Customer, PaymentMethod
from storage.shop.orders import Order, OrderLine, Shipment

LINES_SHOWN = 30
"""Most order lines per result: they take about half of its size limit."""


@dataclass(frozen=True)
class Calendar:
    """What tells when orders come: the shop's delivery rules, and its date today."""

    rules: DeliveryRules
    today: date


class RowView(BaseModel):
    """A view with the same field names as its row."""

    model_config = ConfigDict(from_attributes=True)


class AddressView(RowView):
    """A postal address."""

    address1: Line
    address2: Line
    city: Line
    state: Line
    country: Line
    zip: Line


class LineView(RowView):
    """One line of an order; the price is in minor units."""

    line: int
    item_id: str
    product_id: str
    name: Label
    options: dict[Label, Label]
    price: int

    @classmethod
    def of(cls, row: OrderLine, language: str) -> Self:
        """Return a line with its name in a language."""
        return cls.model_validate(row).model_copy(update={"name": row.name_in(language)})


class Dates(TypedDict, total=False):
    """The last day it should arrive, by the carrier's date or the shop's rules, and whether that day has passed."""

    expected_on: date
    expected_by: By
    overdue: bool | None


def dates(arrival: Arrival | None, calendar: Calendar) -> Dates:
    """Return the fields that tell of an arrival; none where nothing is expected any more, or nobody says when."""
    if arrival is None:
        return {}
    return {
        "expected_on": arrival.on,
        "expected_by": arrival.by,
        "overdue": True if arrival.on < calendar.today else None,
    }


class ShipmentView(BaseModel):
    """A parcel."""

    tracking_ids: list[str]
    item_ids: list[str]
    carrier: Label | None = None
    shipped_on: date | None = None
    expected_on: date | None = None
    expected_by: By | None = None
    overdue: bool | None = None

    @classmethod
    def of(cls, row: Shipment, order: Order, calendar: Calendar) -> Self:
        """Return one parcel of an order."""
        return cls(
            tracking_ids=row.tracking_ids,
            item_ids=row.item_ids,
            carrier=row.carrier,
            shipped_on=row.shipped_on,
            **dates(parcel_arrival(order, row, calendar.rules), calendar),
        )


class PaymentView(RowView):
    """Money that moved, in minor units."""

    type: str
    amount: int
    payment_method_id: str


class ReturnView(BaseModel):
    """What comes back, and where its price goes then."""

    item_ids: list[str]
    payment_method_id: str

    @classmethod
    def find(cls, row: Order) -> Self | None:
        """Return the requested return, if any."""
        if row.return_item_ids is None or row.return_payment_method_id is None:
            return None
        return cls(item_ids=row.return_item_ids, payment_method_id=row.return_payment_method_id)


class ExchangeView(BaseModel):
    """What comes back, what is sent for it (paired by position), and what it costs more, in minor units."""

    item_ids: list[str]
    new_item_ids: list[str]
    payment_method_id: str
    price_difference: int

    @classmethod
    def find(cls, row: Order) -> Self | None:
        """Return the requested exchange, if any."""
        if row.exchange_item_ids is None or row.exchange_payment_method_id is None:
            return None
        return cls(
            item_ids=row.exchange_item_ids,
            new_item_ids=row.exchange_new_item_ids or [],
            payment_method_id=row.exchange_payment_method_id,
            price_difference=row.exchange_price_difference or 0,
        )


class OrderView(BaseModel):
    """One order, whole."""

    model_config = ConfigDict(populate_by_name=True)

    order_id: str
    customer_id: str
    status: str
    ordered_on: date | None = None
    expected_on: date | None = None
    expected_by: By | None = None
    overdue: bool | None = None
    currency: str
    total: int
    lines: list[LineView]
    address: AddressView
    shipments: list[ShipmentView]
    payments: list[PaymentView]
    cancel_reason: str | None = None
    requested_return: ReturnView | None = Field(None, alias="return")
    exchange: ExchangeView | None = None
    allowed_actions: list[str]
    next_cursor: str | None = None

    @classmethod
    def of(cls, row: Order, calendar: Calendar, language: str, skip: int = 0) -> Self:
        """Return an order with what can still be done with it, and a page of its lines after the first `skip`."""
        end = skip + LINES_SHOWN
        return cls(
            order_id=row.id,
            customer_id=row.customer_id,
            status=row.status,
            ordered_on=ordered_on(row, calendar),
            **dates(arrival_of(row, calendar.rules), calendar),
            currency=row.currency,
            total=row.total,
            lines=[LineView.of(line, language) for line in row.lines[skip:end]],
            address=AddressView.model_validate(row),
            shipments=[ShipmentView.of(shipment, row, calendar) for shipment in row.shipments],
            payments=[PaymentView.model_validate(payment) for payment in row.payments],
            cancel_reason=row.cancel_reason,
            requested_return=ReturnView.find(row),
            exchange=ExchangeView.find(row),
            allowed_actions=allowed_actions(row),
            next_cursor=to_cursor(row.id, end) if len(row.lines) > end else None,
        )


class OrderSummary(BaseModel):
    """One order of a list; `items` are the names of what was bought, `shipped_on` is when its last parcel left."""

    order_id: str
    status: str
    ordered_on: date | None = None
    carriers: list[Label] | None = None
    shipped_on: date | None = None
    expected_on: date | None = None
    expected_by: By | None = None
    overdue: bool | None = None
    total: int
    currency: str
    items: list[Label]

    @classmethod
    def of(cls, row: Order, calendar: Calendar, language: str) -> Self:
        """Return an order's entry in a list, in a language."""
        return cls(
            order_id=row.id,
            status=row.status,
            ordered_on=ordered_on(row, calendar),
            carriers=list(dict.fromkeys(one.carrier for one in row.shipments if one.carrier)) or None,
            shipped_on=max((one.shipped_on for one in row.shipments if one.shipped_on), default=None),
            **dates(arrival_of(row, calendar.rules), calendar),
            total=row.total,
            currency=row.currency,
            items=[line.name_in(language) for line in row.lines],
        )


def ordered_on(row: Order, calendar: Calendar) -> date | None:
    """Return the shop's date when an order was placed; None where it is not known."""
    return None if row.ordered_at is None else calendar.rules.day_of(row.ordered_at)


class OrderPage(BaseModel):
    """A page of orders, newest first."""

    orders: list[OrderSummary]
    next_cursor: str | None = None


class PaymentMethodView(BaseModel):
    """How a customer can pay; a balance is in minor units."""

    payment_method_id: str
    kind: str
    brand: Label | None = None
    last_four: str | None = None
    balance: int | None = None

    @classmethod
    def of(cls, row: PaymentMethod) -> Self:
        """Return a payment method; the shop stores only the last four digits of a card number."""
        return cls(
            payment_method_id=row.id, kind=row.kind, brand=row.brand, last_four=row.last_four, balance=row.balance
        )


class CustomerView(BaseModel):
    """A customer's profile."""

    customer_id: str
    first_name: Line
    last_name: Line
    email: Label
    address: AddressView
    payment_methods: list[PaymentMethodView]

    @classmethod
    def of(cls, row: Customer) -> Self:
        """Return a customer from their row."""
        return cls(
            customer_id=row.id,
            first_name=row.first_name,
            last_name=row.last_name,
            email=row.email,
            address=AddressView.model_validate(row),
            payment_methods=[PaymentMethodView.of(method) for method in row.payment_methods],
        )
