"""The policies tool server: what the shop's handbook says, in each of its languages."""

from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from mcp_servers.policies.handbook_pages import PROMPTS, RESOURCES, PolicyId
from mcp_servers.policies.views import PassagePage, PassageView, PolicyView
from mcp_servers.runtime.arguments import SeveralLines
from mcp_servers.runtime.caller import CurrentCaller
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.signature import Session
from storage.db import Sessions, now
from storage.handbook.passages import get_document
from storage.settings import Settings
from storage.words.languages import LanguageCode

if TYPE_CHECKING:
    from knowledge.search import Handbook

Query = Annotated[
    str, Field(description="The customer's question, in their own words", min_length=1, max_length=500), SeveralLines
]
Language = Annotated[LanguageCode | None, Field(description="Language of the answer")]


class PolicyTools:
    """The tools, which share one open handbook."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _handbook(self) -> "Handbook":
        # numpy and tantivy take a tenth of all servers' startup time, and only a search needs them.
        from knowledge.handbook import handbook_of

        return handbook_of(self._settings)

    async def search_policies(
        self,
        session: Session,
        query: Query,
        language: Language = None,
        limit: Annotated[int, Field(ge=1, le=10)] = 5,
    ) -> PassagePage:
        """Find what the shop's policies say about a question, best passage first; cite its policy_id.
        `answered: false` is no "no": answer if a passage says it, else say so and never guess. Only this shop's rules.
        """
        answer = await self._handbook.search(session, query, language=language, limit=limit, today=now().date())
        passages = [PassageView.of(found) for found in answer.found]
        return PassagePage(
            passages=passages,
            answered=answer.answered,
            nearness=round(answer.nearness.chance, 2),
            about_another_shop=answer.nearness.others,
            reranked=answer.reranked,
        )


async def get_policy(
    session: Session,
    caller: CurrentCaller,
    policy_id: PolicyId,
    language: Language = None,
) -> PolicyView:
    """Read one policy in full, in the customer's language unless another is named."""
    document = await get_document(session, policy_id, language, today=now().date(), preferred=caller.language)
    return PolicyView.of(document)


def build_server(settings: Settings, sessions: Sessions) -> ToolServer:
    """Return the policies server; its index is opened by the first search."""
    tools = PolicyTools(settings)
    return ToolServer(
        "policies",
        title="Policies",
        instructions="The shop's handbook: delivery, cancellations, returns, exchanges, refunds, warranty and more.",
        reads=[tools.search_policies, get_policy],
        toolsets={"support": "*", "shopping": "*"},
        resources=RESOURCES,
        prompts=PROMPTS,
        icon="📖",
    )
