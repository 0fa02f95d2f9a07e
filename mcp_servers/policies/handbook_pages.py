"""The policies as resources, a page each, and the prompt that asks one."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.policies.views import shown_text
from mcp_servers.runtime.arguments import OneLine, SeveralLines
from mcp_servers.runtime.caller import CurrentCaller
from mcp_servers.runtime.languages import Language, complete_language, in_language
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
ASK = {
    "en": (
        "A customer asks: {question}\n\nAnswer from the shop's handbook alone: find it with search_policies, read the "
        "whole policy with get_policy where a passage is not enough, and cite the policy ids. If the handbook does "
        "not say it, say so."
    ),
    "ko": (
        "고객의 질문입니다: {question}\n\n쇼핑몰 정책만 근거로 한국어로 답해 주세요. search_policies로 찾고, "
        "구절만으로 부족하면 get_policy로 전체를 읽고, 정책 id를 함께 적어 주세요. 정책에 없으면 없다고 답해 주세요."
    ),
}


async def read_policy(session: Session, caller: CurrentCaller, policy_id: PolicyId) -> str:
    """One policy of the shop's handbook, in the reader's language where there is one."""
    return await _page(session, caller, policy_id, None)


async def read_policy_in(session: Session, caller: CurrentCaller, policy_id: PolicyId, language: Language) -> str:
    """One policy of the shop's handbook, in English (en) or Korean (ko)."""
    return await _page(session, caller, policy_id, language)


async def answer_a_policy_question(caller: CurrentCaller, question: Question, language: Language = None) -> str:
    """Answer a question from the shop's handbook, citing it · 정책을 근거로 질문에 답하기."""
    return in_language(ASK, caller, language).format(question=question)


async def _page(session: AsyncSession, caller: Caller, policy_id: str, language: str | None) -> str:
    document = await get_document(session, policy_id, language, today=now().date(), preferred=caller.language)
    since = f" · {document.effective_date}" if document.effective_date else ""
    return f"# {document.title}\n\n{document.policy_id}{since}\n\n{shown_text(document)}"


async def list_pages(session: AsyncSession, caller: Caller, after: str, limit: int) -> Sequence[Listed]:
    """List the policies in force, by id."""
    found = await list_policies(session, today=now().date(), preferred=caller.language, after=after, limit=limit)
    return [Listed({"policy_id": policy_id}, title, policy_id) for policy_id, title in found]


async def complete_policy_id(session: AsyncSession, _caller: Caller, typed: str, limit: int) -> Sequence[str]:
    """Complete a policy's id by letters of it, or of its title in any language."""
    return await list_policy_ids(session, typed, today=now().date(), limit=limit)


RESOURCES = [
    Resource(
        "policy://{policy_id}",
        read_policy,
        title="Policy · 정책",
        mime_type="text/markdown",
        listed=list_pages,
        completions={"policy_id": complete_policy_id},
        fresh_ms=FRESH_MS,
    ),
    Resource(
        "policy://{policy_id}/{language}",
        read_policy_in,
        title="Policy in a language · 언어별 정책",
        mime_type="text/markdown",
        completions={"policy_id": complete_policy_id, "language": complete_language},
        fresh_ms=FRESH_MS,
    ),
]
PROMPTS = [
    Prompt(
        answer_a_policy_question,
        title="Answer a policy question · 정책 문의",
        completions={"language": complete_language},
    )
]
