"""The shape of a tau-bench retail database; amounts are converted to minor units when read."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from storage.shop.customers import PaymentKind
from storage.shop.orders import CancelReason, OrderStatus, PaymentType

CENT = Decimal("0.01")
# The largest amount whose minor units fit into 32 bits, as PostgreSQL's integer does.
LARGEST = Decimal("21474836.47")

ITEMS_CHANGED = "pending (item modified)"
# tau-bench's own tools write the first two; the others are how its handbook and data spell them.
ITEMS_CHANGED_SPELLINGS = {
    ITEMS_CHANGED,
    "pending (items modified)",
    "pending (item modifed)",
    "pending (items modifed)",
}


def _read_money(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("this is not an amount of money")  # noqa: TRY004 - pydantic reports ValueError with its place
    amount = Decimal(value)
    if abs(amount) > LARGEST:
        raise ValueError(f"amounts go up to {LARGEST}")
    if amount.quantize(CENT) != amount:
        raise ValueError(f"{amount} has more than two decimals")
    return int(amount.quantize(CENT).scaleb(2))


def _read_status(value: object) -> object:
    if isinstance(value, str) and value in ITEMS_CHANGED_SPELLINGS:
        return OrderStatus.ITEMS_CHANGED
    known = [status.value for status in OrderStatus if status is not OrderStatus.ITEMS_CHANGED]
    if value not in known:
        raise ValueError(f"{value!r} is not one of {', '.join([*known, ITEMS_CHANGED])}")
    return OrderStatus(value)


def _without_nul(value: str) -> str:
    # PostgreSQL cannot store this character in text.
    if "\0" in value:
        raise ValueError("the text has a NUL character in it")
    return value


Text = Annotated[str, AfterValidator(_without_nul)]
Id = Annotated[Text, Field(min_length=1)]
Difference = Annotated[int, BeforeValidator(_read_money)]
Money = Annotated[Difference, Field(ge=0)]


class Part(BaseModel):
    """What all parts of the file share: no type conversion, and unknown fields, which we would lose, are rejected."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Variant(Part):
    """One choice of a product's options."""

    item_id: Id
    options: dict[Text, Text]
    available: bool
    price: Money


class Product(Part):
    """A product and its variants by item id."""

    name: Text
    product_id: Id
    variants: dict[Id, Variant]


class Name(Part):
    """A customer's name."""

    first_name: Text
    last_name: Text


class Address(Part):
    """A postal address."""

    address1: Text
    address2: Text
    city: Text
    state: Text
    country: Text
    zip: Text


class PaymentMethod(Part):
    """How customers pay; which fields are present depends on the source."""

    source: Annotated[PaymentKind, Field(strict=False)]
    id: Id
    brand: Text | None = None
    last_four: Annotated[Text, Field(min_length=4, max_length=4)] | None = None
    balance: Money | None = None

    @model_validator(mode="after")
    def _has_what_its_source_needs(self) -> Self:
        is_card, is_gift_card = self.source is PaymentKind.CREDIT_CARD, self.source is PaymentKind.GIFT_CARD
        if (self.balance is not None) != is_gift_card:
            raise ValueError("a gift card has a balance, and nothing else has one")
        if (self.brand is not None) != is_card or (self.last_four is not None) != is_card:
            raise ValueError("a credit card has a brand and last_four, and nothing else has them")
        return self


class User(Part):
    """A customer."""

    user_id: Id
    name: Name
    address: Address
    email: Id
    payment_methods: dict[Id, PaymentMethod]
    orders: list[Id]


class Item(Part):
    """A line of an order."""

    name: Text
    product_id: Id
    item_id: Id
    price: Money
    options: dict[Text, Text]


class Fulfillment(Part):
    """A parcel."""

    tracking_id: list[Text]
    item_ids: list[Id]


class Payment(Part):
    """A payment or a refund."""

    transaction_type: Annotated[PaymentType, Field(strict=False)]
    amount: Money
    payment_method_id: Id


class Order(Part):
    """An order; the optional fields are present once it was cancelled, or a return or exchange was requested."""

    order_id: Id
    user_id: Id
    address: Address
    items: list[Item]
    status: Annotated[OrderStatus, BeforeValidator(_read_status)]
    fulfillments: list[Fulfillment]
    payment_history: list[Payment]
    cancel_reason: Annotated[CancelReason, Field(strict=False)] | None = None
    return_items: list[Id] | None = None
    return_payment_method_id: Id | None = None
    exchange_items: list[Id] | None = None
    exchange_new_items: list[Id] | None = None
    exchange_payment_method_id: Id | None = None
    exchange_price_difference: Difference | None = None


class Database(Part):
    """The whole file."""

    products: dict[Id, Product]
    users: dict[Id, User]
    orders: dict[Id, Order]
