"""Make a tiny model of Qwen3's shape with random weights: `python tiny_model.py FOLDER`.

It needs no download: its tokenizer learns from the standard library's own files. What it says is up to `scripted.py`.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GenerationConfig, PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

VOCABULARY, HIDDEN, LONGEST = 2_048, 64, 32_768
LOUDER = 30
END, PAD = "<|im_end|>", "<|endoftext|>"
SPECIAL = [PAD, "<|im_start|>", END]
MARKS = ["<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>"]
"""No special tokens, as in Qwen's own tokenizer: the parser of tool calls finds them in the text."""
TEMPLATE = Path(__file__).with_name("chat_template.jinja")


def texts() -> Iterator[str]:
    """Yield what the tokenizer learns from."""
    for file in sorted(Path(json.__file__).parent.parent.glob("*.py"))[:60]:
        yield file.read_text(encoding="utf-8", errors="ignore")
    for file in sorted(Path(__file__).parents[3].joinpath("team", "agents").glob("*.md")):
        yield file.read_text(encoding="utf-8")


def make_tokenizer(more: Sequence[str] = ()) -> PreTrainedTokenizerFast:
    """Train a byte-level tokenizer with Qwen's marks, and with more of them."""
    special = [*SPECIAL, *more]
    learnt = Tokenizer(models.BPE())
    learnt.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    learnt.decoder = decoders.ByteLevel()
    size = VOCABULARY - len(special) - len(MARKS)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    learnt.train_from_iterator(
        texts(), trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False)
    )
    made = PreTrainedTokenizerFast(
        tokenizer_object=learnt,
        eos_token=END,
        pad_token=PAD,
        additional_special_tokens=special,
        model_max_length=LONGEST,
        clean_up_tokenization_spaces=False,
    )
    made.add_tokens(MARKS)
    made.chat_template = TEMPLATE.read_text(encoding="utf-8")
    return made


def main(folder: Path) -> None:
    """Write the model and its tokenizer."""
    torch.manual_seed(0)
    tokenizer = make_tokenizer()
    config = Qwen3Config(
        vocab_size=VOCABULARY,
        hidden_size=HIDDEN,
        intermediate_size=2 * HIDDEN,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=32,
        max_position_embeddings=LONGEST,
        tie_word_embeddings=False,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = Qwen3ForCausalLM(config).to(torch.bfloat16)
    # As it is made, no word can become much likelier than another, and nothing could be taught.
    model.lm_head.weight.data *= LOUDER
    model.generation_config = GenerationConfig(eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
