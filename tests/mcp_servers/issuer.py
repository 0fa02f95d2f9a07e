"""A little outside issuer of tokens: its metadata and keys over HTTP, and tokens as it would sign them."""

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.team.serving import address, listening, serving


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Issuer:
    """The issuer at `url`. Its `keys` are what it lists, by their ids; `asked` counts how often they were read."""

    url: str
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=lambda: {"first": new_key()})
    away: bool = False
    asked: int = 0

    def token(self, audience: str, claims: Mapping[str, object], *, key: str = "first") -> str:
        """A token for this audience with these claims besides the usual ones."""
        at = int(time.time())
        usual: dict[str, object] = {
            "iss": self.url,
            "sub": "1f3c",
            "aud": audience,
            "iat": at,
            "exp": at + 60,
            "scope": "orders:read",
        }
        return jwt.encode(usual | dict(claims), self.keys[key], algorithm="RS256", headers={"kid": key})

    async def metadata(self, _: Request) -> Response:
        if self.away:
            return Response(status_code=502)
        return JSONResponse({"issuer": self.url, "jwks_uri": f"{self.url}/keys"})

    async def listed(self, _: Request) -> Response:
        self.asked += 1
        return JSONResponse({"keys": [_listed(name, key) for name, key in self.keys.items()]})


def _listed(name: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
    listed: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    return listed | {"kid": name, "use": "sig", "alg": "RS256"}


@asynccontextmanager
async def open_issuer() -> AsyncIterator[Issuer]:
    """Serve an issuer on this machine."""
    listener = listening()
    issuer = Issuer(address(listener))
    routes = [Route("/.well-known/openid-configuration", issuer.metadata), Route("/keys", issuer.listed)]
    async with serving((Starlette(routes=routes), listener)):
        yield issuer
