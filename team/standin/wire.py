"""What a client may send to `/v1/chat/completions`, and the errors it gets back in OpenAI's shape."""

from typing import Any, Literal

from pydantic import BaseModel, Field

# Another program's JSON: only that program knows what is in it.
Json = dict[str, Any]


class ImageUrl(BaseModel):
    """Where a picture is: here always a `data:` URL."""

    url: str


class Part(BaseModel):
    """One piece of a message that holds text and pictures."""

    type: str
    text: str = ""
    image_url: ImageUrl | None = None


class FunctionCall(BaseModel):
    """The function a model called, with its arguments as the JSON text the model wrote."""

    name: str
    arguments: str = "{}"


class ToolCall(BaseModel):
    """One entry of an assistant message's `tool_calls`."""

    id: str
    function: FunctionCall


class Message(BaseModel):
    """One message of the conversation, whoever wrote it."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Part] | None = None
    name: str | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None

    @property
    def text(self) -> str:
        """The message's words, pictures left out."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""

    @property
    def images(self) -> list[str]:
        """The pictures' URLs, in order."""
        parts = self.content if isinstance(self.content, list) else []
        return [part.image_url.url for part in parts if part.image_url]


class Function(BaseModel):
    """A tool as it is offered to the model."""

    name: str
    description: str = ""
    parameters: Json = Field(default_factory=dict)

    @property
    def properties(self) -> dict[str, Json]:
        """The arguments the tool takes, each with its schema."""
        return dict(self.parameters.get("properties") or {})

    @property
    def required(self) -> list[str]:
        """The arguments without which the tool cannot be called."""
        return list(self.parameters.get("required") or [])


class Tool(BaseModel):
    """One entry of `tools`."""

    function: Function


class StreamOptions(BaseModel):
    """Whether the last chunk of a stream carries the usage."""

    include_usage: bool = False


class StructuredOutputs(BaseModel):
    """vLLM's constraint: the reply must be exactly one of these."""

    choice: list[str] | None = Field(default=None, min_length=1)


class NamedSchema(BaseModel):
    """The schema inside `response_format`."""

    name: str = ""
    schema_: Json = Field(default_factory=dict, alias="schema")


class ResponseFormat(BaseModel):
    """`text`, `json_object` or `json_schema` with its schema."""

    type: str = "text"
    json_schema: NamedSchema | None = None


class ChatRequest(BaseModel):
    """One completion request, the stand-in's only source of information."""

    model: str
    messages: list[Message] = Field(min_length=1)
    tools: list[Tool] | None = None
    tool_choice: str | Json = "auto"
    structured_outputs: StructuredOutputs | None = None
    response_format: ResponseFormat | None = None
    stream: bool = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    stop: str | list[str] | None = None
    n: Literal[1] | None = 1
    logprobs: bool | None = False
    top_logprobs: int | None = Field(default=0, ge=0, le=20)

    @property
    def token_limit(self) -> int | None:
        """The most tokens the reply may have."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def stops(self) -> list[str]:
        """The texts at which a reply ends."""
        return [self.stop] if isinstance(self.stop, str) else self.stop or []


class RequestError(Exception):
    """A request that the API refuses, in the form OpenAI's clients expect."""

    def __init__(self, message: str, status: int, kind: str, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": status}}


class BadRequestError(RequestError):
    """The body cannot be parsed as a request."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message, 400, "BadRequestError", param)


class UnknownModelError(RequestError):
    """The request names a model this port does not serve."""

    def __init__(self, model: str) -> None:
        super().__init__(f"The model `{model}` does not exist.", 404, "NotFoundError", "model")
