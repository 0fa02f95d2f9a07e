"""The policies tools' results: passages and policies, with what an answer cites."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from knowledge.reading.text import cost
from mcp_servers.runtime.untrusted import Label, Untrusted
from storage.handbook.passages import Document

if TYPE_CHECKING:
    from knowledge.search import Found

POLICY_COST = 2_200
"""The longest policy that is returned in full, in approximate model tokens."""


class PassageView(BaseModel):
    """A passage of a policy, with what an answer cites."""

    policy_id: str
    title: Label
    section: Label
    language: str
    text: Untrusted
    score: float
    effective_date: date | None = None

    @classmethod
    def of(cls, found: "Found") -> "PassageView":
        """Return a search's results."""
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
    """A search's results, and how near they come to an answer; `reranked` only if the shop has re-ranking set up."""

    passages: list[PassageView]
    answered: Annotated[bool, Field(description="Whether one of them seems to answer: a guess by their words alone")]
    nearness: Annotated[float, Field(description="How likely the answer is among them: 0 far, 1 near; unsure between")]
    about_another_shop: Annotated[
        bool, Field(description="Whether the question names another shop, of which these passages say nothing")
    ]
    reranked: bool | None = None


class PolicyView(BaseModel):
    """A policy in one language."""

    policy_id: str
    title: Label
    language: str
    effective_date: date | None = None
    text: Untrusted

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


def shown_text(document: Document) -> str:
    """Return a policy's text or, if it is very long, its first passages and how to find the rest."""
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
