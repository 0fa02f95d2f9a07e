"""Model folders made on the spot: a config, tensors of zeros, a template."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

CONFIG: Mapping[str, object] = {
    "model_type": "qwen3",
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 32,
    "hidden_size": 64,
    "intermediate_size": 128,
    "vocab_size": 512,
    "max_position_embeddings": 4096,
}
TOOLS = "{% for tool in tools %}<tool_call>{% endfor %}"


def make_folder(
    folder: Path,
    tensors: Sequence[tuple[str, str, int]] = (("model.embed_tokens.weight", "BF16", 1024),),
    template: str = TOOLS,
    **config: object,
) -> Path:
    """Write a model with these tensors (name, type, bytes) and these values in its config.json."""
    folder.mkdir(parents=True)
    header, at = {}, 0
    for name, dtype, size in tensors:
        header[name] = {"dtype": dtype, "shape": [size], "data_offsets": [at, at + size]}
        at += size
    told = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(len(told).to_bytes(8, "little") + told + bytes(at))
    (folder / "config.json").write_text(json.dumps({**CONFIG, **config}))
    (folder / "chat_template.jinja").write_text(template)
    return folder
