"""What each card has to show of its tool's result, as a customer reads it: nothing more, nothing less."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.cards.building import WORDS

Facts = dict[str, Any]
STATUS = {
    "pending": "order_pending",
    "pending (items changed)": "order_items_changed",
    "processed": "order_processed",
    "delivered": "order_delivered",
    "cancelled": "order_cancelled",
    "return requested": "order_return_requested",
    "exchange requested": "order_exchange_requested",
}


@dataclass(frozen=True)
class Reader:
    """A person who reads a language."""

    language: str

    def say(self, message: str, **facts: str | int) -> str:
        """Return a card's own words."""
        return WORDS.say(message, self.language, **facts)

    def money(self, cents: int) -> str:
        """Return an amount of dollars, as this language writes it."""
        return f"{'US' if self.language == 'ko' else ''}${cents / 100:,.2f}"

    def day(self, at: str) -> str:
        """Return a date as this language writes it."""
        day = date.fromisoformat(at)
        return f"{day.year}. {day.month}. {day.day}." if self.language == "ko" else f"{day:%b} {day.day}, {day.year}"


def plain(text: str) -> str:
    """Return a text of others without the marks that are for models."""
    return " ".join(text.translate(str.maketrans("", "", "⟦⟧")).split())


def _options(options: dict[str, str]) -> str:
    return " · ".join(f"{name}: {value}" for name, value in options.items())


def order(facts: Facts, reads: Reader) -> list[str]:
    status, address = reads.say(STATUS[facts["status"]]), facts["address"]
    first = facts["status"] in {"pending", "pending (items changed)"}
    shown = [reads.say("order_title", order=facts["order_id"]), status, reads.money(facts["total"])]
    shown.append(reads.say("order_placed") if first else status)
    for line in facts["lines"]:
        shown += [line["name"], _options(line["options"]), reads.money(line["price"])]
    shown += [reads.say("order_ordered_on"), reads.day(facts["ordered_on"])] if "ordered_on" in facts else []
    shipped = sorted({shipment["shipped_on"] for shipment in facts["shipments"] if "shipped_on" in shipment})
    shown += [reads.say("order_shipped_on"), " · ".join(map(reads.day, shipped))] if shipped else []
    if "expected_on" in facts:
        by = "expected_on" if facts["expected_by"] == "carrier" else "estimated_on"
        shown += [
            reads.say("order_overdue" if facts.get("overdue") else f"order_{by}"),
            reads.day(facts["expected_on"]),
        ]
    parcels = [
        " ".join(filter(None, [shipment.get("carrier"), ", ".join(shipment["tracking_ids"])]))
        for shipment in facts["shipments"]
    ]
    shown += [reads.say("order_tracking"), " · ".join(parcels)] if parcels else []
    where = [plain(address[name]) for name in ("address1", "address2", "city", "state", "zip", "country")]
    shown += [reads.say("order_address"), ", ".join(filter(None, where))]
    back = sum(payment["amount"] for payment in facts["payments"] if payment["type"] == "refund")
    shown += [reads.say("order_refunded"), reads.money(back)] if back else []
    if reason := facts.get("cancel_reason"):
        shown += [reads.say("order_cancel_reason"), reads.say(CANCELLED[reason])]
    names = {line["item_id"]: plain(line["name"]) for line in facts["lines"]}
    for asked in filter(None, (facts.get("return"), facts.get("exchange"))):
        shown += [reads.say("order_comes_back"), ", ".join(names[one] for one in asked["item_ids"])]
        difference = asked.get("price_difference")
        shown += [reads.say("order_difference"), reads.money(difference)] if difference else []
    return [*shown, *(reads.say(f"do_{action}") for action in facts["allowed_actions"])]


CANCELLED = {"no longer needed": "cancelled_not_needed", "ordered by mistake": "cancelled_by_mistake"}


def orders(facts: Facts, reads: Reader) -> list[str]:
    shown = [reads.say("orders_title", count=len(facts["orders"]))]
    for one in facts["orders"]:
        status = reads.say(STATUS[one["status"]])
        on = [reads.day(one["ordered_on"])] if "ordered_on" in one else []
        shown += [one["order_id"], " · ".join([*on, ", ".join(one["items"])]), status, reads.money(one["total"])]
    return shown


def products(facts: Facts, reads: Reader) -> list[str]:
    shown = [reads.say("products_title", count=len(facts["products"])), *filter(None, [facts.get("read_as")])]
    for one in facts["products"]:
        shown.append(one["name"])
        if "price_from" in one:
            shown.append(reads.say("price_from", price=reads.money(one["price_from"])))
            shown.append(reads.say("in_stock" if one["available"] else "sold_out"))
        shown += filter(None, [one.get("reason")])
    return shown


def product(facts: Facts, reads: Reader) -> list[str]:
    variants = facts["variants"]
    some = any(variant["available"] for variant in variants)
    prices = [variant["price"] for variant in variants if variant["available"] or not some]
    least, most = reads.money(min(prices)), reads.money(max(prices))
    stock = reads.say("in_stock" if some else "sold_out")
    shown = [facts["name"], least if least == most else f"{least} – {most}", stock, plain(facts["description"])]
    names = list(dict.fromkeys(name for variant in variants for name in variant["options"]))
    shown += [*names, reads.say("price"), reads.say("stock")]
    for variant in variants:
        shown += [variant["options"].get(name, "–") for name in names]
        shown += [reads.money(variant["price"]), reads.say("in_stock" if variant["available"] else "sold_out")]
    return shown


def tickets(facts: Facts, reads: Reader) -> list[str]:
    shown = [reads.say("tickets_title", count=len(facts["tickets"]))]
    for one in facts["tickets"]:
        status = reads.say(f"ticket_{one['status'].replace(' ', '_')}")
        shown += [f"{one['ticket_id']} {plain(one['subject'])}", status]
    return shown


def ticket(facts: Facts, reads: Reader) -> list[str]:
    status = reads.say(f"ticket_{facts['status'].replace(' ', '_')}")
    shown = [f"{facts['ticket_id']} {plain(facts['subject'])}", status]
    for entry in facts["history"][-4:]:
        shown += [reads.say("you" if entry["by"] == facts["customer_id"] else "shop_desk"), plain(entry["text"])]
    return shown


def passages(facts: Facts, reads: Reader) -> list[str]:
    shown = [reads.say("policies_title")] + ([] if facts["answered"] else [reads.say("policy_unanswered")])
    shown += [reads.say("policy_other_shop")] if facts["about_another_shop"] else []
    for one in facts["passages"]:
        shown.append(one["title"] if one["section"] == one["title"] else f"{one['title']} · {one['section']}")
        shown += [reads.say("policy_since", date=reads.day(one["effective_date"]))] if "effective_date" in one else []
    return shown


def policy(facts: Facts, reads: Reader) -> list[str]:
    since = [reads.say("policy_since", date=reads.day(facts["effective_date"]))] if "effective_date" in facts else []
    return [facts["title"], *since]


def damage(facts: Facts, reads: Reader) -> list[str]:
    about = reads.say("damage_item", order="#W1000538", item="i1")
    shown = [reads.say("damage_title"), reads.say(f"verdict_{facts['verdict']}"), about]
    shown += [reads.say("damage_sure"), f"{facts['confidence']:.0%}", reads.say("damage_seen")]
    return [*shown, plain(facts["evidence"]), reads.say("damage_money")]


def asking(facts: Facts, reads: Reader) -> list[str]:
    opens = reads.say("asking_open")
    return [reads.say("asking_title"), plain(facts["summary"]), opens, reads.say("asking_where")]


SHOWN: dict[str, tuple[str, Callable[[Facts, Reader], list[str]]]] = {
    "get_order": ("h3, .badge, .sum, .now, .name, .line .options, .line .price, dt, dd, .actions button", order),
    "list_orders": ("h3, .item strong, .item .options, .item .badge, .item .price", orders),
    "search_products": ("h3, article > p, .tile .name, .tile .price, .tile .badge, .tile .reason", products),
    "recommend_products": ("h3, article > p, .tile .name, .tile .price, .tile .badge, .tile .reason", products),
    "identify_product": ("h3, article > p, .tile .name, .tile .price, .tile .badge, .tile .reason", products),
    "get_product": ("h3, .sum, header .badge, article > p, th, td", product),
    "list_tickets": ("h3, .item .grow, .item .badge", tickets),
    "get_ticket": ("header .grow, header .badge, .entry > .muted > span, .entry > [dir]", ticket),
    "search_policies": ("h3, article > p, summary, details > .muted", passages),
    "get_policy": ("h3, article > p", policy),
    "inspect_damage": ("h3, .badge, article > p, dt, dd", damage),
    "cancel_order": ("h3, article > p, .actions button", asking),
}
"""By tool: where its card shows facts, and which they have to be, in the order in which they stand there."""
