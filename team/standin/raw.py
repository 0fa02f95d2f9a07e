"""A reply sent exactly as a mind wrote it: any status, any bytes, at any pace, cut off anywhere."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from starlette.responses import StreamingResponse
from starlette.types import Message, Send

SSE = "text/event-stream"


@dataclass(frozen=True)
class Raw:
    """What is sent, in pieces; `pause_s` is waited before each, and `breaks_off` omits the end of the response."""

    pieces: tuple[str, ...]
    status: int = 200
    media_type: str = SSE
    headers: Mapping[str, str] = field(default_factory=dict)
    pause_s: float = 0.0
    breaks_off: bool = False


class RawResponse(StreamingResponse):
    """Sends a raw reply; a client that disconnects is not sent the rest."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        super().__init__(_paced(raw), status_code=raw.status, media_type=raw.media_type, headers=raw.headers)

    async def stream_response(self, send: Send) -> None:
        """Send the pieces, then the end of the response unless it breaks off; then the server closes the connection."""

        async def without_end(message: Message) -> None:
            if message["type"] != "http.response.body" or message.get("more_body"):
                await send(message)

        await super().stream_response(without_end if self.raw.breaks_off else send)


async def _paced(raw: Raw) -> AsyncIterator[str]:
    for piece in raw.pieces:
        if raw.pause_s:
            await asyncio.sleep(raw.pause_s)
        yield piece
