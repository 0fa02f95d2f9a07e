"""Playing a scripted conversation at a desk, and reporting what went wrong."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from scripts.evaluation.checks import answer_problems, call_problems, step_problems
from scripts.evaluation.ledger import Ledger, read_ledger, set_rows, unexpected
from scripts.evaluation.script import VISITOR, Rows, Script, Step
from storage.chats.conversations import add_conversation, get_conversation, new_visitor_id
from storage.chats.events import list_events
from storage.db import Sessions, writing
from storage.owners import TheShop
from storage.people.accounts import find_account
from storage.pictures.pictures import keep_picture, read_picture
from storage.shop.audit import Answer, Audit
from team.desk.desk import Desk
from team.turn.steps import Step as Event

ANSWERED_WITHIN_S = 120
TAMPERED = "as good as expired"


@dataclass
class Stage:
    """Where a script is played: the shop, the conversation, and the pictures by their names in the script."""

    desk: Desk
    sessions: Sessions
    script: Script
    chat: str = ""
    pictures: dict[str, str] = field(default_factory=dict)
    before: Ledger = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    question_id: str = ""


async def play(desk: Desk, sessions: Sessions, script: Script, folder: Path) -> list[str]:
    """Play a conversation and return its problems; `folder` holds its pictures."""
    stage = Stage(desk, sessions, script)
    await _set(stage, folder)
    problems = []
    for number, step in enumerate(script.steps, start=1):
        events = await _happen(stage, step)
        found = [] if events is None else [*step_problems(step, events, stage.pictures), *_never(stage, events)]
        problems += [f"step {number}: {problem}" for problem in found]
    async with sessions() as session:
        after = await read_ledger(session)
        done = (await session.scalars(select(Audit).order_by(Audit.at))).all()
    problems += unexpected(stage.before, after, script.rows, script.new_rows)
    written = [row.tool for row in done if row.answer is not Answer.NO]
    return problems + ([] if written == script.audit else [f"audit: {written} instead of {script.audit}"])


def _never(stage: Stage, events: list[Event]) -> list[str]:
    return call_problems(stage.script.never, events) + answer_problems(stage.script.never_words, events)


async def _set(stage: Stage, folder: Path) -> None:
    """Set the stage: rows, pictures, conversation."""
    script = stage.script
    async with writing(stage.sessions) as session:
        await set_rows(session, script.given)
        account = None if script.customer == VISITOR else await find_account(session, script.customer)
        if account is None and script.customer != VISITOR:
            raise LookupError(f"nobody logs in as {script.customer}")
        customer_id, account_id = (None, None) if account is None else (account.customer_id, account.id)
        visitor_id = new_visitor_id() if account is None else None
        stage.chat = (await add_conversation(session, customer_id, account_id, visitor_id)).id
        for name, file in script.pictures.items():
            picture = await read_picture((folder / file).read_bytes())
            kept = await keep_picture(session, picture, owner=account_id or "", customer_id=customer_id)
            stage.pictures[name] = kept.id
        await session.flush()
        stage.before = await read_ledger(session)


async def _happen(stage: Stage, step: Step) -> list[Event] | None:
    """Play a step; return its turn's events, or None if it has no turn."""
    if step.meanwhile:
        async with writing(stage.sessions) as session:
            await set_rows(session, step.meanwhile)
            stage.before = _moved(stage.before, await read_ledger(session), step.meanwhile)
        return None
    if step.minutes_pass:
        await _age(stage, step.minutes_pass)
        return None
    async with stage.sessions() as session:
        last = max((event.seq for event in await list_events(session, stage.chat, after=0)), default=0)
    if step.press is not None:
        await stage.desk.answer(stage.chat, stage.question_id, step.press)
    else:
        images = [stage.pictures[name] for name in step.pictures]
        await stage.desk.send(stage.chat, step.say or "", images)
    if step.stop:
        await _stop(stage, last)
    async with asyncio.timeout(ANSWERED_WITHIN_S):
        await stage.desk.idle(stage.chat)
    events = await stage.desk.steps.stored(stage.chat, last)
    asked = [event.data["question_id"] for event in events if event.kind == "question"]
    stage.question_id = asked[-1] if asked else stage.question_id
    return events


def _moved(before: Ledger, now: Ledger, meanwhile: Rows) -> Ledger:
    """Return the previous rows, updated with those that somebody else has changed since."""
    moved = {table: dict(rows) for table, rows in before.items()}
    for table, rows in meanwhile.items():
        moved[table] |= {key: now[table][key] for key in rows}
    return moved


async def _stop(stage: Stage, after: int) -> None:
    """Press stop as soon as a specialist starts to speak."""
    async for event in stage.desk.follow(stage.chat, after):
        if event.kind in ("token", "turn_ended"):
            break
    await stage.desk.stop(stage.chat)


async def _age(stage: Stage, minutes: int) -> None:
    """Let the open question expire by breaking its sealed state, which only its server can read."""
    async with writing(stage.sessions) as session:
        conversation = await get_conversation(session, stage.chat, TheShop())
        if conversation.open_question is None:
            return
        question = dict(conversation.open_question)
        question["expires_at"] = (
            datetime.fromisoformat(question["expires_at"]) - timedelta(minutes=minutes)
        ).isoformat()
        question["request_state"] = TAMPERED
        conversation.open_question = question
