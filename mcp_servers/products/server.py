"""The products tool server: what the shop sells, in which variants, at what price."""

from typing import Annotated

from pydantic import Field

from mcp_servers.products.catalogue import Catalogue, first_offers
from mcp_servers.products.recommend import Wish, fitting, similar_to
from mcp_servers.products.views import ProductPage, ProductSummary, ProductView, Recommendations
from mcp_servers.runtime.arguments import Cursor, OneLine
from mcp_servers.runtime.caller import CurrentCaller
from mcp_servers.runtime.cursor import from_cursor, to_cursor
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.signature import Session
from storage.db import Sessions
from storage.errors import WrongRequestError
from storage.settings import Settings
from storage.shop import products
from storage.shop.catalogue import Offer

Query = Annotated[str, Field(description="Words to look for, English or Korean", min_length=1, max_length=200), OneLine]
MaxPrice = Annotated[int | None, Field(description="Highest price, in minor units", ge=0)]
ProductId = Annotated[str, Field(min_length=1, max_length=80), OneLine] | None
ItemId = (
    Annotated[str, Field(description="Id of a variant, instead of product_id", min_length=1, max_length=80), OneLine]
    | None
)


class NameOneError(WrongRequestError):
    """A tool that takes one of two arguments was given neither, or both."""

    def __init__(self, tool: str, other: str) -> None:
        super().__init__(f"{tool} takes either a product_id or {other}. Give exactly one of them.")


class ProductTools:
    """The tools that search, which share one catalogue."""

    def __init__(self) -> None:
        self._catalogue = Catalogue()

    async def search_products(
        self,
        session: Session,
        query: Query,
        max_price: MaxPrice = None,
        available_only: bool = True,
        cursor: Cursor = None,
        limit: Annotated[int, Field(ge=1, le=20)] = 10,
    ) -> ProductPage:
        """Find products by words such as 'wireless headphones', best match first, each with its lowest price."""
        skip = int(from_cursor(cursor, int)[0]) if cursor else 0
        matches = await self._catalogue.matches(session, query)

        def fits(offer: Offer) -> bool:
            affordable = max_price is None or offer.price_from <= max_price
            return affordable and (offer.available or not available_only)

        found = await first_offers(session, [match.product_id for match in matches[skip:]], fits, limit + 1)
        shown = [ProductSummary.of(offer) for _, offer in found[:limit]]
        return ProductPage(
            products=shown, next_cursor=to_cursor(skip + found[limit][0]) if len(found) > limit else None
        )

    async def recommend_products(
        self,
        session: Session,
        caller: CurrentCaller,
        product_id: ProductId = None,
        query: Annotated[str, Field(description="What it is for, instead of product_id", max_length=200), OneLine]
        | None = None,
        budget: MaxPrice = None,
        limit: Annotated[int, Field(ge=1, le=10)] = 5,
    ) -> Recommendations:
        """Recommend available products like a given one, or for a need in words, each with its reason."""
        wish = Wish(budget, limit, caller.language)
        if product_id is not None and query is None:
            product = await products.get_product(session, product_id)
            return Recommendations(products=await similar_to(session, self._catalogue, product, wish))
        if query is not None and product_id is None:
            return Recommendations(products=await fitting(session, self._catalogue, query, wish))
        raise NameOneError("recommend_products", "a query")


async def get_product(session: Session, product_id: ProductId = None, item_id: ItemId = None) -> ProductView:
    """Look up one product by product_id, or by item_id of a variant, shown first: options, prices and availability."""
    if product_id is not None and item_id is None:
        return ProductView.of(await products.get_product(session, product_id))
    if item_id is not None and product_id is None:
        return ProductView.of(await products.get_product_of_item(session, item_id), first=item_id)
    raise NameOneError("get_product", "an item_id")


def build_server(_settings: Settings, _sessions: Sessions) -> ToolServer:
    """Return the products tool server."""
    tools = ProductTools()
    return ToolServer(
        "products",
        title="Products",
        instructions="Products: find what the shop sells by words, and look up variants, prices and availability.",
        reads=[tools.search_products, get_product, tools.recommend_products],
        toolsets={"support": [tools.search_products, get_product], "shopping": "*"},
        icon="🛒",
    )
