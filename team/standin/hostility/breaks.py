"""What goes wrong while a reply is sent: one function per `code` of `wire.toml`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from team.standin.hostility.said import DONE, Said, framed, sent
from team.standin.raw import SSE, Raw
from team.standin.wire import ChatRequest, Json

DRIP_S = 3.0
"""Pause between two words of a very slow reply, which has so many words that no client reads to its end."""
DRIPS = 60
PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"

Break = Callable[[ChatRequest, Said], Raw]


def broken(code: str, request: ChatRequest, said: Said) -> Raw:
    """Return the reply as it goes over the wire, broken in this way."""
    return BREAKS[code](request, said)


def _plain(request: ChatRequest, said: Said) -> Raw:
    return sent(request, framed(request, said))


def _no_done(request: ChatRequest, said: Said) -> Raw:
    raw = _plain(request, said)
    return replace(raw, pieces=tuple(piece for piece in raw.pieces if piece != DONE))


def _half(request: ChatRequest, said: Said) -> Raw:
    raw = _plain(request, said)
    return replace(raw, pieces=raw.pieces[: len(raw.pieces) // 2] or (raw.pieces[0][: len(raw.pieces[0]) // 2],))


def _mid_chunk(request: ChatRequest, said: Said) -> Raw:
    raw = _plain(request, said)
    middle = len(raw.pieces) // 2
    begun = raw.pieces[middle][: len(raw.pieces[middle]) // 2]
    return replace(raw, pieces=(*raw.pieces[:middle], begun), breaks_off=True)


def _breaks_off(request: ChatRequest, said: Said) -> Raw:
    raw = _plain(request, said)
    return replace(raw, pieces=raw.pieces[:-3], breaks_off=True)


def _each(change: Callable[[Json], Json]) -> Break:
    """Return a break that changes every frame."""

    def spoil(request: ChatRequest, said: Said) -> Raw:
        return sent(request, [change(frame) for frame in framed(request, said)])

    return spoil


def _finishing(reason: str | None) -> Callable[[Json], Json]:
    def change(frame: Json) -> Json:
        choices = [
            {**one, "finish_reason": reason if one["finish_reason"] is not None else None} for one in frame["choices"]
        ]
        return {**frame, "choices": choices}

    return change


def _error_inside(request: ChatRequest, said: Said) -> Raw:
    error = {"error": {"message": "CUDA out of memory", "type": "InternalServerError", "code": 500}}
    frames = framed(request, said)
    return sent(request, [*frames[: len(frames) // 2], error])


def _refusing(status: int, body: str, media_type: str = "application/json", **headers: str) -> Break:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def spoil(request: ChatRequest, said: Said) -> Raw:
        return Raw((body,), status=status, media_type=media_type, headers=named)

    return spoil


def _error(message: str, code: int) -> str:
    return json.dumps({"error": {"message": message, "type": "Error", "code": code}})


def _no_json(request: ChatRequest, said: Said) -> Raw:
    raw = _plain(request, said)
    middle = len(raw.pieces) // 2
    return replace(raw, pieces=(*raw.pieces[:middle], 'data: {"choices": [{,]}\n\n', *raw.pieces[middle + 1 :]))


def _drips(request: ChatRequest, said: Said) -> Raw:
    return replace(_plain(request, replace(said, text="Please wait. " * DRIPS)), pause_s=DRIP_S)


def _no_usage(request: ChatRequest, said: Said) -> Raw:
    frames = [{key: there for key, there in frame.items() if key != "usage"} for frame in framed(request, said)]
    return sent(request, [frame for frame in frames if frame["choices"]])


def _null_usage(request: ChatRequest, said: Said) -> Raw:
    nulls = {"prompt_tokens": None, "completion_tokens": None, "total_tokens": None}
    return sent(request, [{**frame, "usage": nulls} if "usage" in frame else frame for frame in framed(request, said)])


def _one_chunk(request: ChatRequest, said: Said) -> Raw:
    frames = framed(request, said)
    if not request.stream:
        return sent(request, frames)
    delta: Json = {"role": "assistant", "content": said.text, **said.fields}
    if said.calls:
        delta["tool_calls"] = list(said.calls)
    choice = {"index": 0, "delta": delta, "finish_reason": said.finish}
    return sent(request, [{**frames[0], "choices": [choice]}, *(one for one in frames if not one["choices"])])


def _comments(request: ChatRequest, said: Said) -> Raw:
    raw = _plain(request, said)
    return replace(
        raw, pieces=tuple(f": keep-alive\n\n{piece}" if raw.media_type == SSE else piece for piece in raw.pieces)
    )


def _letters(request: ChatRequest, said: Said) -> Raw:
    first, *rest = framed(request, replace(said, text=""))
    if not request.stream:
        return _plain(request, said)
    letters = [
        {**first, "choices": [{"index": 0, "delta": {"content": one}, "finish_reason": None}]} for one in said.text
    ]
    return sent(request, [first, *letters, *rest])


def _twice(request: ChatRequest, said: Said) -> Raw:
    frames = framed(request, said)
    return sent(request, [*frames, frames[-1]])


BREAKS: Mapping[str, Break] = {
    "no_done": _no_done,
    "half": _half,
    "mid_chunk": _mid_chunk,
    "breaks_off": _breaks_off,
    "no_finish": _each(_finishing(None)),
    "odd_finish": _each(_finishing("abort")),
    "no_choices": _each(lambda frame: {**frame, "choices": []}),
    "null_choices": _each(lambda frame: {**frame, "choices": None}),
    "error_inside": _error_inside,
    "server_error": _refusing(500, _error("Internal server error", 500)),
    "html_error": _refusing(503, PAGE, "text/html"),
    "html": _refusing(200, PAGE, "text/html"),
    "again_soon": _refusing(429, _error("Rate limit reached", 429), Retry_After="1"),
    "again_late": _refusing(429, _error("Rate limit reached", 429), Retry_After="30"),
    "refused": _refusing(400, _error("'messages' must alternate between user and assistant", 400)),
    "no_json": _no_json,
    "no_body": _refusing(200, ""),
    "drips": _drips,
    "no_usage": _no_usage,
    "null_usage": _null_usage,
    "one_chunk": _one_chunk,
    "comments": _comments,
    "letters": _letters,
    "twice": _twice,
}
