"""Serving an app over HTTP: uvicorn, with additional timeouts for requests that do not arrive."""

import asyncio
from collections.abc import Callable
from typing import ClassVar

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.h11_impl import H11Protocol

from storage.process.failed_requests import FailedRequests
from storage.settings import Settings
from storage.traces.tracing import traced_app

# Streams still open after this are cut off: an event stream never ends by itself.
SECONDS_TO_CLOSE = 2
SLOW_HEAD = "slow_head"
LINGER_S = 1.0
TOO_LATE = b"The request took too long to arrive.\n"


def server_of(app: ASGIApp, settings: Settings, port: int, counted: Callable[[str], None]) -> uvicorn.Server:
    """Return the server of an app; it counts the requests it ends, by the name of the limit."""
    config = uvicorn.Config(
        traced_app(FailedRequests(behind_proxies(app, settings))),
        host=settings.host,
        port=port,
        # h11 passes every conformance check; httptools fails one on header white space.
        http=_protocol(settings.request_wait_s, counted),
        ws="none",
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
    )
    return uvicorn.Server(config)


def behind_proxies(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Return the app behind trusted proxies: a client's address and scheme are taken only from them."""
    trusted = settings.trusted_networks
    return ProxyHeadersMiddleware(app, trusted) if trusted else app  # type: ignore[arg-type, return-value]  # ASGI in other words


class PromptProtocol(H11Protocol):
    """Ends a connection whose headers do not arrive in time, or whose body keeps arriving after the response.

    uvicorn's own timeout covers only idle connections between requests.
    """

    wait_s: ClassVar[float]
    awaited: asyncio.TimerHandle | None = None

    @staticmethod
    def counted(limit: str) -> None:
        """Count an ended request, by the name of its limit."""
        raise NotImplementedError(limit)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Wait for a request."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what arrived."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of this one."""
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._rest()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.transport.is_closing() or not self._is_awaited():
            self._rest()
        elif self.awaited is None:
            # Closing at once while data is still arriving would discard the response.
            late = self.wait_s if self._has_no_head() else LINGER_S
            self.awaited = self.loop.call_later(late, self._end)

    def _rest(self) -> None:
        if self.awaited is not None:
            self.awaited.cancel()
            self.awaited = None

    def _is_awaited(self) -> bool:
        return self._has_no_head() or self._is_answered_early()

    def _has_no_head(self) -> bool:
        begun = self.cycle is None or bool(self.conn.trailing_data[0])
        return self.conn.their_state is h11.IDLE and begun

    def _is_answered_early(self) -> bool:
        return self.conn.their_state is h11.SEND_BODY and self.cycle.response_complete

    def _end(self) -> None:
        if self._has_no_head():
            self.counted(SLOW_HEAD)
        if self.conn.our_state is h11.IDLE and self.conn.trailing_data[0]:
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
            for event in (
                h11.Response(status_code=408, headers=headers, reason=b"Request Timeout"),
                h11.Data(data=TOO_LATE),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def _protocol(seconds: float, count: Callable[[str], None]) -> type[H11Protocol]:
    class Served(PromptProtocol):
        """The protocol of one server."""

        wait_s = seconds

        @staticmethod
        def counted(limit: str) -> None:
            """Count it with this server's rejections."""
            count(limit)

    return Served
