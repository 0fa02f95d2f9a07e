"""Make a tiny model of Qwen3-VL's shape with random weights: `python tiny_vision.py FOLDER`.

It is in AWQ's four bits where vLLM's kernels for them run, which on a CPU want AVX-512; elsewhere it is not quantized.
What the model says is up to `scripted.py`.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tiny_model import (  # type: ignore[import-not-found]  # beside this file, where it is run
    HIDDEN,
    LONGEST,
    VOCABULARY,
    make_tokenizer,
)
from transformers import (
    GenerationConfig,
    PreTrainedTokenizerFast,
    Qwen2VLImageProcessor,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
    Qwen3VLProcessor,
    Qwen3VLVideoProcessor,
)

MARKS = ("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
PATCH = 16
SMALLEST, LARGEST = 64 * 64, 32 * 32 * 64
GROUP, BITS, LEVELS = 64, 4, 15
INTERLEAVED = (0, 2, 4, 6, 1, 3, 5, 7)
"""The order in which AWQ packs eight numbers of four bits into one of thirty-two."""
WEIGHTS = "model.safetensors"


def pack(numbers: torch.Tensor) -> torch.Tensor:
    """Return numbers from 0 to 15 packed eight to one, as AWQ's kernels unpack them."""
    eights = numbers.to(torch.int64).reshape(numbers.shape[0], -1, 8)
    packed = torch.zeros(eights.shape[:2], dtype=torch.int64)
    for place, at in enumerate(INTERLEAVED):
        packed |= eights[:, :, at] << (BITS * place)
    return torch.where(packed >= 2**31, packed - 2**32, packed).to(torch.int32)


def quantized(weight: torch.Tensor) -> dict[str, torch.Tensor]:
    """Return a linear layer's weight rounded to four bits, by groups of inputs, under AWQ's names."""
    turned = weight.float().T.contiguous()
    groups = turned.reshape(-1, GROUP, turned.shape[1])
    most, least = groups.amax(1), groups.amin(1)
    scales = ((most - least).clamp(min=1e-5) / LEVELS).half().float()
    zeros = (-least / scales).round().clamp(0, LEVELS)
    whole = (groups / scales[:, None] + zeros[:, None]).round().clamp(0, LEVELS).reshape(turned.shape)
    return {"qweight": pack(whole), "qzeros": pack(zeros), "scales": scales.half()}


def quantize(folder: Path) -> None:
    """Quantize the language model's linear layers of a checkpoint; what sees, and the last layer, stay as they are."""
    made: dict[str, torch.Tensor] = {}
    for name, weight in load_file(folder / WEIGHTS).items():
        if name.endswith("_proj.weight") and "visual" not in name:
            layer = name.removesuffix("weight")
            made |= {f"{layer}{part}": value.contiguous() for part, value in quantized(weight).items()}
        else:
            made[name] = weight.half().contiguous()
    save_file(made, folder / WEIGHTS, metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text())
    for part in (config, config["text_config"], config["vision_config"]):
        part["dtype"] = "float16"
    config["quantization_config"] = {
        "quant_method": "awq",
        "bits": BITS,
        "group_size": GROUP,
        "zero_point": True,
        "version": "gemm",
        "modules_to_not_convert": ["visual"],
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1))


def shape_of(tokenizer: PreTrainedTokenizerFast) -> Qwen3VLConfig:
    """Return the model's shape: two small layers that read, and two that see."""
    start, _, image, video = tokenizer.convert_tokens_to_ids(list(MARKS))
    rope = {"rope_type": "default", "rope_theta": 5e6, "mrope_section": [6, 5, 5], "mrope_interleaved": True}
    text = {
        "vocab_size": VOCABULARY,
        "hidden_size": HIDDEN,
        "intermediate_size": 2 * HIDDEN,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 32,
        "max_position_embeddings": LONGEST,
        "tie_word_embeddings": False,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "rope_parameters": rope,
    }
    sight = {
        "depth": 2,
        "hidden_size": HIDDEN,
        "intermediate_size": 2 * HIDDEN,
        "num_heads": 2,
        "out_hidden_size": HIDDEN,
        "patch_size": PATCH,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
        "num_position_embeddings": 256,
        "deepstack_visual_indexes": [0],
    }
    marks = {"image_token_id": image, "video_token_id": video, "vision_start_token_id": start}
    return Qwen3VLConfig(text_config=text, vision_config=sight, **marks, tie_word_embeddings=False)


def main(folder: Path) -> None:
    """Write the model, its tokenizer, and what cuts pictures up."""
    torch.manual_seed(0)
    tokenizer = make_tokenizer(MARKS)
    model = Qwen3VLForConditionalGeneration(shape_of(tokenizer)).to(torch.float16)
    model.generation_config = GenerationConfig(eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id)
    size = {"shortest_edge": SMALLEST, "longest_edge": LARGEST}
    cut = {"size": size, "patch_size": PATCH, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    processor = Qwen3VLProcessor(
        Qwen2VLImageProcessor(**cut),
        tokenizer,
        Qwen3VLVideoProcessor(size=size),
        chat_template=tokenizer.chat_template,
    )
    processor.save_pretrained(folder)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    if "avx512f" in Path("/proc/cpuinfo").read_text().split():
        quantize(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
