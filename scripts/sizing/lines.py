"""What a slice's server is told: the arguments and the environment of its `vllm serve`."""

import json
import math
import os
import shlex
from pathlib import Path

from scripts.sizing.sums import BATCH_TOKENS, PICTURE_PIXELS, PICTURES, Slice

HOST = "127.0.0.1"
TEMPLATES = Path(__file__).parent


def arguments(one: Slice) -> list[str]:
    """Return the arguments of `vllm serve`, the model first.

    `--kv-cache-memory-bytes` decides the size of the cache. vLLM checks `--gpu-memory-utilization` nevertheless: a
    server ends at once if that share of the card is not free when it starts, so it is this slice's own share.
    (`request_memory` in vllm/v1/worker/utils.py.)
    """
    wanted = one.wanted
    own_name = wanted.served_as if wanted.adapter is None else wanted.model.name
    told = [
        *(wanted.model.name, "--served-model-name", own_name, "--host", HOST, "--port", str(wanted.port)),
        *("--dtype", one.card.dtype, "--max-model-len", str(wanted.context), "--max-num-seqs", str(one.at_once)),
        *("--max-num-batched-tokens", str(BATCH_TOKENS), "--kv-cache-memory-bytes", str(one.cache)),
        *([] if one.card.processor else ["--gpu-memory-utilization", f"{_share(one):.2f}"]),
        "--enable-prefix-caching",
        *(["--enforce-eager"] if one.card.processor else []),
        *_divided(one),
        *_pictures(one),
    ]
    if wanted.model.parser is not None:
        told += ["--enable-auto-tool-choice", "--tool-call-parser", wanted.model.parser]
    if wanted.model.template is not None:
        told += ["--chat-template", str(TEMPLATES / wanted.model.template)]
    return told


def environment(one: Slice, devices: int) -> dict[str, str]:
    """Return the variables of a server: which card it sees, where there are several, and no report of its use."""
    told = {"VLLM_NO_USAGE_STATS": "1"}
    if one.card.processor:
        # vLLM would bind each server to the same cores, and every one of them to all.
        return told | {
            "VLLM_CPU_OMP_THREADS_BIND": "nobind",
            "OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 1) // 2)),
        }
    if one.wanted.sleeps:
        # vLLM offers /sleep and /wake_up in this mode alone, so keep the port to this machine.
        told["VLLM_SERVER_DEV_MODE"] = "1"
    seen = ",".join(f"MIG-UUID-{device + 1}" if one.card.is_mig else str(device) for device in one.devices)
    return told | {"CUDA_VISIBLE_DEVICES": seen} if devices > 1 else told


def line(one: Slice, devices: int) -> str:
    """Return the whole command for a shell, an option a line."""
    model, *options = arguments(one)
    before = " ".join(f"{name}={value}" for name, value in environment(one, devices).items())
    pieces = [f"{before} vllm serve {shlex.quote(model)}"]
    for piece in options:
        if piece.startswith("--"):
            pieces.append(piece)
        else:
            pieces[-1] += f" {shlex.quote(piece)}"
    return " \\\n    ".join(pieces)


def _divided(one: Slice) -> list[str]:
    """Return how the model is divided among cards, what is served with it, and whether it can sleep."""
    division, adapter, told = one.wanted.division, one.wanted.adapter, list[str]()
    named = {"tensor": division.tensor, "pipeline": division.pipeline, "data": division.data}
    for name, cards in named.items():
        told += [f"--{name}-parallel-size", str(cards)] if cards > 1 else []
    if adapter is not None:
        module = f"{one.wanted.served_as}={adapter.folder}"
        told += ["--enable-lora", "--max-lora-rank", str(adapter.rank), "--lora-modules", module]
    return [*told, *(["--enable-sleep-mode"] if one.wanted.sleeps else [])]


def _pictures(one: Slice) -> list[str]:
    if one.wanted.model.shape.vision is None:
        return []
    if not one.wanted.pictures:
        return ["--language-model-only"]
    limit, pixels = json.dumps({"image": PICTURES, "video": 0}), json.dumps({"max_pixels": PICTURE_PIXELS})
    return ["--limit-mm-per-prompt", limit, "--mm-processor-kwargs", pixels]


def _share(one: Slice) -> float:
    """Return the part of the card that the slice takes, in whole percents that are surely free."""
    return math.floor(100 * one.needed / one.card.memory) / 100
