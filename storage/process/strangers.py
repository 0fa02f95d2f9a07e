"""Fetches a document from an address that a stranger names: https, a public host, bounded time and size."""

import asyncio
import json
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import httpx2

WITHIN_S = 5
MOST_BYTES = 16_384
PORT = 443
GIVEN_OUT = ip_network("2000::/3")
"""All of IPv6 that is anybody's on the internet (RFC 4291): outside lie the site-local addresses of old and those that
stand for one of IPv4, which may be a private one."""
SET_ASIDE = (ip_network("192.0.0.0/24"), ip_network("3fff::/20"))
"""For protocols of a network's own (RFC 6890; a cloud's metadata is at one of them), and for documents (RFC 9637)."""


class StrangerError(Exception):
    """What the address names is not fetched, or is no document; the message is one sentence for its developer."""


def is_public(address: str) -> bool:
    """Return whether an IP address can be anybody's on the internet, and not one of this network or machine."""
    found = ip_address(address)
    inner = found.sixtofour if isinstance(found, IPv6Address) else None
    if any(found in network for network in SET_ASIDE) or (isinstance(found, IPv6Address) and found not in GIVEN_OUT):
        return False
    return found.is_global and not found.is_multicast and (inner is None or is_public(str(inner)))


async def resolved(host: str) -> Sequence[str]:
    """Return the IP addresses of a host.

    Raises:
        OSError: it has none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True)
class Network:
    """How strangers are reached: where a host's name leads, what may be connected to, and whose certificates count."""

    resolve: Callable[[str], Awaitable[Sequence[str]]] = resolved
    may_connect: Callable[[str], bool] = is_public
    certificates: ssl.SSLContext | bool = True
    port: int = PORT

    async def fetch_json(self, url: str) -> object:
        """Return the JSON document at an https address, which is not followed anywhere else.

        Raises:
            StrangerError: it cannot be fetched, is too long or too slow, or is no JSON; or its host has an address in a
                private network, whatever else it has.
        """
        try:
            async with asyncio.timeout(WITHIN_S):
                return json.loads(await self._fetch(url))
        except (httpx2.HTTPError, OSError, TimeoutError) as error:
            raise StrangerError(f"{url} could not be fetched.") from error
        except (ValueError, RecursionError) as error:
            raise StrangerError(f"{url} is no JSON document.") from error

    async def _fetch(self, url: str) -> bytes:
        asked = urlsplit(url)
        host = asked.hostname or ""
        addresses = await self.resolve(host)
        if not addresses or not all(map(self.may_connect, addresses)):
            raise StrangerError(f"{host} is not on the public internet.")
        # Connect to the address that was checked: a second look-up of the name could lead elsewhere.
        address = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
        pinned = asked._replace(netloc=f"{address}:{self.port}").geturl()
        # A few bytes of a compressed document can become any number, before anybody could count them.
        headers = {"Host": host, "Accept": "application/json", "Accept-Encoding": "identity"}
        async with (
            httpx2.AsyncClient(verify=self.certificates, trust_env=False, timeout=WITHIN_S) as client,
            client.stream("GET", pinned, headers=headers, extensions={"sni_hostname": host}) as response,
        ):
            if response.status_code != httpx2.codes.OK:
                raise StrangerError(f"{url} answers with status {response.status_code}.")
            if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
                raise StrangerError(f"{url} is compressed, which it was not asked to be.")
            return await _read(response, url)


async def _read(response: httpx2.Response, url: str) -> bytes:
    content = b""
    async for chunk in response.aiter_raw():
        content += chunk
        if len(content) > MOST_BYTES:
            raise StrangerError(f"{url} is longer than {MOST_BYTES} bytes.")
    return content
