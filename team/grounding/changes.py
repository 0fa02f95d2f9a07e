"""Changes that an answer says were made or promises: a tool or our own code must have told of one of that kind.

What the customer wrote does not count: "I want a refund" makes no refund true. Nor does a sentence that only imagines a
change ("once it has been cancelled") or denies it.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from team.words.sentences import sentences

_KINDS: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("changes.toml").read_text(encoding="utf-8"))

DID = r"\b(?:i|we)(?:'ve| have| had)?(?: (?:just|already|now|also|successfully|gladly|immediately|therefore)){0,3} "
WAS = (
    r"\b(?:has|have|is|are|was|were)(?: (?:now|just|already|also|successfully|fully)){0,2}(?: been)?"
    r"(?: (?:now|successfully|fully))? "
)

WILL = (
    r"\b(?:i|we)(?:'ll| will| shall|'m going to| am going to|'re going to| are going to| promise to)"
    r"(?: (?:also|now|gladly|certainly|definitely|personally|of course|immediately|make sure to)){0,2} "
)


def _ways(kind: str) -> str:
    """Return how both languages say that such a change was made."""
    english = (one.replace("{did}", DID).replace("{was}", WAS).replace("{will}", WILL) for one in _KINDS[kind]["en"])
    return "|".join([*english, *_KINDS[kind]["ko"]])


SAID_AND_TOLD = (
    (re.compile(_ways("cancel"), re.IGNORECASE), re.compile(_KINDS["cancel"]["told"], re.IGNORECASE)),
    (re.compile(_ways("refund"), re.IGNORECASE), re.compile(_KINDS["refund"]["told"], re.IGNORECASE)),
    (re.compile(_ways("return"), re.IGNORECASE), re.compile(_KINDS["return"]["told"], re.IGNORECASE)),
    (re.compile(_ways("exchange"), re.IGNORECASE), re.compile(_KINDS["exchange"]["told"], re.IGNORECASE)),
    (re.compile(_ways("edit"), re.IGNORECASE), re.compile(_KINDS["edit"]["told"], re.IGNORECASE)),
    (re.compile(_ways("ticket"), re.IGNORECASE), re.compile(_KINDS["ticket"]["told"], re.IGNORECASE)),
    (re.compile(_ways("send"), re.IGNORECASE), re.compile(_KINDS["send"]["told"], re.IGNORECASE)),
    (re.compile(_ways("grant"), re.IGNORECASE), re.compile(_KINDS["grant"]["told"], re.IGNORECASE)),
    (re.compile(_ways("will_refund"), re.IGNORECASE), re.compile(_KINDS["will_refund"]["told"], re.IGNORECASE)),
    (re.compile(_ways("will_send"), re.IGNORECASE), re.compile(_KINDS["will_send"]["told"], re.IGNORECASE)),
    (re.compile(_ways("will_contact"), re.IGNORECASE), re.compile(_KINDS["will_contact"]["told"], re.IGNORECASE)),
    (re.compile(_ways("will_give"), re.IGNORECASE), re.compile(_KINDS["will_give"]["told"], re.IGNORECASE)),
)
IMAGINED = re.compile(
    r"\b(?:if|once|when|whenever|after|until|unless|whether|before|should|would|could|not|never|no|cannot|nothing)\b|n't\b"
    r"|다면|라면|으면|하면|되면|된 후|한 후|된 뒤|한 뒤|때|경우|않|못|아직|수 있|까요|나요",
    re.IGNORECASE,
)
"""Words of a sentence that states no change: a condition, a denial, a question."""


def unfounded_changes(text: str, by_shop: str) -> list[str]:
    """Return the sentences that say something was changed, where nothing the shop said tells of such a change."""
    return [
        one.strip()
        for one in sentences(text.replace("’", "'"))
        if not IMAGINED.search(one) and not one.rstrip().endswith("?") and not _founded(one, by_shop)
    ]


def _founded(sentence: str, by_shop: str) -> bool:
    return all(told.search(by_shop) for said, told in SAID_AND_TOLD if said.search(sentence))
