"""Refusals in the shape that OpenAI's clients read: `{"error": {message, type, param, code}}`, with the true status."""

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from storage.errors import ShopError

PREFIX = "v1"
INVALID = "invalid_request_error"
TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
"""By status, as OpenAI names them; any other 4xx is an invalid request."""

CODES = {401: "invalid_api_key", 405: "method_not_allowed", 429: "rate_limit_exceeded"}
"""By status, where programs look for OpenAI's own word instead of ours."""

SERVER_ERROR = 500


class ProgramError(ShopError):
    """A request that cannot be done as it was sent. `param` names the field, `code` says why."""

    def __init__(self, told: str, code: str, param: str | None = None) -> None:
        super().__init__(told)
        self.code = code
        self.param = param


class NoSuchModelError(ProgramError):
    """There is no such model, or not for this key; the text is the same for both."""

    def __init__(self, model: str) -> None:
        told = f"The model {model[:100]!r} does not exist or this key has no access to it."
        super().__init__(told, "model_not_found", "model")


class NoSuchResponseError(ProgramError):
    """There is no such response, or it was another key's; the text is the same for both."""

    def __init__(self, response_id: str) -> None:
        told = f"Previous response with id {response_id[:100]!r} not found."
        super().__init__(told, "previous_response_not_found", "previous_response_id")


class EndpointAwayError(ProgramError):
    """A model's endpoint cannot be reached."""

    def __init__(self, model: str) -> None:
        super().__init__(f"The endpoint of {model} does not answer. Try again.", "endpoint_away", "model")


def is_program(path: str) -> bool:
    """Return whether a request came over this API."""
    return path.lstrip("/").partition("/")[0] == PREFIX


def refusal(
    status: int, text: str, code: str, param: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a refusal as OpenAI's clients read it."""
    kind = "server_error" if status >= SERVER_ERROR else TYPES.get(status, INVALID)
    error = {"message": text, "type": kind, "param": param, "code": CODES.get(status, code)}
    return JSONResponse({"error": error}, status_code=status, headers=headers)
