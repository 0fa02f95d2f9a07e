"""The sum of a slice: weights, working memory, and what is left for conversations."""

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.sizing.adapters import Adapter
from scripts.sizing.cards import GIB, MIB, Card
from scripts.sizing.dividing import WHOLE, Division
from scripts.sizing.models import VALUE_BYTES, Model

MOST_AT_ONCE, MOST_ON_CPU = 64, 4
"""Conversations a slice is given memory for, on a card and on a processor; what is not needed is reported as left."""
USUAL_TOKENS = 4_096
"""Prompt and reply of a usual turn: under 2,000 tokens of prompt with tools (docs/models.md), and as many of talk."""
BATCH_TOKENS = 2_048
"""Tokens vLLM computes in one step (`--max-num-batched-tokens`): what its working memory grows with."""
PICTURES, PICTURE_PIXELS = 4, 1_003_520
"""Pictures in a request, and the pixels one is scaled down to before the model sees it (1,280 patches of 28 x 28)."""
PROCESS, PROCESS_ON_CPU = GIB, 3 * GIB // 2
"""Allowed a server for its CUDA context, its kernels and its CUDA graphs, or on a processor for its program."""
SPARE = 1.5
"""What computed working memory is multiplied by: allocators round up, and kernels keep buffers of their own."""
LARGEST_BLOCK = 128
"""Tokens in a block of KV cache on a processor; on a card it has 16."""
STEP = 16 * MIB
"""A KV cache is a multiple of this, so that figures can be read."""


@dataclass(frozen=True)
class Wanted:
    """A model to serve: under which name and port, for which context, whether it is sent pictures, on how many cards.

    `adapter` is what is served with it under `served_as`; `sleeps` is whether it shares its cards in turns.
    """

    model: Model
    served_as: str
    port: int
    context: int
    pictures: bool
    division: Division = WHOLE
    adapter: Adapter | None = None
    sleeps: bool = False

    @property
    def weights(self) -> int:
        """Return the bytes its weights take on each of its cards."""
        added = 0 if self.adapter is None else self.adapter.size
        return self.division.weights(self.model, self.model.weights(pictures=self.pictures) + added)

    @property
    def kv_bytes_a_token(self) -> int:
        """Return the bytes of KV cache a token takes on each of its cards."""
        return self.division.kv_bytes_a_token(self.model.shape)

    @property
    def conversation(self) -> int:
        """Return the bytes of KV cache, on each card, for a conversation of the whole context and vLLM's own block."""
        return self.kv_bytes_a_token * (self.context + LARGEST_BLOCK)


@dataclass(frozen=True)
class Slice:
    """What a model gets of a card, or of each of its cards from `device` on: all figures in bytes."""

    wanted: Wanted
    card: Card
    device: int
    working: int
    cache: int

    @property
    def needed(self) -> int:
        """Return all the memory the server takes, of each card."""
        return self.wanted.weights + self.working + self.cache

    @property
    def blocks(self) -> int:
        """Return the blocks of KV cache vLLM makes of it."""
        return self.cache // (self.card.block_tokens * self.wanted.kv_bytes_a_token)

    @property
    def tokens(self) -> int:
        """Return the tokens that its KV cache holds."""
        return self.blocks * self.card.block_tokens

    @property
    def whole(self) -> int:
        """Return how many conversations of the whole context it holds at once, in all its copies."""
        return self.wanted.division.data * (self.tokens // self.wanted.context)

    @property
    def devices(self) -> range:
        """Return the numbers of its cards."""
        return range(self.device, self.device + self.wanted.division.cards)

    @property
    def at_once(self) -> int:
        """Return how many usual conversations a copy of it answers at once: vLLM's `--max-num-seqs`."""
        return max(1, min(most_at_once(self.card), self.tokens // USUAL_TOKENS))


@dataclass(frozen=True)
class Shortage:
    """Why models do not fit on a card: each with its weights, working memory and one conversation, in bytes."""

    card: Card
    parts: tuple[tuple[Wanted, int], ...]
    kept: int = 0

    @property
    def needed(self) -> int:
        """Return the least that would do."""
        return self.kept + sum(wanted.weights + working + wanted.conversation for wanted, working in self.parts)

    @property
    def lines(self) -> list[str]:
        """Return the sum, a line for each model and the result."""
        told = [
            f"{wanted.model.name}: {gib(wanted.weights)} weights + {gib(working)} working memory + "
            f"{gib(wanted.conversation)} for one conversation of {wanted.context:,} tokens"
            for wanted, working in self.parts
        ]
        has, missing = self.card.usable, self.needed - self.card.usable
        return [*told, f"= {gib(self.needed)}; {self.card.name} has {gib(has)} to give: {gib(missing)} too little"]


def share(wanted: Sequence[Wanted], card: Card, device: int = 0, kept: int = 0) -> list[Slice] | Shortage:
    """Divide a card among models so that each holds as many conversations as the others.

    `kept` are bytes of it that others keep while they sleep.
    """
    parts = tuple((one, working_memory(one, card)) for one in wanted)
    fixed = sum(one.weights + working for one, working in parts)
    each = sum(one.conversation for one in wanted)
    rest = card.usable - fixed - kept
    if rest < each:
        return Shortage(card, parts, kept)
    conversations = min(rest / each, float(most_at_once(card)))
    return [Slice(one, card, device, working, _cache(one, conversations)) for one, working in parts]


def _cache(wanted: Wanted, conversations: float) -> int:
    """Return the KV cache for so many conversations; at least one fits whole, rounding included."""
    rounded = int(wanted.conversation * conversations) // STEP * STEP
    return max(rounded, wanted.conversation)


def working_memory(wanted: Wanted, card: Card) -> int:
    """Return what a server needs besides weights and KV cache: an allowance from the model's shape, not a measurement.

    It counts a step's activations in the widest layer, the logits of each conversation in float32 with the two copies
    that sampling makes, and of a slice that sees pictures the largest one on its way through the vision part and its
    result, which is kept.
    """
    shape = wanted.model.shape
    step = BATCH_TOKENS * VALUE_BYTES * (4 * shape.hidden + 3 * shape.intermediate)
    logits = most_at_once(card) * shape.vocabulary * 4 * 3
    seen = 0
    if wanted.pictures and shape.vision is not None:
        tokens = max(BATCH_TOKENS, PICTURE_PIXELS // shape.vision.pixels_a_token)
        patches = 4 * tokens
        seen = patches * VALUE_BYTES * (8 * shape.vision.hidden + 2 * shape.vision.intermediate)
        seen += tokens * VALUE_BYTES * shape.hidden * shape.vision.outputs
    return process_of(card) + int((step + logits + seen) * SPARE)


def process_of(card: Card) -> int:
    """Return what a server takes without any model, which it keeps while it sleeps."""
    return PROCESS_ON_CPU if card.processor else PROCESS


def most_at_once(card: Card) -> int:
    """Return how many conversations a slice of a card is given memory for at most."""
    return MOST_ON_CPU if card.processor else MOST_AT_ONCE


def gib(size: int) -> str:
    """Return bytes in GiB, as a person reads them."""
    return f"{size / GIB:.1f} GiB" if size >= GIB // 10 else f"{size / MIB:.1f} MiB"
