"""What the authorization matrix calls: for every tool, calls that name what is Olivia's and not Mallory's."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

# Stands in every row of Olivia's that a tool could show.
MARK = "xyzzy"
# What is Olivia's, and what reads the same and does not exist.
MISSING = {
    "#W1": "#W8",
    "#W2": "#W9",
    "olivia": "nobody",
    "T1": "T9",
    "i_1": "i_9",
    "olivia_card": "nobody_card",
    "olivia_gift": "nobody_gift",
}
ADDRESS = {
    "address1": "1 High Street",
    "address2": "",
    "city": "Salem",
    "state": "OR",
    "country": "USA",
    "zip": "97301",
}
SWAP = {"item_ids": ["1001"], "new_item_ids": ["1002"]}
TICKET = {"subject": "Late", "body": "Where is it?", "category": "delivery"}


def rows_of_servers() -> dict[str, Any]:
    """What every `tests/mcp_servers/<server>/matrix.py` has: a server may bring rows of its own."""
    folders = sorted(path.parent.name for path in Path(__file__).parent.glob("*/matrix.py"))
    modules = [import_module(f"tests.mcp_servers.{folder}.matrix") for folder in folders]
    return {row: calls for module in modules for row, calls in module.MATRIX.items()}


# The first call of each tool is one that Olivia herself or staff may make; all name something that is not Mallory's.
MATRIX: Mapping[str, list[dict[str, Any]]] = {
    "find_customer": [{"email": "olivia@example.com"}],
    "get_customer": [{"customer_id": "olivia"}],
    "list_orders": [{"customer_id": "olivia"}, {}],
    "get_order": [{"order_id": "#W1"}, {"order_id": "#W2"}],
    "cancel_order": [{"order_id": "#W1", "reason": "no longer needed"}],
    "change_order_items": [
        {"order_id": "#W1", "payment_method_id": "olivia_card", **SWAP},
        {"order_id": "#W5", "payment_method_id": "olivia_card", **SWAP},
    ],
    "change_order_address": [{"order_id": "#W1", **ADDRESS}],
    "change_order_payment": [
        {"order_id": "#W1", "payment_method_id": "olivia_gift"},
        {"order_id": "#W5", "payment_method_id": "olivia_gift"},
    ],
    "return_items": [
        {"order_id": "#W2", "item_ids": ["1001"], "payment_method_id": "olivia_card"},
        {"order_id": "#W6", "item_ids": ["1001"], "payment_method_id": "olivia_card"},
    ],
    "exchange_items": [
        {"order_id": "#W2", "payment_method_id": "olivia_card", **SWAP},
        {"order_id": "#W6", "payment_method_id": "olivia_card", **SWAP},
    ],
    "change_customer_address": [{"customer_id": "olivia", **ADDRESS}],
    "search_products": [{"query": "lamp"}],
    "get_product": [{"item_id": "1001"}],
    "recommend_products": [{"query": "lamp"}],
    "create_ticket": [
        {"customer_id": "olivia", "order_id": "#W1", **TICKET},
        {"order_id": "#W1", **TICKET},
    ],
    "get_ticket": [{"ticket_id": "T1"}],
    "list_tickets": [{"customer_id": "olivia"}, {}],
    "add_ticket_comment": [{"ticket_id": "T1", "body": "Still nothing."}],
    "resolve_ticket": [{"ticket_id": "T1", "resolution": "It arrived."}],
    "hand_to_human": [{"customer_id": "olivia", "summary": "A late parcel", "reason": "asked for a person"}],
    "search_policies": [{"query": "returns"}],
    "get_policy": [{"policy_id": "returns"}],
    "inspect_image": [{"image_id": "i_1"}],
    "identify_product": [{"image_id": "i_1"}],
    "inspect_damage": [
        {"image_id": "i_1", "order_id": "#W2", "item_id": "1001"},
        {"image_id": "i_5", "order_id": "#W2", "item_id": "1001"},
    ],
    **rows_of_servers(),
}
STAFF_ONLY = {"find_customer"}
# They show the shop, which everybody may see, so for Mallory they are no refusal.
PUBLIC = {"search_products", "get_product", "recommend_products", "search_policies", "get_policy"}
# Without a model they find the picture, but cannot look at it.
NEED_A_MODEL = {"inspect_image", "inspect_damage"}
# They write without asking, so whoever may call them changes the shop.
NOT_ASKING = {"create_ticket", "add_ticket_comment", "resolve_ticket", "hand_to_human"}


def missing(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The same call about what does not exist."""
    return {name: MISSING.get(value, value) if isinstance(value, str) else value for name, value in arguments.items()}


def without_ids(text: str) -> str:
    """A refusal without the id it names, which is all that may differ."""
    for theirs, nobodys in MISSING.items():
        text = text.replace(theirs, "ID").replace(nobodys, "ID")
    return text
