"""The order rules written a second time, plainly, for tests to hold the shop against: what is allowed, what it does."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

PAYMENT, REFUND = "payment", "refund"

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Item:
    product: str
    price: int
    available: bool = True


@dataclass
class Line:
    item: str
    product: str
    price: int


@dataclass
class ModelOrder:
    status: str
    lines: list[Line]
    payments: list[tuple[str, int, str]]
    city: str
    asked: Arguments = field(default_factory=dict)

    @property
    def worth(self) -> int:
        return 0 if self.status == "cancelled" else sum(line.price for line in self.lines)

    @property
    def held(self) -> dict[str, int]:
        """What each payment method has paid, net of refunds."""
        held: dict[str, int] = defaultdict(int)
        for kind, amount, method in self.payments:
            held[method] += amount if kind == PAYMENT else -amount
        return held


class Refused(Exception):  # noqa: N818 - an outcome of the model, not an error of the test
    """The rules forbid it."""


@dataclass
class ShopModel:
    """One customer's orders. `balances` has every payment method, with None where it is no gift card."""

    items: dict[str, Item]
    balances: dict[str, int | None]
    orders: dict[str, ModelOrder]

    def do(self, tool: str, arguments: Arguments) -> None:
        """Change the model as the tool should change the shop.

        Raises:
            Refused: the rules forbid it; nothing has changed.
        """
        rest = dict(arguments)
        order = self.orders.get(rest.pop("order_id"))
        require(order is not None)
        getattr(self, tool)(order, **rest)

    def cancel_order(self, order: ModelOrder, reason: str) -> None:
        require(order.status == "pending")
        for method, amount in order.held.items():
            if amount > 0:
                self._refund(order, method, amount)
        order.status, order.asked = "cancelled", {"reason": reason}

    def change_order_items(
        self, order: ModelOrder, item_ids: list[str], new_item_ids: list[str], payment_method_id: str
    ) -> None:
        require(order.status == "pending")
        lines = self._swapped(order, item_ids, new_item_ids)
        require(all(line.item != new for line, new in zip(lines, new_item_ids, strict=True)))
        difference = sum(self.items[new].price for new in new_item_ids) - sum(line.price for line in lines)
        self._require_cover(payment_method_id, difference)
        for line, new in zip(lines, new_item_ids, strict=True):
            line.item, line.price = new, self.items[new].price
        if difference > 0:
            self._charge(order, payment_method_id, difference)
        if difference < 0:
            self._refund(order, payment_method_id, -difference)
        order.status = "pending (items changed)"

    def change_order_address(self, order: ModelOrder, city: str, **_: str) -> None:
        require(order.status.startswith("pending"))
        order.city = city

    def change_order_payment(self, order: ModelOrder, payment_method_id: str) -> None:
        require(order.status.startswith("pending"))
        require(len(order.payments) == 1)
        [(_, amount, old)] = order.payments
        require(payment_method_id != old)
        self._require_cover(payment_method_id, amount)
        self._charge(order, payment_method_id, amount)
        self._refund(order, old, amount)

    def return_items(self, order: ModelOrder, item_ids: list[str], payment_method_id: str) -> None:
        require(order.status == "delivered")
        self._lines(order, item_ids)
        require(payment_method_id in self.balances)
        original = order.payments[0][2]
        require(payment_method_id == original or self.balances[payment_method_id] is not None)
        order.status = "return requested"
        order.asked = {"item_ids": item_ids, "payment_method_id": payment_method_id}

    def exchange_items(
        self, order: ModelOrder, item_ids: list[str], new_item_ids: list[str], payment_method_id: str
    ) -> None:
        require(order.status == "delivered")
        lines = self._swapped(order, item_ids, new_item_ids)
        difference = sum(self.items[new].price for new in new_item_ids) - sum(line.price for line in lines)
        self._require_cover(payment_method_id, difference)
        order.status = "exchange requested"
        order.asked = {
            "item_ids": item_ids,
            "new_item_ids": new_item_ids,
            "payment_method_id": payment_method_id,
            "price_difference": difference,
        }

    def _lines(self, order: ModelOrder, item_ids: list[str]) -> list[Line]:
        require(bool(item_ids))
        free, found = list(order.lines), []
        for item_id in item_ids:
            matching = [line for line in free if line.item == item_id]
            require(bool(matching))
            found.append(matching[0])
            free = [line for line in free if line is not matching[0]]
        return found

    def _swapped(self, order: ModelOrder, item_ids: list[str], new_item_ids: list[str]) -> list[Line]:
        lines = self._lines(order, item_ids)
        require(len(lines) == len(new_item_ids))
        for line, new in zip(lines, new_item_ids, strict=True):
            require(new in self.items)
            require(self.items[new].product == line.product)
            require(self.items[new].available)
        return lines

    def _require_cover(self, method: str, amount: int) -> None:
        require(method in self.balances)
        balance = self.balances[method]
        require(balance is None or balance >= amount)

    def _charge(self, order: ModelOrder, method: str, amount: int) -> None:
        order.payments.append((PAYMENT, amount, method))
        self._move(method, -amount)

    def _refund(self, order: ModelOrder, method: str, amount: int) -> None:
        order.payments.append((REFUND, amount, method))
        self._move(method, amount)

    def _move(self, method: str, amount: int) -> None:
        balance = self.balances[method]
        if balance is not None:
            self.balances[method] = balance + amount


def require(allowed: bool) -> None:
    if not allowed:
        raise Refused
