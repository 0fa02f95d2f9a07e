"""Which card a tool's result makes, and what a question proposes."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from ui.cards.differences import POSTAL, differences_in
from ui.cards.shapes import (
    DamageCard,
    DoneCard,
    OrderCard,
    OrdersCard,
    PolicyCard,
    ProductCard,
    ProductsCard,
    Proposal,
    Shape,
    TicketCard,
    TicketsCard,
)

Data = Mapping[str, Any]
Card = dict[str, Any]


def _ticket(structured: Data) -> TicketCard:
    customer = structured.get("customer_id")
    history = [{**entry, "by_customer": entry["by"] == customer} for entry in structured.get("history", [])]
    return TicketCard.model_validate({**structured, "history": history})


READS: Mapping[tuple[str, str], Callable[[Data], Shape]] = {
    ("orders", "get_order"): OrderCard.model_validate,
    ("orders", "list_orders"): OrdersCard.model_validate,
    ("products", "get_product"): ProductCard.model_validate,
    ("products", "search_products"): ProductsCard.model_validate,
    ("products", "recommend_products"): ProductsCard.model_validate,
    ("vision", "identify_product"): ProductsCard.model_validate,
    ("vision", "inspect_damage"): DamageCard.model_validate,
    ("policies", "get_policy"): PolicyCard.model_validate,
    ("tickets", "get_ticket"): _ticket,
    ("tickets", "list_tickets"): TicketsCard.model_validate,
}
WRITERS = ("orders", "tickets")
DONE = "done"


def card_of(data: Data) -> Card | None:
    """Return the card of a `tool_result` step; None where there is nothing to look at."""
    structured = data.get("structured")
    if data.get("is_error") or not isinstance(structured, Mapping):
        return None
    try:
        card = _card(str(data.get("server")), str(data.get("tool")), structured, data)
    except (ValidationError, KeyError):
        # A step stored by an older release, or a server of somebody else's with one of our names.
        return None
    return None if card is None or _is_empty(card) else card.model_dump(mode="json", exclude_none=True)


def _is_empty(card: Shape) -> bool:
    """Whether this is a list of nothing, which the answer says better."""
    return any(getattr(card, name, None) == [] for name in ("orders", "products", "tickets"))


def _card(server: str, tool: str, structured: Data, data: Data) -> Shape | None:
    if (server, tool) in READS:
        return READS[server, tool](structured)
    if server in WRITERS and structured.get("status") == DONE:
        changes = data.get("changes") or []
        order_id = next((change["key"][0] for change in changes if change.get("table") == "orders"), None)
        return DoneCard(
            summary=str(structured["summary"]),
            id=structured.get("id"),
            order_id=order_id,
            differences=differences_in(changes) if server == "orders" else [],
        )
    return None


def proposal_of(data: Data) -> Card | None:
    """Return what the change of a `question` step would do; None where only its sentence says so."""
    arguments = data.get("arguments")
    if data.get("server") != "orders" or not isinstance(arguments, Mapping):
        return None
    address = {name: arguments.get(name, "") for name in POSTAL} if "city" in arguments else None
    try:
        proposal = Proposal.model_validate({**arguments, "action": data["tool"], "address": address})
    except (ValidationError, KeyError):
        return None
    return proposal.model_dump(mode="json", exclude_none=True)
