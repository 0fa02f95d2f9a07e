"""What an answer by an endpoint would be worth: how good, how soon, and what it costs, as far as is known."""

from dataclasses import dataclass

from storage.endpoints import Endpoint
from team.models.load import Load
from team.models.slices.speeds import Speed, Speeds
from team.routing.reading import Need, signs

UNKNOWN_FIRST_S, UNKNOWN_TOKENS_S = 1.0, 30.0
"""What is assumed of an endpoint that has not been measured yet: that of most hosted and small local models."""
FEWEST = 5
"""Calls of a task from which on its own figures count; below, all calls of the endpoint do."""
MILLION = 1_000_000
LEAST_ANSWERED = 0.1
"""An endpoint that fails is asked again: at most so many times as this makes."""
LESS_AT_OTHERS = 0.8
"""What remains of the quality of an endpoint that names what it is good at, at everything else."""


@dataclass(frozen=True)
class Estimate:
    """What to expect of one endpoint for one message.

    Attributes:
        key: its key in models.toml.
        endpoint: the endpoint.
        fit: how good an answer is likely to be, 0 to 1, with the share of calls that fail taken off.
        seconds: until the whole answer is there.
        cost: US dollars.
        speed: the measured figures it comes from.
        waiting: requests that wait at the endpoint now; None where it does not say.
    """

    key: str
    endpoint: Endpoint
    fit: float
    seconds: float
    cost: float
    speed: Speed
    waiting: int | None


def estimate(key: str, endpoint: Endpoint, need: Need, speeds: Speeds, load: Load | None) -> Estimate:
    """Return what to expect of an endpoint for a message."""
    speed = speed_at(need, endpoint, speeds)
    waiting = None if load is None or load.waiting is None else int(load.waiting)
    first = UNKNOWN_FIRST_S if speed.first_s is None else speed.first_s
    rate = UNKNOWN_TOKENS_S if speed.tokens_s is None else speed.tokens_s
    seconds = (first * (1 + (waiting or 0)) + need.reply_tokens / rate) / max(LEAST_ANSWERED, 1 - speed.failures)
    cost = (need.tokens * endpoint.price_in + need.reply_tokens * endpoint.price_out) / MILLION
    fit = _suited(endpoint, need) * (1 - speed.failures)
    return Estimate(key, endpoint, fit, seconds, cost, speed, waiting)


def speed_at(need: Need, endpoint: Endpoint, speeds: Speeds) -> Speed:
    """Return how fast an endpoint was at this task lately; at all its tasks, where that is not known well enough."""
    own = speeds.of(endpoint, {need.task.value, *signs().roles[need.task]})
    whole = speeds.of(endpoint)
    if own.calls < FEWEST:
        return whole
    return Speed(own.calls, own.failed, own.first_s or whole.first_s, own.tokens_s or whole.tokens_s)


def _suited(endpoint: Endpoint, need: Need) -> float:
    """Return how good its answers to the task are: halfway to perfect at what it is good at."""
    if not endpoint.good_at:
        return endpoint.quality
    if need.task in endpoint.good_at:
        return (1 + endpoint.quality) / 2
    return endpoint.quality * LESS_AT_OTHERS
