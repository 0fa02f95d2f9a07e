"""What cards ask for: a product's picture, a product to compare with another, an order that is about to change."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.owners import CustomerOnly
from storage.pictures.product_pictures import get_product_picture
from storage.shop.orders import Order, get_order
from storage.shop.products import get_product
from ui.cards.shapes import Address, Line, OrderFacts, ProductCard, Variant
from ui.conversations import ONE, own_conversation
from ui.logins.visits import person_of
from ui.parts import parts_of

# A product may get another picture: after an hour, the browser asks whether this one still is the one.
KEEP = "private, max-age=3600"


async def picture(request: Request) -> Response:
    """Return a product's picture to anyone who may chat."""
    await person_of(request)
    async with parts_of(request).sessions() as session:
        found = await get_product_picture(session, request.path_params["product_id"])
    headers = {"Cache-Control": KEEP, "ETag": f'"{found.sha256[:32]}"'}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=found.content_type, headers=headers)


async def product(request: Request) -> Response:
    """Return a product's card to anyone who may chat, in `?language=`, else in their own."""
    person = await person_of(request)
    async with parts_of(request).sessions() as session:
        found = await get_product(session, request.path_params["product_id"])
    card = ProductCard(
        product_id=found.id,
        name=found.name_in(request.query_params.get("language", person.language)),
        description=found.description,
        currency=found.currency,
        variants=[Variant.model_validate(vars(variant)) for variant in found.variants],
    )
    return JSONResponse(card.model_dump(mode="json"))


async def order(request: Request) -> Response:
    """Return an order as it is now, to the customer of a conversation: a visitor may have become one in it."""
    parts, person, conversation = await own_conversation(request)
    whose = person.whose if conversation.customer_id is None else CustomerOnly(conversation.customer_id)
    async with parts.sessions() as session:
        found = await get_order(session, request.path_params["order_id"], whose)
    return JSONResponse(order_facts(found).model_dump(mode="json"))


def order_facts(found: Order) -> OrderFacts:
    """Return what a person is shown of an order that is about to change."""
    return OrderFacts(
        order_id=found.id,
        status=found.status,
        currency=found.currency,
        lines=[Line.model_validate(vars(line)) for line in found.lines],
        address=Address.model_validate(vars(found)),
    )


ROUTES = [
    Route(f"{ONE}/orders/{{order_id}}", order),
    Route("/api/products/{product_id}", product),
    Route("/api/products/{product_id}/picture", picture),
]
