"""One pool of HTTP connections, shared by all customers and all models."""

import httpx2

LIMITS = httpx2.Limits(max_connections=1_000, max_keepalive_connections=32)
"""Every request checks the sockets of all idle connections: with 200 of them that took a fifth of the CPU time."""


def open_pool() -> httpx2.AsyncHTTPTransport:
    """Make the pool. It connects on first use; whoever made it must close it."""
    return httpx2.AsyncHTTPTransport(limits=LIMITS)


class Borrowed(httpx2.AsyncBaseTransport):
    """The pool as one client sees it: closing that client leaves the pool open."""

    def __init__(self, pool: httpx2.AsyncHTTPTransport) -> None:
        self.pool = pool

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request over the pool."""
        return await self.pool.handle_async_request(request)

    async def aclose(self) -> None:
        """Leave the pool open."""
