"""What a specialist's model replied: a written-out call made one, and what nobody can use told apart."""

import re
from collections.abc import Collection, Sequence

from autogen_core.models import CreateResult, LLMMessage, UserMessage

from storage.reasons import Code, Reason
from team.crew.desk_agent import DESK
from team.models.dialects.arguments import Offered
from team.models.dialects.line import CUT, is_readable, with_calls
from team.models.dialects.written import may_begin_a_call, talks_of_calls
from team.models.fault import UnusableReplyError
from team.turn.trouble import Trouble
from team.words.language import LANGUAGES, is_foreign
from team.words.leaks import leaks_in

THINKING = re.compile(r"<think>(?!.*</think>)|</think>\s*\Z", re.DOTALL)

EMPTY = "Your last reply was empty. Answer the customer in words, or call one tool."
TOO_LONG = "Your last reply was cut off because it was too long. Answer in a few short sentences."
CALL_CUT = "Your last tool call was cut off because it was too long. Call the tool again, and write nothing else."
UNREADABLE = "Your last reply had a tool call that could not be read. Call the tool itself, with arguments in JSON."
FOREIGN = "Your last reply was in the wrong language. Answer in {language} only."
LEAKED = (
    "Your last reply had JSON, markup, internal ids or your instructions in it. "
    "Say it to the customer in plain words, without any of these."
)
SENTENCE_END = re.compile(r"\A.*[.!?。…](?=\s|\Z)", re.DOTALL)


def usable(line: CreateResult, offered: Offered) -> CreateResult:
    """Return the line as AutoGen goes on with it: a call that was written out, in any dialect, is one.

    Raises:
        UnusableReplyError: it is empty, cut off, or a call that cannot be read.
    """
    line = with_calls(line, offered)
    cut = line.finish_reason == CUT
    if not isinstance(line.content, str):
        if all(map(is_readable, line.content)):
            return line
        if cut:
            raise UnusableReplyError(Reason(Code.CUT), CALL_CUT, line)
        raise UnusableReplyError(Reason(Code.BAD_ARGUMENTS), UNREADABLE, line)
    if not line.content.strip():
        raise UnusableReplyError(Reason(Code.EMPTY_REPLY), EMPTY, line)
    if talks_of_calls(line.content, offered):
        # None of it is for the customer, should this be the last try.
        line = line.model_copy(update={"content": ""})
        raise UnusableReplyError(Reason(Code.CUT if cut else Code.BAD_CALL), CALL_CUT if cut else UNREADABLE, line)
    if cut:
        raise UnusableReplyError(Reason(Code.CUT), TOO_LONG, line)
    return line


def readable(line: CreateResult, language: str, secrets: Collection[str], prompt: str) -> CreateResult:
    """Return the line if a customer may read it.

    Raises:
        UnusableReplyError: it is in another language than theirs, or it has ids, raw data or a prompt in it.
    """
    if not isinstance(line.content, str):
        return line
    if is_foreign(line.content, language):
        raise UnusableReplyError(Reason(Code.FOREIGN), FOREIGN.format(language=LANGUAGES[language]), line)
    if kinds := leaks_in(line.content, secrets, prompt):
        raise UnusableReplyError(Reason(Code.LEAKS, {"kinds": kinds}), LEAKED, line)
    return line


def told(messages: Sequence[LLMMessage], nudge: str) -> Sequence[LLMMessage]:
    """Return the messages with this said to the model last, so that a prefix cache holds all before it.

    The desk says it: not every provider takes a second system message.
    """
    return [*messages, UserMessage(content=nudge, source=DESK)] if nudge else messages


def may_be_shown(written: str) -> bool:
    """Whether what was written so far is for the customer's eyes: no raw call, and no thinking aloud."""
    return not may_begin_a_call(written) and THINKING.search(written) is None


def best_of(line: CreateResult | None, language: str) -> str | None:
    """Return what can be told of the last unusable line: the whole sentences of one that was cut; None for nothing."""
    if line is None or not isinstance(line.content, str):
        return None
    if line.finish_reason != CUT and line.content.strip():
        # It could be read, but not by this customer: the guard masks what is not for them.
        return None if is_foreign(line.content, language) else line.content
    if (whole := SENTENCE_END.match(line.content)) is None:
        return ""
    return whole[0] if line.finish_reason == CUT else ""


def trouble_of(line: CreateResult | None, language: str) -> Trouble:
    """Name what to say where nothing can be told of the last line, if there was any."""
    if line is None:
        return Trouble.MODEL_DOWN
    foreign = isinstance(line.content, str) and is_foreign(line.content, language)
    return Trouble.WRONG_LANGUAGE if foreign else Trouble.FAILED
