"""Train a LoRA adapter on what `shopdesk export training-data` wrote, or merge an adapter into its model.

    python -m scripts.train_lora train MODEL chats.jsonl ADAPTER    a folder that vLLM serves with --enable-lora
    python -m scripts.train_lora merge MODEL ADAPTER MERGED         a whole model, for servers without adapters

After Ctrl-C, the same command goes on where it was. It runs in an environment of its own, so that no shop has to
install PyTorch: docs/models.md has the two lines that make it.
"""

import argparse
import random
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from scripts.training.examples import NotUsableError, examples_of, read_lines
from scripts.training.run import Run, batches_of, begin, held_out

TOKENIZER = ("chat_template.jinja", "tokenizer.json", "tokenizer_config.json", "generation_config.json")
HELD_OUT = 0.05
SAVED_EVERY_S = 60


def train(options: argparse.Namespace) -> None:
    """Train, saying how far it is, and write the adapter; Ctrl-C keeps what was done."""
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    examples, long = examples_of(tokenizer, read_lines(options.data), options.longest)
    cut = int(len(examples) * HELD_OUT)
    random.Random(options.seed).shuffle(examples)  # noqa: S311 - dice
    unseen, learnt = examples[:cut], examples[cut:]
    if not learnt:
        raise NotUsableError(f"{options.data} has no example of at most {options.longest} tokens. Raise --longest")
    batches = batches_of(learnt, options.batch, options.epochs, options.seed)
    told = {name: str(value) if isinstance(value, Path) else value for name, value in vars(options).items()}
    names = ("model", "data", "epochs", "rank", "rate", "batch", "longest", "seed", "bfloat16")
    told = {name: told[name] for name in names}
    run = begin({**told, "examples": len(learnt)}, batches, options.adapter.with_name(f"{options.adapter.name}.run"))
    print(f"{len(learnt)} examples to learn, {len(unseen)} held out, {long} longer than {options.longest} tokens")
    if run.step:
        print(f"Going on after step {run.step} of {len(batches)}.")
    try:
        follow(run)
    except KeyboardInterrupt:
        run.save()
        raise
    print(f"Held out: loss {held_out(run.model, unseen, options.batch):.3f}") if unseen else None
    run.model.save_pretrained(options.adapter)
    shutil.rmtree(run.folder, ignore_errors=True)
    print(f"Wrote {options.adapter}. Serve it: vllm serve {options.model} --enable-lora --max-lora-rank {options.rank} "
          f"--lora-modules NAME={options.adapter}")  # fmt: skip


def follow(run: Run) -> None:
    """Take all steps, with a line of progress, and keep the run once a minute."""
    began, saved, first, losses = time.monotonic(), time.monotonic(), run.step, list[float]()
    for loss in run.go():
        losses.append(loss)
        left = (time.monotonic() - began) / (run.step - first) * (len(run.batches) - run.step)
        recent = sum(losses[-20:]) / len(losses[-20:])
        line = f"step {run.step} of {len(run.batches)}, loss {recent:.3f}, {left / 60:.0f} min left"
        # On a terminal one line is written over; a log gets a line now and then.
        if sys.stdout.isatty():
            print(f"\r{line}   ", end="", flush=True)
        elif run.step % 20 == 0:
            print(line, flush=True)
        if time.monotonic() - saved > SAVED_EVERY_S:
            run.save()
            saved = time.monotonic()
    if sys.stdout.isatty():
        print()


def merge(options: argparse.Namespace) -> None:
    """Write a whole model with an adapter in it, and its tokenizer."""
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32)
    whole = PeftModel.from_pretrained(model, options.adapter).merge_and_unload()
    whole.to(torch.bfloat16).save_pretrained(options.merged)
    for name in TOKENIZER:
        if (Path(options.model) / name).exists():
            shutil.copy(Path(options.model) / name, options.merged)
    print(f"Wrote {options.merged}. Serve it: vllm serve {options.merged}")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        "train_lora.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="train|merge")
    training = commands.add_parser("train", help="train an adapter")
    training.add_argument("model", help="folder of the model, or its name on the hub")
    training.add_argument("data", type=Path, help="what `shopdesk export training-data` wrote")
    training.add_argument("adapter", type=Path, help="folder to write the adapter to")
    training.add_argument(
        "--epochs", type=int, default=2, help="how often each example is learnt (default: %(default)s)"
    )
    training.add_argument("--rank", type=int, default=16, help="size of the adapter (default: %(default)s)")
    training.add_argument("--rate", type=float, default=5e-4, help="highest learning rate (default: %(default)s)")
    training.add_argument("--batch", type=int, default=8, help="examples a step (default: %(default)s)")
    training.add_argument("--longest", type=int, default=4096, help="longest example, in tokens (default: %(default)s)")
    training.add_argument("--seed", type=int, default=7, help="the same seed, the same adapter (default: %(default)s)")
    training.add_argument(
        "--bfloat16",
        action="store_true",
        help="compute in bfloat16: a third faster where the processor multiplies in it (avx512_bf16), and less exact",
    )
    training.set_defaults(run=train)
    merging = commands.add_parser("merge", help="merge an adapter into its model")
    merging.add_argument("model", help="folder of the model that the adapter was trained on")
    merging.add_argument("adapter", type=Path, help="folder of the adapter")
    merging.add_argument("merged", type=Path, help="folder to write the whole model to")
    merging.set_defaults(run=merge)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Run the command; what its user can put right is said in one line, with exit code 2."""
    options = parse(arguments)
    try:
        options.run(options)
    except (NotUsableError, OSError) as error:
        sys.stderr.write(f"train_lora.py: {error}\n")
        return 2
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on from here.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
