"""`shopdesk models download`: the weights of a plan, fetched and checked before anything is served."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from scripts.sizing.command import Context, Gpu, Quantized, asked_for, planned
from scripts.sizing.folder import read_folder
from scripts.sizing.models import known
from scripts.sizing.plan import checkpoints_in
from scripts.sizing.shown import refusal
from scripts.sizing.sums import gib
from storage.models.serving import Quantization
from storage.settings import CannotStartError

NEEDED = ("*.json", "*.safetensors", "*.txt", "*.jinja", "*.model")
"""Files of a repository that vLLM reads; others are copies of the weights in other forms, and pictures."""
STOPPED = 130


class NotDownloadedError(CannotStartError):
    """The hub is not reachable, or does not give a model."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"{name} was not downloaded: {why}. Files that are complete are kept: run the same command again."
        )


class NotWholeError(CannotStartError):
    """Files on disk are not those of the hub."""

    def __init__(self, name: str, files: list[str]) -> None:
        super().__init__(
            f"{name}: these files are not what the hub has: {', '.join(files)}. Delete them, then try again."
        )


class NoRoomError(CannotStartError):
    """The disk is too small."""

    def __init__(self, name: str, folder: Path, needed: int, free: int) -> None:
        super().__init__(
            f"{name} takes {gib(needed)}, and {folder} has {gib(free)} free. Name a folder on a larger disk."
        )


def download(
    folder: Annotated[
        Path | None, typer.Argument(help="Where to (default: the hub's own cache, which vLLM reads).")
    ] = None,
    model: Annotated[
        list[str] | None, typer.Option("--model", help="A model; may be repeated (default: the slices).")
    ] = None,
    gpu: Gpu = None,
    quantization: Quantized = None,
    context: Context = None,
) -> None:
    """Fetch the weights that `plan` chooses, with progress, and compare every file with the hub's checksums.

    A broken connection is taken up where it broke; after a stop, the same command keeps the files that are complete.

    Examples: [bold]shopdesk models download[/bold] · [bold]shopdesk models download /data/models --quantization
    awq[/bold] · [bold]shopdesk models download --model Qwen/Qwen3-VL-4B-Instruct-FP8[/bold]
    """
    names = _names(model or [], gpu or [], quantization, context)
    try:
        for name in names:
            _fetch(name, folder)
    except KeyboardInterrupt as interrupt:
        typer.echo("\nStopped. Files that are complete are kept: the same command goes on.", err=True)
        raise typer.Exit(STOPPED) from interrupt
    before = f"HF_HUB_CACHE={folder.absolute()} " if folder else ""
    typer.echo(f"All is here. Serve it with: {before}shopdesk models serve")


def _names(models: list[str], gpu: list[str], quantization: Quantization | None, context: int | None) -> list[str]:
    """Return the checkpoints to fetch; with a quantization and no card, those that it names."""
    if quantization is not None and not gpu:
        return checkpoints_in(asked_for(models, context), quantization)
    if models and not gpu:
        return models
    made = planned(models, gpu, quantization, context)
    if made.shortages:
        for told in refusal(made):
            typer.echo(told, err=True)
        raise typer.Exit(1)
    return list(dict.fromkeys(one.wanted.model.name for one in made.slices))


def _fetch(name: str, folder: Path | None) -> None:
    if Path(name).is_dir():
        typer.echo(f"{name}: a folder with {gib(read_folder(Path(name), name).total)} of weights.")
        return
    # Half a second to import.
    from httpx2 import HTTPError
    from huggingface_hub import HfApi, constants, snapshot_download
    from huggingface_hub.errors import HFValidationError

    where = folder or Path(constants.HF_HUB_CACHE)
    where.mkdir(parents=True, exist_ok=True)
    if name in known():
        _require_room(name, where)
    typer.echo(f"{name}: fetching to {where}")
    try:
        snapshot = snapshot_download(name, cache_dir=where, allow_patterns=list(NEEDED))
        typer.echo(f"{name}: comparing with the hub's checksums …")
        compared = HfApi().verify_repo_checksums(name, cache_dir=where)
    except (HTTPError, HFValidationError, OSError) as error:
        raise NotDownloadedError(name, (str(error).strip() or type(error).__name__).splitlines()[0]) from error
    if compared.mismatches:
        raise NotWholeError(name, [str(Path(snapshot) / one["path"]) for one in compared.mismatches])
    typer.echo(f"{name}: {gib(read_folder(Path(snapshot), name).total)} of weights, complete.")


def _require_room(name: str, where: Path) -> None:
    """Check that a model fits on the disk, unless a part of it is there already."""
    free, needed = shutil.disk_usage(where).free, known()[name].total
    begun = any(where.glob(f"models--{name.replace('/', '--')}/blobs/*"))
    if free < needed and not begun:
        raise NoRoomError(name, where, needed, free)
