"""The page's cookies: their names, and attributes that keep them from scripts and other sites."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from storage.settings import Settings


def cookie_name(settings: Settings, name: str) -> str:
    """Return a cookie's name at the page's public address.

    Over HTTPS a browser accepts `__Host-` only from that host itself, so that no other host of its domain can plant a
    cookie. Over plain HTTP it accepts no such cookie.
    """
    return f"__Host-{name}" if _is_https(settings) else name


def find_cookie(request: Request, settings: Settings, name: str) -> str | None:
    """Return a cookie's value, or None if the browser sent none."""
    return request.cookies.get(cookie_name(settings, name))


def set_cookie(response: Response, settings: Settings, name: str, value: str, *, max_age_s: int) -> None:
    """Set a cookie for this many seconds."""
    # The public address says whether the browser uses HTTPS; behind a proxy, the request does not.
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=max_age_s,
        httponly=True,
        samesite="lax",
        secure=_is_https(settings),
    )


def clear_cookie(response: Response, settings: Settings, name: str) -> None:
    """Delete a cookie."""
    # A browser deletes a Secure cookie only if the deletion is Secure too.
    response.delete_cookie(cookie_name(settings, name), httponly=True, samesite="lax", secure=_is_https(settings))


def _is_https(settings: Settings) -> bool:
    return urlsplit(settings.public_ui_url).scheme == "https"
