"""What programs send: requests for a completion or a response. Fields that are not known here are ignored."""

import asyncio
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from starlette.requests import Request

from ui.bodies import NotJsonError
from ui.openai_api.refusals import ProgramError

MOST_MESSAGES = 2_000
LARGE = 500_000
"""A body of so many bytes, which pictures make, is read in a thread."""

TEXTS = frozenset({"text", "input_text", "output_text"})
IMAGES = frozenset({"image_url", "input_image"})
TEAM = "shopdesk"
"""The model that is the team."""

MISSING, UNKNOWN_VALUE = "missing", "literal_error"
WORDS = {MISSING: "missing_required_parameter", UNKNOWN_VALUE: "invalid_value", "json_invalid": "invalid_json"}
"""What is wrong, in OpenAI's words; all else is a value of the wrong type or size."""

Role = Literal["system", "developer", "user", "assistant", "tool", "function"]
Shape = TypeVar("Shape", bound=BaseModel)


class Sent(BaseModel):
    """A part of a request. Values must have the right JSON type: neither "true" nor 1 is true."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


def _as_url(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    """Read a picture's address, which one API wraps and the other does not."""
    return {"url": value} if isinstance(value, str) else value


class ImageUrl(Sent):
    """Where a picture is."""

    url: str


class Part(Sent):
    """A piece of a message: text, or a picture."""

    type: str
    text: str = ""
    image_url: Annotated[ImageUrl | None, BeforeValidator(_as_url)] = None


def _as_parts(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    """Read a plain text as the one part it is."""
    if isinstance(value, str):
        return [{"type": "text", "text": value}]
    return [] if value is None else value


class Message(Sent):
    """One message of what the client believes the conversation to be."""

    role: Role
    content: Annotated[list[Part], BeforeValidator(_as_parts)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_what_can_be_read(self) -> "Message":
        if self.role != "user":
            return self
        if not self.content:
            raise ValueError("a user's message needs content")
        for part in self.content:
            if part.type not in TEXTS | IMAGES:
                raise ValueError(f"content of type {part.type[:40]!r} is not read here; send text and image_url")
            if part.type in IMAGES and part.image_url is None:
                raise ValueError("a part with a picture needs image_url")
        return self

    @property
    def text(self) -> str:
        """Its words."""
        return "\n".join(part.text for part in self.content if part.type in TEXTS and part.text)

    @property
    def pictures(self) -> list[str]:
        """The addresses of its pictures."""
        return [part.image_url.url for part in self.content if part.type in IMAGES and part.image_url is not None]


class Wanted(Sent):
    """Which model is asked, and whether its answer is streamed: all that matters where somebody else answers."""

    model: str = Field(min_length=1)
    stream: bool | None = None


class Metadata(Sent):
    """What a client notes beside a request; the one note that counts is the conversation that goes on."""

    conversation_id: str | None = Field(None, max_length=100)


class StreamOptions(Sent):
    """What a stream ends with."""

    include_usage: bool | None = None


class Format(Sent):
    """The shape an answer shall have."""

    type: str


class Asked(Wanted):
    """What both ways of asking have in common."""

    metadata: Metadata | None = None
    user: str | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, ge=0, le=1)
    tools: list[dict[str, Any]] | None = None
    tool_choice: Any = None


class ChatRequest(Asked):
    """A request for a chat completion."""

    messages: list[Message] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream_options: StreamOptions | None = None
    n: int | None = Field(None, ge=1)
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    presence_penalty: float | None = Field(None, ge=-2, le=2)
    frequency_penalty: float | None = Field(None, ge=-2, le=2)
    functions: list[dict[str, Any]] | None = None
    response_format: Format | None = None
    modalities: list[str] | None = None


def _as_items(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    """Read a plain text as the one message it is, and leave out items that are no messages."""
    if isinstance(value, str):
        return [{"role": "user", "content": value}]
    if isinstance(value, list):
        return [item for item in value if not isinstance(item, dict) or item.get("type", "message") == "message"]
    return value


class TextFormat(Sent):
    """How the text of a response is shaped."""

    format: Format | None = None


class ResponseRequest(Asked):
    """A request for a response, OpenAI's newer way. `instructions` are a client's own, and count as little."""

    input: Annotated[list[Message], BeforeValidator(_as_items), Field(min_length=1, max_length=MOST_MESSAGES)]
    previous_response_id: str | None = Field(None, max_length=100)
    max_output_tokens: int | None = Field(None, ge=1)
    text: TextFormat | None = None
    background: bool | None = None


async def read_shape(body: bytes, shape: type[Shape]) -> Shape:
    """Return what a body says.

    Raises:
        ProgramError: it is not JSON, or of another shape; the message names the first wrong field.
    """
    try:
        if len(body) >= LARGE:
            return await asyncio.to_thread(shape.model_validate_json, body)
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise _refused(error) from error


async def read_bytes(request: Request) -> bytes:
    """Return a request's body.

    Raises:
        NotJsonError: it is not declared as JSON.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise NotJsonError
    return await request.body()


def _refused(error: ValidationError) -> ProgramError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    param = ".".join(str(step) for step in first["loc"]) or None
    told = first["msg"].removeprefix("Value error, ")
    code = WORDS.get(first["type"], "invalid_value" if first["type"] == "value_error" else "invalid_type")
    return ProgramError(f"{param or 'body'}: {told}.", code, param)
