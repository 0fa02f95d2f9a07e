"""The orders tools' results: the fields of orders and customers, as a model reads them."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from mcp_servers.orders.rules import allowed_actions
from mcp_servers.runtime.cursor import to_cursor
from mcp_servers.runtime.untrusted import Label, Line
from storage.shop.customers import Customer, PaymentMethod
from storage.shop.orders import Order

LINES_SHOWN = 30
"""Most order lines per result: they take about half of its size limit."""


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


class ShipmentView(RowView):
    """A parcel."""

    tracking_ids: list[str]
    item_ids: list[str]


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
    def of(cls, row: Order, skip: int = 0) -> Self:
        """Return an order with what can still be done with it, and a page of its lines after the first `skip`."""
        end = skip + LINES_SHOWN
        return cls(
            order_id=row.id,
            customer_id=row.customer_id,
            status=row.status,
            currency=row.currency,
            total=row.total,
            lines=[LineView.model_validate(line) for line in row.lines[skip:end]],
            address=AddressView.model_validate(row),
            shipments=[ShipmentView.model_validate(shipment) for shipment in row.shipments],
            payments=[PaymentView.model_validate(payment) for payment in row.payments],
            cancel_reason=row.cancel_reason,
            requested_return=ReturnView.find(row),
            exchange=ExchangeView.find(row),
            allowed_actions=allowed_actions(row),
            next_cursor=to_cursor(row.id, end) if len(row.lines) > end else None,
        )


class OrderSummary(BaseModel):
    """One order of a list; `items` are the names of what was bought."""

    order_id: str
    status: str
    total: int
    currency: str
    items: list[Label]

    @classmethod
    def of(cls, row: Order) -> Self:
        """Return an order's entry in a list."""
        names = [line.name for line in row.lines]
        return cls(order_id=row.id, status=row.status, total=row.total, currency=row.currency, items=names)


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
