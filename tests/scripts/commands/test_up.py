"""`shopdesk up`: everything starts with one command and ends with Ctrl-C; what cannot start says why in one line."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest

from storage.settings import Settings
from tests.scripts.started import Started, free_ports, started, until

SHOPDESK = str(Path(sys.executable).with_name("shopdesk"))


async def test_one_command_starts_every_part_and_ctrl_c_ends_them(settings: Settings) -> None:
    async with started([SHOPDESK, "up"], settings.shopdesk_home, within_s=50) as shop:
        health = await healthy(shop)
        running = await shop.open_ports()
        rest = await shop.end()
        left = await shop.open_ports()

    assert (health["ok"], health["stand_in"]) == (True, True)
    assert sorted(running) == sorted(shop.ports)
    assert left == []
    assert "Stopped" in rest
    assert shop.process.returncode == 0
    assert "olivia.brown@example.com" in shop.printed
    assert '{"mcpServers": {"shopdesk": {"command": ' in shop.printed


async def healthy(shop: Started) -> dict[str, Any]:
    """What the page says of the shop; it asks each part for a second at most, which a busy machine may take."""
    async with httpx2.AsyncClient() as http:
        with anyio.fail_after(30):
            while not (said := (await http.get(f"{shop.url}/health")).json())["ok"]:  # noqa: ASYNC110 - another process
                await anyio.sleep(0.5)
    return dict(said)


async def test_a_part_that_is_killed_is_started_again_and_one_that_goes_on_ending_ends_the_shop(
    settings: Settings,
) -> None:
    async with started([SHOPDESK, "up"], settings.shopdesk_home, within_s=50) as shop:
        for _ in range(2):
            os.kill(tools_of(shop), signal.SIGKILL)
            with anyio.fail_after(30):
                await until(shop.process, b"The tool servers process exited unexpectedly and was restarted")
                await until(shop.process, "✓".encode())
            assert sorted(await shop.open_ports()) == sorted(shop.ports)
        os.kill(tools_of(shop), signal.SIGKILL)
        with anyio.fail_after(30):
            rest, _ = await shop.process.communicate()
        left = await shop.open_ports()

    assert b"shopdesk: The tool servers process exited unexpectedly" in rest
    assert shop.process.returncode == 2
    assert left == []


def tools_of(shop: Started) -> int:
    """The process of the tool servers, which is a child of the command's (Linux)."""
    pid = shop.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return next(int(child) for child in children if b"\0mcp\0" in Path(f"/proc/{child}/cmdline").read_bytes())


def up_says(environment: dict[str, str]) -> list[str]:
    ended = subprocess.run(
        [SHOPDESK, "up"], env=os.environ | environment, capture_output=True, text=True, timeout=50, check=False
    )
    assert ended.returncode == 2
    return ended.stderr.splitlines()


def test_a_taken_port_is_said_in_one_line(settings: Settings) -> None:
    free_ports(settings.shopdesk_home)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        [line] = up_says({"MCP_PORT": port})

    assert line.startswith(f"shopdesk: Port {port} for the tool servers is taken by another program.")
    assert "MCP_PORT" in line


@pytest.mark.slow
def test_a_broken_models_file_is_said_in_one_line(settings: Settings) -> None:
    (settings.shopdesk_home / "models.toml").write_text("[endpoints")

    [line] = up_says({})

    assert "models.toml cannot be used" in line


@pytest.mark.slow
def test_a_broken_setting_is_said_in_one_line(settings: Settings) -> None:
    [line] = up_says({"PUBLIC_UI_URL": "shop.example"})

    assert line.startswith("shopdesk: The setting PUBLIC_UI_URL is not valid")
