"""An OpenAI-compatible endpoint used by search: timeouts, retries and errors."""

import ssl
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from urllib.parse import urlsplit

import anyio
import httpx2
from pydantic_core import from_json
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential_jitter,
)

from storage.errors import ShopError
from storage.settings import CannotStartError
from storage.traces.model_calls import begin_model_call

CONNECT_S = 5.0
LONGEST_SAID = 200
# Status codes worth retrying later, and those worth retrying with less data.
LATER = frozenset({408, 425, 429})
TOO_MUCH = frozenset({400, 413, 422})

backoff = wait_exponential_jitter(multiplier=0.5, max=8.0)


class EndpointAwayError(ShopError, CannotStartError):
    """An endpoint returned nothing usable. A running shop reports it; a command that needs it exits with it."""

    def __init__(self, opening: str, reason: str, way_out: str) -> None:
        super().__init__(f"{opening} cannot be used: {reason.rstrip('.')}. {way_out}.")


class TooMuchError(EndpointAwayError):
    """An endpoint rejected a request, possibly because of too many texts at once, or too long ones."""


@dataclass(frozen=True)
class Patience:
    """Timeout per attempt, total timeout including the pauses, and number of attempts."""

    answer_s: float
    altogether_s: float
    tries: int


@dataclass(frozen=True)
class Endpoint:
    """An endpoint of the shop's. Errors start with `opening`; `named` says what sets its BASE_URL, MODEL or API_KEY."""

    opening: str
    named: Callable[[str], str]
    base_url: str
    api_key: str

    async def ask(self, path: str, body: Mapping[str, object], patience: Patience) -> bytes:
        """Return its response, retrying where that helps and no sooner than it asks.

        Raises:
            TooMuchError: it rejects the request as too large.
            EndpointAwayError: it does not answer in time, or rejects the request.
        """
        asking = AsyncRetrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_attempt(patience.tries) | stop_before_delay(patience.altogether_s),
            wait=_pause,
            reraise=True,
        )
        try:
            with anyio.fail_after(patience.altogether_s):
                return await asking(self._once, path, body, patience.answer_s)
        except httpx2.HTTPStatusError as error:
            raise self._refused(error.response) from error
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise self.away("it does not answer in time", f"Start it, or correct {self.named('BASE_URL')}") from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            said = self._printable(str(error)) or type(error).__name__
            raise self.away(said, f"Start it, or correct {self.named('BASE_URL')}") from error

    def away(self, reason: str, way_out: str) -> EndpointAwayError:
        """Return an error that says why it cannot be used, and what to do."""
        return EndpointAwayError(self._opening, reason, way_out)

    async def _once(self, path: str, body: Mapping[str, object], answer_s: float) -> bytes:
        headers = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        timeout = httpx2.Timeout(answer_s, connect=CONNECT_S)
        # The last part of the path is what it does: `embeddings` or `rerank`.
        call = begin_model_call(path, self.base_url, body)
        with nullcontext() if call is None else call.sending():
            async with httpx2.AsyncClient(timeout=timeout, verify=self._tls) as client:
                response = await client.post(f"{self.base_url}/{path}", json=body, headers=headers)
            answer = response.raise_for_status().content
        if call is not None:
            call.end()
        return answer

    def _refused(self, response: httpx2.Response) -> EndpointAwayError:
        said = self._printable(_said(response.content))
        reason = f"it answers {response.status_code}" + (f", {said}" if said else "")
        if response.status_code in TOO_MUCH:
            return TooMuchError(self._opening, reason, f"Correct {self.named('MODEL')}, or raise its limits")
        return self.away(reason, self._way_out(response.status_code))

    def _way_out(self, status: int) -> str:
        match status:
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                return f"{'Correct' if self.api_key else 'Set'} {self.named('API_KEY')}"
            case HTTPStatus.TOO_MANY_REQUESTS:
                return "Try again later"
            case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return "Try again later, or find out why it fails"
        if not self.base_url.endswith("/v1"):
            return f"Correct {self.named('BASE_URL')}, which does not end in /v1"
        return f"Correct {self.named('MODEL')} or {self.named('BASE_URL')}"

    @property
    def _opening(self) -> str:
        # Without the part of a URL that may contain a password.
        parts = urlsplit(self.base_url)
        port = f":{parts.port}" if parts.port else ""
        return f"{self.opening} at {parts.scheme}://{parts.hostname}{port}{parts.path}"

    def _printable(self, said: str) -> str:
        masked = said.replace(self.api_key, "…") if self.api_key else said
        return " ".join("".join(letter if letter.isprintable() else " " for letter in masked).split())[:LONGEST_SAID]

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        # It takes 45 ms to create, and every request would create its own.
        return httpx2.create_ssl_context()


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, httpx2.HTTPStatusError):
        return error.response.status_code in LATER or error.response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    return isinstance(error, httpx2.TransportError) and not isinstance(error, httpx2.UnsupportedProtocol)


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, httpx2.HTTPStatusError) and (wished := error.response.headers.get("retry-after")):
        return max(_seconds(wished), 0.0)
    return backoff(state)


def _seconds(retry_after: str) -> float:
    # RFC 9110, 10.2.3: seconds, or a date.
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        return (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 1.0


def _said(body: bytes) -> str:
    # OpenAI and vLLM: {"error": {"message"}}; Ollama and TEI: {"error"}; Cohere: {"message"}; Jina: {"detail"}.
    try:
        told = from_json(body)
    except ValueError:
        return ""
    while isinstance(told, dict):
        told = next((told[name] for name in ("error", "message", "detail") if name in told), None)
    return told if isinstance(told, str) else ""
