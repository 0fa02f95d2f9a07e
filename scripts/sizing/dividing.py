"""A model divided among cards: by heads (tensor parallel), by layers (pipeline parallel), and in whole copies."""

import math
from dataclasses import dataclass

from scripts.sizing.models import VALUE_BYTES, Model, Shape
from storage.settings import CannotStartError

MOST = 16
"""Cards among which a layer is divided at most, where others are advised."""


class DivisionError(CannotStartError):
    """A model cannot be divided among so many cards."""

    def __init__(self, name: str, setting: str, cards: int, why: str, instead: list[int]) -> None:
        advice = f"Take {', '.join(map(str, instead))}." if instead else "Leave it out."
        super().__init__(f"{setting} = {cards}: {name} has {why}. {advice}")


@dataclass(frozen=True)
class Division:
    """Among how many cards each layer, and the layers, are divided, and how many copies there are."""

    tensor: int = 1
    pipeline: int = 1
    data: int = 1

    @property
    def cards(self) -> int:
        """Return how many cards it takes."""
        return self.tensor * self.pipeline * self.data

    def weights(self, model: Model, whole: int) -> int:
        """Return the bytes of `whole` on the card that holds most of it.

        With a pipeline the first cards hold the table of input tokens and what reads pictures, the last the one of
        output tokens; in between are whole layers.
        """
        shape = model.shape
        ends = shape.vocabulary * shape.hidden * VALUE_BYTES + model.vision
        if self.pipeline == 1:
            return math.ceil(whole / self.tensor)
        layers = (whole - ends) * math.ceil(shape.layers / self.pipeline) / shape.layers
        return math.ceil((layers + ends) / self.tensor)

    def kv_bytes_a_token(self, shape: Shape) -> int:
        """Return the bytes of KV cache a token takes on each card; a head that more cards share is kept by each."""
        layers, heads = math.ceil(shape.layers / self.pipeline), max(1, shape.kv_heads // self.tensor)
        return 2 * layers * heads * shape.head_dim * VALUE_BYTES

    def require(self, model: Model, *, pictures: bool) -> None:
        """Check that vLLM can divide the model like this.

        Raises:
            DivisionError: it cannot; the message names the first reason, and what can.
        """
        shape = model.shape
        fits = [cards for cards in range(1, MOST + 1) if _fault(shape, cards, pictures=pictures) is None]
        if (why := _fault(shape, self.tensor, pictures=pictures)) is not None:
            raise DivisionError(model.name, "tensor_parallel", self.tensor, why, fits)
        if self.pipeline > shape.layers:
            why = f"{shape.layers} layers, fewer than cards"
            raise DivisionError(model.name, "pipeline_parallel", self.pipeline, why, [])


WHOLE = Division()


def _fault(shape: Shape, cards: int, *, pictures: bool) -> str | None:
    """Return why a layer cannot be divided among so many cards; None if it can (vLLM's own checks)."""
    if shape.heads % cards:
        return f"{shape.heads} attention heads, which {cards} cards cannot share evenly"
    if max(shape.kv_heads, cards) % min(shape.kv_heads, cards):
        return f"{shape.kv_heads} key and value heads, which {cards} cards cannot share evenly"
    if shape.intermediate % cards:
        return f"layers {shape.intermediate:,} wide, which {cards} cards cannot share evenly"
    if pictures and shape.vision is not None and shape.vision.intermediate % cards:
        return f"a vision part {shape.vision.intermediate:,} wide, which {cards} cards cannot share evenly"
    return None
