"""Registering: how a customer gets an account by themselves, where the shop allows it (`REGISTRATION`)."""

import asyncio

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import hold, writing
from storage.errors import ShopError
from storage.people.accounts import find_account, hash_password
from storage.people.identities import add_try, find_buyer_id, marks_of, may_try
from storage.people.registration import (
    EmailTakenError,
    HasAccountError,
    add_account,
    checked_email,
    require_strong,
)
from storage.process.addresses import address_of
from storage.shop.customers import add_newcomer, find_by_id_or_email
from storage.words.languages import spoken
from ui.bodies import Body, read_body
from ui.parts import Parts, parts_of


class RegistrationOffError(ShopError):
    """The shop makes its customers' accounts itself."""

    def __init__(self) -> None:
        super().__init__("This shop registers its customers itself. Ask it for an account.")


class OrderNeededError(ShopError):
    """The shop registers only customers who know one of their orders."""

    def __init__(self) -> None:
        super().__init__("Send `order_id` and `postcode` of one of your orders too, and the email you bought it with.")


class NotRecognizedError(ShopError):
    """The order is not this customer's, was tried too often, or they have an account; the text is the same for all."""

    def __init__(self) -> None:
        super().__init__(
            "These do not belong to a customer who can register now. Check the email, the order number and its "
            "postcode; if you have registered before, log in."
        )


class Registration(Body):
    """Who registers. The order and its postcode count where the shop asks for them."""

    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=200)
    name: str = Field("", max_length=100)
    order_id: str = Field("", max_length=40)
    postcode: str = Field("", max_length=20)


async def register(request: Request) -> Response:
    """Register a customer, who logs in next.

    Where everybody may register, a taken email has the same answer, which tells nobody who has an account.
    """
    parts, asked = parts_of(request), await read_body(request, Registration)
    if parts.settings.registration == "off":
        raise RegistrationOffError
    email = checked_email(asked.email)
    require_strong(asked.password)
    parts.accounts_by_address.take(address_of(request.scope))
    # Before anything is looked up, so that every answer takes as long.
    async with parts.checking:
        password_hash = await asyncio.to_thread(hash_password, asked.password)
    if parts.settings.registration == "verified":
        await _register_buyer(parts, asked, email, password_hash, address_of(request.scope))
    else:
        language = spoken(request.headers.get("accept-language", "").partition(",")[0])
        await _register_anybody(parts, asked, email, password_hash, language)
    return JSONResponse({"email": email, "next": "Log in with this email and password."}, status_code=201)


async def _register_buyer(parts: Parts, asked: Registration, email: str, password_hash: str, address: str) -> None:
    if not asked.order_id.strip() or not asked.postcode.strip():
        raise OrderNeededError
    marks = marks_of(parts.settings.secret, email, address or None)
    async with writing(parts.sessions) as session:
        if not await may_try(session, marks):
            raise NotRecognizedError
        customer_id = await find_buyer_id(session, email, asked.order_id, asked.postcode)
        if customer_id is None:
            await add_try(session, marks)
        else:
            try:
                await add_account(session, email, password_hash, name=asked.name.strip(), customer_id=customer_id)
            except (EmailTakenError, HasAccountError) as error:
                raise NotRecognizedError from error
    if customer_id is None:
        # Raised here, since an error inside takes the count of this try back.
        raise NotRecognizedError


async def _register_anybody(parts: Parts, asked: Registration, email: str, password_hash: str, language: str) -> None:
    name = asked.name.strip() or email.partition("@")[0]
    async with writing(parts.sessions) as session:
        # Of two who register the same email at once, the second finds the first.
        await hold(session, "registration")
        # Nothing shows that an email is theirs, so nor is a customer of the shop who has it.
        taken = await find_account(session, email) or await find_by_id_or_email(session, email)
        if taken is None:
            newcomer = await add_newcomer(session, email, name, language)
            await add_account(session, email, password_hash, name=name, customer_id=newcomer.id)


ROUTES = [Route("/auth/register", register, methods=["POST"])]
