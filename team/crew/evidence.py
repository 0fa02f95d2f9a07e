"""What the answers of one turn may rest on: its tools' results, the customer's words, and what code said of either."""

import json
import re
from collections.abc import Iterator, Mapping

from storage.chats.events import list_latest_events
from storage.db import now, reading
from team.grounding.claims import unfounded_rules
from team.grounding.sources import Sources
from team.turn.turn import Turn

MESSAGES, RESULTS = 60, 20
"""The latest of a conversation that are read where this turn does not hold a figure."""

ID = re.compile(r"_ids?\Z")


class Evidence:
    """The sources of one turn; those of the turns before are read when something is found in none of its own."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.sources = Sources(now().date())
        self._has_read = False
        request, waited = turn.request, turn.waited
        self.sources.add_text(request.task if waited is None else f"{request.task}\n{waited.text}")
        for told in (*request.notes.done, *request.notes.about):
            self.sources.add_text(told)
        if request.answer is not None:
            asked = request.answer.question
            for text, arguments in [(asked.text, asked.arguments), *((one.text, one.arguments) for one in asked.then)]:
                self.sources.add_text(text)
                self.sources.add_result(json.dumps(arguments))

    def add_result(self, text: str) -> None:
        """Take what a tool answered."""
        self.sources.add_result(text)

    async def unfounded(self, text: str) -> list[str]:
        """Return what a text states and nothing in the conversation told: its figures, else whole rules, as written."""
        if found := self._unfounded(text):
            await self._read_earlier()
            found = self._unfounded(text)
        return found

    def _unfounded(self, text: str) -> list[str]:
        return self.sources.missing(text) or unfounded_rules(text, self.sources.written)

    async def unnamed(self, arguments: Mapping[str, object]) -> list[str]:
        """Return the ids of a call's arguments that nobody named, neither the customer nor a result."""
        given = list(_ids(arguments))
        if not all(map(self.sources.names, given)):
            await self._read_earlier()
        return [one for one in given if not self.sources.names(one)]

    async def _read_earlier(self) -> None:
        if self._has_read:
            return
        self._has_read = True
        chat = self.turn.request.conversation_id
        async with reading(self.turn.log.steps.sessions) as session:
            said = await list_latest_events(session, chat, "message", limit=MESSAGES)
            found = await list_latest_events(session, chat, "tool_result", limit=RESULTS)
        for event in said:
            self.sources.add_text("\n".join([event.data["text"], *event.data.get("image_ids", [])]))
        for event in found:
            self.sources.add_result(event.data["text"])


def _ids(arguments: Mapping[str, object]) -> Iterator[str]:
    """The ids in a call's arguments; one without a digit, such as a policy's name, is no number to make up."""
    for name, given in arguments.items():
        values = given if isinstance(given, list) else [given]
        if ID.search(name):
            yield from (one for one in values if isinstance(one, str) and re.search(r"\d", one))
