"""Turns every error into a response: `{"error": text for a person, "code": what the page translates}`."""

import logging
import re
import secrets
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storage.characters import cleaned
from storage.chats.conversations import ConversationBusyError, ConversationNotFoundError
from storage.chats.thumbs import AnswerNotFoundError
from storage.errors import NotFoundError
from storage.handbook.passages import PolicyNotFoundError
from storage.outages import DatabaseBusyError, DatabaseGoneError, DiskFullError
from storage.people.accounts import WrongPasswordError
from storage.people.asked_changes import NoSuchChangeError, OtherwiseAnsweredError, QuestionExpiredError
from storage.pictures.images import ImageNotFoundError
from storage.pictures.pictures import BadImageError, PicturesFullError, TooLargeError
from storage.pictures.product_pictures import ProductPictureNotFoundError
from storage.process.bodies import SlowBodyError, TooManySlowBodiesError
from storage.process.failed_requests import CODE, LIMITED, route_of
from storage.process.limits import LimitReachedError
from storage.process.tries import TooManyTriesError
from storage.shop.orders import OrderNotFoundError
from storage.shop.products import ProductNotFoundError
from storage.shop.ticket_states import TakenError
from storage.turns.records import RecordNotFoundError
from storage.turns.traces import TraceNotFoundError
from team.desk.draft import NoDraftError
from team.models.switching import NoSuchRoleError
from team.replay.replay import CannotBeReplayedError, NoSuchPartError
from team.routing.answering import NobodyAnsweredError
from team.routing.choosing import NobodyCanError
from team.services.asking import NoModelError
from team.services.decisions.evidence import ToolsAwayError
from team.services.documents.contradicting import HandbookAwayError
from team.turn.confirmations import NoSuchQuestionError
from ui.bodies import NotJsonError
from ui.desk.chats import ChatOfStaffError
from ui.desk.drafts import NothingToAnswerError
from ui.guards import BodyTooLargeError, OtherSiteError
from ui.inside.staff import StaffOnlyError
from ui.limits import TooManyConversationsError, TooManyMessagesError, TooManyTurnsError
from ui.logins.bearers import AccountNeededError, BadBearerError, NotLoggedInError
from ui.logins.keys import CustomerUnknownError
from ui.logins.registering import NotRecognizedError, RegistrationOffError
from ui.logins.tokens import BadRefreshTokenError
from ui.logins.visits import PicturesNeedLoginError, VisitorsNotWelcomeError
from ui.oauth.consent import OtherLoginError
from ui.oauth.programs import NoSuchProgramError
from ui.oauth.requests import RequestExpiredError
from ui.openai_api.refusals import (
    EndpointAwayError,
    NoSuchModelError,
    NoSuchResponseError,
    ProgramError,
    is_program,
    refusal,
)
from ui.parts import parts_of
from ui.rest.refusals import RestError, ToolRefusedError

logger = logging.getLogger(__name__)

STATUS: dict[type[Exception], int] = {
    WrongPasswordError: 401,
    NotLoggedInError: 401,
    BadBearerError: 401,
    BadRefreshTokenError: 401,
    OtherSiteError: 403,
    VisitorsNotWelcomeError: 403,
    PicturesNeedLoginError: 403,
    OtherLoginError: 403,
    AccountNeededError: 403,
    RegistrationOffError: 403,
    NotRecognizedError: 403,
    CustomerUnknownError: 403,
    StaffOnlyError: 403,
    AnswerNotFoundError: 404,
    ConversationNotFoundError: 404,
    ImageNotFoundError: 404,
    PolicyNotFoundError: 404,
    OrderNotFoundError: 404,
    ProductNotFoundError: 404,
    ProductPictureNotFoundError: 404,
    NoSuchProgramError: 404,
    NoSuchModelError: 404,
    NoSuchResponseError: 404,
    NoSuchQuestionError: 404,
    NoSuchChangeError: 404,
    TraceNotFoundError: 404,
    RecordNotFoundError: 404,
    NoSuchRoleError: 404,
    NoSuchPartError: 404,
    CannotBeReplayedError: 409,
    NobodyCanError: 409,
    OtherwiseAnsweredError: 409,
    QuestionExpiredError: 410,
    ConversationBusyError: 409,
    TakenError: 409,
    ChatOfStaffError: 409,
    NothingToAnswerError: 409,
    SlowBodyError: 408,
    RequestExpiredError: 410,
    BodyTooLargeError: 413,
    TooLargeError: 413,
    NotJsonError: 415,
    TooManyTriesError: 429,
    TooManyConversationsError: 429,
    TooManyMessagesError: 429,
    TooManyTurnsError: 429,
    PicturesFullError: 429,
    TooManySlowBodiesError: 429,
    EndpointAwayError: 502,
    NoDraftError: 502,
    NoModelError: 502,
    NobodyAnsweredError: 502,
    HandbookAwayError: 503,
    ToolsAwayError: 503,
    DatabaseBusyError: 503,
    DatabaseGoneError: 503,
    DiskFullError: 503,
}
"""Any other `ShopError` is 400: the request must be changed."""

UNAUTHORIZED = 401
BY_BEARER = {"WWW-Authenticate": "Bearer"}
"""What programs are told who did not say who they are, or said it wrongly (RFC 6750)."""


async def refuse(request: Request, error: Exception) -> Response:
    """Respond with an error's own text, and count those from a limit."""
    if isinstance(error, (LimitReachedError, TooManyTriesError)):
        return _limited(request, error)
    request.scope[CODE] = code_of(error)
    if isinstance(error, ToolRefusedError):
        wait = None if error.wait_s is None else {"Retry-After": str(error.wait_s)}
        return JSONResponse(error.body, status_code=error.status, headers=wait)
    status = _status(error)
    headers = BY_BEARER if status == UNAUTHORIZED else None
    if isinstance(error, ProgramError):
        return refusal(status, str(error), error.code, error.param, headers)
    return _answer(request, status, str(error), code_of(error), headers)


def _status(error: Exception) -> int:
    if isinstance(error, RestError):
        return error.status
    return STATUS.get(type(error), 404 if isinstance(error, NotFoundError) else 400)


def _limited(request: Request, error: LimitReachedError | TooManyTriesError) -> Response:
    parts_of(request).desk.steps.metrics.refuse(error.limit)
    request.scope[LIMITED] = True
    status, headers = STATUS.get(type(error), 400), {"Retry-After": str(error.wait_s)}
    if is_program(request.scope["path"]):
        return refusal(status, str(error), code_of(error), headers=headers)
    answer = {"error": str(error), "code": code_of(error), "wait_s": error.wait_s}
    return JSONResponse(answer, status_code=status, headers=headers)


async def refuse_http(request: Request, error: Exception) -> Response:
    """Respond to a path, method or body that no route accepts."""
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette's handler type is wider than its registration
    return _answer(request, error.status_code, error.detail, f"http_{error.status_code}", error.headers)


async def fail(request: Request, error: Exception) -> Response:
    """Respond to an internal error with only a reference number, which is in the log."""
    reference = secrets.token_hex(4)
    where = route_of(request.scope)
    logger.error("%s %s failed (reference %s)", request.method, where, reference, exc_info=error)
    return _answer(request, 500, f"Something went wrong on our side (reference {reference}).", "failed")


def code_of(error: Exception) -> str:
    """Return what programs know an error by, and the page translates: its class as words."""
    if isinstance(error, ToolRefusedError):
        return error.code
    if isinstance(error, BadImageError):
        return f"picture_{error.code}"
    words: list[str] = re.findall(r"[A-Z][a-z]+", type(error).__name__.removesuffix("Error"))
    return "_".join(word.lower() for word in words)


def _answer(request: Request, status: int, text: str, code: str, headers: Mapping[str, str] | None = None) -> Response:
    if is_program(request.scope["path"]):
        return refusal(status, cleaned(text), code, headers=headers)
    return JSONResponse({"error": cleaned(text), "code": code}, status_code=status, headers=headers)
