"""Cards: how much memory they have, and what they can compute with."""

import csv
import re
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

from storage.settings import CannotStartError

FILE = Path(__file__).with_name("cards.toml")
MIB, GIB = 2**20, 2**30
HELD_BACK, LEAST_HELD_BACK = 0.02, GIB // 2
"""What a plan leaves alone: the driver's own part of a card, and what is lost between allocations."""
OLDEST = 7.5
"""The compute capability that vLLM 0.32 wants at least (https://docs.vllm.ai: getting started, GPU)."""
BFLOAT16, FP8 = 8.0, 8.9
MEMORY = Path("/proc/meminfo")
MIG = "g."
"""In the name of a MIG device (`3g.20gb`), and of no card."""
ANSWERS_WITHIN_S = 20
ASKED = ("nvidia-smi", "--query-gpu=name,memory.total,compute_cap", "--format=csv,noheader,nounits")
SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(GiB|GB|MiB)?", re.IGNORECASE)
UNITS = {"gib": GIB, "gb": 10**9, "mib": MIB}


class NoSuchCardError(CannotStartError):
    """A card is neither known by name nor a size."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"No card is called {given}. Give a size, such as --gpu 24GiB, or a name: "
            f"{', '.join(card.name for card in known_cards())}, cpu."
        )


class NoCardHereError(CannotStartError):
    """There is no NVIDIA card to plan for, and none was named."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"No NVIDIA card was found here ({why}). Say which to plan for: --gpu L4, --gpu 24GiB, --gpu cpu."
        )


@dataclass(frozen=True)
class Card:
    """A card, a MIG device, or the processor.

    Attributes:
        memory: bytes.
        capability: NVIDIA's compute capability; None for the processor, or where only a size is known.
        half: the name of the MIG device of which it holds two.
    """

    name: str
    memory: int
    capability: float | None
    half: str = ""
    processor: bool = False

    @property
    def usable(self) -> int:
        """Return the bytes that a plan may give away."""
        return self.memory - max(int(self.memory * HELD_BACK), LEAST_HELD_BACK)

    @property
    def dtype(self) -> str:
        """Return what vLLM computes with on it."""
        return "half" if self.capability is not None and self.capability < BFLOAT16 else "bfloat16"

    @property
    def is_mig(self) -> bool:
        """Tell whether it is a MIG device, which CUDA knows by an id of its own."""
        return MIG in self.name

    @property
    def too_old(self) -> bool:
        """Tell whether vLLM does not run on it."""
        return self.capability is not None and self.capability < OLDEST

    @property
    def block_tokens(self) -> int:
        """Return how many tokens share a block of vLLM's KV cache by default."""
        return 128 if self.processor else 16


@cache
def known_cards() -> tuple[Card, ...]:
    """Return the cards whose figures are kept here."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))["card"]
    return tuple(Card(one["name"], one["mib"] * MIB, one["capability"], one.get("half", "")) for one in read)


def card_named(given: str) -> Card:
    """Return the card with this name (`A100 80 GB`, `a100-80gb`), of this size (`24GiB`), or the processor (`cpu`).

    Of several whose names begin like this, it is the first, which has the least memory.

    Raises:
        NoSuchCardError: there is none.
    """
    plain, size = _plain(given), SIZE.fullmatch(given.strip())
    if plain == "cpu":
        return processor()
    if size is not None and float(size[1]):
        return Card(given, int(float(size[1]) * UNITS[(size[2] or "GiB").lower()]), None)
    named = [card for card in known_cards() if plain and _plain(card.name).startswith(plain)]
    if not named:
        raise NoSuchCardError(given)
    return next((card for card in named if _plain(card.name) == plain), named[0])


def processor() -> Card:
    """Return the processor as a card: the memory that programs can have at the moment, the page cache included.

    Raises:
        NoSuchCardError: this system does not tell, as only Linux does.
    """
    told = MEMORY.read_text(encoding="ascii").splitlines() if MEMORY.exists() else []
    kib = [int(line.split()[1]) for line in told if line.startswith("MemAvailable:")]
    if not kib:
        raise NoSuchCardError("cpu")
    return Card("cpu", kib[0] * 1024, None, processor=True)


def cards_here() -> list[Card]:
    """Return the NVIDIA cards of this machine, as nvidia-smi lists them.

    Raises:
        NoCardHereError: it is not installed, does not answer, or lists none.
    """
    if shutil.which(ASKED[0]) is None:
        raise NoCardHereError("there is no nvidia-smi")
    try:
        told = subprocess.run(ASKED, check=True, capture_output=True, text=True, timeout=ANSWERS_WITHIN_S).stdout  # noqa: S603 - fixed arguments
    except (subprocess.SubprocessError, OSError) as error:
        raise NoCardHereError(f"nvidia-smi: {error}") from error
    rows = list(csv.reader(StringIO(told), skipinitialspace=True))
    if not rows:
        raise NoCardHereError("nvidia-smi lists none")
    return [Card(name, int(mib) * MIB, float(capability)) for name, mib, capability in rows]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum() or letter == ".").removeprefix("nvidia")
