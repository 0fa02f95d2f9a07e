"""`GET /v1/models`: the team, and for staff each endpoint of models.toml, by its key there."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.endpoints import Endpoint
from storage.owners import Staff
from ui.logins.person import Person
from ui.logins.visits import person_of
from ui.openai_api.refusals import NoSuchModelError
from ui.openai_api.shapes import TEAM
from ui.parts import parts_of

CREATED = 1_767_225_600
"""When the models came into being; clients want a date and do nothing with it."""


async def listing(request: Request) -> Response:
    """List the models that this person may ask."""
    models = _models(request, await person_of(request))
    return JSONResponse({"object": "list", "data": models})


async def show(request: Request) -> Response:
    """Return one model."""
    wanted = request.path_params["model"]
    for model in _models(request, await person_of(request)):
        if model["id"] == wanted:
            return JSONResponse(model)
    raise NoSuchModelError(wanted)


def endpoint_named(request: Request, person: Person, model: str) -> Endpoint:
    """Return the endpoint that a model's name stands for.

    Raises:
        NoSuchModelError: there is none, or the person is not staff.
    """
    found = _endpoints(request, person).get(model)
    if found is None:
        raise NoSuchModelError(model)
    return found


def _models(request: Request, person: Person) -> list[dict[str, Any]]:
    endpoints = _endpoints(request, person)
    return [_model(TEAM, TEAM), *(_model(key, endpoint.model) for key, endpoint in endpoints.items())]


def _endpoints(request: Request, person: Person) -> Mapping[str, Endpoint]:
    """Return the endpoints that this person may ask, by their keys: those of models.toml for staff, none for others."""
    if not isinstance(person.whose, Staff):
        return {}
    return parts_of(request).desk.answering.models.endpoints.endpoints


def _model(model_id: str, owner: str) -> dict[str, Any]:
    return {"id": model_id, "object": "model", "created": CREATED, "owned_by": owner}


ROUTES = [Route("/v1/models", listing), Route("/v1/models/{model}", show)]
