"""Every mode on whatever models a shop has, good or bad: it ends in time, and says what failed."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from storage.cooperation.steps import TaskStep
from storage.shop.orders import Order
from team.cooperation.asked import Asked
from team.cooperation.planning import PLAN
from team.cooperation.tasks import Tasks
from tests.team.cooperation.scripted import CALLER, OWNER
from tests.team.shopfloor import Shopfloor

MODES = ("select", "sequential", "parallel", "vote", "pipeline", "decompose")
MODELS = ("slice1", "slice2")
LATE_S = 15.0
"""How long after a task's deadline its end may take to be stored."""


@dataclass(frozen=True)
class Played:
    """One mode's task: as it ended, its steps, and how long it took."""

    mode: str
    task: dict[str, Any]
    steps: list[TaskStep]
    seconds: float

    def __str__(self) -> str:
        answers = self.task["result"]["answers"]
        said = [f"  {one['step']} ({one['model']}): {one.get('error') or one['text']!r}" for one in answers]
        notes = [f"  note: {note}" for note in self.task["result"]["notes"]]
        return "\n".join([f"{self.mode}: {self.task['status']} in {self.seconds:.0f} s", *said, *notes])


async def play_mode(floor: Shopfloor, mode: str, order: Order, deadline_s: float) -> Played:
    """Put a question on an order to both models in this mode, with tools, and wait for its end."""
    query = f"Order {order.id} arrived broken: refund or replace?"
    asked = Asked.model_validate(
        {"query": query, "mode": mode, "models": MODELS, "tools": ("orders", "policies"), "deadline_s": deadline_s}
    )
    tasks: Tasks = floor.desk.tasks
    began = time.monotonic()
    task_id = await tasks.begin(OWNER, CALLER, asked)
    task = await tasks.wait(task_id, OWNER, deadline_s + LATE_S)
    seconds = time.monotonic() - began
    steps = [step async for step in tasks.follow(task_id, 0)] if task["ended_at"] else []
    return Played(mode, task, steps, seconds)


def assert_honest(played: Played) -> None:
    """Assert that a task has ended, that each step that began has, and that whatever failed is named."""
    task = played.task
    assert task["status"] in {"done", "asked", "failed"}, played
    kinds = Counter(step.kind for step in played.steps)
    began = {step.data["step"] for step in played.steps if step.kind == "step_started"}
    ended = {step.data["step"] for step in played.steps if step.kind == "step_ended"}
    assert began <= ended, played
    assert (kinds["task_started"], kinds["task_ended"], played.steps[-1].kind) == (1, 1, "task_ended"), played
    result = task["result"]
    assert bool(result["text"]) is (task["status"] != "failed"), played
    for one in result["answers"]:
        if not one.get("error_code"):
            assert one["text"], played
        elif one["step"] != PLAN:
            assert any(note.startswith(f"{one['step']} ({one['model']})") for note in result["notes"]), played
    if played.mode == "vote":
        _assert_counted(played)


def _assert_counted(played: Played) -> None:
    vote = played.task["result"]["vote"]
    chosen = {ballot["model"]: ballot["option"] for ballot in vote["ballots"]}
    assert set(chosen) == set(MODELS), played
    assert vote["totals"] == {option: float(count) for option, count in Counter(chosen.values()).items() if option}
    assert vote["disagree"] is (len(set(chosen.values())) > 1), played
    if vote["totals"]:
        assert ("disagree" in played.task["result"]["text"]) is vote["disagree"], played
