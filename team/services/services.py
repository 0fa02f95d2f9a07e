"""The services by name: what each takes, and how a request becomes an answer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from storage.errors import NotFoundError
from team.services.decisions import decisions
from team.services.documents import documents
from team.services.insights import insights
from team.services.place import BadParametersError, Place
from team.words.language import language_of

Wanted = TypeVar("Wanted", bound=BaseModel)
HEAD = 2_000
"""Characters of a content that tell its language."""


class NoSuchServiceError(NotFoundError):
    """There is no such service."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no service {name}. There are {', '.join(SERVICES)}.")


@dataclass(frozen=True)
class Service(Generic[Wanted]):
    """One service: the shape of its parameters, and what answers."""

    parameters: type[Wanted]
    answer: Callable[[Place, str, Wanted], Awaitable[dict[str, Any]]]

    async def serve(self, place: Place, content: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a request.

        Raises:
            BadParametersError: the parameters have another shape.
        """
        try:
            wanted = self.parameters.model_validate(dict(given))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "parameters"
            raise BadParametersError(f"parameters.{where}: {first['msg'].removeprefix('Value error, ')}.") from error
        return await self.answer(place, content, wanted)


SERVICES: Mapping[str, Service[Any]] = {
    "data_insights": Service(insights.Wanted, insights.answer),
    "decision_support": Service(decisions.Wanted, decisions.answer),
    "document_analysis": Service(documents.Wanted, documents.answer),
}


async def serve(place: Place, name: str, content: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Have a service answer, in the language of its content where that shows one.

    Args:
        place: where it works, and for whom.
        name: the service.
        content: the question or the text that it is about.
        parameters: what else the service takes.

    Raises:
        NoSuchServiceError: there is no such service.
        ShopError: the service cannot answer; the text says why.
    """
    if name not in SERVICES:
        raise NoSuchServiceError(name)
    place = replace(place, language=language_of(content[:HEAD], place.language))
    return await SERVICES[name].serve(place, content, parameters)
