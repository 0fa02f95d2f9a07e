"""What model servers were asked with, and what they said it cost, as they would tell it themselves."""

import json
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

COMPLETIONS = "/v1/chat/completions"


@dataclass
class Asked:
    """The requests for completions: their `traceparent`, and the tokens of their replies."""

    traceparents: list[str] = field(default_factory=list)
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def around(self, _: int, app: ASGIApp) -> ASGIApp:
        """Return the app of a model server that is listened to."""

        async def heard(scope: Scope, receive: Receive, send: Send) -> None:
            said = b""

            async def told(message: Message) -> None:
                nonlocal said
                said += message.get("body", b"")
                await send(message)

            await app(scope, receive, told)
            if scope.get("path") == COMPLETIONS:
                self.traceparents.append(dict(scope["headers"]).get(b"traceparent", b"").decode())
                self._count(said.decode())

        return heard

    def _count(self, said: str) -> None:
        lines = [line.removeprefix("data: ") for line in said.splitlines() if line.strip()]
        for sent in [json.loads(line) for line in lines if line.startswith("{")]:
            usage = sent.get("usage") or {}
            self.prompt_tokens += usage.get("prompt_tokens", 0)
            self.completion_tokens += usage.get("completion_tokens", 0)
