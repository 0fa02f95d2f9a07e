"""The policies as resources, one page each, and the prompt that asks about them."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.policies.views import shown_text
from mcp_servers.policies.words import WORDS
from mcp_servers.runtime.arguments import OneLine, SeveralLines
from mcp_servers.runtime.caller import CurrentCaller
from mcp_servers.runtime.languages import Language, complete_language
from mcp_servers.runtime.offers import Listed, Prompt, Resource
from mcp_servers.runtime.signature import Session
from storage.db import now
from storage.handbook.passages import get_document, list_policies, list_policy_ids
from storage.tokens import Caller

PolicyId = Annotated[str, Field(description="Policy id, such as 'returns'", min_length=1, max_length=80), OneLine]
Question = Annotated[
    str, Field(description="The question, in the customer's words", min_length=1, max_length=500), SeveralLines
]
FRESH_MS = 60_000


async def read_policy(session: Session, caller: CurrentCaller, policy_id: PolicyId) -> str:
    """One policy of the shop's handbook, in the reader's language where there is one."""
    return await _page(session, caller, policy_id, None)


async def read_policy_in(session: Session, caller: CurrentCaller, policy_id: PolicyId, language: Language) -> str:
    """One policy of the shop's handbook, in the language its address names."""
    return await _page(session, caller, policy_id, language)


async def answer_a_policy_question(caller: CurrentCaller, question: Question, language: Language = None) -> str:
    """Answer a question from the shop's handbook, citing it."""
    return WORDS.say("answer_a_policy_question", language or caller.language, question=question)


async def _page(session: AsyncSession, caller: Caller, policy_id: str, language: str | None) -> str:
    document = await get_document(session, policy_id, language, today=now().date(), preferred=caller.language)
    since = f" · {document.effective_date}" if document.effective_date else ""
    return f"# {document.title}\n\n{document.policy_id}{since}\n\n{shown_text(document)}"


async def list_pages(session: AsyncSession, caller: Caller, after: str, limit: int) -> Sequence[Listed]:
    """List the policies in force, by id."""
    found = await list_policies(session, today=now().date(), preferred=caller.language, after=after, limit=limit)
    return [Listed({"policy_id": policy_id}, title, policy_id) for policy_id, title in found]


async def complete_policy_id(session: AsyncSession, _caller: Caller, typed: str, limit: int) -> Sequence[str]:
    """Complete a policy's id by part of it, or of its title in any language."""
    return await list_policy_ids(session, typed, today=now().date(), limit=limit)


RESOURCES = [
    Resource(
        "policy://{policy_id}",
        read_policy,
        title=WORDS.text("policy"),
        description=WORDS.text("policy.description"),
        mime_type="text/markdown",
        listed=list_pages,
        completions={"policy_id": complete_policy_id},
        fresh_ms=FRESH_MS,
    ),
    Resource(
        "policy://{policy_id}/{language}",
        read_policy_in,
        title=WORDS.text("policy_in_a_language"),
        description=WORDS.text("policy_in_a_language.description"),
        mime_type="text/markdown",
        completions={"policy_id": complete_policy_id, "language": complete_language},
        fresh_ms=FRESH_MS,
    ),
]
PROMPTS = [
    Prompt(
        answer_a_policy_question,
        title=WORDS.text("answer_a_policy_question.title"),
        description=WORDS.text("answer_a_policy_question.description"),
        completions={"language": complete_language},
    )
]
