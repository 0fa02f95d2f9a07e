"""The products tool server: what the shop sells, in which variants, at what price."""

from typing import Annotated

from pydantic import Field

from mcp_servers.products.recommend import fitting, similar_to
from mcp_servers.products.search import best_matches
from mcp_servers.products.views import ProductPage, ProductSummary, ProductView, Recommendations
from mcp_servers.runtime.arguments import Cursor, OneLine
from mcp_servers.runtime.caller import CurrentCaller
from mcp_servers.runtime.cursor import from_cursor, to_cursor
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.signature import Session
from storage import products
from storage.db import Sessions
from storage.errors import ShopError
from storage.settings import Settings

Query = Annotated[str, Field(description="Words to look for, English or Korean", min_length=1, max_length=200), OneLine]
MaxPrice = Annotated[int | None, Field(description="Highest price, in minor units", ge=0)]
ProductId = Annotated[str, Field(min_length=1, max_length=80), OneLine] | None
ItemId = (
    Annotated[str, Field(description="Id of a variant, instead of product_id", min_length=1, max_length=80), OneLine]
    | None
)


class NameOneError(ShopError):
    """A tool that takes one of two arguments was given neither, or both."""

    def __init__(self, tool: str, other: str) -> None:
        super().__init__(f"{tool} takes either a product_id or {other}. Give exactly one of them.")


async def search_products(
    session: Session,
    query: Query,
    max_price: MaxPrice = None,
    available_only: bool = True,
    cursor: Cursor = None,
    limit: Annotated[int, Field(ge=1, le=20)] = 10,
) -> ProductPage:
    """Find products by words such as 'wireless headphones', best match first, each with its lowest price."""
    skip = int(from_cursor(cursor, int)[0]) if cursor else 0
    matches = best_matches(await products.list_products(session), query)
    found = [summary for summary in map(ProductSummary.of, matches) if summary.available or not available_only]
    if max_price is not None:
        found = [summary for summary in found if summary.price_from <= max_price]
    end = skip + limit
    return ProductPage(products=found[skip:end], next_cursor=to_cursor(end) if len(found) > end else None)


async def get_product(session: Session, product_id: ProductId = None, item_id: ItemId = None) -> ProductView:
    """Look up one product by product_id, or by the item_id of a variant: options, prices and availability."""
    if product_id is not None and item_id is None:
        return ProductView.of(await products.get_product(session, product_id))
    if item_id is not None and product_id is None:
        return ProductView.of(await products.get_product_of_item(session, item_id))
    raise NameOneError("get_product", "an item_id")


async def recommend_products(
    session: Session,
    caller: CurrentCaller,
    product_id: ProductId = None,
    query: Annotated[str, Field(description="What it is for, instead of product_id", max_length=200), OneLine]
    | None = None,
    budget: MaxPrice = None,
    limit: Annotated[int, Field(ge=1, le=10)] = 5,
) -> Recommendations:
    """Recommend available products like a given one, or for a need in words, each with its reason."""
    every = await products.list_products(session)
    if product_id is not None and query is None:
        found = similar_to(await products.get_product(session, product_id), every, caller.language)
    elif query is not None and product_id is None:
        found = fitting(query, every, caller.language)
    else:
        raise NameOneError("recommend_products", "a query")
    affordable = [each for each in found if each.available and (budget is None or each.price_from <= budget)]
    return Recommendations(products=affordable[:limit])


def build_server(_settings: Settings, _sessions: Sessions) -> ToolServer:
    """Return the products tool server."""
    return ToolServer(
        "products",
        title="Products",
        instructions="Products: find what the shop sells by words, and look up variants, prices and availability.",
        reads=[search_products, get_product, recommend_products],
        toolsets={"support": [search_products, get_product], "shopping": "*"},
        icon="🛒",
    )
