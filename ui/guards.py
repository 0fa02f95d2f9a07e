"""Checks on every request's origin and size, and strict headers on every response."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.errors import ShopError
from ui.logins.bearers import is_by_bearer

# A message of 4,000 characters is 24,000 bytes when each is escaped; an image is 10 MB, and a form adds a little.
MAX_BODY = 64 * 1024
MAX_IMAGE_BODY = 10 * 1024 * 1024 + 16 * 1024
IMAGES = "/api/images"
# Programs send the whole conversation each time, with all its pictures in it.
MAX_PROGRAM_BODY = 64 * 1024 * 1024
PROGRAMS = ("/v1/chat/completions", "/v1/responses")
# A picture in a data URL is a third larger.
PICTURES = ("/vision/analyze", "/vision/defect")
# A document travels in base64, which is a third larger.
SERVICE, ASSISTANT, MAX_SERVICE_BODY = "/service", "/assistant/mcp", 12 * 1024 * 1024
LIMITS = {
    IMAGES: MAX_IMAGE_BODY,
    **dict.fromkeys(PICTURES, MAX_IMAGE_BODY * 4 // 3),
    **dict.fromkeys(PROGRAMS, MAX_PROGRAM_BODY),
    **dict.fromkeys((SERVICE, ASSISTANT), MAX_SERVICE_BODY),
}
# These answer with a cookie, so another site must not have a browser send them, whatever their headers say.
WITH_COOKIES = ("/auth/login", "/auth/logout", "/auth/visit")
# Programs call these, including ones in another site's page; none of them uses a cookie.
OAUTH_POSTS = ("/token", "/register", "/revoke")
READING = {"GET", "HEAD", "OPTIONS"}
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class OtherSiteError(ShopError):
    """Another site's page sent the request with this browser's login."""

    def __init__(self) -> None:
        super().__init__("This request came from another site, so it was refused.")


class BodyTooLargeError(ShopError):
    """The body is larger than the route allows."""

    def __init__(self, limit: int) -> None:
        size = f"{limit // 1024 // 1024} MB" if limit >= 1024 * 1024 else f"{limit // 1024} KB"
        super().__init__(f"That is too large: the limit is {size}.")


def allowed_hosts(host: str, public_url: str) -> list[str]:
    """Return the accepted Host names; a server listening on all addresses accepts any, since its names are unknown."""
    public = urlsplit(public_url).hostname or ""
    return ["*"] if host in EVERYWHERE else ["localhost", "127.0.0.1", "[::1]", host, public]


class StrictHeaders:
    """Middleware that adds security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to its answer."""
        await self._app(scope, receive, _with_headers(send))


class Guards:
    """Middleware that rejects other sites' requests and bodies that are too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the request, then pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = LIMITS.get(scope["path"], MAX_BODY)
        if _acts_by_cookie(scope) and _is_from_another_site(Headers(scope=scope)):
            raise OtherSiteError
        await self._app(scope, _limited(receive, limit), send)


def _acts_by_cookie(scope: Scope) -> bool:
    path: str = scope["path"]
    if scope["method"] in READING or path in OAUTH_POSTS:
        return False
    return path in WITH_COOKIES or not is_by_bearer(Headers(scope=scope))


def _is_from_another_site(headers: Headers) -> bool:
    # Every browser sends at least one of the two with a request that changes something; other programs send neither,
    # and have no cookie of a browser that could be used against its owner.
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] not in {"same-origin", "none"}
    try:
        return "origin" in headers and urlsplit(headers["origin"]).netloc != headers.get("host")
    except ValueError:
        # An address that is none, such as "http://[", is no browser's.
        return True


def _limited(receive: Receive, limit: int) -> Receive:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise BodyTooLargeError(limit)
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sent
