"""Where Chroma stores the vectors: embedded in a folder, or on a server that several machines share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from storage.errors import ShopError
from storage.settings import CannotStartError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

TIMEOUT_S = 15.0
"""Timeout of a request to a server: less than a tool call's, more than a batch of passages needs."""
HTTP, HTTPS = 80, 443


class ChromaAwayError(ShopError, CannotStartError):
    """The Chroma server does not answer. A running shop reports it; a command that needs the server exits with it."""

    def __init__(self, url: str, reason: str) -> None:
        said = " ".join(reason.split())[:200].rstrip(".")
        super().__init__(
            f"Policies cannot be searched or ingested: the Chroma server at {_address(url)} cannot be used: "
            f"{said}. Start it, or correct CHROMA_URL."
        )


def open_folder(path: Path) -> "ClientAPI":
    """Open an embedded Chroma in its current state on disk."""
    # Slow to import, and a server that never searches does not need it.
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings as ChromaSettings

    path.mkdir(parents=True, exist_ok=True)
    try:
        return chromadb.PersistentClient(str(path), settings=ChromaSettings(anonymized_telemetry=False))
    finally:
        # Otherwise Chroma would reuse the same, possibly stale or half-open, system for this path in this process.
        SharedSystemClient.clear_system_cache()


def open_server(url: str) -> "ClientAPI":
    """Open a database on a Chroma server: the one named by the URL's path, or Chroma's default.

    Raises:
        ChromaAwayError: nothing answers there, or it is not a Chroma server.
    """
    import chromadb
    from chromadb.config import DEFAULT_DATABASE
    from chromadb.config import Settings as ChromaSettings
    from chromadb.errors import ChromaError

    parts = urlsplit(url)
    is_safe = parts.scheme == "https"
    port = parts.port or (HTTPS if is_safe else HTTP)
    database = parts.path.strip("/") or DEFAULT_DATABASE
    try:
        with told_where_away(url):
            # Before Chroma's client, which opens without a timeout.
            _make_database(f"{parts.scheme}://{parts.hostname}:{port}/api/v2", database)
            # Chroma never closes its pooled connections.
            settings = ChromaSettings(anonymized_telemetry=False, chroma_http_max_keepalive_connections=0)
            client = chromadb.HttpClient(str(parts.hostname), port, ssl=is_safe, settings=settings, database=database)
            # Chroma has no setting for the request timeout.
            client._server._session.timeout = TIMEOUT_S  # type: ignore[attr-defined]  # it is private
    except (ValueError, ChromaError) as error:
        # Chroma raises ValueError for any connection problem.
        raise ChromaAwayError(url, str(error)) from error
    return client


def _make_database(api: str, database: str) -> None:
    """Create a database for the server's only tenant, unless it exists."""
    import httpx
    from chromadb.config import DEFAULT_TENANT

    databases = f"{api}/tenants/{DEFAULT_TENANT}/databases"
    with httpx.Client(timeout=TIMEOUT_S) as http:
        http.get(f"{api}/heartbeat").raise_for_status()
        found = http.get(f"{databases}/{quote(database, safe='')}")
        if found.status_code == httpx.codes.NOT_FOUND:
            found = http.post(databases, json={"name": database})
            if found.status_code == httpx.codes.CONFLICT:
                # Another process created it meanwhile.
                return
        found.raise_for_status()


@contextmanager
def told_where_away(url: str) -> Iterator[None]:
    """Turn a failed request into an error that names the server.

    Raises:
        ChromaAwayError: it does not answer.
    """
    from httpx import HTTPError

    try:
        yield
    except HTTPError as error:
        raise ChromaAwayError(url, str(error) or type(error).__name__) from error


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "") + parts.path
