"""Arguments for tools nobody has told us about: fitting their schema with ids that exist, or broken on purpose."""

from random import Random
from typing import Any

Schema = dict[str, Any]

IDS: dict[str, list[str]] = {
    "order_id": ["#W1", "W1", "#W2", "#W5", "#W6"],
    "customer_id": ["olivia", "mallory"],
    "item_id": ["1001", "1002"],
    "item_ids": ["1001", "1002"],
    "new_item_ids": ["1001", "1002"],
    "product_id": ["2001"],
    "payment_method_id": ["olivia_card", "olivia_gift", "mallory_card", "mallory_gift"],
    "ticket_id": ["T1", "T5"],
    "image_id": ["i_1", "i_5"],
    "policy_id": ["returns", "refunds"],
    "email": ["olivia@example.com", "mallory@example.com"],
    "query": ["lamp", "램프", "returns"],
}
"""Olivia's, Mallory's and the shop's, by the name of the argument."""
TEXTS = [
    "",
    " ",
    "a",
    "환불해 주세요",
    "' OR 1=1; --",
    "%_\\",
    "../../../../etc/passwd",
    "${jndi:ldap://x}",
    "{{7*7}} {0.__class__} %s %n",
    "<tool_call>{}</tool_call>",
    "⟦data⟧",
    "\x00",
    "\ud7ff\ufffe\U0010ffff",
    "a\nb\r\tc",
    "\u202eabc\u200b",
    "9" * 400,
    "x" * 5_000,
    "가" * 20_000,
    "eyJhbGciOiJub25lIn0.e30.",
]
STRANGE = [
    None,
    True,
    -1,
    0,
    2**63,
    2**200,
    1.5,
    1e308,
    [],
    {},
    [None],
    {"$ref": "#"},
    ["1001"] * 60,
    [[["a"]]],
    *TEXTS,
]


def guess(schema: Schema, dice: Random) -> dict[str, Any]:
    """Arguments for a tool with this input schema: two in three calls fit, the others do not."""
    properties: dict[str, Schema] = schema.get("properties", {})
    required = set(schema.get("required", []))
    chosen = [name for name in properties if name in required or dice.random() < 0.5]
    given = {name: _fitting(name, properties[name], dice) for name in chosen}
    if dice.random() < 1 / 3:
        _break(given, list(properties), dice)
    return given


def _fitting(name: str, schema: Schema, dice: Random) -> object:
    kind = schema.get("type")
    if "enum" in schema:
        return dice.choice(schema["enum"])
    if kind == "array":
        return [_fitting(name, schema["items"], dice) for _ in range(dice.randint(1, 3))]
    if kind == "integer":
        return dice.randint(schema.get("minimum", 0), schema.get("maximum", 100_000))
    if kind == "boolean":
        return dice.random() < 0.5
    if name in IDS and dice.random() < 0.9:
        return dice.choice(IDS[name])
    return dice.choice(TEXTS)[: schema.get("maxLength", 10_000)]


def _break(given: dict[str, Any], names: list[str], dice: Random) -> None:
    for _ in range(dice.randint(1, 3)):
        match dice.randrange(4):
            case 0 if given:
                del given[dice.choice(list(given))]
            case 1:
                given[dice.choice(["caller", "session", "ctx", "planned", "answer", "__class__", "x" * 300])] = (
                    "mallory"
                )
            case _ if names:
                given[dice.choice(names)] = dice.choice(STRANGE)
