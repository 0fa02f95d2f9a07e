"""A training run: batches that share their beginning, and steps after any of which it can be interrupted.

A batch is one sequence: the beginning that its examples share, then what follows in each, none of which sees another's.
A specialist's prompt and tools are computed once a batch, with the same gradients.
"""

import json
import random
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM

from scripts.training.examples import NOT_LEARNT, Example, Json, NotUsableError

ADAPTER, STATE, OPTIMIZER = "adapter", "state.json", "optimizer.pt"
WARM_UP, CLIPPED_AT = 0.05, 1.0


def batches_of(examples: Sequence[Example], size: int, epochs: int, seed: int) -> list[list[Example]]:
    """Return the batches of all epochs, the same for the same seed; the examples of one share their beginning."""
    dice, batches = random.Random(seed), []  # noqa: S311 - dice
    for _ in range(epochs):
        alike: dict[tuple[int, ...], list[Example]] = defaultdict(list)
        for example in dice.sample(examples, len(examples)):
            alike[example.shared].append(example)
        once = [group[at : at + size] for group in alike.values() for at in range(0, len(group), size)]
        dice.shuffle(once)
        batches += once
    return batches


def packed(batch: Sequence[Example]) -> dict[str, torch.Tensor]:
    """Return a batch as one sequence: tokens, positions, who sees whom, and what to learn."""
    shared = batch[0].shared
    tokens, labels = list(shared), [NOT_LEARNT] * len(shared)
    places, owner = list(range(len(shared))), [0] * len(shared)
    for number, one in enumerate(batch, start=1):
        tokens += one.rest
        labels += one.labels
        places += range(len(shared), len(shared) + len(one.rest))
        owner += [number] * len(one.rest)
    whose = torch.tensor(owner)
    seen = torch.ones(len(tokens), len(tokens), dtype=torch.bool).tril() & (
        (whose[:, None] == whose[None, :]) | (whose[None, :] == 0)
    )
    mask = torch.zeros(seen.shape).masked_fill(~seen, torch.finfo(torch.float32).min)
    # The token after a position is learnt there; the shared part's last token is followed by every example's first.
    learnt = [at for at in range(1, len(tokens)) if labels[at] != NOT_LEARNT]
    return {
        "input_ids": torch.tensor([tokens]),
        "position_ids": torch.tensor([places]),
        "attention_mask": mask[None, None],
        "learnt_at": torch.tensor([at - 1 for at in learnt]),
        "learnt": torch.tensor([labels[at] for at in learnt]),
    }


def loss_of(model: Any, batch: Sequence[Example], *, bfloat16: bool = False) -> torch.Tensor:  # noqa: ANN401
    """Return the mean loss a token of what is to be learnt."""
    made = packed(batch)
    learnt_at, learnt = made.pop("learnt_at"), made.pop("learnt")
    # Of most positions nobody needs the vocabulary's probabilities, which are half of a small model's work.
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
        logits = model(**made, logits_to_keep=learnt_at, use_cache=False).logits[0]
    return cross_entropy(logits.float(), learnt)


def held_out(model: Any, examples: Sequence[Example], size: int) -> float:  # noqa: ANN401
    """Return the mean loss over examples that were not learnt."""
    batches = batches_of(examples, size, epochs=1, seed=0)
    with torch.no_grad():
        return float(sum(loss_of(model, batch).item() for batch in batches) / len(batches))


@dataclass
class Run:
    """A training run, which can be interrupted after any step."""

    model: Any
    optimizer: torch.optim.Optimizer
    batches: list[list[Example]]
    folder: Path
    told: Json
    step: int = 0

    def go(self) -> Iterator[float]:
        """Take the steps that are left; yields the loss of each."""
        while self.step < len(self.batches):
            for group in self.optimizer.param_groups:
                group["lr"] = self.told["rate"] * self._share()
            loss = loss_of(self.model, self.batches[self.step], bfloat16=self.told["bfloat16"])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIPPED_AT)
            self.optimizer.step()
            self.optimizer.zero_grad()
            self.step += 1
            yield loss.item()

    def _share(self) -> float:
        """Return the share of the learning rate that this step has: it rises quickly, then falls to nothing."""
        done, warm = self.step / len(self.batches), WARM_UP
        return max(done, 1 / len(self.batches)) / warm if done < warm else (1 - done) / (1 - warm)

    def save(self) -> None:
        """Keep where the run is, whole or not at all."""
        new, old = self.folder.with_suffix(".new"), self.folder.with_suffix(".old")
        for one in (new, old):
            shutil.rmtree(one, ignore_errors=True)
        new.mkdir(parents=True)
        self.model.save_pretrained(new / ADAPTER)
        torch.save(self.optimizer.state_dict(), new / OPTIMIZER)
        (new / STATE).write_text(json.dumps({"step": self.step, "told": self.told}))
        if self.folder.exists():
            self.folder.rename(old)
        new.rename(self.folder)
        shutil.rmtree(old, ignore_errors=True)


def begin(told: Json, batches: list[list[Example]], folder: Path) -> Run:
    """Begin a run, or go on with the one that is kept in a folder.

    Raises:
        NotUsableError: that one was told other things.
    """
    torch.manual_seed(told["seed"])
    model = AutoModelForCausalLM.from_pretrained(told["model"], dtype=torch.float32, attn_implementation="sdpa")
    kept = json.loads((folder / STATE).read_text()) if (folder / STATE).exists() else None
    if kept is None:
        wanted = LoraConfig(
            r=told["rank"], lora_alpha=2 * told["rank"], target_modules="all-linear", task_type="CAUSAL_LM"
        )
        model = get_peft_model(model, wanted)
    elif kept["told"] != told:
        raise NotUsableError(f"{folder} is of a run with other data or options. Delete it to begin anew")
    else:
        model = PeftModel.from_pretrained(model, folder / ADAPTER, is_trainable=True)
    optimizer = torch.optim.AdamW((one for one in model.parameters() if one.requires_grad), lr=told["rate"])
    if kept is not None:
        optimizer.load_state_dict(torch.load(folder / OPTIMIZER, weights_only=True))
    model.train()
    return Run(model, optimizer, batches, folder, told, 0 if kept is None else kept["step"])
