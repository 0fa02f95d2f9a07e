"""The question a turn ended with, and reading the customer's plain yes or no. Only code reads it, never a model."""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

EXPIRES = timedelta(seconds=600)
"""As long as the tool servers accept the sealed state."""


class NoSuchQuestionError(LookupError):
    """The question is not open: it was answered, replaced, or never asked here."""

    def __init__(self, question_id: str) -> None:
        super().__init__(f"Question {question_id} is not open any more. Ask again.")


MOST_NEXT = 3
"""Changes that wait behind a question."""


class Waiting(BaseModel):
    """A change the customer asked for in the same message: it is asked about after the question before it."""

    model_config = ConfigDict(frozen=True)

    asker: str
    tool: str
    arguments: dict[str, Any]
    text: str


class OpenQuestion(BaseModel):
    """A write that waits for the customer's yes. `request_state` is the server's seal, `keys` name its questions.

    `passed`: something was said beside it or since that a plain yes may be meant for. Its button knows what it is for.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    asker: str
    server: str
    tool: str
    arguments: dict[str, Any]
    request_state: str | None
    keys: list[str]
    text: str
    language: str
    expires_at: datetime
    then: tuple[Waiting, ...] = ()
    passed: bool = False

    def same(self, other: "OpenQuestion") -> bool:
        """Whether both ask about the same call."""
        return (self.tool, self.arguments) == (other.tool, other.arguments)

    def as_event(self) -> dict[str, Any]:
        """The data of the `question` event: all but the seal."""
        shown = {"server", "tool", "arguments", "text", "expires_at"}
        return {"question_id": self.id, **self.model_dump(mode="json", include=shown)}


def new_question_id() -> str:
    """Return an id for a question."""
    return f"q_{secrets.token_urlsafe(9)}"


YES = (
    "yes|yess|y|yeah|yea|yep|yup|sure|sure thing|fine|ok|okay"
    "|go ahead|please do|do it|do that|please go ahead|confirm|confirmed|i confirm"
    "|of course|absolutely|correct|that is right|thats right|i agree|sounds good|please proceed|proceed"
)
NO = (
    "no|n|nope|nah|no way|nvm|keep it|dont cancel|dont cancel it|do not cancel|do not cancel it|no need|dont|do not"
    "|dont do it|do not do it|please dont|never mind|nevermind|not now|leave it"
    "|leave it as it is|stop|rather not|id rather not|i changed my mind"
)
POLITE = "please|thanks|thank you|thank you very much|many thanks|then|that is fine|thats fine"
ACTION = {"cancel_order": "cancel|cancel it|cancel the order|cancel this order|cancel my order"}

YES_KO = (
    "네|넵|넹|넴|네에|네네|예|예예|옙|응|응응|그래|그래요|그러세요|그럼요|좋아|좋아요|좋습니다|맞아|맞아요|맞습니다|확인|확인했어요|확인했습니다|확인합니다"
    "|동의해요|동의합니다|진행해|진행해줘|진행해요|진행해주세요|진행해주십시오|진행할게요|해줘|해주세요|해주십시오|그렇게해줘|그렇게해주세요|그렇게하세요"
    "|오케이|ㅇㅇ|ㅇㅋ|물론이죠|물론입니다|당연하죠"
)
NO_KO = (
    "아니|안돼|안돼요|아니야|아니요|아니오|아뇨|아닙니다|됐어|됐어요|됐습니다|하지마|하지마요|하지마세요|하지말아주세요|그만|그만해|그만해주세요|그만둘게요"
    "|안할래|안할래요|안할게요|안해요|안합니다|싫어|싫어요|싫습니다|ㄴㄴ|취소하지마|취소하지마세요|취소하지말아주세요"
)
POLITE_KO = "부탁해|부탁해요|부탁드려요|부탁드립니다|감사합니다|고마워|고마워요"
ACTION_KO = {"cancel_order": "취소해|취소해줘|취소해주세요|취소해주십시오|취소할게요|취소합니다|주문취소해주세요|취소"}


def read_answer(text: str, tool: str) -> bool | None:
    """Return the customer's plain yes or no to a question about `tool`; None for anything else.

    A yes may be polite and may repeat the question's own verb; with any other word it is no plain yes.
    """
    if "?" in text or "？" in text:
        return None
    english = _english(text)
    korean = english.replace(" ", "")
    if _is(english, YES, f"{POLITE}|{ACTION.get(tool, 'yes')}", " "):
        return True
    if _is(korean, YES_KO, f"{POLITE_KO}|{ACTION_KO.get(tool, '네')}", ""):
        return True
    if _is(english, NO, POLITE, " ") or _is(korean, NO_KO, POLITE_KO, ""):
        return False
    return None


def _english(text: str) -> str:
    """Lower case, without marks and smiles; what is neither word nor mark stays, so that it is no plain answer."""
    plain = unicodedata.normalize("NFC", text).lower().replace("'", "").replace("’", "").replace("👍", " yes ")
    return " ".join(re.sub(r"[\s.,!~…:;^\"]+|(?<=[가-힣\s])[ㅋㅎ]+(?=\s|$)|[🙂😀😊🙏\ufe0f]", " ", plain).split())


def _is(text: str, words: str, more: str, gap: str) -> bool:
    """Whether the text begins with one of the words and holds nothing but these and `more`."""
    return re.fullmatch(rf"(?:{words})(?:{gap}(?:{words}|{more}))*", text) is not None
