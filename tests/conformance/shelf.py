"""The suite's resources and prompts."""

from collections.abc import Sequence

from mcp.types import ContentBlock, PromptMessage, TextContent
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.runtime.offers import Prompt, Resource
from storage.tokens import Caller
from tests.conformance.content import embedded, picture, png
from tests.conformance.rounds import test_input_required_result_prompt


class Data(BaseModel):
    """What the template reads."""

    id: str
    templateTest: bool = True  # noqa: N815 - the suite's name
    data: str


async def static_text() -> str:
    """Text that is always the same."""
    return "This is the content of the static text resource."


async def static_binary() -> bytes:
    """A picture that is always the same."""
    return png()


async def template_data(id: str) -> Data:
    """What belongs to an id."""
    return Data(id=id, data=f"Data for ID: {id}")


async def watched() -> str:
    """Text that clients watch."""
    return "Watched resource content"


def _says(*content: ContentBlock | str) -> list[PromptMessage]:
    blocks = [TextContent(type="text", text=block) if isinstance(block, str) else block for block in content]
    return [PromptMessage(role="user", content=block) for block in blocks]


async def test_simple_prompt() -> str:
    """A prompt without arguments."""
    return "This is a simple prompt for testing."


async def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
    """A prompt with arguments."""
    return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"


async def test_prompt_with_embedded_resource(resourceUri: str) -> list[PromptMessage]:  # noqa: N803 - the suite's name
    """A prompt with a resource inside."""
    return _says(embedded(resourceUri, "Embedded resource content for testing."), "Process it.")


async def test_prompt_with_image() -> list[PromptMessage]:
    """A prompt with a picture."""
    return _says(picture(), "Look at it.")


async def complete_argument(_session: AsyncSession, _caller: Caller, typed: str, _limit: int) -> Sequence[str]:
    """Complete an argument."""
    return [value for value in ("test1", "test2") if value.startswith(typed)]


RESOURCES = [
    Resource("test://static-text", static_text, title="Text", mime_type="text/plain"),
    Resource("test://static-binary", static_binary, title="Picture", mime_type="image/png"),
    Resource("test://template/{id}/data", template_data, title="Data"),
    Resource("test://watched-resource", watched, title="Watched", mime_type="text/plain"),
]
PROMPTS = [
    Prompt(test_simple_prompt, title="Simple"),
    Prompt(test_prompt_with_arguments, title="Arguments", completions={"arg1": complete_argument}),
    Prompt(test_prompt_with_embedded_resource, title="Resource"),
    Prompt(test_prompt_with_image, title="Picture"),
    Prompt(test_input_required_result_prompt, title="Asks first"),
]
