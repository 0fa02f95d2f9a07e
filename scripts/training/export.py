"""Writes the shop's good conversations as training data, masked, and counts what was left out and why."""

import json
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO, TypeVar

from mcp.types import Tool
from sqlalchemy.ext.asyncio import AsyncSession

from scripts.linting.offered import Shelf, shelves
from scripts.training.chosen import NOT_MASKED, why_not
from scripts.training.lines import Json, lines_of, turns_of
from scripts.training.masking import Mask
from storage.chats.conversations import Conversation, list_ids
from storage.chats.events import list_events
from storage.chats.thumbs import list_thumbs
from storage.db import Base
from storage.people.accounts import Account
from storage.shop.customers import Customer
from team.roster import Specialist, load_roster
from team.tools.as_sent import as_sent
from team.turn.handoff import hand_over_schema

KEY_BYTES = 32
T = TypeVar("T", bound=Base)


@dataclass
class Report:
    """What was written: conversations, lines by role, and the conversations that were left out by reason."""

    conversations: int = 0
    lines: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Export:
    """One export. Its key is forgotten with it, so nobody can tell which value an invented one stands for."""

    session: AsyncSession
    roster: Mapping[str, Specialist]
    tools: Mapping[str, Sequence[Json]]
    with_stand_in: bool
    key: bytes = field(default_factory=lambda: secrets.token_bytes(KEY_BYTES))

    async def write(self, file: TextIO, conversation_ids: Sequence[str], advance: Callable[[int], None]) -> Report:
        """Write the good ones of these conversations, a line for each model that was asked in a turn."""
        report = Report()
        for conversation_id in conversation_ids:
            lines = await self._lines(conversation_id)
            if isinstance(lines, str):
                report.left_out[lines] += 1
            else:
                report.conversations += 1
                report.lines.update(line["role"] for line in lines)
                file.writelines(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
            # What was read of one is not needed for the next.
            self.session.expunge_all()
            advance(1)
        return report

    async def _lines(self, conversation_id: str) -> list[Json] | str:
        """Return a conversation's lines, or why it has none."""
        events = await list_events(self.session, conversation_id, after=0)
        thumbs = await list_thumbs(self.session, conversation_id)
        if (why := why_not(events, thumbs, with_stand_in=self.with_stand_in)) is not None:
            return why
        mask = await self._mask(conversation_id)
        for event in events:
            mask.know_data(event.data)
        turns = turns_of(events)
        lines = [_masked(mask, line) for turn in turns for line in lines_of(turn, self.roster, self.tools)]
        said = json.dumps([line["messages"][1:] for line in lines], ensure_ascii=False)
        return NOT_MASKED if mask.left_in(said) else lines

    async def _mask(self, conversation_id: str) -> Mask:
        """Return a mask that knows the conversation's customer."""
        mask, conversation = Mask(self.key), await self.session.get_one(Conversation, conversation_id)
        mask.know_data(conversation.identity or {})
        account = await self._find(Account, conversation.account_id)
        customer = await self._find(Customer, conversation.customer_id)
        if customer is not None:
            mask.know_customer(customer, "" if account is None else account.email)
        return mask

    async def _find(self, table: type[T], key: str | None) -> T | None:
        return None if key is None else await self.session.get(table, key)


def _masked(mask: Mask, line: Json) -> Json:
    # The first message is the prompt, which the shop wrote.
    head, *messages = line["messages"]
    return {**line, "messages": [head, *(_masked_message(mask, message) for message in messages)]}


def _masked_message(mask: Mask, message: Json) -> Json:
    if message["role"] == "tool":
        return {**message, "content": mask.result(message["content"])}
    if "tool_calls" not in message:
        return {**message, "content": mask.text(message["content"])}
    [call] = message["tool_calls"]
    function = {**call["function"], "arguments": mask.result(call["function"]["arguments"])}
    return {**message, "tool_calls": [{**call, "function": function}]}


async def export(session: AsyncSession, file: TextIO, advance: Callable[[int], None], *, with_stand_in: bool) -> Report:
    """Write all good conversations of the shop that this session reads."""
    roster = load_roster()
    async with shelves() as offered:
        tools = {name: tools_for(one, roster, offered) for name, one in roster.items()}
    return await Export(session, roster, tools, with_stand_in).write(file, await list_ids(session), advance)


def tools_for(specialist: Specialist, roster: Mapping[str, Specialist], offered: Sequence[Shelf]) -> list[Json]:
    """Return a specialist's tools as a customer's model is sent them."""
    colleagues = {name: one for name, one in roster.items() if one is not specialist}
    theirs = [
        as_sent(Tool.model_validate(offer.as_listed()), staff=False)
        for shelf in offered
        for offer in shelf.offers
        if specialist.may_use(shelf.name, offer.name) and not offer.staff_only
    ]
    return [{"type": "function", "function": dict(schema)} for schema in [*theirs, hand_over_schema(colleagues)]]
