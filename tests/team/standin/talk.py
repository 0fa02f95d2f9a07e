"""Requests as the team sends them, and a conversation with tools that answer from a table."""

import json
from typing import Any

from openai.types.chat import ChatCompletionFunctionToolParam

from team.standin.completion import Call, Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest

Json = dict[str, Any]

SYSTEM = {"role": "system", "content": "You are a specialist of an online shop."}


def tool(
    name: str, description: str = "", required: tuple[str, ...] = (), **properties: Json
) -> ChatCompletionFunctionToolParam:
    """A function as it is offered to a model; arguments without a schema are text."""
    schemas = {key: {"type": "string"} for key in required} | properties
    parameters: dict[str, object] = {"type": "object", "properties": schemas, "required": list(required)}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


REASONS = {"type": "string", "enum": ["no longer needed", "ordered by mistake"]}
IDS = {"type": "array", "items": {"type": "string"}}
GET_ORDER = tool("get_order", required=("order_id",))
LIST_ORDERS = tool("list_orders", status={"type": "string"})
CANCEL = tool("cancel_order", required=("order_id", "reason"), reason=REASONS)
RETURN = tool("return_items", required=("order_id", "item_ids", "payment_method_id"), item_ids=IDS)
EXCHANGE = tool(
    "exchange_items",
    required=("order_id", "item_ids", "new_item_ids", "payment_method_id"),
    item_ids=IDS,
    new_item_ids=IDS,
)
GET_PRODUCT = tool("get_product", product_id={"type": "string"}, item_id={"type": "string"})
SEARCH_PRODUCTS = tool(
    "search_products", required=("query",), max_price={"anyOf": [{"type": "integer"}, {"type": "null"}]}
)
POLICIES = tool("search_policies", required=("query",), language={"type": "string", "enum": ["en", "ko"]})
TICKET = tool(
    "create_ticket",
    required=("subject", "body", "category"),
    category={"type": "string", "enum": ["order", "delivery", "payment", "other"]},
)
GET_TICKET = tool("get_ticket", required=("ticket_id",))
LIST_TICKETS = tool("list_tickets")
INSPECT = tool("inspect_image", required=("image_id",), question={"type": "string"})


def order(order_id: str = "#W1042", **changed: object) -> Json:
    """An order as `get_order` gives it."""
    lines = [
        {
            "line": 1,
            "item_id": "111",
            "product_id": "P1",
            "name": "Desk Lamp",
            "options": {"color": "black"},
            "price": 2000,
        },
        {"line": 2, "item_id": "222", "product_id": "P2", "name": "T-Shirt", "options": {"size": "M"}, "price": 3420},
    ]
    address = {
        "address1": "1 Main St",
        "address2": "",
        "city": "Seattle",
        "state": "WA",
        "country": "USA",
        "zip": "98101",
    }
    plain = {
        "order_id": order_id,
        "customer_id": "c1",
        "status": "pending",
        "currency": "USD",
        "total": 5420,
        "lines": lines,
        "address": address,
        "shipments": [],
        "payments": [{"type": "payment", "amount": 5420, "payment_method_id": "card_1"}],
        "allowed_actions": ["cancel_order"],
    }
    return plain | changed


def orders(*rows: tuple[str, str]) -> Json:
    """A result of `list_orders`."""
    return {"orders": [{"order_id": number, "status": status, "total": 5420, "items": 2} for number, status in rows]}


class Talk:
    """A conversation with one specialist; each tool gives its `results` entry back."""

    def __init__(self, tools: list[ChatCompletionFunctionToolParam], results: dict[str, object]) -> None:
        self.tools = tools
        self.results = results
        self.messages: list[Json] = [SYSTEM]
        self.calls: list[tuple[str, Json]] = []

    def says(self, text: str) -> str:
        """What the specialist answers to the customer, its calls done."""
        self.messages.append({"role": "user", "name": "user", "content": text})
        self.calls = []
        while (reply := self.ask()).call:
            self.do(reply, reply.call)
        self.messages.append({"role": "assistant", "content": reply.text})
        return reply.text

    def ask(self) -> Reply:
        """The model's next step."""
        request = {"model": "m", "messages": self.messages, "tools": self.tools}
        return answer(ChatRequest.model_validate(request))

    def do(self, reply: Reply, call: Call) -> None:
        """Give the model the result of its call."""
        self.calls.append((call.name, call.arguments))
        assert len(self.calls) < 8, self.calls
        made = {"id": f"c{len(self.messages)}", "type": "function"}
        function = {"name": call.name, "arguments": call.arguments_json}
        self.messages.append(
            {"role": "assistant", "content": reply.text or None, "tool_calls": [{**made, "function": function}]}
        )
        result = self.results[call.name]
        text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)
        self.messages.append({"role": "tool", "tool_call_id": made["id"], "content": text})


ALL = [CANCEL, EXCHANGE, GET_ORDER, GET_PRODUCT, GET_TICKET, INSPECT, LIST_ORDERS]
ALL += [LIST_TICKETS, POLICIES, RETURN, SEARCH_PRODUCTS, TICKET]


def desk(**results: object) -> Talk:
    """A talk with the tools that these results are of."""
    known = {tool["function"]["name"]: tool for tool in ALL}
    return Talk([known[name] for name in results], results)
