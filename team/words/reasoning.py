"""Separates what a model wrote to itself from its answer, whatever marks it uses."""

import re
from dataclasses import dataclass

NAMES = (
    r"(?:[\w-]{1,12}:|longcat_)?(?:think(?:ing)?|thoughts?|reasoning|reason|reflection|reflect|analysis|scratchpad|rationale"
    r"|deliberation|antthinking|inner_?monologue|inner_thoughts|internal|planning|plan)"
)
OPENER = re.compile(
    rf"<{NAMES}(?:\s[^<>]*)?>|\[THINK(?:ING)?\]|◁think▷|<\|(?:START_THINKING|begin_of_thought|inner_prefix|think(?:ing)?)\|>"
    r"|<\|channel>\w*|<unused94>(?:thought)?|<details type=\"reasoning\"[^<>]*>",
    re.IGNORECASE,
)
CLOSER = re.compile(
    rf"</{NAMES}>|\[/THINK(?:ING)?\]|◁/think▷|<\|(?:END_THINKING|end_of_thought|inner_suffix|/think(?:ing)?)\|>|<channel\|>"
    r"|<unused95>|</details>",
    re.IGNORECASE,
)
WRAPPED = re.compile(
    r"\A\s*(?:<(?P<tag>answer|response|final_answer|final|solution|output)>|<\|START_RESPONSE\|>|<\|begin_of_solution\|>"
    r"|<\|begin_of_box\|>)(?P<answer>.*?)(?:</(?P=tag)>|<\|END_RESPONSE\|>|<\|end_of_solution\|>|<\|end_of_box\|>|\Z)"
    r"\s*\Z",
    re.DOTALL,
)
"""What some models put around the answer after their thoughts."""

CHANNEL = re.compile(r"<\|channel\|>\s*(\w*)[^<]*(?:<\|message\|>|\Z)")
CHANNEL_CALL = re.compile(
    r"<\|channel\|>[^<]*\bto=|(?:<\|start\|>)?(?:assistant)?\s{0,8}\bto=[\w.]+\s{0,8}<\|channel\|>"
)
CHANNEL_ENDS = re.compile(r"<\|(?:end|return)\|>|<\|start\|>(?:\s*assistant)?|(?:\Aanalysis)?<\|message\|>")
ANSWERS = frozenset(("final", "commentary"))
BARE = (
    re.compile(
        r"\A\s*analysis(?=\S)(?![a-z])(?P<thought>(?:(?!assistantcommentary).)*?)(?:assistant\s?final(?P<answer>.*))?\Z",
        re.DOTALL,
    ),
    re.compile(
        r"\A\s*Here(?:'s| is) my thought process:(?P<thought>.*?)(?:Here(?:'s| is) my response:(?P<answer>.*))?\Z",
        re.DOTALL,
    ),
    re.compile(
        r"\A\s*Here are my reasoning steps:(?P<thought>.*?)"
        r"(?:\[BEGIN FINAL RESPONSE\](?P<answer>.*?)(?:\[END FINAL RESPONSE\].*)?)?\Z",
        re.DOTALL,
    ),
)
"""Thoughts marked by words: harmony's channels after a server removed the marks, and some models' own phrases."""


ALOUD = re.compile(
    r"\bthe (?:user|customer) (?:asks?|asked|wants?|wanted|is asking|said|says|needs me|mentions?|is looking)\b"
    r"|\bthe (?:user|assistant)\b|\b(?:the )?tool(?:'s)? (?:says?|said|returned|result|call|output|response)\b"
    r"|\bi (?:should|need to|must|have to|'ll|will) (?:say|answer|respond|reply|call|use the|mention|not mention)\b"
    r"|\blet me think\b|\bsystem prompt\b|\bmy instructions\b|\bnote to self\b"
    r"|[(\[] ?internal\b|\binternal (?:note|memo)\b"
    r"|\bas an? (?:ai\b|artificial intelligence|large language|language model)"
    r"|내부 ?메모|내부 참고용|(?:AI|인공지능) ?언어 ?모델"
    r"|^[ \t]*+메모 ?:"
    r"|사용자(?:가|는|의)|고객(?:이|은) (?:묻|물어|질문|원하|요청했)|도구(?:를|가|의) (?:호출|결과|사용)",
    re.IGNORECASE | re.MULTILINE,
)
"""What nobody says to a customer: talk about them, about the tools, or about what to say."""

BEGINS_ALOUD = re.compile(
    r"\A\W*(?:okay|ok|alright|hmm+|wait|so|first|now|we need|i need|i should|let's|looking at|음|자|먼저)\b",
    re.IGNORECASE,
)
"""How a thought often starts, and sometimes an answer: it is not shown before it is complete."""


@dataclass(frozen=True)
class Parted:
    """A reply: what the model thought, and what it answers. `open`: it is still thinking where the text ends.

    `unopened`: it closes a thought it never opened, as happens when the chat template opens it.
    """

    thought: str
    answer: str
    open: bool = False
    unopened: bool = False


def parted(text: str) -> Parted:
    """Separate a reply's answer from the thoughts before, between and after its parts."""
    if "<|channel|>" in text:
        return _of_channels(text)
    if (bare := next(filter(None, (one.match(text) for one in BARE)), None)) is not None:
        return Parted(bare["thought"].strip(), (bare["answer"] or "").strip(), bare["answer"] is None)
    return _of_tags(text)


def _of_tags(text: str) -> Parted:
    thoughts, left, unopened = list[str](), text, False
    while (closed := CLOSER.search(left)) is not None:
        opened = OPENER.search(left, 0, closed.start())
        unopened = unopened or opened is None
        start, end = (0, 0) if opened is None else opened.span()
        thoughts.append(left[end : closed.start()].strip())
        left = left[:start] + left[closed.end() :]
    still = OPENER.search(left)
    if still is not None:
        thoughts.append(left[still.end() :].strip())
        left = left[: still.start()]
    answer = left.strip() if thoughts else left
    wrapped = WRAPPED.match(answer)
    answer = answer if wrapped is None else wrapped["answer"].strip()
    return Parted("\n\n".join(filter(None, thoughts)), answer, still is not None, unopened)


def _of_channels(text: str) -> Parted:
    call = CHANNEL_CALL.search(text)
    before = text if call is None else text[: call.start()]
    parts = list(CHANNEL.finditer(before))
    ends = [*(part.start() for part in parts[1:]), len(before)]
    said = [(part[1].lower(), _said(before[part.end() : end])) for part, end in zip(parts, ends, strict=False)]
    # A server may have removed the first mark, so text before any channel is not an answer.
    said.insert(0, ("", _said(before[: parts[0].start()] if parts else before)))
    thought = "\n\n".join(one for name, one in said if name not in ANSWERS and one)
    if call is not None:
        # A call is left, marks included, to the code that parses calls.
        return Parted(thought, text[call.start() :])
    final = [one for name, one in said if name == "final"] or [one for name, one in said if name in ANSWERS]
    return Parted(thought, "\n\n".join(final), said[-1][0] not in ANSWERS if said else True)


def _said(part: str) -> str:
    return CHANNEL_ENDS.sub("", part).strip()
