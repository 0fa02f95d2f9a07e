"""AutoGen's group chat, at which a turn's specialists sit: told of by our events alone, and gone with its turn."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from autogen_agentchat.teams import SelectorGroupChat
from autogen_core import SingleThreadedAgentRuntime

NOTHING = nullcontext()


class Untraced:
    """In the place of AutoGen's tracing, of which only this is called."""

    def trace_block(self, *_: object, **__: object) -> AbstractContextManager[None]:
        """Trace nothing: what happens in a turn is told by our events."""
        return NOTHING


class QuietRuntime(SingleThreadedAgentRuntime):
    """Carries the messages of one turn. AutoGen's own also writes each out as JSON, for traces and logs."""

    def __init__(self) -> None:
        # As a group chat makes its own: an error ends the chat, which would else wait for ever.
        super().__init__(ignore_unhandled_exceptions=False)
        self._tracer_helper = Untraced()  # type: ignore[assignment] # of another class, by design

    def _try_serialize(self, message: object) -> str:
        return type(message).__name__

    async def _create_otel_attributes(self, *_: object, **__: object) -> Mapping[str, str]:
        return {}

    def forget(self) -> None:
        """Let go of the agents, which name each other in circles that only the garbage collector would find."""
        self._agent_factories.clear()
        self._instantiated_agents.clear()


class Table(SelectorGroupChat):
    """The group chat of one turn."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - the group chat's own
        super().__init__(*arguments, **options)
        self._runtime = self._own = QuietRuntime()

    def clear(self) -> None:
        """Let go of who sat at it; it is of no use after this."""
        self._own.forget()
