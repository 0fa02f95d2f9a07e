"""Calling a server.py function that is not a tool, with checked arguments, the caller and a session."""

import inspect
from collections.abc import Mapping
from typing import Any

from mcp.server.mcpserver import Context
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from mcp_servers.runtime.caller import Local
from mcp_servers.runtime.server import ToolFunction
from mcp_servers.runtime.signature import CALLER, CONTEXT, Parameters, parameters_of
from mcp_servers.runtime.tools import bad_arguments
from storage.db import Sessions, reading
from storage.errors import ShopError
from storage.tokens import Caller


class BadArgumentsError(ShopError):
    """The arguments of a resource or prompt are invalid."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__(bad_arguments.told(error))


class Call:
    """A function that reads a resource or writes a prompt; its signature says what it receives, as a tool's does."""

    def __init__(self, function: ToolFunction, sessions: Sessions) -> None:
        self._function = function
        self._sessions = sessions
        self._parameters = parameters_of(function)
        self._model = _model_of(self._parameters)
        self.name = str(function.__name__)
        self.description = inspect.cleandoc(function.__doc__ or "")
        self.arguments = [parameter for parameter in self._parameters.all if parameter.name != CALLER]

    async def __call__(self, caller: Caller, given: Mapping[str, Any], ctx: Context[Local] | None = None) -> Any:  # noqa: ANN401 - what the function returns
        """Call the function.

        Raises:
            BadArgumentsError: an argument is missing, unknown or invalid.
        """
        try:
            checked = self._model.model_validate(given)
        except ValidationError as error:
            raise BadArgumentsError(error) from error
        filled = {name: getattr(checked, name) for name in type(checked).model_fields}
        async with reading(self._sessions) as session:
            return await self._function(
                **self._parameters.own(filled | {CALLER: caller, CONTEXT: ctx}, session),
            )


def _model_of(parameters: Parameters) -> type[BaseModel]:
    fields: dict[str, Any] = {
        parameter.name: (parameter.annotation, ... if parameter.default is parameter.empty else parameter.default)
        for parameter in parameters.all
        if parameter.name in parameters.arguments
    }
    return create_model("Arguments", __config__=ConfigDict(extra="forbid"), **fields)
