"""Finds where sentences end, in complete text and in text still being written."""

import re
from collections.abc import Iterator

END = re.compile(r"(?<![.!?。！？…])(?:(?<!\d)\.(?!\w)|\.(?=\s)|[!?。！？…])++[\"'”’)\]*_`]*+(?:\s++|$)|\n++")
ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|[ap]\.m|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mr|Mrs|Ms|Dr|St|No|e\.g|i\.e|etc|approx)"
    r"|(?:^|\n)[ \t]*+\d{1,2}|(?<!\d)(?:19|20)\d\d(?:\.\s?\d{1,2}){0,2})\.\s*+\Z"
)
"""A dot that does not end a sentence: after an abbreviation, the number of a list item, or in a date: 2026. 7. 1."""

LEADS_ON = re.compile(
    r"(?:\b(?:a|an|the|and|or|but|of|to|for|from|with|into|as|than|if|because|when|while|is|are|was|were|will|would"
    r"|can|could|may|might|should|has|have|had|your|our|my|their|its)"
    r"|,|(?<=[가-힣])(?:은|는|을|를|이|가|에|에서|의|와|과|로|으로|고|며|면|지만|니까|는데|만약에|위해|대해|그리고|또는|하지만))"
    r"[*_`\s]*+\Z",
    re.IGNORECASE,
)
"""The last word of a text that is not at its end: something must follow it."""

FINAL_KO = re.compile(r"[중요다죠까네함음됨임오자군걸게지야해돼]\W*+\Z")
ROW = re.compile(r"\A\s*+(?:[-*•|#]|\d{1,2}[.)]|.{1,40}?:)")
FEWEST_WORDS = 2

LONGEST = 16
"""Characters to look back for an abbreviation, or for a list number with its indent."""


def sentences(text: str) -> Iterator[str]:
    """Yield each sentence or line with the space after it; joined, they are the text."""
    begin = 0
    for found in END.finditer(text):
        if "\n" not in found[0] and ABBREVIATED.search(text, max(begin, found.start() - LONGEST), found.end()):
            continue
        yield text[begin : found.end()]
        begin = found.end()
    if begin < len(text):
        yield text[begin:]


def whole_part(text: str) -> str:
    """Return the complete sentences of a text still being written: those followed by something."""
    *whole, last = list(sentences(text)) or [""]
    return "".join([*whole, last] if last.endswith(("\n", " ")) and END.search(last) else whole)


def breaks_off(text: str) -> bool:
    """Return whether a text stops in the middle of a sentence, although its model said that it was complete."""
    last = text.rstrip().rpartition("\n")[2].strip()
    if not last or last[-1] in ".!?。！？…)]\"'”’:*_`|~^" or ROW.match(last) or not last[-1].isalpha():
        return False
    if LEADS_ON.search(last):
        return True
    hangul = "가" <= last[-1] <= "힣"
    return hangul and len(last.split()) >= FEWEST_WORDS and not FINAL_KO.search(last)
