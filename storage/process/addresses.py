"""The network address by which a request is limited."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

PREFIX = 64
"""The smallest IPv6 network that is assigned: whoever has one address has all 2^64 of them."""
LONGEST = 64


def address_of(scope: Mapping[str, Any]) -> str:
    """Return the address for limits: an IPv4 address, the /64 of an IPv6 address, or a socket's name."""
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host[:LONGEST]
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, PREFIX), strict=False))
