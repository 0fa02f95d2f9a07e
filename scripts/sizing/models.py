"""What is known of a model before it is served: its shape, its size, and how vLLM is told to read it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from storage.models.serving import Quantization
from storage.settings import CannotStartError

QUANTIZATIONS: tuple[Quantization, ...] = get_args(Quantization)
"""From the largest weights to the smallest, which is also the order in which they are tried."""
KNOWN = Path(__file__).with_name("known.toml")
VALUE_BYTES = 2
"""Bytes of a value of the KV cache and of an activation: bfloat16 or float16."""


class NoSuchCheckpointError(CannotStartError):
    """No checkpoint of a model is known in this quantization."""

    def __init__(self, name: str, quantization: str, has: Sequence[str]) -> None:
        super().__init__(
            f"No {quantization} checkpoint of {name} is known; of it: {', '.join(has)}. "
            "Name a checkpoint as MODEL instead, or leave out --quantization."
        )


@dataclass(frozen=True)
class Vision:
    """The part that reads pictures: its widths, the pixels that become a token, and the layers it hands on."""

    hidden: int
    intermediate: int
    pixels_a_token: int
    outputs: int = 1


@dataclass(frozen=True)
class Shape:
    """What decides how much memory a conversation takes."""

    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    hidden: int
    intermediate: int
    vocabulary: int
    longest: int
    vision: Vision | None = None

    @property
    def kv_bytes_a_token(self) -> int:
        """Return the bytes of KV cache a token takes: a key and a value for each head of each layer."""
        return 2 * self.layers * self.kv_heads * self.head_dim * VALUE_BYTES


@dataclass(frozen=True)
class Model:
    """A checkpoint: the bytes of its tensors, how many of them read pictures, and where the figures come from."""

    name: str
    shape: Shape
    total: int
    vision: int
    quantization: str
    source: str
    parser: str | None = None
    template: str | None = None

    def weights(self, *, pictures: bool) -> int:
        """Return the bytes that are loaded, with or without what reads pictures."""
        return self.total if pictures else self.total - self.vision


@cache
def known() -> Mapping[str, Model]:
    """Return the models whose figures are kept here, by name."""
    read = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    shapes = {shape["name"]: shape for shape in read["shape"]}
    return {entry["name"]: _model(entry, shapes[entry["shape"]]) for entry in read["model"]}


def in_quantization(name: str, quantization: Quantization) -> Model:
    """Return the known checkpoint of the same model in this quantization.

    Raises:
        NoSuchCheckpointError: there is none.
    """
    family = _family(name)
    if quantization not in family:
        raise NoSuchCheckpointError(name, quantization, list(family))
    return family[quantization]


def quantizations_of(name: str) -> list[Quantization]:
    """Return in which quantizations a known model can be had, from the largest weights to the smallest."""
    return [one for one in QUANTIZATIONS if one in _family(name)]


def _family(name: str) -> dict[str, Model]:
    read = tomllib.loads(KNOWN.read_text(encoding="utf-8"))["model"]
    [shape] = {entry["shape"] for entry in read if entry["name"] == name}
    return {entry["quantization"]: known()[entry["name"]] for entry in read if entry["shape"] == shape}


def _model(entry: Mapping[str, Any], shape: Mapping[str, Any]) -> Model:
    seen = f"; reported: {entry['seen']}" if "seen" in entry else ""
    return Model(
        entry["name"],
        _shape(shape),
        total=entry["total"],
        vision=entry["vision"],
        quantization=entry["quantization"],
        source=entry["source"] + seen,
        parser=shape.get("parser"),
        template=shape.get("template"),
    )


def _shape(entry: Mapping[str, Any]) -> Shape:
    vision = None
    if "vision_hidden" in entry:
        vision = Vision(
            entry["vision_hidden"], entry["vision_intermediate"], entry["pixels_a_token"], entry["vision_outputs"]
        )
    widths = {name: entry[name] for name in ("layers", "heads", "kv_heads", "head_dim", "hidden", "intermediate")}
    return Shape(**widths, vocabulary=entry["vocabulary"], longest=entry["longest"], vision=vision)
