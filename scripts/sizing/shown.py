"""A plan as it is shown: a table and lines to copy, JSON for programs, and a row of a page."""

import json
from typing import TYPE_CHECKING

from scripts.sizing.lines import arguments, environment, line
from scripts.sizing.plan import ENOUGH_AT_ONCE, Plan
from scripts.sizing.sums import USUAL_TOKENS, Slice, gib, process_of

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = ("slice", "model", "weights", "working", "KV a token", "KV cache", "context", "at once", "whole", "takes")


def print_plan(plan: Plan, console: "Console") -> None:
    """Print the table, what is left of each card, and the line that starts each server."""
    # A tenth of a second to import, which other subcommands need not wait for.
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    for number, one in enumerate(plan.slices, 1):
        table.add_row(*_row(number, one))
    console.print(table)
    for told in [*_left(plan), *notes(plan)]:
        console.print(told, highlight=False, markup=False, soft_wrap=True)
    for number, one in enumerate(plan.slices, 1):
        after = "" if number == 1 else ", once slice 1 answers on /health"
        console.print(f"\nSlice {number}{after}:", style="bold")
        console.print(line(one, len(plan.cards)), highlight=False, markup=False, soft_wrap=True)


def _row(number: int, one: Slice) -> list[str]:
    division = one.wanted.division
    each = f" on each of {division.cards}" if division.cards > 1 else ""
    return [
        *(str(number), one.wanted.model.name, gib(one.wanted.weights), gib(one.working)),
        *(f"{one.wanted.kv_bytes_a_token / 1024:g} KiB", gib(one.cache), f"{one.wanted.context:,}"),
        *(str(one.at_once * division.data), str(one.whole), gib(one.needed) + each),
    ]


def _left(plan: Plan) -> list[str]:
    told = []
    for device, card in enumerate(plan.cards):
        there = [one for one in plan.slices if device in one.devices]
        awake = [one.needed for one in there if one.wanted.sleeps]
        # Those that take turns are never awake together.
        asleep = max(0, len(awake) - 1) * process_of(card)
        taken = sum(one.needed for one in there if not one.wanted.sleeps) + max(awake, default=0) + asleep
        held = card.memory - card.usable
        told.append(f"{card.name}: {gib(card.memory)}, of it {gib(held)} held back, {gib(card.usable - taken)} left.")
    return told


def notes(plan: Plan) -> list[str]:
    """Return what the columns mean, and what the figures are worth."""
    told = [
        f"At once: conversations of {USUAL_TOKENS:,} tokens. Whole: conversations that fill the context. "
        "Working memory is an allowance; the rest is computed from the models' own figures."
    ]
    if plan.at_once < ENOUGH_AT_ONCE:
        told.append(f"This is tight: more than {plan.at_once} usual conversations at once wait for each other.")
    if any(one.card.is_mig for one in plan.slices):
        told.append("MIG-UUID-1, MIG-UUID-2: the devices' ids, as `nvidia-smi -L` lists them.")
    if any(one.wanted.sleeps for one in plan.slices):
        told.append("Those that take turns sleep in the machine's memory, which needs room for the weights of all.")
    for one in plan.slices:
        model = one.wanted.model
        told.append(f"{model.name}: its size is {model.source}.")
        if model.parser is None:
            told.append(f"{model.name}: its chat template has no tool calls that vLLM's parsers are known to read.")
    return list(dict.fromkeys(told))


def refusal(plan: Plan) -> list[str]:
    """Return why a plan does not fit, with the sum, and what would."""
    told = []
    for one in plan.shortages:
        told += [f"✗ {'These do' if len(one.parts) > 1 else 'This does'} not fit on {one.card.name}:", *one.lines]
    told.append("Take larger cards, or more of them (--gpu twice, or tensor_parallel).")
    return [*told, f"This would fit: shopdesk models plan {plan.advice}"] if plan.advice else told


def as_json(plan: Plan) -> str:
    """Return the plan for programs: all sizes in bytes."""
    slices = [_told(one, len(plan.cards)) for one in plan.slices]
    cards = [{"name": card.name, "memory": card.memory, "usable": card.usable} for card in plan.cards]
    short = [{"card": one.card.name, "needed": one.needed, "usable": one.card.usable} for one in plan.shortages]
    return json.dumps({"fits": not plan.shortages, "cards": cards, "slices": slices, "short": short}, indent=2)


def _told(one: Slice, devices: int) -> dict[str, object]:
    wanted = one.wanted
    return {
        "model": wanted.model.name,
        "served_as": wanted.served_as,
        "port": wanted.port,
        "quantization": wanted.model.quantization,
        "source": wanted.model.source,
        "devices": list(one.devices),
        "sleeps": wanted.sleeps,
        "weights": wanted.weights,
        "working": one.working,
        "kv_bytes_a_token": wanted.kv_bytes_a_token,
        "kv_cache": one.cache,
        "kv_blocks": one.blocks,
        "kv_tokens": one.tokens,
        "context": wanted.context,
        "at_once": one.at_once * wanted.division.data,
        "whole": one.whole,
        "takes": one.needed,
        "environment": environment(one, devices),
        "command": ["vllm", "serve", *arguments(one)],
    }
