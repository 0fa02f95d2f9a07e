"""What a picture can prove about an item: a verdict needs a clear picture and a confident model."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from mcp_servers.vision.model import Answer, clipped
from mcp_servers.vision.quality import Quality
from mcp_servers.vision.words import WORDS
from storage.errors import ShopError

SURE = 0.6


class ItemNotInOrderError(ShopError):
    """The order is the customer's, but does not contain this item."""

    def __init__(self, item_id: str, order_id: str, held: list[str]) -> None:
        super().__init__(f"Order {order_id} does not contain item {item_id}. Its items are: {', '.join(held)}.")


class Damage(Answer):
    """What a picture says about an item, with confidence and evidence."""

    verdict: Literal["damaged", "not_damaged", "unclear"]
    confidence: Annotated[float, Field(ge=0, le=1)]
    evidence: Annotated[str, clipped(800), Field(min_length=1)]


def unusable(quality: Quality, language: str) -> Damage | None:
    """Return the verdict for a picture of too poor quality, or None if it is good enough."""
    if quality.verdict == "ok":
        return None
    evidence = WORDS.say(
        f"picture_{quality.verdict.replace(' ', '_')}", language, width=quality.width, height=quality.height
    )
    return Damage(verdict="unclear", confidence=0, evidence=evidence)


def judged(seen: Damage) -> Damage:
    """Return the model's verdict, or `unclear` if it was not confident."""
    return seen if seen.confidence >= SURE else seen.model_copy(update={"verdict": "unclear"})


def agreed(verdicts: Mapping[str, Damage], asked: int, language: str) -> Damage:
    """Return what all models see that were asked; where they differ, or one is silent, it is `unclear`, and why."""
    seen = list(verdicts.values())
    if len(seen) == asked and len({one.verdict for one in seen}) == 1:
        return min(seen, key=lambda one: one.confidence)
    told = "; ".join(f"{key}: {one.verdict} ({one.evidence})" for key, one in verdicts.items())
    why = "voters_differ" if len(seen) == asked else "voters_missing"
    return Damage(verdict="unclear", confidence=0, evidence=WORDS.say(why, language, told=told, asked=asked))
