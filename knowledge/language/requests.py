"""The words at a question's end that only ask for an answer: "환불 정책 알려 줘", "tell me".

They are no subject, although some of them are shop words elsewhere: "알려 주세요" also means a notification.
"""

import re

_VERBS = "알려|보여|말해|말씀해|설명해|가르쳐|안내해|찾아"
_GIVING = "줘|주라|주세|주십|주실|주시|줄래|줄 수|줄수|달라|다오|드려|주면|주겠"
_ASKS = re.compile(rf"(?:\b좀)?\s(?:{_VERBS})\s?(?:{_GIVING})[가-힣 ]*+[\s?!.~^ㅠㅜㅎㅋ]*+$")
_CONDITION = re.compile(r"(?:면|때|거든|즉시|바로)\s*$")
"""What comes before a wish to be notified: "재입고되면 알려 주세요"."""


def without_request(question: str) -> str:
    """Return a question without the words that only ask for an answer; as it is where they are all or part of it."""
    asked = _ASKS.search(question)
    if asked is None:
        return question
    subject = question[: asked.start()].strip()
    return question if not subject or _CONDITION.search(subject) else subject
