"""What a picture may prove about an item: a verdict only from a clear picture and a sure look."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_servers.vision.model import Answer, clipped
from mcp_servers.vision.quality import Quality
from storage.errors import ShopError

SURE = 0.6
UNUSABLE = {
    "en": {
        "too small": "The picture is too small to judge by ({width} x {height} pixels); a larger one is needed.",
        "too dark": "The picture is too dark to judge by; one in better light is needed.",
        "too bright": "The picture is too bright to judge by; one with less light is needed.",
        "blurry": "The picture is too blurry to judge by; a sharp one is needed.",
    },
    "ko": {
        "too small": "사진이 너무 작아({width} x {height} 픽셀) 판단할 수 없습니다. 더 큰 사진이 필요합니다.",
        "too dark": "사진이 너무 어두워 판단할 수 없습니다. 더 밝은 곳에서 찍은 사진이 필요합니다.",
        "too bright": "사진이 너무 밝아 판단할 수 없습니다. 빛을 줄여 찍은 사진이 필요합니다.",
        "blurry": "사진이 너무 흐려 판단할 수 없습니다. 초점이 맞는 사진이 필요합니다.",
    },
}


class ItemNotInOrderError(ShopError):
    """The order is the customer's, but holds no such item."""

    def __init__(self, item_id: str, order_id: str, held: list[str]) -> None:
        super().__init__(f"Order {order_id} does not contain item {item_id}. Its items are: {', '.join(held)}.")


class Damage(Answer):
    """What a picture says about an item, how sure that is, and what in the picture says so."""

    verdict: Literal["damaged", "not_damaged", "unclear"]
    confidence: Annotated[float, Field(ge=0, le=1)]
    evidence: Annotated[str, clipped(800), Field(min_length=1)]


def unusable(quality: Quality, language: str) -> Damage | None:
    """Return the verdict on a picture too poor to be looked at, or None for one that can be."""
    if quality.verdict == "ok":
        return None
    words = UNUSABLE["ko" if language == "ko" else "en"][quality.verdict]
    evidence = words.format(width=quality.width, height=quality.height)
    return Damage(verdict="unclear", confidence=0, evidence=evidence)


def judged(seen: Damage) -> Damage:
    """Return a verdict as it was seen, or `unclear` where the model was not sure."""
    return seen if seen.confidence >= SURE else seen.model_copy(update={"verdict": "unclear"})
