"""Where a request comes from, for the limits that count by network address."""

from starlette.requests import Request


def client_address(request: Request) -> str:
    """Return the network address of who sent the request, or nothing where the server was told none."""
    return request.client.host if request.client else ""
