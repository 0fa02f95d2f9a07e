"""A program's own site: https on loopback, under a name of the public internet, with whatever descriptions it has."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from storage.process.strangers import Network
from tests.team.serving import AnnouncedServer, listening

HOST = "program.example"


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the host, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@dataclass
class Site:
    """What is at each path, the paths that were asked for, and the network on which the site is the whole internet."""

    pages: Mapping[str, Response]
    asked: list[str] = field(default_factory=list)
    network: Network = field(default_factory=Network)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.asked.append(f"{request.headers['host']}{request.url.path}")
        await self.pages.get(request.url.path, Response(status_code=404))(scope, receive, send)


@asynccontextmanager
async def open_site(folder: Path, pages: Mapping[str, Response]) -> AsyncIterator[Site]:
    """Serve these pages."""
    certificate, key = write_certificate(folder)
    listener, site = listening(), Site(pages)

    async def leads_here(_: str) -> Sequence[str]:
        return ["127.0.0.1"]

    site.network = Network(
        resolve=leads_here,
        may_connect=lambda _: True,
        certificates=ssl.create_default_context(cafile=certificate),
        port=listener.getsockname()[1],
    )
    server = AnnouncedServer(
        uvicorn.Config(site, http="h11", lifespan="off", log_level="error", ssl_certfile=certificate, ssl_keyfile=key)
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await server.ready.wait()
    try:
        yield site
    finally:
        server.should_exit = True
        await serving
        listener.close()
