"""A plan: models, cards, and the slices that come of them."""

import shlex
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

from scripts.sizing.adapters import read_adapter
from scripts.sizing.cards import Card
from scripts.sizing.dividing import Division
from scripts.sizing.finding import find_model
from scripts.sizing.models import Model, NoSuchCheckpointError, in_quantization, known, quantizations_of
from scripts.sizing.sums import Shortage, Slice, Wanted, process_of, share
from storage.endpoints import Endpoints
from storage.models.serving import ONE_CARD, Quantization, Serving
from storage.settings import CannotStartError

FIRST_PORT = 8081
CONTEXT = 16_384
"""Tokens of a conversation where models.toml does not say: the default of an endpoint's `context_tokens`."""
ENOUGH_AT_ONCE = 16
"""Usual conversations at once on each slice that larger weights have to leave room for."""
SMALLER = "Qwen/Qwen3-VL-4B-Instruct"
"""What is tried where two models of 7 and 8 billion parameters do not fit."""


class TooOldError(CannotStartError):
    """vLLM does not run on a card."""

    def __init__(self, card: Card) -> None:
        super().__init__(
            f"{card.name}: vLLM's current engine and its AWQ kernels want compute capability 7.5, and this card has "
            f"{card.capability}. What does run on it is llama.cpp's llama-server with GGUF files: docs/gpu.md says how."
        )


class CardsAndModelsError(CannotStartError):
    """There are neither one card for all models, nor as many cards as they take."""

    def __init__(self, cards: int, taken: Sequence[int]) -> None:
        models, all_cards = len(taken), sum(taken)
        if all_cards == models:
            said = f"{cards} cards for {models} models: give --gpu once for a card that they share, or once for each."
        else:
            each = " + ".join(map(str, taken))
            said = f"{cards} cards for models that take {each}: give {all_cards}, as in --gpu {all_cards}xH100."
        super().__init__(said)


class NoSliceError(CannotStartError):
    """models.toml names no slice."""

    def __init__(self) -> None:
        super().__init__("models.toml has no endpoint with a `slice`: name the models to plan for.")


class ContextError(CannotStartError):
    """A model was made for shorter prompts."""

    def __init__(self, name: str, context: int, longest: int) -> None:
        super().__init__(f"{name} takes at most {longest:,} tokens, not {context:,}: give --context {longest}.")


@dataclass(frozen=True)
class Asked:
    """One model as it was asked for: by name, with the name it is served under, its port, context, and pictures."""

    name: str
    served_as: str
    port: int
    context: int | None
    pictures: bool
    serving: Serving = ONE_CARD

    @property
    def room(self) -> str:
        """Return what it shares its cards in turns by; a name of its own where it does not."""
        return f"turns {self.serving.takes_turns}" if self.serving.takes_turns else f"port {self.port}"


@dataclass(frozen=True)
class Plan:
    """Slices on cards; or why there are none."""

    slices: tuple[Slice, ...]
    cards: tuple[Card, ...]
    shortages: tuple[Shortage, ...] = ()
    advice: str = ""

    @property
    def at_once(self) -> int:
        """Return how many usual conversations the slice with the least room answers at once."""
        return min((one.at_once * one.wanted.division.data for one in self.slices), default=0)


def asked_by_name(names: Sequence[str], context: int | None) -> list[Asked]:
    """Return models that were named, on ports in a row."""
    return [Asked(name, name, FIRST_PORT + at, context, pictures=True) for at, name in enumerate(names)]


def asked_in(endpoints: Endpoints, context: int | None) -> list[Asked]:
    """Return the slices of models.toml, in order, then the endpoints that only say how they are served.

    Raises:
        NoSliceError: there is none.
    """
    served = [one for one in endpoints.endpoints.values() if (one.slice or one.serve) and not one.bridges]
    slices = sorted(served, key=lambda one: one.slice or len(served) + 1)
    if not slices:
        raise NoSliceError
    return [
        Asked(
            (one.serve and one.serve.weights) or one.model,
            one.model,
            urlsplit(one.base_url).port or FIRST_PORT,
            context or one.context_tokens,
            one.vision,
            one.serve or ONE_CARD,
        )
        for one in slices
    ]


def make_plan(asked: Sequence[Asked], cards: Sequence[Card], quantization: Quantization | None) -> Plan:
    """Return the plan in the quantization that was asked for, or with the largest weights that leave room to talk.

    Raises:
        TooOldError: vLLM does not run on a card.
        CardsAndModelsError: cards and models do not go together.
        CannotStartError: a model's figures are not to be had, or not in this quantization, or its context is shorter.
    """
    for card in cards:
        if card.too_old:
            raise TooOldError(card)
    taken = _taken(asked)
    shares_one = len(cards) == 1 and max(taken) == 1 and not any(one.serving.takes_turns for one in asked)
    if len(cards) != sum(taken) and not shares_one:
        raise CardsAndModelsError(len(cards), taken)
    tries = [_shared(asked, _wanted(asked, find), cards) for find in _finds(asked, quantization)]
    fitting = [one for one in tries if not one.shortages]
    if not fitting:
        return replace(tries[-1], advice=_advice(asked, cards))
    roomy = [one for one in fitting if one.at_once >= ENOUGH_AT_ONCE]
    return roomy[0] if roomy else max(fitting, key=lambda one: one.at_once)


def checkpoints_in(asked: Sequence[Asked], quantization: Quantization) -> list[str]:
    """Return the names of the checkpoints in a quantization, each once.

    Raises:
        CannotStartError: there is none of a model.
    """
    return list(dict.fromkeys(_checkpoint(one.name, quantization).name for one in asked))


def _finds(asked: Sequence[Asked], quantization: Quantization | None) -> list[Callable[[str], Model]]:
    """Return ways to find a model: each a checkpoint that is one size smaller than the last."""
    if quantization is not None:
        return [partial(_checkpoint, quantization=quantization)]
    several = [quantizations_of(one.name) for one in asked if _is_open(one.name) and one.serving.quantization is None]
    if not several:
        return [find_model]
    return [partial(_checkpoint, quantization=one) for one in several[0] if all(one in other for other in several)]


def _checkpoint(name: str, quantization: Quantization) -> Model:
    return in_quantization(name, quantization) if _is_open(name) else find_model(name)


def _is_open(name: str) -> bool:
    """Tell whether a model was named without a quantization, so that a smaller checkpoint of it will do."""
    return name in known() and known()[name].quantization == "none" and len(quantizations_of(name)) > 1


def _wanted(asked: Sequence[Asked], find: Callable[[str], Model]) -> list[Wanted]:
    wanted = []
    for one in asked:
        model = _found(one, find)
        division = Division(one.serving.tensor_parallel, one.serving.pipeline_parallel, one.serving.data_parallel)
        context = one.context or min(CONTEXT, model.shape.longest)
        if context > model.shape.longest:
            raise ContextError(model.name, context, model.shape.longest)
        pictures = one.pictures and model.shape.vision is not None
        division.require(model, pictures=pictures)
        adapter = read_adapter(one.serving.adapter) if one.serving.adapter else None
        sleeps = bool(one.serving.takes_turns)
        wanted.append(Wanted(model, one.served_as, one.port, context, pictures, division, adapter, sleeps))
    return wanted


def _found(one: Asked, find: Callable[[str], Model]) -> Model:
    """Return the model that was asked for, in the quantization that models.toml says, if it says one."""
    quantization = one.serving.quantization
    if quantization is None:
        return find(one.name)
    if one.name in known():
        return in_quantization(one.name, quantization)
    model = find_model(one.name)
    if model.quantization != quantization:
        raise NoSuchCheckpointError(one.name, quantization, [model.quantization])
    return model


def _taken(asked: Sequence[Asked]) -> list[int]:
    """Return how many cards each takes; those that share them in turns, the most of them once."""
    rooms: dict[str, int] = {}
    for one in asked:
        rooms[one.room] = max(rooms.get(one.room, 0), one.serving.cards)
    return list(rooms.values())


def _shared(asked: Sequence[Asked], wanted: Sequence[Wanted], cards: Sequence[Card]) -> Plan:
    together = len(cards) == 1 and sum(_taken(asked)) > 1
    shared = [share(wanted, cards[0])] if together else _apart(asked, wanted, cards)
    shortages = tuple(one for one in shared if isinstance(one, Shortage))
    slices = tuple(one for part in shared if not isinstance(part, Shortage) for one in part)
    return Plan(() if shortages else slices, tuple(cards), shortages)


def _apart(asked: Sequence[Asked], wanted: Sequence[Wanted], cards: Sequence[Card]) -> list[list[Slice] | Shortage]:
    """Give each model cards of its own, the next of the row; those that take turns are given the same."""
    first: dict[str, int] = {}
    shared, rooms = [], Counter(one.room for one in asked)
    taken = dict(zip(dict.fromkeys(one.room for one in asked), _taken(asked), strict=True))
    for one, wants in zip(asked, wanted, strict=True):
        if one.room not in first:
            first[one.room] = sum(taken[room] for room in first)
        device = first[one.room]
        smallest = min(cards[device : device + wants.division.cards], key=lambda card: card.usable)
        shared.append(share([wants], smallest, device, (rooms[one.room] - 1) * process_of(smallest)))
    return shared


def _advice(asked: Sequence[Asked], cards: Sequence[Card]) -> str:
    """Return the arguments of the next smaller plan that does fit; empty if none does."""
    if any(one.serving.cards > 1 for one in asked):
        return ""
    names = [one.name for one in asked]
    shorter = min(one.context or CONTEXT for one in asked) // 2
    for models, context in ((names, shorter), ([SMALLER] * len(asked), CONTEXT), ([SMALLER] * len(asked), shorter)):
        tried = [replace(one, name=name, context=context) for one, name in zip(asked, models, strict=True)]
        if any(not _shared(tried, _wanted(tried, find), cards).shortages for find in _finds(tried, None)):
            gpus = " ".join(f"--gpu {shlex.quote(card.name)}" for card in cards)
            return f"{gpus} --context {context} {shlex.join(models)}"
    return ""
