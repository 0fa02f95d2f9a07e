"""What a model fills in to call the orders tools."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mcp_servers.runtime.arguments import OneLine, OneLineOrNone

Status = Literal[
    "pending",
    "pending (items changed)",
    "processed",
    "delivered",
    "cancelled",
    "return requested",
    "exchange requested",
]
Reason = Literal["no longer needed", "ordered by mistake"]
Id = Annotated[str, Field(min_length=1, max_length=80), OneLine]
ItemIds = Annotated[list[Id], Field(description="Items of the order, one held twice may come twice", max_length=50)]
NewItemIds = Annotated[list[Id], Field(description="The new item for each of item_ids, by position", max_length=50)]
PaymentMethodId = Annotated[
    str, Field(description="One of the customer's payment methods", min_length=1, max_length=80), OneLine
]
Name = Annotated[str, Field(max_length=80), OneLine] | None
Email = Annotated[str, Field(max_length=200), OneLine] | None
AddressLine = Annotated[str, Field(min_length=1, max_length=120), OneLine]
AddressRest = Annotated[str, Field(max_length=120), OneLineOrNone]


def _postcode(value: str) -> str:
    """Refuse what no country has in its postcodes, such as a sentence around one."""
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z -]*", value):
        raise ValueError("must be a postcode alone: letters of the Latin alphabet, digits, spaces and hyphens")
    return value


Postcode = Annotated[
    str, Field(description="Postcode alone, such as '05551'", max_length=16), OneLine, AfterValidator(_postcode)
]
