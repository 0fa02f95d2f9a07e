"""Finds where in a reply a call is really made, as opposed to prose that talks about one."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from team.models.dialects.arguments import Offered
from team.models.dialects.bare_keys import read_bare_keys
from team.models.dialects.python_calls import read_python
from team.models.dialects.shapes import Call, Found, past_space, read_json, read_named, read_tagged
from team.models.dialects.table import ANALYSIS, ANALYSIS_ENDS, CALL_SIGN, FENCE, MARK, RESULT
from team.words.reasoning import parted

SHAPES: tuple[Callable[[str, int, Offered], Found | None], ...] = (
    read_named,
    read_tagged,
    read_bare_keys,
    read_json,
    read_python,
)

BEGINNING = re.compile(
    r"^[ \t]{0,8}(?=[\[{<`>\w])|<[|｜]|<start_function_call>|</?[\w:]{0,12}(?:tool|function|invoke|TOOL)"
    r"|\[TOOL_|functools\[|(?:assistant)?commentary to=",
    re.MULTILINE,
)
"""Where a call may begin: at the start of a line, or at a mark."""

MOST_BEGINNINGS = 64
MOST_CALLS = 16
"""Nobody needs so many at once: a model that writes more is repeating itself."""

SENTENCE_ENDS = (".", "!", "?", "…", "。", ">", "]")
BETWEEN = ",;}"
"""What may stand between two calls; small models sometimes end one with an extra brace."""


@dataclass(frozen=True)
class Written:
    """The calls in a reply, and the text before them."""

    calls: list[Call]
    before: str


def calls_in(reply: str, offered: Offered) -> Written | None:
    """Return the calls that a reply makes; None if it makes none.

    A call counts if it names an offered tool and stands on its own lines, at the start or end of the reply; one in
    marks may also stand between sentences. Text after a call was written without knowing its result, so it is dropped.
    In a dialect without marks, a call may follow a sentence, but not one that ends with a colon: that is an example.
    """
    text = without_thinking(reply).strip()
    for number, beginning in enumerate(BEGINNING.finditer(text)):
        if number == MOST_BEGINNINGS:
            return None
        found = _read(text, beginning.start(), offered)
        if found is not None and _stands(text, beginning.start(), found):
            calls = [call for at, call in enumerate(found.calls) if call not in found.calls[:at]]
            return Written(calls, text[: beginning.start()].strip()) if len(calls) <= MOST_CALLS else None
    return None


def talks_of_calls(reply: str, offered: Offered) -> bool:
    """Whether a reply contains traces of a call, which no customer should read."""
    said = without_thinking(reply)
    # A tool whose name is a plain word may be meant as that word: "the refund(s)".
    names = [name for name in offered if not name.isalpha()]
    named = any(
        sign in said for name in names for sign in (f"{name}(", f'"{name}"', f"'{name}'", f"{name}{{", f"<{name}")
    )
    return named or CALL_SIGN.search(said) is not None


def may_begin_a_call(written: str) -> bool:
    """Whether the text so far may turn into a call, so that no customer should see it yet."""
    begun = written.lstrip()
    return begun.startswith(("{", "[", "```", "<", "Action:")) or CALL_SIGN.search(written) is not None


def without_thinking(reply: str) -> str:
    """Return a reply without the thoughts its model wrote."""
    reply = parted(reply).answer
    while (begun := ANALYSIS.search(reply)) is not None:
        ended = ANALYSIS_ENDS.search(reply, begun.end())
        reply = reply[: begun.start()] + (reply[ended.end() :] if ended is not None else "")
    return reply


def _read(text: str, at: int, offered: Offered) -> Found | None:
    """Parse consecutive calls that start here, and the marks around them."""
    calls: list[Call] = []
    marked, at = False, past_space(text, at)
    while at < len(text):
        if (found := next(filter(None, (shape(text, at, offered) for shape in SHAPES)), None)) is not None:
            calls, marked, at = calls + found.calls, marked or found.marked, found.end
        elif RESULT.match(text, at):
            break
        elif (mark := MARK.match(text, at)) is not None:
            marked, at = True, mark.end()
        elif (fence := FENCE.match(text, at)) is not None:
            at = fence.end()
        elif calls and text[at] in BETWEEN:
            at += 1
        else:
            break
        at = past_space(text, at)
    return Found(calls, at, marked) if calls else None


def _stands(text: str, begin: int, found: Found) -> bool:
    before, line = text[:begin].rstrip(), text[:begin].rpartition("\n")[2].strip()
    said_after = RESULT.split(text[found.end :], maxsplit=1)[0].strip()
    shows = before.endswith((":", "："))
    # Nobody writes marks to a customer, so a call in them may have sentences around it.
    marked = found.marked and FENCE.match(text, past_space(text, begin)) is None
    if said_after:
        own_line = "\n" in text[: found.end][len(text[: found.end].rstrip()) :]
        goes_on = marked and said_after[0].isalpha() and not said_after[0].islower()
        if not ((marked and own_line and not shows) if before else (own_line or goes_on)):
            return False
    if CALL_SIGN.search(said_after) or before.count("```") % 2:
        return False
    return (not line or line.endswith(SENTENCE_ENDS)) if marked else not line and not shows
