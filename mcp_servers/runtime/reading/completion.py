"""Completing what a user types into a prompt's argument or a resource's URI."""

from collections.abc import Mapping

from mcp.types import Completion

from mcp_servers.runtime.offers import CompletionFunction
from storage.db import Sessions, reading
from storage.tokens import Caller

MOST = 100
"""Most values in one response, by the protocol."""
LONGEST = 200
"""Longest input, in characters; no id or title in a shop is longer."""


async def completed(
    functions: Mapping[str, CompletionFunction], sessions: Sessions, caller: Caller, argument: str, typed: str
) -> Completion:
    """Return the values that match what was typed so far; none if the argument has no completion."""
    if argument not in functions or len(typed) > LONGEST or not typed.isprintable():
        return Completion(values=[], total=0, has_more=False)
    async with reading(sessions) as session:
        found = await functions[argument](session, caller, typed, MOST + 1)
    more = len(found) > MOST
    return Completion(values=list(found[:MOST]), total=None if more else len(found), has_more=more)
