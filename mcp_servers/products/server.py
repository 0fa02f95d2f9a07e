"""The products tool server: what the shop sells, in which variants, at what price."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.products.catalogue import Catalogue
from mcp_servers.products.compare import side_by_side
from mcp_servers.products.finding import page_of, ranked, read_wanted
from mcp_servers.products.recommend import Wish, fitting, going_with, similar_to
from mcp_servers.products.views import ProductPage, ProductSummary, ProductView, Recommendations, ReviewsView
from mcp_servers.products.words import WORDS
from mcp_servers.runtime.arguments import Cursor, OneLine, TypedId
from mcp_servers.runtime.caller import CurrentCaller
from mcp_servers.runtime.cursor import from_cursor, to_cursor
from mcp_servers.runtime.offers import Resource
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.signature import Session
from storage.db import Sessions
from storage.errors import WrongRequestError
from storage.pictures.product_pictures import get_product_picture, thumbnail_of
from storage.reviews.summaries import find_summary, list_ratings
from storage.settings import Settings
from storage.shop import products
from storage.shop.spelling import meant

P = TypeVar("P", bound=ProductSummary)

Query = Annotated[str, Field(description="Words to look for, English or Korean", min_length=1, max_length=200), OneLine]
MaxPrice = Annotated[int | None, Field(description="Highest price, in minor units", ge=0)]
ProductId = Annotated[str, Field(min_length=1, max_length=80), TypedId] | None
ItemId = (
    Annotated[str, Field(description="Id of a variant, instead of product_id", min_length=1, max_length=80), TypedId]
    | None
)

PICTURE_FRESH_MS = 3_600_000


class NameOneError(WrongRequestError):
    """A tool that takes one of several arguments was given none, or more."""

    def __init__(self, tool: str, choices: str) -> None:
        super().__init__(f"{tool} takes {choices}. Give exactly one of them.")


class ProductTools:
    """The tools that search, which share one catalogue."""

    def __init__(self) -> None:
        self._catalogue = Catalogue()

    async def search_products(
        self,
        session: Session,
        caller: CurrentCaller,
        query: Query,
        max_price: MaxPrice = None,
        available_only: bool = True,
        cursor: Cursor = None,
        limit: Annotated[int, Field(ge=1, le=20)] = 10,
    ) -> ProductPage:
        """Find products, best first, as customers ask: 'well reviewed headphones under $50', 'compare A and B'."""
        skip = int(from_cursor(cursor, int)[0]) if cursor else 0
        wanted = await read_wanted(session, query, caller.language, most=max_price, available_only=available_only)
        ids, wanted = await ranked(session, self._catalogue, wanted)
        found, next_place = await page_of(session, ids, wanted, skip, limit)
        return ProductPage(
            products=await _rated(session, [ProductSummary.of(offer, caller.language) for offer in found]),
            next_cursor=None if next_place is None else to_cursor(next_place),
            read_as=wanted.read_as,
            side_by_side=await side_by_side(session, found[: len(wanted.asked.compared)], caller.language),
        )

    async def recommend_products(
        self,
        session: Session,
        caller: CurrentCaller,
        product_id: ProductId = None,
        query: Annotated[str, Field(description="What it is for, instead of product_id", max_length=200), OneLine]
        | None = None,
        goes_with: Annotated[
            str, Field(description="Id of a product that it should go with, instead of both", max_length=80), TypedId
        ]
        | None = None,
        budget: MaxPrice = None,
        limit: Annotated[int, Field(ge=1, le=10)] = 5,
    ) -> Recommendations:
        """Recommend available products like a given one, to go with one, or for a need, each with its reason."""
        wish = Wish(budget, limit, caller.language)
        match (product_id, query, goes_with):
            case (str(), None, None):
                product = await products.get_product(session, product_id)
                found = await similar_to(session, self._catalogue, product, wish)
                return Recommendations(products=await _rated(session, found))
            case (None, None, str()):
                product = await products.get_product(session, goes_with)
                found = await going_with(session, self._catalogue, product, wish)
                return Recommendations(products=await _rated(session, found))
            case (None, str(), None):
                wanted = await read_wanted(session, query, caller.language, most=budget)
                fit = await fitting(session, self._catalogue, wanted, limit)
                return fit.model_copy(update={"products": await _rated(session, fit.products)})
        raise NameOneError("recommend_products", "one of product_id, query and goes_with")


async def get_product(
    session: Session, caller: CurrentCaller, product_id: ProductId = None, item_id: ItemId = None
) -> ProductView:
    """Look up one product by product_id, or by item_id of a variant, shown first: options, prices, stock, reviews."""
    if (product_id is None) == (item_id is None):
        raise NameOneError("get_product", "either a product_id or an item_id")
    if item_id is None:
        product = await products.get_product(session, str(product_id))
    else:
        product = await products.get_product_of_item(session, item_id)
        item_id = meant(item_id, (variant.item_id for variant in product.variants))
    summary = await find_summary(session, product.id)
    reviews = None if summary is None else ReviewsView.of(summary, caller.language)
    return ProductView.of(product, reviews, caller.language, first=item_id)


async def _rated(session: AsyncSession, listed: Sequence[P]) -> list[P]:
    ratings = await list_ratings(session, [one.product_id for one in listed])
    return [one.rated(ratings) for one in listed]


async def read_picture(
    session: Session, product_id: Annotated[str, Field(min_length=1, max_length=80), OneLine]
) -> bytes:
    """A small picture of one product, as lists and cards show it."""
    found = await get_product_picture(session, product_id)
    await session.close()
    return await thumbnail_of(found.content)


def build_server(_settings: Settings, _sessions: Sessions) -> ToolServer:
    """Return the products tool server."""
    tools = ProductTools()
    return ToolServer(
        "products",
        title="Products",
        instructions="Products: find what the shop sells by words, and look up variants, prices and availability.",
        reads=[tools.search_products, get_product, tools.recommend_products],
        toolsets={"support": [tools.search_products, get_product], "shopping": "*"},
        resources=[
            Resource(
                "picture://{product_id}",
                read_picture,
                title=WORDS.text("picture"),
                description=WORDS.text("picture.description"),
                mime_type="image/webp",
                fresh_ms=PICTURE_FRESH_MS,
            )
        ],
        icon="🛒",
    )
