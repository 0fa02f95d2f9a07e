"""What an endpoint may take in a request, or refuse; `shopdesk models test` finds it out."""

from collections.abc import Mapping
from typing import Literal

Feature = Literal[
    "strict",
    "parallel_tool_calls",
    "stream_options",
    "tool_choice_required",
    "logprobs",
    "temperature",
    "max_tokens",
    "max_completion_tokens",
]
"""What an endpoint may take in a request, or refuse."""

UNTRIED: tuple[Feature, ...] = (
    "strict",
    "parallel_tool_calls",
    "stream_options",
    "logprobs",
    "temperature",
    "max_tokens",
)
"""What is sent to an endpoint that nobody has tried yet: vLLM and most others take it."""


OPTIONAL: Mapping[Feature, tuple[str, ...]] = {
    "temperature": ("temperature",),
    "parallel_tool_calls": ("parallel_tool_calls",),
    "stream_options": ("stream_options",),
    "logprobs": ("logprobs", "top_logprobs"),
}
"""The fields of a request that can be left out, by what takes them."""
