"""A tool function's parameters, by who fills them in: the model, a resolver, or the runtime."""

import inspect
import typing
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from mcp.server.mcpserver import Context, Resolve
from sqlalchemy.ext.asyncio import AsyncSession

CALLER = "caller"
CONTEXT = "ctx"


class OpenedByRuntime:
    """Marks the parameter for which the runtime opens a session."""


Session = Annotated[AsyncSession, OpenedByRuntime()]


@dataclass(frozen=True)
class Parameters:
    """Every parameter of a tool function except session and context, with its resolved annotation."""

    all: tuple[inspect.Parameter, ...]
    session: str | None
    context: bool
    """Whether it takes the request's `ctx`, to report progress."""
    injected: tuple[str, ...]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names the model fills in."""
        return tuple(parameter.name for parameter in self.all if parameter.name not in self.injected)

    @property
    def besides_caller(self) -> list[inspect.Parameter]:
        """Every parameter except `caller`, which the runtime adds if it needs one itself."""
        return [parameter for parameter in self.all if parameter.name != CALLER]

    def own(self, given: dict[str, Any], session: AsyncSession | None = None) -> dict[str, Any]:
        """Return those of a tool's arguments that its function takes, plus the session."""
        mine = {parameter.name: given[parameter.name] for parameter in self.all}
        if self.context:
            mine[CONTEXT] = given[CONTEXT]
        return mine if self.session is None else mine | {self.session: session}


def parameters_of(function: Callable[..., Any]) -> Parameters:
    """Read a tool function's signature."""
    hints = typing.get_type_hints(function, include_extras=True)
    found = [
        parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(function).parameters.items()
    ]
    session = [parameter.name for parameter in found if _has(parameter, OpenedByRuntime)]
    context = [parameter.name for parameter in found if _is_context(parameter)]
    return Parameters(
        all=tuple(parameter for parameter in found if parameter.name not in [*session, *context]),
        session=session[0] if session else None,
        context=bool(context),
        injected=tuple(parameter.name for parameter in found if _has(parameter, Resolve)),
    )


def returned_by(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - an annotation is any object
    """Return a tool function's return annotation."""
    return typing.get_type_hints(function, include_extras=True)["return"]


def shaped(
    body: Callable[[dict[str, Any]], Awaitable[Any]],
    *,
    like: Callable[..., Any],
    name: str,
    parameters: Iterable[inspect.Parameter],
    returns: Any,  # noqa: ANN401 - an annotation is any object
) -> Callable[..., Any]:
    """Return a function that passes its arguments to `body` as one dict, with the signature for the SDK to read."""
    listed = list(parameters)

    async def function(**given: Any) -> Any:  # noqa: ANN401 - what `body` returns
        return await body(given)

    function.__signature__ = inspect.Signature(listed, return_annotation=returns)  # type: ignore[attr-defined]
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in listed} | {"return": returns}
    # The SDK keys a question by `module:qualname`, and every replica must arrive at the same key.
    function.__name__ = function.__qualname__ = name
    function.__module__ = like.__module__
    function.__doc__ = like.__doc__
    return function


def keyword(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:  # noqa: ANN401
    """Return a parameter to add to a tool's or a resolver's own."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _has(parameter: inspect.Parameter, marker: type) -> bool:
    return any(isinstance(item, marker) for item in getattr(parameter.annotation, "__metadata__", ()))


def _is_context(parameter: inspect.Parameter) -> bool:
    return isinstance(parameter.annotation, type) and issubclass(parameter.annotation, Context)
