"""The measured turns of both sides, and the tables in which they are printed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import mean, median

import httpx2
from rich.console import Console
from rich.table import Table

from scripts.bench.turns.load import Load
from scripts.bench.turns.sides import YES, Buyer, Ours, Stock

MESSAGES = {"first: where is it?": "Where is my order {order}?", "cancel it": "Cancel order {order}", "yes": YES}
OVERHEAD, FEWER, P99_MS, GROWTH_MIB = 0.55, 1.0, 150, 0.5
CONSOLE = Console(width=110)


@dataclass
class Talks:
    """One side's turns, by kind of message.

    Milliseconds outside the model, CPU milliseconds of its own process, model calls, and prompt tokens.
    """

    name: str
    ms: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    processor: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    calls: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    tokens: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def overhead(self) -> float:
        """Return the median turn's milliseconds, averaged over the kinds."""
        return mean(median(times) for times in self.ms.values())

    def calls_a_turn(self) -> float:
        """Return the number of model calls per turn."""
        return mean(mean(calls) for calls in self.calls.values())


async def compare(
    sides: Sequence[tuple[Talks, Ours | Stock]], buyers: Sequence[Buyer], model: httpx2.AsyncClient
) -> None:
    """Alternate conversations between the sides; the first one with each is only a warm-up."""
    for at, buyer in enumerate(buyers):
        talks, side = sides[at % len(sides)]
        await side.open(buyer)
        for kind, text in MESSAGES.items():
            await model.get("/taken")
            seconds = await side.turn(text.format(order=buyer.order))
            taken = list((await model.get("/taken")).json().values())
            if at >= len(sides):
                talks.ms[kind].append((seconds - sum(one["seconds"] for one in taken)) * 1000)
                talks.processor[kind].append(side.processor * 1000)
                talks.calls[kind].append(sum(one["calls"] for one in taken))
                talks.tokens[kind].append(sum(one["prompt_tokens"] for one in taken))
        await side.close()


def show_talks(talks: Sequence[Talks]) -> None:
    """Print both sides; the first is the baseline."""
    stock, ours = talks
    heads = ("turn", "stock ms", "ours ms", "x stock", "processor ms", "", "model calls", "", "prompt tokens", "")
    table = Table(*heads, title="One turn")
    for kind in MESSAGES:
        theirs, own = median(stock.ms[kind]), median(ours.ms[kind])
        calls = (f"{mean(stock.calls[kind]):.1f}", f"{mean(ours.calls[kind]):.1f}")
        tokens = (f"{mean(stock.tokens[kind]):.0f}", f"{mean(ours.tokens[kind]):.0f}")
        used = (f"{median(stock.processor[kind]):.1f}", f"{median(ours.processor[kind]):.1f}")
        table.add_row(kind, f"{theirs:.1f}", f"{own:.1f}", f"{own / theirs:.2f}", *used, *calls, *tokens)
    CONSOLE.print(table)
    share, fewer = ours.overhead() / stock.overhead(), stock.calls_a_turn() - ours.calls_a_turn()
    processor = sum(map(median, ours.processor.values())) / sum(map(median, stock.processor.values()))
    CONSOLE.print(f"  processor time of the team's own process {processor:.2f} x stock, on a busy machine the steadier")
    _goal(f"overhead {share:.2f} x stock", f"at most {OVERHEAD}", share <= OVERHEAD)
    _goal(f"model calls {fewer:.2f} fewer a turn", f"at least {FEWER:.0f}", fewer >= FEWER)


def show_load(load: Load, conversations: int, latency_ms: float, think_s: float) -> None:
    """Print how long turns took besides their model while many ran concurrently."""
    p50, p99 = load.percentile(0.5) * 1000, load.percentile(0.99) * 1000
    CONSOLE.print(
        f"{conversations} conversations at once, {latency_ms:.0f} ms a reply, {think_s:.0f} s to think: "
        f"{len(load.overhead)} turns; overhead p50 {p50:.0f} ms"
    )
    _goal(f"overhead p99 {p99:.0f} ms", f"under {P99_MS} ms with 200", p99 < P99_MS)


def show_most(load: Load, conversations: int) -> None:
    """Print one process's maximum throughput: everybody writes again as soon as they are answered, and the model is
    instant.
    """
    turns = len(load.overhead)
    CONSOLE.print(
        f"the most of one process, {conversations} conversations without a pause: {turns / load.seconds:.1f} turns a "
        f"second; {load.processor / turns * 1000:.1f} ms of its processor a turn; p99 {load.percentile(0.99):.1f} s"
    )


def show_memory(samples: Sequence[tuple[int, float]], slope: float) -> None:
    """Print how the memory developed."""
    (_, first), (turns, last) = samples[len(samples) // 4], samples[-1]
    CONSOLE.print(f"memory over {turns} turns: {first:.0f} MiB after warming up, {last:.0f} MiB at the end")
    _goal(f"memory {slope:+.2f} MiB for 1,000 turns", f"at most {GROWTH_MIB}", slope <= GROWTH_MIB)


def _goal(reached: str, goal: str, met: bool) -> None:
    CONSOLE.print(f"  {reached} (goal: {goal}): [{'green' if met else 'red'}]{'met' if met else 'missed'}")
