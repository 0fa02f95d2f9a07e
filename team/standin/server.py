"""The HTTP API of one model, and the program that serves several models on one port each."""

import asyncio
import errno
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterable

import uvicorn
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from team.standin.completion import FINGERPRINT, Reply, chunks, limited, usage, whole
from team.standin.metrics import Load
from team.standin.mind import answer
from team.standin.raw import Raw, RawResponse
from team.standin.understanding.classifier import load
from team.standin.wire import BadRequestError, ChatRequest, RequestError, UnknownModelError

Mind = Callable[[ChatRequest], Reply | Raw]

SECONDS_TO_CLOSE = 1


class PortTakenError(OSError):
    """Another program listens on the stand-in's port."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"Port {port} on {host} is taken: end the program that uses it, or choose another with --ports."
        )


def build_app(model: str, mind: Mind = answer, delay_ms: float = 0) -> Starlette:
    """Serve `model`'s API with replies from `mind`, waiting `delay_ms` before each word."""
    load = Load(model)

    async def models(_: Request) -> Response:
        entry = {"id": model, "object": "model", "created": 0, "owned_by": FINGERPRINT}
        return JSONResponse({"object": "list", "data": [entry]})

    async def health(_: Request) -> Response:
        return Response()

    async def metrics(_: Request) -> Response:
        return PlainTextResponse(load.exposition(), media_type="text/plain; version=0.0.4")

    async def chat(request: Request) -> Response:
        asked = await _read(request, model)
        answered = await asyncio.to_thread(mind, asked)
        if isinstance(answered, Raw):
            return RawResponse(answered)
        reply = limited(asked, answered)
        if asked.stream:
            return StreamingResponse(_stream(asked, reply, load, delay_ms), media_type="text/event-stream")
        async for _ in _paced(asked, reply, load, delay_ms):
            pass
        return JSONResponse(whole(asked, reply))

    routes = [
        Route("/v1/chat/completions", chat, methods=["POST"]),
        Route("/v1/models", models),
        Route("/health", health),
        Route("/metrics", metrics),
    ]
    return Starlette(routes=routes, exception_handlers={RequestError: _refuse})


async def _refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)  # noqa: S101 - Starlette's handler type is wider than its registration
    return JSONResponse(error.body, status_code=error.status)


async def _read(request: Request, model: str) -> ChatRequest:
    try:
        asked = ChatRequest.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise BadRequestError(f"{where or 'body'}: {first['msg']}", where or None) from error
    if asked.model != model:
        raise UnknownModelError(asked.model)
    return asked


async def _paced(asked: ChatRequest, reply: Reply, load: Load, delay_ms: float) -> AsyncIterator[str]:
    load.running += 1
    try:
        for chunk in chunks(asked, reply):
            yield json.dumps(chunk, ensure_ascii=False)
            if delay_ms:
                await asyncio.sleep(delay_ms / 1000)
        load.count(usage(asked, reply))
    finally:
        load.running -= 1


async def _stream(asked: ChatRequest, reply: Reply, load: Load, delay_ms: float) -> AsyncIterator[str]:
    async for chunk in _paced(asked, reply, load, delay_ms):
        yield f"data: {chunk}\n\n"
    yield "data: [DONE]\n\n"


class ByPort:
    """One ASGI application that answers each port as that port's model."""

    def __init__(self, apps: dict[int, Starlette]) -> None:
        self.apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the model of the port it arrived on."""
        await self.apps[scope["server"][1]](scope, receive, send)


def listen(host: str, port: int) -> socket.socket:
    """Bind a port now, so that a taken port is reported before anything starts."""
    try:
        taken = socket.create_server((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(host, port) from error
        raise
    # asyncio only sets this on sockets it made itself; without it every reply would wait 40 ms.
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return taken


async def serve(
    ports_and_models: Iterable[tuple[int, str]], host: str = "127.0.0.1", delay_ms: float = 0, mind: Mind = answer
) -> None:
    """Serve each model on its port, all with one mind, until the program is stopped."""
    threading.Thread(target=load, daemon=True).start()
    sockets = [(listen(host, port), model) for port, model in ports_and_models]
    apps = {taken.getsockname()[1]: build_app(model, mind, delay_ms) for taken, model in sockets}
    config = uvicorn.Config(
        ByPort(apps),
        http="h11",
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
    )
    await uvicorn.Server(config).serve(sockets=[taken for taken, _ in sockets])
