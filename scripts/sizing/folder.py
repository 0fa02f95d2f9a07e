"""A model's figures from its own folder: config.json, and the headers of its safetensors files."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.sizing.models import Model, Shape, Vision
from storage.settings import CannotStartError

HEADER_BYTES = 8
LONGEST_HEADER = 100 * 2**20
"""What the format itself allows (https://huggingface.co/docs/safetensors)."""
OF_VISION = ("visual.", "vision_tower.", "vision_model.", "multi_modal_projector.", "vision_embed_tokens.")
"""How names of tensors that read pictures begin, alone or after `model.`."""
PARSERS = {"<tool_call>": "hermes", "[TOOL_CALLS]": "mistral", "<|python_tag|>": "llama3_json"}
"""vLLM's tool parser, by the mark that a chat template writes calls with."""
DEFAULT_LONGEST = 2_048
HALVED = {"F32": 2, "F64": 4}
"""What vLLM's 16 bits make of tensors that are stored in more."""
Tensor = tuple[str, int]
"""Its name, and the bytes it takes once it is loaded."""
OUR_TEMPLATE = "qwen2.5-vl-tools.jinja"


class CannotSizeError(CannotStartError):
    """A model's figures cannot be read, or its memory grows in a way that is not computed here."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} cannot be sized: {why}.")


def read_folder(folder: Path, name: str = "") -> Model:
    """Return the figures of the model in a folder.

    Raises:
        CannotSizeError: a file is missing or broken, or not every layer keeps the keys and values of every token.
    """
    name = name or str(folder)
    return sized(name, folder, list(_tensors(folder, name)), "what its own files say")


def sized(name: str, folder: Path, tensors: Sequence[Tensor], source: str) -> Model:
    """Return the figures of a model of these tensors, whose config.json and chat template are in a folder.

    Raises:
        CannotSizeError: as for `read_folder`.
    """
    config, template = _json(folder / "config.json", name), _template(folder)
    total = sum(loaded for _, loaded in tensors)
    text = sum(loaded for tensor, loaded in tensors if not _is_vision(tensor))
    return Model(
        name,
        shape_of(config, name),
        total=total,
        vision=total - text,
        quantization=_quantization(config),
        source=source,
        parser=next((parser for mark, parser in PARSERS.items() if mark in template), None)
        or _parser(config, template),
        template=OUR_TEMPLATE if "tools" not in template and _is_qwen_vision(config) else None,
    )


def shape_of(config: Mapping[str, Any], name: str) -> Shape:
    """Return what a config.json says of the shape.

    Raises:
        CannotSizeError: a figure is missing, or layers differ in what they keep.
    """
    text = config.get("text_config", config)
    _require_plain(text, name)
    try:
        heads, hidden = int(text["num_attention_heads"]), int(text["hidden_size"])
        return Shape(
            layers=int(text["num_hidden_layers"]),
            heads=heads,
            kv_heads=int(text.get("num_key_value_heads") or heads),
            head_dim=int(text.get("head_dim") or hidden // heads),
            hidden=hidden,
            intermediate=int(text["intermediate_size"]),
            vocabulary=int(text.get("vocab_size") or config["vocab_size"]),
            longest=int(text.get("max_position_embeddings") or DEFAULT_LONGEST),
            vision=_vision(config.get("vision_config"), name),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CannotSizeError(name, f"its config.json lacks or garbles {error}") from error


def _require_plain(text: Mapping[str, Any], name: str) -> None:
    """Refuse what does not keep a key and a value of every token in every layer: it would be a guess."""
    kinds = set(text.get("layer_types") or ()) - {"full_attention"}
    if text.get("sliding_window") and text.get("use_sliding_window", True):
        kinds.add("sliding_attention")
    if text.get("kv_lora_rank"):
        kinds.add("multi-head latent attention")
    if text.get("full_attention_interval") or text.get("mamba_d_state") or text.get("ssm_cfg"):
        kinds.add("layers with a state instead of a cache")
    if text.get("is_encoder_decoder"):
        kinds.add("an encoder and a decoder")
    if kinds:
        why = f"its config.json names {', '.join(sorted(kinds))}, whose cache does not grow by the same bytes a token"
        raise CannotSizeError(name, f"{why}; start it once and read vLLM's own log line `KV cache size`")


def _vision(vision: Mapping[str, Any] | None, name: str) -> Vision | None:
    if not vision:
        return None
    try:
        side = int(vision["patch_size"]) * int(vision.get("spatial_merge_size", 2))
        hidden = int(vision["hidden_size"])
        wide = int(vision.get("intermediate_size") or 4 * hidden)
    except (KeyError, TypeError, ValueError) as error:
        raise CannotSizeError(name, f"the vision_config of its config.json lacks or garbles {error}") from error
    return Vision(hidden, wide, side * side, 1 + len(vision.get("deepstack_visual_indexes", ())))


def _tensors(folder: Path, name: str) -> Iterator[Tensor]:
    """Yield each tensor, from the headers alone."""
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise CannotSizeError(name, f"{folder} has no .safetensors files")
    for file in files:
        for tensor, told in _header(file, name).items():
            if tensor != "__metadata__":
                yield tensor, loaded(told["dtype"], *told["data_offsets"])


def loaded(dtype: str, begin: int, end: int) -> int:
    """Return the bytes that a tensor of this type, stored between two offsets, takes once it is loaded."""
    return (end - begin) // HALVED.get(dtype, 1)


def _header(file: Path, name: str) -> dict[str, Any]:
    try:
        with file.open("rb") as reading:
            length = int.from_bytes(reading.read(HEADER_BYTES), "little")
            if not 0 < length <= min(LONGEST_HEADER, file.stat().st_size):
                raise CannotSizeError(name, f"{file} is no safetensors file, or was cut off")
            header: dict[str, Any] = json.loads(reading.read(length))
    except (OSError, ValueError) as error:
        raise CannotSizeError(name, f"{file} cannot be read: {error}") from error
    whole = max((told["data_offsets"][1] for tensor, told in header.items() if tensor != "__metadata__"), default=0)
    if file.stat().st_size < HEADER_BYTES + length + whole:
        raise CannotSizeError(name, f"{file} was cut off: it should have {HEADER_BYTES + length + whole:,} bytes")
    return header


def _json(file: Path, name: str) -> dict[str, Any]:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CannotSizeError(name, f"{file} cannot be read: {error}") from error
    if not isinstance(read, dict):
        raise CannotSizeError(name, f"{file} holds no object")
    return read


def _is_vision(tensor: str) -> bool:
    return tensor.removeprefix("model.").startswith(OF_VISION)


def _quantization(config: Mapping[str, Any]) -> str:
    told = config.get("quantization_config") or {}
    method = str(told.get("quant_method", "none"))
    if method != "compressed-tensors":
        return method
    groups = (told.get("config_groups") or {}).values()
    bits = {math.trunc((group.get("weights") or {}).get("num_bits", 0)) for group in groups}
    return "awq" if bits == {4} else "fp8" if bits == {8} else method


def _is_qwen_vision(config: Mapping[str, Any]) -> bool:
    return str(config.get("model_type")) in {"qwen2_vl", "qwen2_5_vl"}


def _parser(config: Mapping[str, Any], template: str) -> str | None:
    return "hermes" if _is_qwen_vision(config) and "tools" not in template else None


def _template(folder: Path) -> str:
    """Return the chat template, wherever the model keeps it; empty if it has none."""
    alone = folder / "chat_template.jinja"
    if alone.exists():
        return alone.read_text(encoding="utf-8")
    for file in ("chat_template.json", "tokenizer_config.json"):
        if (folder / file).exists():
            told = _json(folder / file, str(folder)).get("chat_template")
            if told:
                return str(told)
    return ""
