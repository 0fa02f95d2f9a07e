"""The routes people guess: each is one tool under another name, and this table is all there is to it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CUSTOMER = {"user_id": "customer_id"}
FIRST_LINE = 80
"""Characters of a description that stand in a subject."""


@dataclass(frozen=True)
class Words:
    """What a tool's argument that takes only some words is given for what people write.

    The tool's own words pass as they are; `known` are other names of them, and everything else is `otherwise`. With
    `kept`, what was written is kept in the audit, word for word.
    """

    otherwise: str
    known: Mapping[str, str] = field(default_factory=dict)
    kept: bool = False


@dataclass(frozen=True)
class Friendly:
    """One route: its method and path, the tool, and how its fields are the tool's arguments.

    Args:
        method: GET takes query parameters, POST a JSON body or, with a picture, a form too.
        path: parameters of the path are fields as well.
        tool: the server and its tool, as in `orders.get_order`.
        tells: what it is good for, in one line.
        names: fields that are called otherwise than the tool's arguments.
        words: arguments that take only some words.
        fields: what of the result is returned; all of it if none are named.
        subject: two fields, a kind and a text, whose first line makes the tool's `subject` where none is given.
        picture: the argument for which a picture may be sent along.
    """

    method: str
    path: str
    tool: str
    tells: str
    names: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)
    fields: Sequence[str] = ()
    subject: tuple[str, str] | None = None
    picture: str = ""

    def field_of(self, argument: str) -> str:
        """Return what the tool's argument is called here."""
        return next((ours for ours, theirs in self.names.items() if theirs == argument), argument)


WRITTEN = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
ISSUES = Words("other", WRITTEN["category"])
PRIORITIES = Words("normal", WRITTEN["priority"])

FRIENDLY = (
    Friendly("GET", "/orders", "orders.list_orders", "The customer's orders, newest first.", CUSTOMER),
    Friendly("GET", "/users/{user_id}/orders", "orders.list_orders", "One customer's orders, newest first.", CUSTOMER),
    Friendly("GET", "/orders/{order_id}", "orders.get_order", "One order."),
    Friendly(
        "GET",
        "/orders/{order_id}/status",
        "orders.get_order",
        "Where one order is, and what can still be done with it.",
        fields=("order_id", "status", "shipments", "allowed_actions"),
    ),
    Friendly(
        "POST",
        "/orders/{order_id}/cancel",
        "orders.cancel_order",
        "Ask to cancel an order. Nothing changes before its customer says yes at `confirm_url`. "
        "Any reason is kept in the audit, word for word.",
        words={"reason": Words("no longer needed", kept=True)},
    ),
    Friendly("GET", "/users/{user_id}", "orders.get_customer", "One customer's profile.", CUSTOMER),
    Friendly("GET", "/users/{user_id}/tickets", "tickets.list_tickets", "One customer's tickets.", CUSTOMER),
    Friendly("GET", "/tickets", "tickets.list_tickets", "The customer's tickets; all of them for staff.", CUSTOMER),
    Friendly(
        "POST",
        "/tickets",
        "tickets.create_ticket",
        "Open a ticket, so that a person looks into it.",
        {**CUSTOMER, "issue_type": "category", "description": "body"},
        words={"category": ISSUES, "priority": PRIORITIES},
        subject=("issue_type", "description"),
    ),
    Friendly("GET", "/tickets/{ticket_id}", "tickets.get_ticket", "One ticket with its history."),
    Friendly("POST", "/tickets/{ticket_id}/comments", "tickets.add_ticket_comment", "Add to a ticket's history."),
    Friendly("POST", "/tickets/{ticket_id}/resolve", "tickets.resolve_ticket", "Resolve a ticket."),
    Friendly(
        "GET",
        "/policies/search",
        "policies.search_policies",
        "What the shop's handbook says about a question.",
        {"q": "query", "top_k": "limit"},
    ),
    Friendly(
        "GET",
        "/products/search",
        "products.search_products",
        "Products of the shop.",
        {"q": "query", "top_k": "limit"},
    ),
    Friendly("GET", "/products/{product_id}", "products.get_product", "One product with its variants."),
    Friendly("POST", "/vision/analyze", "vision.inspect_image", "What a picture shows.", picture="image_id"),
    Friendly(
        "POST",
        "/vision/defect",
        "vision.inspect_damage",
        "Whether a picture shows that an item of an order is damaged.",
        picture="image_id",
    ),
)
