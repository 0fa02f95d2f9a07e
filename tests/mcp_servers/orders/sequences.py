"""What may be asked of the order tools, and in which shop: hypothesis draws from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.mcp_servers.orders.shop_model import Arguments, Item, ShopModel

METHODS = ("card", "other_card", "gift", "small_gift", "somebody_elses")
ITEMS = {
    "mug-s": Item("mug", 1_000),
    "mug-m": Item("mug", 1_500),
    "mug-l": Item("mug", 2_500),
    "mug-x": Item("mug", 4_000, available=False),
    "pen-a": Item("pen", 700),
    "pen-b": Item("pen", 700),
}
CITIES = ("Portland", "부산")
TOOLS = (
    "cancel_order",
    "change_order_items",
    "change_order_address",
    "change_order_payment",
    "return_items",
    "exchange_items",
)
APT = {"pending": TOOLS[:4], "pending (items changed)": TOOLS[2:4], "delivered": TOOLS[4:]}


@dataclass(frozen=True)
class Bought:
    """An order to start with: its status, what was bought at which price, and how it was paid."""

    status: str
    lines: Sequence[tuple[str, int]]
    method: str


@dataclass(frozen=True)
class Step:
    """A call to make: how many lines of the order from the `first` on, which variants for them, and what is wrong.

    An `apt` tool is one that the order's status may allow; else it is any.
    """

    tool: int
    apt: bool
    order: int
    first: int
    many: int
    news: Sequence[int]
    method: str
    flaw: str
    yes: bool


sold = st.sampled_from([item for item in ITEMS if item != "mug-x"])
bought = st.builds(
    Bought,
    status=st.sampled_from(["pending", "pending", "pending", "delivered", "delivered", "processed", "cancelled"]),
    # What was paid need not be what it costs today.
    lines=st.lists(st.tuples(sold, st.sampled_from([700, 1_000, 1_500])), min_size=1, max_size=4),
    method=st.sampled_from(METHODS[:3]),
)
steps = st.builds(
    Step,
    tool=st.integers(0, 11),
    apt=st.sampled_from([True, True, True, False]),
    order=st.integers(0, 2),
    first=st.integers(0, 3),
    many=st.integers(1, 3),
    news=st.lists(st.integers(0, 3), min_size=3, max_size=3),
    method=st.sampled_from([*METHODS[:4], *METHODS]),
    flaw=st.sampled_from(["", "", "", "", "", "", "no order", "no item", "no items", "too often", "other product"]),
    yes=st.sampled_from([True, True, True, False]),
)
sequences = st.lists(steps, min_size=4, max_size=12)
shops = st.lists(bought, min_size=2, max_size=3)
balances = st.sampled_from([0, 300, 1_200, 10_000])

TWO_MUGS = Bought("pending", [("mug-s", 700), ("mug-s", 1_500)], "card")
PAID_WITH_A_GIFT = Bought("delivered", [("pen-a", 700)], "gift")
CANCEL = Step(0, apt=True, order=0, first=0, many=1, news=[0, 0, 0], method="gift", flaw="", yes=True)
CHANGE_BOTH = Step(1, apt=True, order=0, first=0, many=2, news=[2, 1, 0], method="gift", flaw="", yes=True)
PAY_OTHERWISE = Step(3, apt=True, order=0, first=0, many=1, news=[0, 0, 0], method="gift", flaw="", yes=True)


def call_of(model: ShopModel, step: Step, name: str) -> tuple[str, Arguments]:
    ids = list(model.orders)
    order_id = "#W-nobodys" if step.flaw == "no order" else ids[step.order % len(ids)]
    status = model.orders[order_id].status if order_id in model.orders else ""
    tools = APT.get(status, TOOLS) if step.apt else TOOLS
    tool = tools[step.tool % len(tools)]
    item_ids = _items(model, step, order_id, f"{name}-nothing")
    news = [_variant(model, item, new, name) for item, new in zip(item_ids, step.news, strict=False)]
    if step.flaw == "other product":
        news[:1] = [f"{name}-pen-a"] if news[:1] != [f"{name}-pen-b"] else [f"{name}-mug-s"]
    address = {"address1": "1 New Road", "city": CITIES[1], "state": "-", "country": "Korea", "zip": "48058"}
    several = {"item_ids": item_ids, "payment_method_id": step.method}
    rest: dict[str, dict[str, Any]] = {
        "cancel_order": {"reason": "ordered by mistake"},
        "change_order_items": several | {"new_item_ids": news},
        "change_order_address": address,
        "change_order_payment": {"payment_method_id": step.method},
        "return_items": several,
        "exchange_items": several | {"new_item_ids": news},
    }
    return tool, {"order_id": order_id} | rest[tool]


def _items(model: ShopModel, step: Step, order_id: str, nothing: str) -> list[str]:
    held = [line.item for line in model.orders[order_id].lines] if order_id in model.orders else [nothing]
    picked = [held[(step.first + more) % len(held)] for more in range(min(step.many, len(held)))]
    flawed = {"no item": [nothing, *picked], "no items": [], "too often": [picked[0]] * 5}
    return flawed.get(step.flaw, picked)


def _variant(model: ShopModel, item: str, new: int, name: str) -> str:
    product = model.items[item].product if item in model.items else f"{name}-mug"
    same = [id for id, other in model.items.items() if other.product == product]
    return same[new % len(same)]
