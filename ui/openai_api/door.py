"""What every request over this API passes: its path is read as clients mean it, and its answer is named."""

import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.openai_api.refusals import is_program

REQUEST_ID = "x-request-id"


class Door:
    """Middleware for this API alone.

    Clients put a path behind a base URL that may end with a slash, so `/v1//models` and `/v1/models/` are `/v1/models`.
    Each answer, a refusal too, has an id in `x-request-id`, as OpenAI's clients show it with an error.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not is_program(_plain(path)):
            await self._app(scope, receive, send)
            return
        scope["path"] = _plain(path)
        await self._app(scope, receive, _named(send))


def _plain(path: str) -> str:
    return "/" + "/".join(filter(None, path.split("/")))


def _named(send: Send) -> Send:
    name = f"req_{secrets.token_hex(12)}"

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault(REQUEST_ID, name)
        await send(message)

    return sent
