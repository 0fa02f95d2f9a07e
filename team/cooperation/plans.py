"""Every mode as a graph of steps: who is asked what, after which others. Independent steps run side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from storage.errors import ShopError
from team.cooperation.asked import MOST_DEEP, MOST_STEPS, Asked, StepAsked

MERGE = "merge"
ANSWER = "Answer the question yourself."
BUILD_ON = "Others have answered before you. Correct what is wrong in their answers, keep what is right, and answer."
MERGING = (
    "Make one answer of the answers above. Keep what they agree on. Where they contradict each other, say so and name "
    "who says what. Add nothing that none of them says."
)
VOTING = (
    "Think briefly, then choose exactly one option. End with a line of its own: ANSWER: and the option, nothing else."
)
USUAL_STEPS = (
    StepAsked(name="facts", task="Look up the facts that the question is about. State only what you found."),
    StepAsked(name="rules", task="State the shop's rules that apply to the question, from the handbook."),
    StepAsked(name="draft", task="Answer the question from the facts and the rules above.", after=("facts", "rules")),
    StepAsked(
        name="check",
        task="Check the draft against the facts and the rules. Return the corrected answer alone.",
        after=("facts", "rules", "draft"),
    ),
)
"""The pipeline of a task that names no steps of its own."""


class BadGraphError(ShopError):
    """The steps of a pipeline do not make a graph that can be run."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"These steps cannot be run: {problem}.")


@dataclass(frozen=True)
class Planned:
    """One step: its name, the model to ask first, what to tell it, and the steps whose answers it reads."""

    name: str
    model: str
    task: str
    after: tuple[str, ...] = ()


def planned(asked: Asked) -> list[Planned]:
    """Return the steps of a task whose models are known. A vote is counted, and parts are joined, after them.

    Raises:
        BadGraphError: the steps of its pipeline cannot be run.
    """
    models, names = asked.models, _names(asked.models)
    match asked.mode:
        case "sequential":
            return [
                Planned(name, model, BUILD_ON if at else ANSWER, tuple(names[:at]))
                for at, (name, model) in enumerate(zip(names, models, strict=True))
            ]
        case "parallel":
            each = [Planned(name, model, ANSWER) for name, model in zip(names, models, strict=True)]
            return [*each, Planned(MERGE, models[0], MERGING, tuple(names))]
        case "vote":
            return [Planned(name, model, VOTING) for name, model in zip(names, models, strict=True)]
        case "pipeline":
            return pipeline(asked.steps or USUAL_STEPS, models)
    return [Planned(names[0], models[0], ANSWER)]


def pipeline(steps: Sequence[StepAsked], models: Sequence[str]) -> list[Planned]:
    """Return steps that can be run, each with a model: the one it names, or the next in turn; several ends are merged.

    Raises:
        BadGraphError: a name is used twice or unknown, the steps wait for each other, or they are too many or too deep.
    """
    found = [
        Planned(step.name, step.model or models[at % len(models)], step.task, tuple(dict.fromkeys(step.after)))
        for at, step in enumerate(steps)
    ]
    followed = {name for step in found for name in step.after}
    ends = [step.name for step in found if step.name not in followed]
    if len(ends) > 1:
        found.append(Planned(MERGE, models[0], MERGING, tuple(ends)))
    _check({step.name: step.after for step in found}, len(found))
    return found


def last_of(steps: Sequence[Planned]) -> str:
    """Return the name of the step that the others lead to."""
    return steps[-1].name if steps[-1].name == MERGE else _ends(steps)[-1]


def _ends(steps: Sequence[Planned]) -> list[str]:
    followed = {name for step in steps for name in step.after}
    return [step.name for step in steps if step.name not in followed]


def _check(graph: Mapping[str, Sequence[str]], count: int) -> None:
    if len(graph) < count:
        raise BadGraphError("two of them have the same name")
    if count > MOST_STEPS + 1:
        raise BadGraphError(f"they are more than {MOST_STEPS}")
    strange = [(name, one) for name, after in graph.items() for one in after if one not in graph]
    if strange:
        raise BadGraphError(f"{strange[0][0]} waits for {strange[0][1]}, which is none of them")
    depths: dict[str, int] = {}
    try:
        for name in TopologicalSorter(graph).static_order():
            depths[name] = 1 + max((depths[one] for one in graph[name]), default=0)
    except CycleError as error:
        raise BadGraphError(f"{' and '.join(dict.fromkeys(error.args[1]))} wait for each other") from error
    if max(depths.values()) > MOST_DEEP + 1:
        raise BadGraphError(f"more than {MOST_DEEP} of them follow one on another")


def _names(models: Sequence[str]) -> list[str]:
    """Return a name for each model's step, which is an identifier, and tells which model it is where that can be."""
    plain = ["".join(char if char.isascii() and char.isalnum() else "_" for char in model.lower()) for model in models]
    return [f"step{at}_{name}"[:40] for at, name in enumerate(plain, start=1)]
