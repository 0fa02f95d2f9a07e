"""The page's cookies: what they are called, and that neither scripts nor other sites can use them."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from storage.settings import Settings


def cookie_name(settings: Settings, name: str) -> str:
    """Return what a cookie is called at the page's public address.

    Over HTTPS a browser takes `__Host-` from that host alone, so that no other host of its domain can plant a cookie
    there. Over plain HTTP it takes no such cookie.
    """
    return f"__Host-{name}" if _is_https(settings) else name


def find_cookie(request: Request, settings: Settings, name: str) -> str | None:
    """Return the value of a cookie, or None where the browser sent none."""
    return request.cookies.get(cookie_name(settings, name))


def set_cookie(response: Response, settings: Settings, name: str, value: str, *, max_age_s: int) -> None:
    """Have the browser keep a cookie for so many seconds."""
    # The public address says how the browser came; behind a proxy, the request does not.
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=max_age_s,
        httponly=True,
        samesite="lax",
        secure=_is_https(settings),
    )


def clear_cookie(response: Response, settings: Settings, name: str) -> None:
    """Have the browser forget a cookie."""
    # A browser lets go of a Secure cookie only where it is told so by one.
    response.delete_cookie(cookie_name(settings, name), httponly=True, samesite="lax", secure=_is_https(settings))


def _is_https(settings: Settings) -> bool:
    return urlsplit(settings.public_ui_url).scheme == "https"
