"""Puts a tool's result into words for the customer."""

import re
from collections.abc import Callable

from team.standin.speaking.replies import known, money, refusal, say
from team.standin.understanding.conversation import Conversation, Done
from team.standin.understanding.language import Language
from team.standin.wire import Json

LONGEST_PASSAGE = 420
MOST_ROWS = 5
CURRENCY = "USD"
TICKET_WRITES = {
    "create_ticket": "ticket.created",
    "add_ticket_comment": "ticket.commented",
    "resolve_ticket": "ticket.resolved",
    "hand_to_human": "ticket.human",
}
UNDELIVERED = ("pending", "pending (items changed)", "processed")


def tell(done: Done, conversation: Conversation, intent: str = "") -> str:
    """Report one tool call: what it found, what it changed, or why it did not."""
    language = conversation.language
    if done.outcome in ("waiting", "declined"):
        return say(language, f"write.{done.outcome}")
    if done.data is None:
        return refusal(language, done.sentence) if done.name in TELLERS or _is_error(done) else done.sentence
    if "summary" in done.data and "status" in done.data:
        return _written(done.name, done.data, language)
    briefly = intent == "where_is_my_order" and done.name == "get_order"
    return (_where if briefly else TELLERS.get(done.name, _facts))(done.data, language)


def _is_error(done: Done) -> bool:
    return done.sentence != done.text.strip()


def _written(tool: str, data: Json, language: Language) -> str:
    if data["status"] == "needs_confirmation":
        return say(language, "write.ask", summary=data["summary"])
    if tool in TICKET_WRITES and data.get("id"):
        return say(language, TICKET_WRITES[tool], ticket_id=data["id"])
    return say(language, "write.done", summary=data["summary"])


def status(value: str, language: Language) -> str:
    """Return a status in the customer's words."""
    return say(language, f"status.{value}") if known("status", value) else value


def order_row(order: Json, language: Language) -> str:
    """Return one line of a list of orders."""
    total = money(order["total"], order.get("currency", CURRENCY), language)
    return say(language, "order.row", order_id=order["order_id"], status=status(order["status"], language), total=total)


def item_row(line: Json) -> str:
    """Return one line of an order's items."""
    options = ", ".join(str(value) for value in (line.get("options") or {}).values())
    return f"- {line['name']} ({options})" if options else f"- {line['name']}"


def _orders(data: Json, language: Language) -> str:
    if not data["orders"]:
        return say(language, "order.none")
    rows = "\n".join(order_row(order, language) for order in data["orders"])
    text = say(language, "order.list", orders=rows)
    return f"{text}\n{say(language, 'order.more')}" if data.get("next_cursor") else text


def _state(order: Json, language: Language) -> list[str]:
    parts = [say(language, "order.where", order_id=order["order_id"], status=status(order["status"], language))]
    tracking = [number for shipment in order["shipments"] for number in shipment["tracking_ids"]]
    if tracking:
        parts.append(say(language, "order.tracking", tracking=", ".join(tracking)))
    elif order["status"] in UNDELIVERED:
        parts.append(say(language, "order.no_tracking"))
    return parts


def _where(order: Json, language: Language) -> str:
    items = ", ".join(line["name"] for line in order["lines"])
    return " ".join([*_state(order, language), say(language, "order.items", items=items)])


def _order(order: Json, language: Language) -> str:
    currency = order["currency"]
    items = ", ".join(f"{item_row(line)[2:]} {money(line['price'], currency, language)}" for line in order["lines"])
    refunded = sum(abs(payment["amount"]) for payment in order["payments"] if payment["type"] == "refund")
    parts = [
        *_state(order, language),
        say(language, "order.items", items=items),
        say(language, "order.total", total=money(order["total"], currency, language)),
        say(language, "order.address", address=_address(order["address"])),
    ]
    if refunded:
        parts.append(say(language, "order.refunded", amount=money(refunded, currency, language)))
    return " ".join(parts)


def _address(address: Json) -> str:
    return ", ".join(str(part) for part in address.values() if part and part != "-")


def _customer(customer: Json, language: Language) -> str:
    methods = ", ".join(method_name(method, language) for method in customer["payment_methods"])
    name = f"{customer['first_name']} {customer['last_name']}"
    where = _address(customer["address"])
    return say(language, "customer.view", name=name, email=customer["email"], address=where, methods=methods)


def method_name(method: Json, language: Language) -> str:
    """Return a payment method as people know it."""
    if method.get("last_four"):
        return say(
            language, "customer.card", brand=method.get("brand") or method["kind"], last_four=method["last_four"]
        )
    if method.get("balance") is not None:
        balance = money(method["balance"], method.get("currency", CURRENCY), language)
        return say(language, "customer.gift_card", balance=balance)
    kind = "paypal" if method["kind"] == "paypal" else "method"
    return say(language, f"customer.{kind}", kind=method["kind"])


def _products(key: str) -> Callable[[Json, Language], str]:
    def told(data: Json, language: Language) -> str:
        rows = [
            product_row(product, language, data.get("currency", CURRENCY)) for product in data["products"][:MOST_ROWS]
        ]
        return say(language, key, products="\n".join(rows)) if rows else say(language, "product.none")

    return told


def product_row(product: Json, language: Language, currency: str) -> str:
    """Return one line of a list of products."""
    if "price_from" not in product:
        return say(language, "product.plain_row", name=product["name"])
    price = money(product["price_from"], product.get("currency", currency), language)
    row = say(
        language,
        "product.row" if product.get("available", True) else "product.row_sold_out",
        name=product["name"],
        price=price,
    )
    return say(language, "product.reason", row=row, reason=product["reason"]) if product.get("reason") else row


def _product(product: Json, language: Language) -> str:
    rows = [variant_row(one, language, product.get("currency", CURRENCY)) for one in product["variants"]]
    return say(language, "product.view", name=product["name"], variants="\n".join(rows))


def variant_row(variant: Json, language: Language, currency: str) -> str:
    """Return one version of a product."""
    price = money(variant["price"], variant.get("currency", currency), language)
    options = ", ".join(str(value) for value in variant["options"].values()) or variant["item_id"]
    return say(
        language,
        "product.variant" if variant["available"] else "product.variant_sold_out",
        options=options,
        price=price,
    )


def _passages(data: Json, language: Language) -> str:
    if not data["passages"] or not data.get("answered", True):
        return say(language, "policy.none")
    best = data["passages"][0]
    same = (one for one in data["passages"] if one["policy_id"] == best["policy_id"] and one["language"] == language)
    return _passage(next(same, best), language)


def _passage(passage: Json, language: Language) -> str:
    key = "policy.passage" if passage["language"] == language else "policy.other_language"
    return say(language, key, text=shortened(passage["text"]), title=passage["title"])


def shortened(text: str) -> str:
    """Return the first whole sentences of a passage, without its markup."""
    plain = " ".join(re.sub(r"^#+ .*$|[*_`|]|^[-+] ", " ", text, flags=re.MULTILINE).split())
    if len(plain) <= LONGEST_PASSAGE:
        return plain
    cut = plain[:LONGEST_PASSAGE]
    return cut[: cut.rfind(". ") + 1] or cut.rsplit(" ", 1)[0]


def _ticket(ticket: Json, language: Language) -> str:
    where = status(ticket["status"], language)
    text = say(language, "ticket.view", ticket_id=ticket["ticket_id"], subject=ticket["subject"], status=where)
    history = ticket.get("history") or []
    return f"{text} {say(language, 'ticket.last', text=history[-1]['text'])}" if history else text


def ticket_row(ticket: Json, language: Language) -> str:
    """Return one line of a list of tickets."""
    where = status(ticket["status"], language)
    return say(language, "ticket.row", ticket_id=ticket["ticket_id"], subject=ticket["subject"], status=where)


def _tickets(data: Json, language: Language) -> str:
    rows = [ticket_row(one, language) for one in data["tickets"]]
    return say(language, "ticket.list", tickets="\n".join(rows)) if rows else say(language, "ticket.none")


def _picture(data: Json, language: Language) -> str:
    text = say(language, "picture.view", description=data["description"])
    return f"{text} {say(language, 'picture.text', text=data['text'])}" if data.get("text") else text


def _damage(data: Json, language: Language) -> str:
    evidence = data["evidence"]
    told = ", ".join(str(one) for one in evidence) if isinstance(evidence, list) else str(evidence)
    return say(language, f"picture.{data['verdict']}", evidence=told)


def _facts(data: Json, language: Language) -> str:
    plain = {key: value for key, value in data.items() if value not in (None, "", [], {})}
    rows = "\n".join(f"- {key.replace('_', ' ')}: {_plain(value)}" for key, value in plain.items())
    return say(language, "other.found", facts=rows) if rows else say(language, "other.done")


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(_plain(one) for one in value.values())
    return "; ".join(_plain(one) for one in value) if isinstance(value, list) else str(value)


TELLERS: dict[str, Callable[[Json, Language], str]] = {
    "get_order": _order,
    "list_orders": _orders,
    "get_customer": _customer,
    "find_customer": _customer,
    "search_products": _products("product.list"),
    "recommend_products": _products("product.recommended"),
    "identify_product": _products("product.identified"),
    "get_product": _product,
    "search_policies": _passages,
    "get_policy": _passage,
    "get_ticket": _ticket,
    "list_tickets": _tickets,
    "inspect_image": _picture,
    "inspect_damage": _damage,
    **dict.fromkeys(
        (
            "cancel_order",
            "return_items",
            "exchange_items",
            "change_order_items",
            "change_order_address",
            "change_order_payment",
            "change_customer_address",
            "create_ticket",
            "add_ticket_comment",
            "resolve_ticket",
            "hand_to_human",
        ),
        _facts,
    ),
}
