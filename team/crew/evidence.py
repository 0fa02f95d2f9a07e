"""The sources a turn's answers may rely on: tool results, the customer's words, and what code told them."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from storage.chats.earlier import Earlier
from storage.chats.events import read_of
from storage.db import now
from team.grounding.asking import off_topic, strays
from team.grounding.changes import unfounded_changes
from team.grounding.claims import unfounded_rules
from team.grounding.echoes import echoes
from team.grounding.names import untold_names
from team.grounding.sources import Sources
from team.models.loops import Told, loops
from team.turn.turn import Turn
from team.words.language import third_languages
from team.words.links import addresses_in, unlinked

MOST_CHARS = 60_000
"""Characters read from earlier messages, and from earlier results; the latest come first."""

LATELY = 3
"""The customer's last messages, this one included: what a question back may be about."""

AT_ONCE_CHARS = 1_000
"""Up to this length, text is parsed on the event loop; longer text would block it for too long."""

ID = re.compile(r"_ids?\Z")


class Evidence:
    """The sources of one turn; what is known of earlier turns is parsed only if something is missing from this one."""

    def __init__(self, turn: Turn, earlier: Earlier) -> None:
        self.turn = turn
        self.earlier = earlier
        self.sources = Sources(now().date())
        self.results: list[str] = []
        """What tools told, and what code wrote down of earlier turns, in order."""
        self._has_read = False
        self._waiting: list[tuple[Callable[[str], None], str]] = []
        request, waited = turn.request, turn.waited
        self._asked = (request.task, *(() if waited is None else (waited.text,)))
        self._said = [*self._asked]
        self._add_text("\n".join(self._said))
        for told in (*request.notes.done, *request.notes.about):
            self._add_told(told)
        if request.answer is not None:
            asked = request.answer.question
            for text, arguments in [(asked.text, asked.arguments), *((one.text, one.arguments) for one in asked.then)]:
                self._add_told(text)
                self.add_result(json.dumps(arguments))

    def add_result(self, text: str) -> None:
        """Queue a tool's result; it is parsed when something is looked up."""
        self.results.append(text)
        self._waiting.append((self.sources.add_result, text))

    def _add_text(self, text: str) -> None:
        self._waiting.append((self.sources.add_text, text))

    async def passages(self) -> list[str]:
        """Return what an answer may rest on: what was told in this turn, or else in earlier ones, and the message."""
        if not self.turn.log.called:
            await self._read_earlier()
        return [*self.results, *self._said]

    def _add_told(self, text: str) -> None:
        self.results.append(text)
        self._waiting.append((self.sources.add_told, text))

    async def _settle(self) -> None:
        """Parse what was queued since the last call: short text here, long text in a thread."""
        waiting, self._waiting = self._waiting, []
        if sum(len(text) for _, text in waiting) > AT_ONCE_CHARS:
            await asyncio.to_thread(_take, waiting)
        else:
            _take(waiting)

    async def unfounded(self, text: str) -> list[str]:
        """Return what a text states that no source supports: its figures and names, or else whole rules, as written."""
        await self._settle()
        if found := self._unfounded(text):
            await self._read_earlier()
            found = self._unfounded(text)
        return found

    def _unfounded(self, text: str) -> list[str]:
        return (
            self.sources.missing(text)
            or untold_names(text, self.sources.written)
            or unfounded_changes(text, self.sources.by_shop)
            or unfounded_rules(text, self.sources.written)
        )

    async def unlinked(self, text: str) -> str:
        """Return the text with each link that leads where nobody told as its words alone."""
        if (links := addresses_in(text)) and not all(map(self.sources.tells, links)):
            await self._settle()
            if not all(map(self.sources.tells, links)):
                await self._read_earlier()
        return unlinked(text, self.sources.tells)

    async def echoes(self, text: str) -> bool:
        """Whether a text only repeats the customer; after a tool was called, a fact of theirs may be confirmed."""
        if self.turn.log.called:
            return False
        if not echoes(text, self._said):
            await self._read_earlier()
        return echoes(text, self._said)

    async def strays(self, text: str) -> bool:
        """Whether a text is about nothing that was said or told, or asks about what nobody spoke of lately."""
        if self.turn.log.called:
            return await self._tells_of_nothing(text)
        if not strays(text, self._asked):
            return False
        lately = [read_of(one) for one in self.earlier.messages if one["role"] == "customer"][-LATELY:]
        return strays(text, [*self._asked, *lately])

    async def _tells_of_nothing(self, text: str) -> bool:
        if off_topic(text, self.sources.written):
            await self._read_earlier()
        return off_topic(text, self.sources.written)

    async def untold_script(self, text: str) -> bool:
        """Whether a text has words in a script or language that the shop does not speak, which nobody wrote before."""
        found = third_languages(text)
        if found and not self._wrote(found):
            await self._settle()
            await self._read_earlier()
        return not self._wrote(found)

    def _wrote(self, pieces: Sequence[str]) -> bool:
        return all(one.upper() in self.sources.written for one in pieces)

    async def repeats(self, text: str) -> bool:
        """Whether a text repeats itself, and that is not a quotation from the conversation."""
        if not loops(text):
            return False
        await self._settle()
        if loops(text, Told(self.sources.written)):
            await self._read_earlier()
        return loops(text, Told(self.sources.written))

    async def unnamed(self, arguments: Mapping[str, object], *, keeps_texts: bool) -> list[str]:
        """Return the ids among a call's arguments that neither the customer nor a result has named.

        If the call stores its texts, as a ticket does, include the figures in them: whoever reads them later takes them
        for facts, and the tool repeats some of them to the customer.
        """
        await self._settle()
        if self._unnamed(arguments, keeps_texts=keeps_texts):
            await self._read_earlier()
        return self._unnamed(arguments, keeps_texts=keeps_texts)

    def _unnamed(self, arguments: Mapping[str, object], *, keeps_texts: bool) -> list[str]:
        ids = [one for one in _ids(arguments) if not self.sources.names(one)]
        texts = [one for one in arguments.values() if keeps_texts and isinstance(one, str) and " " in one]
        return [*ids, *(figure for text in texts for figure in self.sources.missing(text))]

    async def _read_earlier(self) -> None:
        if self._has_read:
            return
        self._has_read = True
        said = self.earlier.messages
        self._said += [read_of(one) for one in said if one["role"] == "customer"]
        for text in _latest(["\n".join([read_of(one), *one.get("image_ids", [])]) for one in said]):
            self._add_text(text)
        for text in _latest([one["text"] for one in self.earlier.results]):
            self.add_result(text)
        await self._settle()


def _latest(texts: Sequence[str]) -> Iterator[str]:
    left = MOST_CHARS
    for text in reversed(texts):
        left -= len(text)
        if left < 0:
            return
        yield text


def _take(waiting: list[tuple[Callable[[str], None], str]]) -> None:
    for read, text in waiting:
        read(text)


def _ids(arguments: Mapping[str, object]) -> Iterator[str]:
    """Yield the ids among a call's arguments; one without a digit, such as a policy's name, is no made-up number."""
    for name, given in arguments.items():
        values = given if isinstance(given, list) else [given]
        if ID.search(name):
            yield from (one for one in values if isinstance(one, str) and re.search(r"\d", one))
