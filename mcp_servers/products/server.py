"""The products tool server: what the shop sells, in which variants, at what price."""

from typing import Annotated

from pydantic import Field

from mcp_servers.products.search import score, words_of
from mcp_servers.products.views import ProductPage, ProductSummary, ProductView
from mcp_servers.runtime.cursor import from_cursor, to_cursor
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.signature import Session
from storage import products
from storage.db import Sessions
from storage.errors import ShopError
from storage.settings import Settings

Query = Annotated[str, Field(description="Words to look for, English or Korean", min_length=1, max_length=200)]
MaxPrice = Annotated[int | None, Field(description="Highest price, in minor units", ge=0)]
ProductId = Annotated[str | None, Field(max_length=80)]
ItemId = Annotated[str | None, Field(description="Id of a variant, instead of product_id", max_length=80)]


class NameOneError(ShopError):
    """get_product was called without an id, or with two."""

    def __init__(self) -> None:
        super().__init__("get_product takes either a product_id or an item_id. Give exactly one of them.")


async def search_products(
    session: Session,
    query: Query,
    max_price: MaxPrice = None,
    available_only: bool = True,
    cursor: Annotated[str | None, Field(description="next_cursor of the page before", max_length=200)] = None,
    limit: Annotated[int, Field(ge=1, le=20)] = 10,
) -> ProductPage:
    """Find products by words such as 'wireless headphones', best match first, each with its lowest price."""
    skip = int(from_cursor(cursor, int)[0]) if cursor else 0
    words = words_of(query)
    scored = [(score(product, words), product) for product in await products.list_products(session)]
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].position))
    found = [
        summary
        for summary in (ProductSummary.of(product) for _, product in best)
        if summary.available or not available_only
    ]
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
    raise NameOneError


def build_server(_settings: Settings, _sessions: Sessions) -> ToolServer:
    """Return the products tool server."""
    return ToolServer(
        "products",
        title="Products",
        instructions="Products: find what the shop sells by words, and look up variants, prices and availability.",
        reads=[search_products, get_product],
    )
