"""`shopdesk models serve`: both slices from one command, kept running."""

import asyncio
import contextlib
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scripts.sizing.command import WIDE, Context, Gpu, Models, Preset, Quantized, planned
from scripts.sizing.lines import arguments, environment
from scripts.sizing.plan import Plan
from scripts.sizing.shown import refusal
from storage.private import make_folder
from storage.settings import CannotStartError, load_settings

if TYPE_CHECKING:
    from scripts.slices.server import Server

DOES_NOT_FIT = 1


class NoVllmError(CannotStartError):
    """There is no vLLM to start."""

    def __init__(self, given: str) -> None:
        where = f"{given} is no program" if given else "vllm is neither in this environment nor on the PATH"
        super().__init__(
            f"{where}. Install it (docs/gpu.md), or name it: --vllm /path/to/vllm. "
            "`shopdesk models plan` prints the lines for a server elsewhere."
        )


def serve(
    models: Models = None,
    gpu: Gpu = None,
    quantization: Quantized = None,
    context: Context = None,
    preset: Preset = "",
    vllm: Annotated[
        str, typer.Option("--vllm", help="The vllm program (default: this environment's, or the PATH's).")
    ] = "",
) -> None:
    """Start a server of vLLM for each slice, one after the other, and keep them running until Ctrl-C.

    They get what `shopdesk models plan` prints. Shown are download, loading, and when each is ready. One that dies is
    started again once its memory is free; one that dies five times in a row is given up. Ctrl-C ends all of them.

    Examples: [bold]shopdesk models serve[/bold] · [bold]shopdesk models serve --gpu 24GiB --quantization awq[/bold] ·
    [bold]shopdesk models serve ./first-model ./second-model[/bold]
    """
    made = planned(models or [], gpu or [], quantization, context, preset)
    if made.shortages:
        for told in refusal(made):
            typer.echo(told, err=True)
        raise typer.Exit(DOES_NOT_FIT)
    program = _program(vllm)
    settings = load_settings()
    logs = settings.shopdesk_home / "logs"
    make_folder(logs)
    asyncio.run(_until_asked(made, program, logs, by_name=bool(models)))


def _program(given: str) -> str:
    found = shutil.which(given or str(Path(sys.executable).with_name("vllm"))) or (
        None if given else shutil.which("vllm")
    )
    if found is None:
        raise NoVllmError(given)
    return found


async def _until_asked(made: Plan, program: str, logs: Path, *, by_name: bool) -> None:
    # A tenth of a second to import each, which other subcommands need not wait for.
    from rich.console import Console

    from scripts.slices.board import Board
    from scripts.slices.keeping import keep
    from scripts.slices.server import kill

    servers = await servers_of(made, program, logs)
    console = Console(width=None if os.isatty(1) else WIDE)
    board = Board(servers, console)
    work, asked = (
        asyncio.ensure_future(keep(servers, board.tell, lambda: console.print(_next(made, by_name), soft_wrap=True))),
        0,
    )

    def ask() -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            work.cancel()
        else:
            for server in servers:
                kill(server)

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ask)
    async with board.showing():
        with contextlib.suppress(asyncio.CancelledError):
            await work
    console.print("All servers are ended." if len(servers) > 1 else "The server is ended.")


async def servers_of(made: Plan, program: str, logs: Path) -> "Sequence[Server]":
    """Return the servers of a plan, each with its command, its variables and its log."""
    from scripts.slices.memory import mig_ids
    from scripts.slices.server import Server

    ids = await mig_ids(len(made.cards)) if any(card.is_mig for card in made.cards) else []
    servers = []
    for number, one in enumerate(made.slices, 1):
        told = environment(one, len(made.cards))
        told |= {"CUDA_VISIBLE_DEVICES": ",".join(ids[device] for device in one.devices)} if ids else {}
        command = [program, "serve", *arguments(one)]
        servers.append(Server(number, one, command, told, logs / f"model-{one.wanted.port}.log"))
    return servers


def _next(made: Plan, by_name: bool) -> str:
    """Return what to do now that the servers are ready."""
    told = ["MOCK_LLM=false"]
    if by_name:
        for number, one in enumerate(made.slices, 1):
            told.append(f"MODEL{number}_BASE_URL=http://127.0.0.1:{one.wanted.port}/v1")
            told.append(f"MODEL{number}_NAME={shlex.quote(one.wanted.served_as)}")
    return f"Ready. In another terminal: {' '.join(told)} shopdesk up. Ctrl-C here ends the servers."
