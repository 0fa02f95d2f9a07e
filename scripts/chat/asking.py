"""A task in the terminal: its steps as they come, its answer, and its questions before a change."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx2
import typer

from scripts.chat.input import yes_or_no
from scripts.chat.shop import NoShopError, RefusedError, events_of, open_shop, read_response
from storage.characters import cleaned
from storage.db import open_sessions, reading
from storage.migrate import require_shop
from storage.people.accounts import find_staff
from storage.settings import CannotStartError, Settings

TIMEOUT = httpx2.Timeout(10, read=40)
LONGEST_SHOWN = 300
SIGNS = {"step_started": "→", "step_ended": "✗", "step_failed": "!", "step_call": "·", "step_result": "·"}
NO_ANSWER, LEFT_BY_SIGNAL = 1, 130


class NotAskedError(CannotStartError):
    """The shop refuses the task."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The shop does not take this question: {why}")


class NoStaffError(CannotStartError):
    """The shop has no staff who could ask."""

    def __init__(self) -> None:
        super().__init__("This shop has no staff account. Make one: `shopdesk user add EMAIL --staff`.")


@dataclass(frozen=True)
class Question:
    """What is asked, as `POST /cooperation/task` takes it."""

    query: str
    mode: str
    models: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    tools: list[str] | None = None
    deadline_s: float = 90


async def ask(settings: Settings, question: Question, email: str | None, *, trace: bool, as_json: bool) -> int:
    """Ask, show what comes of it, and return the exit code.

    Raises:
        CannotStartError: there is no shop, nobody to ask as, or it refuses the task.
    """
    async with open_shop(settings, email or await _first_of_staff(settings)) as shop:
        http = shop.http
        try:
            body = {**asdict(question), "wait_s": 0}
            task_id = str((read_response(await http.post("/cooperation/task", json=body)))["task_id"])
        except RefusedError as error:
            raise NotAskedError(str(error)) from error
        except httpx2.TransportError as error:
            raise NoShopError(settings.public_ui_url) from error
        one = f"/cooperation/task/{task_id}"
        try:
            task = await _followed(http, one, trace=trace)
        except asyncio.CancelledError:
            await http.post(f"{one}/cancel")
            return LEFT_BY_SIGNAL
        _show(task, as_json=as_json)
        if not as_json:
            await _confirm(http, one, task)
    return 0 if task["result"] and task["result"]["text"] else NO_ANSWER


async def _first_of_staff(settings: Settings) -> str:
    await require_shop(settings.database)
    async with open_sessions(settings.database) as sessions, reading(sessions) as session:
        staff = await find_staff(session)
    if staff is None:
        raise NoStaffError
    return staff.email


async def _followed(http: httpx2.AsyncClient, one: str, *, trace: bool) -> dict[str, Any]:
    """Show a task's steps to its end, and return it."""
    after = 0
    while True:
        # A stream that breaks off is taken up where it did.
        with suppress(httpx2.TransportError):
            async with _stream(http, f"{one}/events", after) as steps:
                async for kind, data in steps:
                    after = data["seq"]
                    if trace:
                        _tell(_line(kind, data))
        task = read_response(await http.get(one))
        if task["status"] not in {"waiting", "running"}:
            return task


@asynccontextmanager
async def _stream(
    http: httpx2.AsyncClient, path: str, after: int
) -> AsyncIterator[AsyncIterator[tuple[str, dict[str, Any]]]]:
    async with http.stream("GET", path, params={"after": after}, timeout=TIMEOUT) as response:

        async def steps() -> AsyncIterator[tuple[str, dict[str, Any]]]:
            async for event in events_of(response):
                yield event.event, json.loads(event.data)

        yield steps()


def _line(kind: str, data: dict[str, Any]) -> str:
    """Return one line that tells a step; a plan has one for each of its parts."""
    name = f"{data['step']} ({data['model']})" if "model" in data and "step" in data else data.get("step", "")
    if kind == "step_ended" and not data.get("error"):
        instead = f", in place of {data['in_place_of']}" if data.get("in_place_of") else ""
        return f"✓ {name}{instead}, {data.get('ms', 0) / 1000:.1f} s: {data['text']}"
    if kind == "plan" and "steps" in data:
        return "\n".join(["plan:", *(f"  {one['step']} ({one['model']}): {one['task']}" for one in data["steps"])])
    told = data.get("text") or data.get("error") or data.get("problem") or data.get("status") or data.get("winner")
    after = f"after {', '.join(data['after'])}" if data.get("after") else ""
    called = json.dumps(data["arguments"], ensure_ascii=False) if kind == "step_call" else ""
    said = [name, data.get("tool", ""), called, after, told or data.get("mode", "")]
    return f"{SIGNS.get(kind, f'{kind}:')} {' '.join(filter(None, said))}"


def _show(task: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(task, ensure_ascii=False, indent=2))
        return
    result = task["result"] or {"text": "", "notes": [], "answers": []}
    typer.echo(cleaned(result["text"] or f"({task['status']})"))
    for note in result["notes"]:
        _tell(f"! {note}")


async def _confirm(http: httpx2.AsyncClient, one: str, task: dict[str, Any]) -> None:
    """Ask about each change that waits; without a terminal, say that it waits."""
    for change in [change for change in task["changes"] if change["status"] == "asked"]:
        if not sys.stdin.isatty():
            _tell(f"? {change['text']} (not done: answer it in a terminal)")
            continue
        _tell(f"? {change['text']}")
        said = yes_or_no(await asyncio.to_thread(input, "y/n: "))
        if said is None:
            _tell("! Neither a yes nor a no: nothing was done.")
            continue
        path = f"{one}/confirmations/{change['question_id']}"
        after = read_response(await http.post(path, json={"yes": said}))
        [made] = [other for other in after["changes"] if other["question_id"] == change["question_id"]]
        typer.echo(cleaned(f"{made['status']}: {made['result']}"))


def _tell(text: str) -> None:
    shown = "\n".join(line[:LONGEST_SHOWN] for line in cleaned(text).splitlines())
    typer.echo(shown, err=True)
