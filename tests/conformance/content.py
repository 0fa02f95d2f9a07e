"""The suite's tools that return content of every kind, tell of progress, or change what is listed."""

import base64
import io
import wave
from typing import Annotated

import anyio
from mcp import MCPError
from mcp.server.mcpserver import Context
from mcp.types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    AudioContent,
    CallToolResult,
    ContentBlock,
    EmbeddedResource,
    ImageContent,
    SamplingMessage,
    TextContent,
    TextResourceContents,
)
from PIL import Image
from pydantic import Field

from mcp_servers.runtime.caller import Local
from mcp_servers.runtime.server import ToolFunction

BETWEEN_S = 0.05
RECONNECTS_WITHIN_S = 0.2


def said(*content: ContentBlock | str) -> CallToolResult:
    """Return a result of these blocks, or lines."""
    blocks = [TextContent(type="text", text=block) if isinstance(block, str) else block for block in content]
    return CallToolResult(content=blocks)


def png() -> bytes:
    """Return a picture of one pixel."""
    drawn = io.BytesIO()
    Image.new("RGB", (1, 1), "red").save(drawn, "PNG")
    return drawn.getvalue()


def picture() -> ImageContent:
    """Return the picture as content."""
    return ImageContent(type="image", data=base64.b64encode(png()).decode(), mime_type="image/png")


def sound() -> AudioContent:
    """Return a moment of silence."""
    recorded = io.BytesIO()
    with wave.open(recorded, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(bytes(8))
    return AudioContent(type="audio", data=base64.b64encode(recorded.getvalue()).decode(), mime_type="audio/wav")


def embedded(uri: str, text: str, mime_type: str = "text/plain") -> EmbeddedResource:
    """Return a resource inside a result."""
    return EmbeddedResource(type="resource", resource=TextResourceContents(uri=uri, mime_type=mime_type, text=text))


async def test_simple_text() -> CallToolResult:
    """Return text."""
    return said("This is a simple text response for testing.")


async def test_image_content() -> CallToolResult:
    """Return a picture."""
    return said(picture())


async def test_audio_content() -> CallToolResult:
    """Return a sound."""
    return said(sound())


async def test_embedded_resource() -> CallToolResult:
    """Return a resource."""
    return said(embedded("test://embedded-resource", "This is an embedded resource content."))


async def test_multiple_content_types() -> CallToolResult:
    """Return text, a picture and a resource."""
    mixed = embedded("test://mixed-content-resource", '{"test": "data", "value": 123}', "application/json")
    return said("Multiple content types test:", picture(), mixed)


async def test_error_handling() -> CallToolResult:
    """Fail."""
    raise RuntimeError("This tool fails whenever it is called.")


async def test_tool_with_logging(ctx: Context[Local]) -> CallToolResult:
    """Log while working."""
    for line in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await ctx.info(line)
        await anyio.sleep(BETWEEN_S)
    return said("Logged.")


async def test_tool_with_progress(ctx: Context[Local]) -> CallToolResult:
    """Tell of progress while working."""
    for percent in (0, 50, 100):
        await ctx.report_progress(percent, 100, f"Completed step {percent} of 100")
        await anyio.sleep(BETWEEN_S)
    return said("Done.")


async def test_sampling(ctx: Context[Local], prompt: str) -> CallToolResult:
    """Have the client's model answer."""
    asked = SamplingMessage(role="user", content=TextContent(type="text", text=prompt))
    answer = await ctx.session.create_message([asked], max_tokens=100, related_request_id=ctx.request_id)
    return said(f"LLM response: {answer.content.text if isinstance(answer.content, TextContent) else ''}")


async def test_reconnection(ctx: Context[Local]) -> CallToolResult:
    """Close the stream in the middle of the call."""
    await ctx.info("Before disconnect")
    await ctx.close_sse_stream()
    await anyio.sleep(RECONNECTS_WITHIN_S)
    await ctx.info("After reconnect")
    return said("Reconnected.")


async def test_missing_capability(ctx: Context[Local]) -> CallToolResult:
    """Need a client that samples."""
    if ctx.client_capabilities is None or ctx.client_capabilities.sampling is None:
        raise MCPError(
            code=MISSING_REQUIRED_CLIENT_CAPABILITY,
            message="This tool needs sampling.",
            data={"requiredCapabilities": {"sampling": {}}},
        )
    return said("The client samples.")


async def test_x_mcp_header(
    region: Annotated[str, Field(description="Where", json_schema_extra={"x-mcp-header": "Region"})] = "none",  # noqa: PT028 - no test
) -> CallToolResult:
    """Take an argument that a header repeats."""
    return said(region)


async def json_schema_2020_12_tool() -> CallToolResult:
    """Have a schema with every keyword."""
    return said("Called.")


async def test_trigger_tool_change(ctx: Context[Local]) -> CallToolResult:
    """Say that the tools changed."""
    await ctx.notify_tools_changed()
    return said("Said.")


async def test_trigger_prompt_change(ctx: Context[Local]) -> CallToolResult:
    """Say that the prompts changed."""
    await ctx.notify_prompts_changed()
    return said("Said.")


TOOLS: list[ToolFunction] = [
    test_simple_text,
    test_image_content,
    test_audio_content,
    test_embedded_resource,
    test_multiple_content_types,
    test_error_handling,
    test_tool_with_logging,
    test_tool_with_progress,
    test_sampling,
    test_reconnection,
    test_missing_capability,
    test_x_mcp_header,
    json_schema_2020_12_tool,
    test_trigger_tool_change,
    test_trigger_prompt_change,
]
