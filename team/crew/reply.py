"""Checks each model reply against one list of rules, and decides what of it a customer may read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from autogen_core.models import CreateResult, LLMMessage, UserMessage

from storage.characters import cleaned
from storage.reasons import Code, Reason
from team.crew.checking.claims import Checker
from team.crew.desk_agent import DESK
from team.crew.evidence import Evidence
from team.grounding.talk import has_a_wish, only_declines, only_offers, only_talks
from team.models.dialects.arguments import Offered
from team.models.dialects.line import CUT, is_readable, with_calls
from team.models.dialects.written import talks_of_calls
from team.models.fault import UnusableReplyError
from team.models.loops import REPEATED
from team.roster import load_roster
from team.turn.trouble import Trouble, is_own_failure
from team.turn.turn import Turn
from team.words.language import LANGUAGES, is_foreign
from team.words.leaks import leaks_in
from team.words.markup import markup_in
from team.words.reasoning import ALOUD, parted
from team.words.sentences import breaks_off

EMPTY = "Your last reply was empty. Answer the customer in words, or call one tool."
TOO_LONG = "Your last reply was cut off because it was too long. Answer in a few short sentences."
CALL_CUT = "Your last tool call was cut off because it was too long. Call the tool again, and write nothing else."
UNREADABLE = "Your last reply had a tool call that could not be read. Call the tool itself, with arguments in JSON."
FOREIGN = "Your last reply was in the wrong language. Answer in {language} only."
LEAKED = (
    "Your last reply had JSON, markup, internal ids or your instructions in it. "
    "Say it to the customer in plain words, without any of these."
)
ALOUD_TOLD = "Your last reply was a thought of yours. Say only what the customer is to read."
OWN_WORDS = "Your last reply was the shop's own notice. Answer the customer, or call a tool."
LOOK_UP = (
    "Your last reply stated something that you did not look up. Call a tool first, then answer from its result. "
    "Without a tool you may only greet, ask the customer, or say that you cannot do it."
)
ECHOED = "Your last reply only said again what the customer said. Answer it, call a tool, or ask for what you need."
DECLINED = (
    "Your last reply only said that you cannot help. Call a tool and answer from its result, hand over, "
    "or ask the customer for what you need."
)
OFFERED = (
    "Your last reply only offered help. Call a tool now and answer from its result, hand over, "
    "or ask the customer for what you need."
)
STRAYED = (
    "Your last reply asked about something that nobody spoke of. Call a tool for what the customer wants, hand over, "
    "or ask for what you need to do it."
)
NOT_TOLD = (
    "Your last reply said {what}, which stands in no tool result and no message of this conversation. "
    "Say only what stands there, or look it up with a tool."
)

NOT_CONFIRMED = (
    "A colleague could not find this of your last reply in what was looked up: {what}. "
    "Say only what stands there, with its conditions, or look it up with a tool."
)

NUDGES = "\n".join(
    (
        EMPTY,
        TOO_LONG,
        CALL_CUT,
        UNREADABLE,
        FOREIGN,
        LEAKED,
        REPEATED,
        ALOUD_TOLD,
        OWN_WORDS,
        LOOK_UP,
        ECHOED,
        DECLINED,
        OFFERED,
        STRAYED,
        NOT_TOLD,
        NOT_CONFIRMED,
    )
)
"""Everything a model may be told about its last reply; it is for the model only, like its prompt."""

MOST_TOLD = 5
"""How many figures or sentences the model is told about."""

LONGEST_TOLD = 120


@dataclass(frozen=True)
class Refusal:
    """Why the customer must not see a reply, and what to tell its model."""

    reason: Reason
    nudge: str


@dataclass(frozen=True)
class Read:
    """A text compared with its sources.

    What it states without one, and whether it loops, only repeats the customer, asks about what nobody spoke of, or
    goes on in a third script, without quoting anybody.
    """

    unfounded: Sequence[str]
    repeats: bool
    echoes: bool
    strays: bool
    third_script: bool


@dataclass(frozen=True)
class ReplyCheck:
    """What the checks need: the turn, a specialist's prompt and tools, an answer's evidence, and who else checks it."""

    turn: Turn
    prompt: str
    offered: Offered
    evidence: Evidence
    checker: Checker

    async def last_refusal(self, text: str, *, whole: bool) -> Refusal | None:
        """Return why a text that is not written any more is not for the customer: what `refusal` says, or else the
        second model.
        """
        refusal = await self.refusal(text, whole=whole)
        if refusal is not None or not self.checker.key:
            return refusal
        found = await self.checker.unconfirmed(text, await self.evidence.passages())
        what = [one[:LONGEST_TOLD] for one in found[:MOST_TOLD]]
        nudge = NOT_CONFIRMED.format(what=", ".join(f'"{one}"' for one in what))
        return Refusal(Reason(Code.NOT_CONFIRMED, {"what": what}), nudge) if what else None

    async def refusal(self, text: str, *, whole: bool = False) -> Refusal | None:
        """Return why a text is not for the customer, or None if it is. Loads earlier turns first if needed.

        It is the `whole` answer, or what was written of one so far.
        """
        evidence = self.evidence
        read = Read(
            await evidence.unfounded(text),
            await evidence.repeats(text),
            await evidence.echoes(text),
            whole and await evidence.strays(text),
            await evidence.untold_script(text),
        )
        checks = (*CHECKS, *CHECKS_OF_THE_WHOLE) if whole else CHECKS
        return next((found for check in checks if (found := check(text, self, read))), None)


Check = Callable[[str, ReplyCheck, Read], Refusal | None]
"""One check of a text."""


def answered(line: CreateResult, offered: Offered) -> CreateResult:
    """Return the line that AutoGen continues with: the answer without its thoughts, or the calls it contains.

    Raises:
        UnusableReplyError: it is empty, cut off, or a call that cannot be parsed.
    """
    if isinstance(line.content, str):
        line = line.model_copy(update={"content": parted(cleaned(line.content)).answer, "thought": None})
    line = with_calls(line, offered)
    cut = line.finish_reason == CUT
    if not isinstance(line.content, str):
        if all(map(is_readable, line.content)):
            return line
        reason, nudge = (Code.CUT, CALL_CUT) if cut else (Code.BAD_ARGUMENTS, UNREADABLE)
    elif talks_of_calls(line.content, offered):
        reason, nudge = (Code.CUT, CALL_CUT) if cut else (Code.BAD_CALL, UNREADABLE)
    elif cut or breaks_off(line.content):
        reason, nudge = Code.CUT, TOO_LONG
    elif not line.content.strip():
        reason, nudge = Code.EMPTY_REPLY, EMPTY
    else:
        return line
    raise UnusableReplyError(Reason(reason), nudge, line)


def told(messages: Sequence[LLMMessage], nudge: str) -> Sequence[LLMMessage]:
    """Append this nudge as the last message, so that a prefix cache covers everything before it.

    It comes from the desk because not every provider accepts a second system message.
    """
    return [*messages, UserMessage(content=nudge, source=DESK)] if nudge else messages


def trouble_of(line: CreateResult | None, language: str) -> Trouble:
    """Return which trouble to report if the last line, if there is one, is not for the customer."""
    if line is None:
        return Trouble.MODEL_DOWN
    foreign = isinstance(line.content, str) and is_foreign(line.content, language)
    return Trouble.WRONG_LANGUAGE if foreign else Trouble.NOTHING_TO_SAY


def _has_markup(text: str, check: ReplyCheck, _: Read) -> Refusal | None:
    found = markup_in(text, check.offered)
    return Refusal(Reason(Code.BAD_CALL), UNREADABLE) if found else None


def _is_foreign(text: str, check: ReplyCheck, read: Read) -> Refusal | None:
    language = check.turn.language
    foreign = read.third_script or is_foreign(text, language)
    return Refusal(Reason(Code.FOREIGN), FOREIGN.format(language=LANGUAGES[language])) if foreign else None


def _leaks(text: str, check: ReplyCheck, _: Read) -> Refusal | None:
    secrets = [*check.turn.secrets, *_colleagues()]
    kinds = leaks_in(text, secrets, f"{check.prompt}\n{NUDGES}")
    return Refusal(Reason(Code.LEAKS, {"kinds": kinds}), LEAKED) if kinds else None


@cache
def _colleagues() -> Sequence[str]:
    """Return the specialists' names that are no words, such as TicketDesk: no customer knows them."""
    return [name for name in load_roster() if re.search("[a-z][A-Z]", name)]


def _repeats(_: str, __: ReplyCheck, read: Read) -> Refusal | None:
    return Refusal(Reason(Code.REPEATS), REPEATED) if read.repeats else None


def _thinks_aloud(text: str, _: ReplyCheck, __: Read) -> Refusal | None:
    return Refusal(Reason(Code.THOUGHT), ALOUD_TOLD) if ALOUD.search(text) else None


def _is_the_desks(text: str, _: ReplyCheck, __: Read) -> Refusal | None:
    return Refusal(Reason(Code.OWN_WORDS), OWN_WORDS) if is_own_failure(text) else None


def _echoes(_: str, __: ReplyCheck, read: Read) -> Refusal | None:
    return Refusal(Reason(Code.ECHOES), ECHOED) if read.echoes else None


def _declines(text: str, check: ReplyCheck, _: Read) -> Refusal | None:
    declines = only_declines(text, tried=check.turn.log.tried)
    return Refusal(Reason(Code.DECLINES), DECLINED) if declines else None


def _only_offers(text: str, check: ReplyCheck, _: Read) -> Refusal | None:
    log = check.turn.log
    wishes = log.parts and has_a_wish(log.parts[-1].text) and check.turn.request.answer is None
    return Refusal(Reason(Code.OFFERS), OFFERED) if wishes and not log.tried and only_offers(text) else None


def _strays(_: str, check: ReplyCheck, read: Read) -> Refusal | None:
    return Refusal(Reason(Code.STRAYS), STRAYED) if read.strays and check.turn.request.answer is None else None


def _not_looked_up(text: str, check: ReplyCheck, _: Read) -> Refusal | None:
    rests = check.turn.log.called or only_talks(text)
    return None if rests else Refusal(Reason(Code.NOT_LOOKED_UP), LOOK_UP)


def _not_told(_: str, __: ReplyCheck, read: Read) -> Refusal | None:
    what = [one[:LONGEST_TOLD] for one in read.unfounded[:MOST_TOLD]]
    nudge = NOT_TOLD.format(what=", ".join(f'"{one}"' for one in what))
    return Refusal(Reason(Code.NOT_TOLD, {"what": what}), nudge) if what else None


CHECKS: tuple[Check, ...] = (
    _has_markup,
    _is_foreign,
    _leaks,
    _repeats,
    _thinks_aloud,
    _is_the_desks,
    _echoes,
    _declines,
    _not_looked_up,
    _not_told,
)
"""In order of precedence: the first check that refuses gives the reason."""

CHECKS_OF_THE_WHOLE: tuple[Check, ...] = (_only_offers, _strays)
"""Of a complete answer alone: more may follow an offer or a question, or a call stand beside it."""
