"""One task from its question to its result: its steps, a vote's count, and what could not be answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.reasons import told
from team.cooperation.asked import Asked
from team.cooperation.flow import run_steps
from team.cooperation.planning import PLAN, PLANNING, plan_of
from team.cooperation.plans import MERGE, BadGraphError, Planned, last_of, planned
from team.cooperation.run import Run, Said
from team.cooperation.voting import Ballot, chosen_in, count
from team.words.language import say


@dataclass(frozen=True)
class Result:
    """What a task came to: the answer, what each model said, the count of a vote, and what is missing."""

    text: str
    said: Sequence[Said]
    vote: dict[str, Any] | None = None
    notes: Sequence[str] = ()

    @property
    def failed(self) -> bool:
        """Whether there is no answer at all."""
        return not self.text

    def as_json(self) -> dict[str, Any]:
        """The result as it is stored and told."""
        spent = {name: sum(getattr(one, name) for one in self.said) for name in ("prompt_tokens", "completion_tokens")}
        answers = [one.as_json() for one in self.said]
        vote = {} if self.vote is None else {"vote": self.vote}
        return {"text": self.text, "answers": answers, "notes": list(self.notes), **vote, **spent}


async def answer(run: Run) -> Result:
    """Answer a task: plan it if it has to be taken apart, run its steps, and join what they say."""
    if run.asked.mode != "decompose":
        return await _joined(run, planned(run.asked))
    planner = Planned(PLAN, run.asked.models[0], PLANNING)
    await run_steps(run, [planner])
    try:
        steps = plan_of(run.said[PLAN].text, run.asked)
    except BadGraphError as error:
        await run.record("plan", {"problem": str(error)})
        found = await _joined(run, planned(run.asked))
        note = say("task_no_plan", run.language)
        return Result(found.text, [run.said[PLAN], *found.said], notes=[note, *found.notes])
    told_steps = [{"step": one.name, "task": one.task, "model": one.model, "after": list(one.after)} for one in steps]
    await run.record("plan", {"steps": told_steps})
    found = await _joined(run, steps)
    return Result(found.text, [run.said[PLAN], *found.said], notes=found.notes)


async def _joined(run: Run, steps: Sequence[Planned]) -> Result:
    await run_steps(run, steps)
    said = [run.said[step.name] for step in steps]
    notes = [_missing(one, run.language) for one in said if one.failed]
    if run.asked.mode == "vote":
        found = count(_ballots(run.asked, said))
        await run.record("vote", found.as_json())
        text = found.told(run.language) if any(not one.failed for one in said) else ""
        return Result(text, said, found.as_json(), notes)
    last = run.said[last_of(steps)]
    if last.failed:
        # What was said before is shown as it is: better than nothing, and not passed off as one answer.
        parts = [one for one in said if not one.failed and one.step != MERGE]
        text = "\n\n".join(f"{one.model}: {one.text}" for one in parts)
        return Result(text, said, notes=notes)
    if run.asked.mode == "parallel":
        # Whoever reads what one model made of the answers can see what each of them said.
        each = [f"{one.model}: {one.text}" for one in said if not one.failed and one.step != MERGE]
        return Result("\n\n".join([last.text, *each]), said, notes=notes)
    return Result(last.text, said, notes=notes)


def _ballots(asked: Asked, said: Sequence[Said]) -> list[Ballot]:
    return [Ballot(one.model, chosen_in(one.text, asked.options), asked.weights.get(one.model, 1.0)) for one in said]


def _missing(one: Said, language: str) -> str:
    why = told(one.error_code, one.error_facts, language)
    return say("task_missing", language, step=one.step, model=one.model, why=why)
