"""The policies tool server: what the shop's handbook says, in English and Korean."""

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field

from knowledge.text import cost
from mcp_servers.runtime.arguments import OneLine, SeveralLines
from mcp_servers.runtime.caller import CurrentCaller
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.signature import Session
from storage.db import Sessions, now
from storage.passages import Document, get_document
from storage.settings import Settings

if TYPE_CHECKING:
    from knowledge.search import Found, Handbook

POLICY_COST = 3_000
"""The longest policy that is handed out whole, in about the tokens of a model."""

Query = Annotated[
    str, Field(description="The customer's question, in their own words", min_length=1, max_length=500), SeveralLines
]
Language = Annotated[Literal["en", "ko"] | None, Field(description="Language of the answer")]


class PassageView(BaseModel):
    """A passage of a policy, with what an answer cites."""

    policy_id: str
    title: str
    section: str
    language: str
    text: str
    score: float
    effective_date: date | None

    @classmethod
    def of(cls, found: "Found") -> "PassageView":
        """Show what a search found."""
        return cls(
            policy_id=found.document.policy_id,
            title=found.document.title,
            section=found.passage.section,
            language=found.document.language,
            text=found.passage.text,
            score=round(found.score, 3),
            effective_date=found.document.effective_date,
        )


class PassagePage(BaseModel):
    """What a search found, and whether it answers the question."""

    passages: list[PassageView]
    answered: bool


class PolicyView(BaseModel):
    """A policy in one language."""

    policy_id: str
    title: str
    language: str
    effective_date: date | None
    text: str

    @classmethod
    def of(cls, document: Document) -> "PolicyView":
        """Show a policy."""
        return cls(
            policy_id=document.policy_id,
            title=document.title,
            language=document.language,
            effective_date=document.effective_date,
            text=shown_text(document),
        )


class PolicyTools:
    """The tools, which share one open handbook."""

    def __init__(self, home: Path) -> None:
        self._home = home

    @cached_property
    def _handbook(self) -> "Handbook":
        # numpy and tantivy take a tenth of the time in which all servers start, and only a search needs them.
        from knowledge.embed import OfflineEmbedder
        from knowledge.search import Handbook

        return Handbook(self._home, OfflineEmbedder())

    async def search_policies(
        self,
        session: Session,
        query: Query,
        language: Language = None,
        limit: Annotated[int, Field(ge=1, le=10)] = 5,
    ) -> PassagePage:
        """Find what the shop's policies say about a question, best passage first; cite its policy_id.
        Where `answered` is false the handbook does not say it: tell the customer so, and do not guess.
        """
        answer = await self._handbook.search(session, query, language=language, limit=limit, today=now().date())
        return PassagePage(passages=[PassageView.of(found) for found in answer.found], answered=answer.answered)


async def get_policy(
    session: Session,
    caller: CurrentCaller,
    policy_id: Annotated[str, Field(description="Policy id, such as 'returns'", min_length=1, max_length=80), OneLine],
    language: Language = None,
) -> PolicyView:
    """Read one policy in full, in the customer's language unless another is named."""
    document = await get_document(session, policy_id, language, today=now().date(), preferred=caller.language)
    return PolicyView.of(document)


def shown_text(document: Document) -> str:
    """Return a policy's text, or of a very long one its first passages and how to find the rest."""
    if cost(document.text) <= POLICY_COST:
        return document.text
    shown, spent = list[str](), 0
    for passage in document.passages:
        block = f"## {passage.section}\n\n{passage.text}"
        spent += cost(block)
        if spent > POLICY_COST:
            break
        shown.append(block)
    rest = len(document.passages) - len(shown)
    return "\n\n".join([*shown, f"({rest} more passages: find them with search_policies.)"])


def build_server(settings: Settings, sessions: Sessions) -> ToolServer:
    """Return the policies server; its index is opened by the first search."""
    tools = PolicyTools(settings.shopdesk_home)
    return ToolServer(
        "policies",
        title="Policies",
        instructions="The shop's handbook: delivery, cancellations, returns, exchanges, refunds, warranty and more.",
        reads=[tools.search_policies, get_policy],
        toolsets={"support": "*", "shopping": "*"},
    )
