"""`shopdesk models plan`: two models on one card, before there is one."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from scripts.sizing.cards import Card, card_named, cards_here
from scripts.sizing.page import cards_table
from scripts.sizing.plan import Asked, Plan, asked_by_name, asked_in, make_plan
from storage.endpoints import FILE, Endpoints, load_endpoints, parse_endpoints
from storage.models.serving import Quantization
from storage.settings import REPOSITORY, CannotStartError, Settings, load_settings

PRESETS = Path(__file__).with_name("presets")
SEVERAL = re.compile(r"(?P<times>[1-9]\d?) ?[x×] ?(?P<card>.+)", re.IGNORECASE)
"""Several cards of a kind, as in `9xH100`."""
WIDE = 200
"""Table width in a pipe, so that each slice is one line."""
Models = Annotated[
    list[str] | None, typer.Argument(help="Models, by name or folder (default: the slices of models.toml).")
]
Gpu = Annotated[
    list[str] | None,
    typer.Option(
        "--gpu",
        help="A card by name (L4), by size (24GiB), or cpu; twice, or as 9xH100, for several (default: those here).",
    ),
]
Quantized = Annotated[
    Quantization | None,
    typer.Option("--quantization", help="Which checkpoints to take (default: the largest that leave room to talk)."),
]
Context = Annotated[
    int | None, typer.Option("--context", min=1, help="Longest conversation, in tokens (default: context_tokens).")
]


Preset = Annotated[
    str,
    typer.Option("--preset", help="A set of models that is kept here, with its cards: four (default: models.toml)."),
]


def plan(
    models: Models = None,
    gpu: Gpu = None,
    quantization: Quantized = None,
    context: Context = None,
    preset: Preset = "",
    json: Annotated[bool, typer.Option("--json", help="For programs; sizes in bytes.")] = False,
    cards: Annotated[
        bool, typer.Option("--cards", help="Show instead which cards hold the two shipped models.")
    ] = False,
) -> None:
    """Size models on a card: weights, KV cache, how many conversations at once, and the lines that start them.

    Nothing is downloaded and no card is needed. If the models do not fit, the sum says by how much; the exit code is 1.

    Examples: [bold]shopdesk models plan --gpu 24GiB[/bold] · [bold]shopdesk models plan --gpu L4 --quantization
    fp8[/bold] · [bold]shopdesk models plan --gpu T4 --gpu T4[/bold] · [bold]shopdesk models plan --preset four --gpu
    9xH100[/bold] · [bold]shopdesk models plan --gpu cpu ./my-model[/bold]
    """
    if cards:
        typer.echo(cards_table())
        return
    made = planned(models or [], gpu or [], quantization, context, preset)
    show(made, json=json)
    raise typer.Exit(1 if made.shortages else 0)


def planned(
    models: list[str], gpu: list[str], quantization: Quantization | None, context: int | None, preset: str = ""
) -> Plan:
    """Return the plan for what was given on the command line.

    Raises:
        CannotStartError: a card or model is not known, or they do not go together.
    """
    asked = asked_for(models, context, preset)
    cards = cards_named(gpu) if gpu else _cards_for(sum(one.serving.cards for one in asked))
    return make_plan(asked, cards, quantization)


def asked_for(models: list[str], context: int | None, preset: str = "") -> list[Asked]:
    """Return the models that were named, those of a preset, or the slices of models.toml.

    Raises:
        CannotStartError: the file cannot be used, or names no slice; or there is no such preset.
    """
    if preset:
        return asked_in(preset_named(preset), context)
    if models:
        return asked_by_name(models, context)
    return asked_in(load_endpoints(_with_models(load_settings())), context)


class NoSuchPresetError(CannotStartError):
    """No set of models is kept under this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No set of models is called {name}; there is: {', '.join(_presets())}.")


def preset_named(name: str) -> Endpoints:
    """Return a set of models that is kept here, in the form of models.toml.

    Raises:
        NoSuchPresetError: there is none of this name.
    """
    if name not in _presets():
        raise NoSuchPresetError(name)
    path = PRESETS / f"{name}.toml"
    return parse_endpoints(path, path.read_text(encoding="utf-8"))


def _presets() -> list[str]:
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def cards_named(given: Sequence[str]) -> list[Card]:
    """Return the cards that were named; `9xH100` is nine of them.

    Raises:
        NoSuchCardError: one is neither known by name nor a size.
    """
    found = []
    for name in given:
        times = SEVERAL.fullmatch(name.strip())
        found += [card_named(times["card"])] * int(times["times"]) if times else [card_named(name)]
    return found


def _cards_for(models: int) -> list[Card]:
    """Return a card of this machine for each model, or where there are fewer the first for all."""
    here = cards_here()
    return here[:models] if len(here) >= models else here[:1]


def _with_models(settings: Settings) -> Settings:
    """Return the settings; of a shop that was never started, with the models.toml a new shop gets."""
    if (settings.shopdesk_home / FILE).exists():
        return settings
    return settings.model_copy(update={"shopdesk_home": REPOSITORY / "team"})


def show(made: Plan, *, json: bool) -> None:
    """Print a plan, or why there is none."""
    # A tenth of a second to import, which other subcommands need not wait for.
    from rich.console import Console

    from scripts.sizing.shown import as_json, print_plan, refusal

    if json:
        typer.echo(as_json(made))
    elif made.shortages:
        for told in refusal(made):
            typer.echo(told, err=True)
    else:
        print_plan(made, Console(width=None if os.isatty(1) else WIDE))
