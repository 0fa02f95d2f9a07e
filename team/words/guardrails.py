"""The guards at both ends of a turn: what may come in, and what may go out."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from storage.characters import cleaned, is_blank
from storage.reasons import Code, Reason, all_of
from storage.sensitive.masking import masked as without_sensitive
from storage.sensitive.masking import without_numbers
from team.words.leaks import leaks_in, masked

LONGEST_MESSAGE = 4_000
MARKUP = re.compile(r"<\|?/?(?:tool_call|tool_response|im_start|im_end)\|?>")
MARKS = dict.fromkeys(map(ord, "⟦⟧"))
"""The marks that tool servers put around untrusted text, for models only."""
CALL = re.compile(r"<tool_call>.*?(?:</tool_call>|\Z)", re.DOTALL)


NOT_RUN, PASSED, ACTED = "not run", "passed", "acted"
"""The states of a guard: it did not look, found nothing, or changed something, and then says why."""


@dataclass(frozen=True)
class Guarded:
    """A text after its guard. `problem` names what to say instead of it; `hidden` are the kinds that were masked."""

    text: str
    verdict: str
    reason: Reason | None = None
    problem: str = ""
    hidden: tuple[str, ...] = ()

    def as_event(self, name: str) -> dict[str, Any]:
        """The data of the `guard` event."""
        why = {} if self.reason is None else self.reason.as_fields("reason")
        return {"name": name, "verdict": self.verdict} | why


def guard_message(text: str, has_images: bool) -> Guarded:
    """Strip control characters and mask what nobody should write here; refuse text that is empty or far too long."""
    clean = "".join(char for char in cleaned(text) if unicodedata.category(char) != "Co").strip()
    if len(clean) > LONGEST_MESSAGE:
        reason = Reason(Code.TOO_LONG, {"characters": len(clean), "most": LONGEST_MESSAGE})
        return Guarded(without_sensitive(clean).text[:LONGEST_MESSAGE], ACTED, reason, problem="too_long")
    if not has_images and is_blank(clean):
        return Guarded("", ACTED, Reason(Code.NO_TEXT), problem="empty")
    found = without_sensitive(clean)
    if not found.kinds:
        return Guarded(clean, PASSED)
    return Guarded(found.text, ACTED, Reason(Code.MASKED, {"kinds": list_of(found.kinds)}), hidden=found.kinds)


def list_of(kinds: Collection[str]) -> list[Reason]:
    """Return kinds of what was masked as reasons, which every reader words for themselves."""
    return [Reason(Code(kind)) for kind in kinds]


def guard_answer(
    text: str, tool_names: Collection[str], language: str = "en", secrets: Collection[str] = (), prompt: str = ""
) -> Guarded:
    """Strip what no customer may read; block an answer with nothing else in it, or one that is raw tool output."""
    clean = MARKUP.sub("", CALL.sub("", cleaned(text))).translate(MARKS).strip()
    if not clean:
        return Guarded("", ACTED, Reason(Code.NO_ANSWER), problem="nothing_to_say")
    if clean.startswith(("{", "[{")) and clean.endswith(("}", "]")):
        return Guarded("", ACTED, Reason(Code.RAW_JSON), problem="nothing_to_say")
    kinds = leaks_in(clean, secrets, prompt)
    clean = masked(clean, language, secrets, prompt) if kinds else clean
    if not clean:
        return Guarded("", ACTED, all_of(kinds), problem="nothing_to_say")
    personal = without_numbers(clean)
    if personal.kinds:
        clean = personal.text
        kinds.append(Reason(Code.MASKED, {"kinds": list_of(personal.kinds)}))
    named = sorted(name for name in tool_names if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", clean))
    if named:
        # A tool's name means nothing to a customer, but the sentence around it does.
        for name in named:
            clean = re.sub(rf"`?(?<![\w-]){re.escape(name)}(?![\w-])`?(?:\(\))?", name.replace("_", " "), clean)
        kinds.append(Reason(Code.TOOL_NAMES, {"names": named}))
    return Guarded(clean, ACTED if kinds else PASSED, all_of(kinds) if kinds else None)
