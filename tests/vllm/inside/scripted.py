"""A logits processor that decides what a model says: `--logits-processors scripted:Scripted`.

`VLLM_SCRIPT` names a JSON file of pairs: a pattern for the rendered prompt, and the reply. The first that matches
counts, and the file is read for each request. It only makes tokens likelier: a grammar has the last word, and
scheduler, sampler, parsers and streaming are the server's own.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from vllm.tokenizers import get_tokenizer
from vllm.v1.sample.logits_processor import AdapterLogitsProcessor

LIKELIER = 1_000.0


class Scripted(AdapterLogitsProcessor):  # type: ignore[misc]  # vLLM is in an environment of its own
    """Says what the script says."""

    def __init__(self, vllm_config: Any, device: torch.device, is_pin_memory: bool) -> None:  # noqa: ANN401
        super().__init__(vllm_config, device, is_pin_memory)
        self.tokenizer = get_tokenizer(vllm_config.model_config.tokenizer)

    def is_argmax_invariant(self) -> bool:
        """Say that it changes which token is the likeliest."""
        return False

    def new_req_logits_processor(self, params: object) -> Callable[[list[int], list[int], Any], Any]:
        """Return what is asked for each token of one request."""
        reply: list[int] | None = None

        def likelier(prompt: list[int], written: list[int], logits: Any) -> Any:  # noqa: ANN401 - a tensor
            nonlocal reply
            if reply is None:
                reply = self._reply(self.tokenizer.decode(prompt, skip_special_tokens=False))
            # A grammar may have taken another road.
            if len(written) < len(reply) and written == reply[: len(written)]:
                logits[reply[len(written)]] += LIKELIER
            return logits

        return likelier

    def _reply(self, prompt: str) -> list[int]:
        script = json.loads(Path(os.environ["VLLM_SCRIPT"]).read_text(encoding="utf-8"))
        said = next((reply for pattern, reply in script if re.search(pattern, prompt, re.DOTALL)), None)
        if said is None:
            return []
        return [*self.tokenizer.encode(said, add_special_tokens=False), self.tokenizer.eos_token_id]
