"""A LoRA adapter that is served beside its model: its rank and its size, from its own folder."""

import json
from dataclasses import dataclass
from pathlib import Path

from storage.settings import CannotStartError

RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""What vLLM takes as `--max-lora-rank`."""


class BadAdapterError(CannotStartError):
    """A folder holds no adapter that can be served."""

    def __init__(self, folder: str, why: str) -> None:
        super().__init__(f"adapter = {folder}: {why}. `scripts.train_lora train` makes one.")


@dataclass(frozen=True)
class Adapter:
    """An adapter: its folder, the smallest rank vLLM takes that holds it, and its bytes."""

    folder: str
    rank: int
    size: int


def read_adapter(folder: str) -> Adapter:
    """Return the adapter of a folder.

    Raises:
        BadAdapterError: there is none, or its rank is larger than vLLM serves.
    """
    path = Path(folder).expanduser()
    try:
        rank = int(json.loads((path / "adapter_config.json").read_text(encoding="utf-8"))["r"])
        size = sum(file.stat().st_size for file in path.glob("*.safetensors"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadAdapterError(folder, f"its adapter_config.json cannot be read ({error})") from error
    if not size:
        raise BadAdapterError(folder, "it has no .safetensors file")
    served = next((one for one in RANKS if one >= rank), None)
    if served is None:
        raise BadAdapterError(folder, f"its rank is {rank}, and vLLM serves at most {RANKS[-1]}")
    return Adapter(str(path), served, size)
