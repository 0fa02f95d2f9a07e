"""What visitors say before they want anything: a hello does not make us ask who they are."""

import re

HELLO = (
    r"hi|hiya|hello|hey|good (?:morning|afternoon|evening|day)|there|anyone|anybody|is (?:anyone|anybody|someone)|here"
    r"|are you there|how are you|what can you (?:do|help with|help me with)|can you help(?: me)?|help|please"
    r"|안녕|안녕하세요|안녕하십니까|반가워요|반갑습니다|저기요|여보세요|계세요|계신가요|누구 계세요|도와주세요"
    r"|뭘 도와줄 수 있어요|뭐 할 수 있어요|뭐 할 수 있나요|무엇을 할 수 있나요"
)
THANKS = (
    r"thanks|thank you|thx|cheers|many thanks|very much|so much|a lot|bye|goodbye|have a nice day|ok|okay|great"
    r"|감사합니다|감사해요|고마워|고마워요|고맙습니다|수고하세요|수고하셨습니다|안녕히 계세요|네"
)
MARKS = re.compile(r"[\s.,!?~^…🙂😀👋]+")


def greeting(text: str) -> str | None:
    """Return the name of the desk's reply to a message that only greets or thanks; None for any other."""
    plain = MARKS.sub(" ", text.lower()).strip()
    for saying, words in (("welcome", HELLO), ("you_are_welcome", THANKS)):
        if re.fullmatch(rf"(?:{words})(?: (?:{words}))*", plain):
            return saying
    return None
