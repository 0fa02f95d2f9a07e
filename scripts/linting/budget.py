"""How many tokens the shop's own tools cost a model that lists them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.linting.finding import Finding
from scripts.linting.offered import Json, Shelf

SHOPS_OWN = ("orders", "policies", "products", "tickets", "vision")
"""The shop's own servers: their tools share one budget; every other server has its own."""

MOST_TOOLS, MOST_INPUT, MOST_ALL = 25, 5_000, 10_000
MOST_OF_ONE_SERVER = 2_500
TOKENIZER = "Llama 2's tokenizer (32,000 pieces), the file inside the wordllama package"
TRIM = "Shorten docstrings and field descriptions, or drop fields"


@dataclass(frozen=True)
class Spent:
    """The number of tools, and their tokens without and with output schemas."""

    tools: int
    input: int
    all: int

    def __str__(self) -> str:
        """Return the figures as text."""
        return f"{self.tools} tools, {self.input:,} tokens, {self.all:,} with output schemas"


class Counter:
    """Counts tokens offline. The models used here have larger vocabularies, so they need fewer tokens."""

    def __init__(self) -> None:
        # Both are slow to import, and only counting needs them.
        import wordllama
        from tokenizers import Tokenizer

        folder = Path(wordllama.__file__).parent / "tokenizers"
        self._tokenizer = Tokenizer.from_file(str(folder / "l2_supercat_tokenizer_config.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def spent(self, shelves: Sequence[Shelf]) -> Spent:
        """Return the cost of these servers' tools, each as compact JSON."""
        tools = [offer.as_listed() for shelf in shelves for offer in shelf.offers]
        shown = [{key: tool[key] for key in ("name", "description", "inputSchema")} for tool in tools]
        results = [{"outputSchema": tool["outputSchema"]} for tool in tools]
        given = sum(map(self._tokens, shown))
        return Spent(len(tools), given, given + sum(map(self._tokens, results)))

    def _tokens(self, value: Json) -> int:
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


def over_budget(shelves: Sequence[Shelf], counter: Counter) -> Iterator[Finding]:
    """Yield what is over budget: the shop's own servers together, and each other server separately."""
    own = counter.spent([shelf for shelf in shelves if shelf.name in SHOPS_OWN])
    limits = [("tools", own.tools, MOST_TOOLS), ("tokens", own.input, MOST_INPUT)]
    for what, is_now, most in [*limits, ("tokens with output schemas", own.all, MOST_ALL)]:
        if is_now > most:
            yield Finding("mcp_servers", f"{', '.join(SHOPS_OWN)} have {is_now:,} {what}, over {most:,}", TRIM)
    for shelf in shelves:
        spent = counter.spent([shelf])
        if shelf.name not in SHOPS_OWN and spent.input > MOST_OF_ONE_SERVER:
            problem = f"its tools have {spent.input:,} tokens, over {MOST_OF_ONE_SERVER:,}"
            yield Finding(shelf.place, problem, f"{TRIM}, or split the server in two")
