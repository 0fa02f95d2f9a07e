"""The processes of a shop on two machines: what keeps its state, two replicas of each part, and what balances them."""

import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.running.processes import Part
from scripts.running.stand_in import stand_in_parts
from storage.settings import REPOSITORY, Settings

MACHINES = (1, 2)
HAPROXY = "haproxy"
BALANCING = REPOSITORY / "docs" / "scaling" / "haproxy.cfg"
PLACED = "it chose one that was free a moment ago: start again"
LOOKED_AT_S = "1"
"""How often a router looks at its model servers, in seconds."""


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Replicas:
    """One part of the shop on each machine, by the ports they listen on."""

    name: str
    ports: tuple[int, ...]

    @classmethod
    def of(cls, name: str) -> "Replicas":
        """Place one on each machine."""
        return cls(name, tuple(free_port() for _ in MACHINES))

    @property
    def addresses(self) -> list[str]:
        """Where each is, as host and port."""
        return [f"127.0.0.1:{port}" for port in self.ports]


def home_of(settings: Settings, machine: int) -> Path:
    """Return the folder that one machine has for itself: its models.toml, and its half of the handbook's index."""
    return settings.shopdesk_home / "machines" / str(machine)


def environment_of(settings: Settings, machine: int) -> dict[str, str]:
    """Return what a machine's processes are told: the same state and secret as the others', and a folder of its own."""
    return {
        "HOST": "127.0.0.1",
        "SHOPDESK_HOME": str(home_of(settings, machine)),
        "SHOPDESK_SECRET": settings.secret,
        "DATABASE_URL": settings.database_url,
        "CHROMA_URL": settings.chroma_url,
        "PUBLIC_UI_URL": settings.public_ui_url,
        "PUBLIC_MCP_URL": settings.public_mcp_url,
        "TRUSTED_PROXIES": settings.trusted_proxies or "127.0.0.1",
    }


def chroma(settings: Settings, port: int) -> Part:
    """Return the Chroma server that keeps the handbook's vectors."""
    program = Path(sys.executable).with_name("chroma")
    folder = settings.shopdesk_home / "machines" / "chroma"
    command = (str(program), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port))
    health = f"http://127.0.0.1:{port}/api/v2/heartbeat"
    return Part("Chroma server", command, (port,), health, PLACED, program=sys.executable)


def shop_parts(settings: Settings, tools: Replicas, pages: Replicas) -> Iterator[Part]:
    """Yield the tool servers and the page of each machine, and what balances them."""
    for machine, port in zip(MACHINES, tools.ports, strict=True):
        command = ("-m", "scripts", "mcp", "--http", str(port))
        yield _replica(settings, tools.name, machine, command, port, "health", {})
    for machine, port in zip(MACHINES, pages.ports, strict=True):
        yield _replica(settings, pages.name, machine, ("-m", "ui"), port, "healthz", {"UI_PORT": str(port)})
    yield gateway(settings, tools, pages)


def _replica(
    settings: Settings, name: str, machine: int, command: tuple[str, ...], port: int, health: str, more: dict[str, str]
) -> Part:
    told = environment_of(settings, machine) | more
    where = f"http://127.0.0.1:{port}/{health}"
    return Part(f"{name} {machine}", command, (port,), where, PLACED, told)


def gateway(settings: Settings, tools: Replicas, pages: Replicas) -> Part:
    """Return HAProxy in front of both pages and both tool servers."""
    told = {
        "PAGE": f"{settings.host}:{settings.ui_port}",
        "TOOLS": f"{settings.host}:{settings.mcp_port}",
        **{f"PAGE{machine}": at for machine, at in zip(MACHINES, pages.addresses, strict=True)},
        **{f"TOOLS{machine}": at for machine, at in zip(MACHINES, tools.addresses, strict=True)},
    }
    ports = (settings.ui_port, settings.mcp_port)
    health = f"http://{settings.host}:{settings.ui_port}/healthz"
    way_out = "choose others with UI_PORT and MCP_PORT"
    program = shutil.which(HAPROXY) or HAPROXY
    return Part("load balancer", ("-f", str(BALANCING)), ports, health, way_out, told, program)


def model_parts(settings: Settings) -> Iterator[Part]:
    """Yield a stand-in on each machine, for every slice, and vLLM's router in front of each slice's two.

    None where `shopdesk up` would start no stand-in: the models are served already.
    """
    for usual in stand_in_parts(settings):
        served = [tuple(free_port() for _ in usual.ports) for _ in MACHINES]
        for machine, ports in zip(MACHINES, served, strict=True):
            command = ("-m", "team.standin", "--ports", *map(str, ports))
            yield Part(f"{usual.name} {machine}", command, ports, f"http://127.0.0.1:{ports[0]}/health", PLACED)
        for number, (port, behind) in enumerate(zip(usual.ports, zip(*served, strict=True), strict=True), start=1):
            yield router(number, port, behind, usual.way_out)


def router(number: int, port: int, behind: tuple[int, ...], way_out: str) -> Part:
    """Return vLLM's router for one slice, in front of the servers on these ports."""
    command = (
        *("-m", "vllm_router.launch_router", "--host", "127.0.0.1", "--port", str(port)),
        *("--worker-urls", *(f"http://127.0.0.1:{one}" for one in behind)),
        *("--health-check-interval-secs", LOOKED_AT_S, "--prometheus-port", str(free_port())),
    )
    return Part(f"router of slice {number}", command, (port,), f"http://127.0.0.1:{port}/health", way_out)
