"""An external issuer's public keys: discovered through its metadata, cached, and refreshed when they change."""

import asyncio
import logging
import time
from typing import Any
from urllib.parse import urlsplit

import httpx2
import jwt
from pydantic import AnyHttpUrl, BaseModel, ValidationError

logger = logging.getLogger(__name__)

FRESH_S = 3_600
STALE_S = 86_400
"""How long cached keys are trusted while the issuer cannot be reached."""

RETRY_S = 10
"""The minimum interval between requests to the issuer, whatever the tokens name."""

TIMEOUT_S = 5


class IssuerAwayError(Exception):
    """The issuer's keys are unavailable, so its tokens can be neither accepted nor rejected."""

    def __init__(self, issuer: str, reason: str) -> None:
        super().__init__(f"The keys of the token issuer {issuer} cannot be read: {reason}")


class IssuerAnswerError(Exception):
    """The issuer's response is unusable."""


class Metadata(BaseModel):
    """The required parts of an issuer's metadata (RFC 8414, OpenID Connect Discovery)."""

    issuer: str
    jwks_uri: AnyHttpUrl


class KeySet(BaseModel):
    """A JSON Web Key Set (RFC 7517), its keys as they came."""

    keys: list[dict[str, Any]]


class IssuerKeys:
    """One issuer's keys by id. `named` is the issuer exactly as its tokens name it."""

    def __init__(self, issuer: str) -> None:
        self.named = issuer
        self._issuer = issuer
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._read_at = self._tried_at = float("-inf")
        self._trouble = "not asked yet"
        self._asking = asyncio.Lock()

    async def find(self, key_id: str | None) -> jwt.PyJWK | None:
        """Return the key with this id; for a token that names none, the only key.

        Raises:
            IssuerAwayError: no sufficiently fresh keys are available.
        """
        if self._age() > FRESH_S or self._known(key_id) is None:
            async with self._asking:
                await self._ask()
        if self._age() > STALE_S:
            raise IssuerAwayError(self._issuer, self._trouble)
        return self._known(key_id)

    def _age(self) -> float:
        return time.monotonic() - self._read_at

    def _known(self, key_id: str | None) -> jwt.PyJWK | None:
        if key_id is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(key_id)

    async def _ask(self) -> None:
        if time.monotonic() - self._tried_at < RETRY_S:
            return
        self._tried_at = time.monotonic()
        try:
            async with asyncio.timeout(TIMEOUT_S), httpx2.AsyncClient() as client:
                self._keys = await self._read(client)
        except (httpx2.HTTPError, jwt.PyJWTError, TimeoutError, IssuerAnswerError) as error:
            self._trouble = str(error) or type(error).__name__
            logger.warning("%s", IssuerAwayError(self._issuer, self._trouble))
        else:
            self._read_at = time.monotonic()

    async def _read(self, client: httpx2.AsyncClient) -> dict[str | None, jwt.PyJWK]:
        metadata = await self._read_metadata(client)
        found = await client.get(str(metadata.jwks_uri))
        keys = _read_keys(found.raise_for_status().content)
        self.named = metadata.issuer
        return {key.key_id: key for key in keys if key.key_type != "oct" and key.public_key_use in {None, "sig"}}

    async def _read_metadata(self, client: httpx2.AsyncClient) -> Metadata:
        for address in _metadata_addresses(self._issuer):
            answer = await client.get(address)
            if answer.is_success:
                return _checked(answer.content, self._issuer)
        raise IssuerAnswerError("it has neither OpenID nor OAuth metadata")


def _checked(content: bytes, issuer: str) -> Metadata:
    try:
        metadata = Metadata.model_validate_json(content)
    except ValidationError as error:
        raise IssuerAnswerError("its metadata lacks issuer or jwks_uri") from error
    if metadata.issuer.rstrip("/") != issuer.rstrip("/"):
        raise IssuerAnswerError("its metadata names another issuer")
    if metadata.jwks_uri.scheme != urlsplit(issuer).scheme:
        raise IssuerAnswerError("its keys are not at an address of the same scheme")
    return metadata


def _read_keys(content: bytes) -> list[jwt.PyJWK]:
    try:
        return jwt.PyJWKSet.from_dict(KeySet.model_validate_json(content).model_dump()).keys
    except (ValueError, TypeError, KeyError) as error:
        # The numbers of a key are read by PyJWT, which fails on bad ones in these ways.
        raise IssuerAnswerError("its keys are not a JSON Web Key Set") from error


def _metadata_addresses(issuer: str) -> list[str]:
    # OpenID Discovery appends to the path, RFC 8414 puts it before.
    parts = urlsplit(issuer.rstrip("/"))
    oauth = f"{parts.scheme}://{parts.netloc}/.well-known/oauth-authorization-server{parts.path}"
    return [f"{issuer.rstrip('/')}/.well-known/openid-configuration", oauth]
