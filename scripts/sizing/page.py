"""The table of docs/gpu.md: which cards hold the two models of a new shop."""

from collections.abc import Sequence

from scripts.sizing.cards import Card, card_named, known_cards
from scripts.sizing.models import QUANTIZATIONS
from scripts.sizing.plan import asked_by_name, make_plan
from scripts.sizing.sums import gib
from storage.models.serving import Quantization

SHIPPED = ("Qwen/Qwen3-VL-8B-Instruct", "Qwen/Qwen2.5-VL-7B-Instruct")
HEAD = ("card", "memory", "computes in", "BF16 weights", "FP8 weights", "AWQ weights", "two MIG devices")


def cards_table() -> str:
    """Return the table as Markdown: cards, and in a cell how many usual conversations each slice answers at once."""
    rows = [_row(card) for card in known_cards() if not card.is_mig]
    lines = [HEAD, tuple("---" for _ in HEAD), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(card: Card) -> tuple[str, ...]:
    if card.too_old:
        return (card.name, gib(card.memory), "-", *(["not by vLLM"] * len(QUANTIZATIONS)), "-")
    dtype = "float16" if card.dtype == "half" else card.dtype
    shared = [_cell([card], quantization) for quantization in QUANTIZATIONS]
    return (card.name, gib(card.memory), dtype, *shared, _halves(card))


def _halves(card: Card) -> str:
    if not card.half:
        return "-"
    half = card_named(card.half)
    return f"{_cell([half, half], None)} (2 x {card.half.split()[-1]})"


def _cell(cards: Sequence[Card], quantization: Quantization | None) -> str:
    made = make_plan(asked_by_name(SHIPPED, None), cards, quantization)
    if made.shortages:
        return f"{gib(sum(one.needed - one.card.usable for one in made.shortages))} short"
    kind = made.slices[0].wanted.model.quantization.upper().replace("NONE", "BF16")
    at_once = " + ".join(str(one.at_once) for one in made.slices)
    return at_once if quantization else f"{kind}: {at_once}"
