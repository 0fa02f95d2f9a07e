"""Answering one message: who answers it, with which tools, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.events import list_latest_events
from team.crew import Crew
from team.customer_client import ServerUnreachableError
from team.guardrails import Guarded, guard_answer
from team.language import say
from team.models import Models
from team.roster import Specialist
from team.router import Choice, Router
from team.tool_servers import Connection, ToolServers
from team.turn import StoppedError, Turn
from team.turns import Said

RECENT = 4
"""How many messages before this one the router reads."""

NOT_RUN = Guarded("", "not run")


@dataclass(frozen=True)
class Answering:
    """What it takes to answer: the specialists, their models, the router, the shop's tools."""

    roster: Mapping[str, Specialist]
    models: Models
    router: Router
    servers: ToolServers

    async def answer(self, turn: Turn) -> Said:
        """Have the team answer a turn; what it cannot, is said honestly."""
        if turn.caller is None and turn.trouble is None:
            turn.trouble = "log_in"
        if turn.caller is None or turn.trouble is not None:
            return _sorry(turn, "")
        speaker = ""
        try:
            speaker = await self._chosen(turn)
            connection = await turn.unless_stopped(self.servers.connect(turn.caller))
        except StoppedError:
            return _sorry(turn, speaker)
        except ServerUnreachableError:
            turn.trouble = "tools_down"
            return _sorry(turn, speaker)
        return await self._spoken(turn, speaker, connection)

    async def _chosen(self, turn: Turn) -> str:
        if turn.answered is not None and turn.answered[0].asker in self.roster:
            choice = Choice(turn.answered[0].asker, "rule", "this specialist's question was answered")
        else:
            turn.answered = None
            choice = await self.router.choose(turn, await _recent(turn))
        await turn.record("router", **choice.as_event(list(self.roster)))
        return choice.name

    async def _spoken(self, turn: Turn, speaker: str, connection: Connection) -> Said:
        crew = Crew(self.roster, speaker, self.models, connection, turn)
        await crew.load(turn.state)
        if turn.answered is not None:
            question, _ = turn.answered
            crew.voices[speaker].call(question.tool, question.arguments)
        text = await crew.run(_task(turn))
        if turn.trouble is not None:
            return Said(say(turn.trouble, turn.language), speaker, NOT_RUN, await crew.save())
        guarded = guard_answer(text, connection.tools)
        text = say(guarded.problem, turn.language) if guarded.problem else guarded.text
        return Said(text, speaker, guarded, await crew.save())


def _sorry(turn: Turn, speaker: str) -> Said:
    return Said(say(turn.trouble or "stopped", turn.language), speaker, NOT_RUN, None)


def _task(turn: Turn) -> str:
    """The message as the specialist reads it: a picture is a line with its id, for the tools that look at it."""
    return "\n".join([turn.text, *(f"[image {image_id}]" for image_id in turn.image_ids)]).strip()


async def _recent(turn: Turn) -> list[str]:
    async with turn.steps.sessions() as session:
        latest = await list_latest_events(session, turn.conversation_id, "message", limit=RECENT + 1)
    # The last one is the message that is being answered.
    return [f"{event.data.get('agent') or 'customer'}: {event.data['text']}" for event in latest[:-1]]
