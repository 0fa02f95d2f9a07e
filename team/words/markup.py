"""Signs that a text is not for a customer: parts of a chat template, tool calls in any dialect, raw JSON."""

import re
from collections.abc import Collection

from team.words.links import OPEN

TAGS = (
    r"tool\w*|tools|function\w*|parameters?|invoke|arg_\w+|arguments|python_tag|im_start|im_end|start_of_turn"
    r"|end_of_turn|turn|bos|eos|pad|unk|mask|s|system|user|assistant|human|instructions?|response|answer|output"
    r"|unused\d+|think\w*|thoughts?|reason\w*|reflection|analysis|scratchpad|channel|message|eot\w*|\w+:\w[\w-]*"
)
TEMPLATE = re.compile(
    rf"<\|[^<>\n]{{0,60}}?\|?>|<｜[^<>\n]{{0,60}}?｜>|</?(?:{TAGS})(?:[\s=][^<>\n]*)?\|?/?>|◁/?\w+▷"
    r"|\[/?(?:INST|SYS|THINK|TOOL_CALLS?|TOOL_RESULTS?|AVAILABLE_TOOLS|ARGS|CALL_ID|IMG)\]|<</?SYS>>"
    r"|\bim_(?:start|end)\b|^[#* \t]*+(?:Instruction|Human|Assistant|User|Observation|Thought"
    r"|Action Input|Final Answer|최종 답변)[* \t]*+:"
    r"|^#{1,6}[* \t]*+(?:Response|Answer|응답|답변)\b[*: \t]*+$"
    r"|^(?:user|assistant|system|model|tool)[ \t]*+$|\\(?:boxed|text|frac|times|mathrm|begin|end)\b|\$\$"
    r"|\byou are (?:a|an|the) (?:\w+ )?(?:helpful|friendly|professional|customer s\w+|support|ai)"
    r"(?: [\w-]+){0,4} (?:agent|assistant|representative|bot)\b"
    r"|당신은 [^.\n]{0,30}(?:상담원|도우미|어시스턴트|비서|챗봇)입니다",
    re.IGNORECASE | re.MULTILINE,
)
ELEMENTS = (
    "a|abbr|article|aside|audio|b|big|blockquote|body|button|canvas|center|code|div|em|embed|font|footer|form|frame|h[1-6]"
    "|head|header|hr|html|i|iframe|img|input|label|li|link|main|marquee|math|meta|nav|object|ol|option|p|pre|script"
    "|section|select|small|span|strong|style|sub|sup|svg|table|tbody|td|template|textarea|th|thead|title|tr|u|ul|video"
)
HTML = re.compile(
    rf"</?(?:{ELEMENTS})(?:[\s/][^<>\n]*+)?>|<!--|!\[[^\]\n]*+\]\("
    r"|&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,6}|#x[\da-f]{1,6});",
    re.IGNORECASE,
)
"""A tag or an entity of HTML, but for a line break, and a picture in Markdown, whose address tells who reads it.

A customer's own text may hold one and be quoted, so it is compared with the sources (`team/grounding/figures.py`).
"""
CALL = re.compile(
    r"(?:<(?:function|tool|parameter)\s*=)|\b(?:functions?|tools?|default_api)\.[a-z]\w*\b"
    r"|\b[a-z]+(?:_[a-z0-9]+)+\s*\(\s*(?:\)|[\"'{]|\w+\s*=)|^\s*```\s*tool_\w+|\bto=\w"
)
NAME = re.compile(r"(?<![\w@#/.-])[a-z]{2,}(?:_[a-z0-9]+)+(?![\w@])", re.ASCII)
"""A name as programs write it, such as a tool's: the guard rewords it in the answer, so it is not shown before."""
BLANK = re.compile(
    r"\[(?:(?:your|customers?(?:'s)?|insert|order|company|shop|store|agent|tracking|product|item|phone|email|first|last)"
    r"[ _][^\[\]\n]{1,40}|name|date|amount|number|link|address|time|이름|성함|날짜|금액"
    r"|(?:고객|주문|상품|회사|담당자|운송장)[^\[\]\n]{0,20})\](?!\()"
    r"|\{\{?\s?[a-z]+(?:[_ ][a-z]+)*\s?\}\}?|<(?:your|customer|order|insert)[ _][\w ]{1,30}>|\bXX?/XX?/(?:XX){1,2}\b",
    re.IGNORECASE,
)
"""A gap left for somebody else to fill in, as in the letters that small models know by heart."""

SPEAKERS = tuple(
    re.compile(rf"^[#* \t]*+(?:{names})[* \t]*+:", re.IGNORECASE | re.MULTILINE)
    for names in ("Customer|Client|Caller|고객(?:님)?|손님", "Agent|Representative|상담원|상담사")
)
"""Lines that say who speaks: a text with both is a conversation that the model made up."""

CODE = re.compile(
    r"\bSELECT\b[^;\n]{1,200}\bFROM\b|\b(?:INSERT INTO|DELETE FROM|DROP TABLE)\b"
    r"|^[ \t]*+(?:def \w+\(.*\):|from \w+ import \w+|import \w+|class \w+.*:|print\(.*\))[ \t]*+$",
    re.MULTILINE,
)
JSON = re.compile(
    r"[\[{]\s*+(?:\{\s*+)?[\"']\w[\w $/-]*[\"']\s*:|^[^\S\n]*+[\[{]\s*+$|^[^\S\n]*+\"\w++\"\s*+:", re.MULTILINE
)


def markup_in(text: str, tool_names: Collection[str] = ()) -> str:
    """Return the first template part, tool call, gap, program or JSON in a text; empty if there is none."""
    found = [one for pattern in (TEMPLATE, CALL, BLANK, CODE, JSON) if (one := pattern.search(text))]
    named = re.search(rf"\b(?:{'|'.join(map(re.escape, tool_names))})\b\s*[({{:]", text) if tool_names else None
    spoken = [one for pattern in SPEAKERS if (one := pattern.search(text))]
    found += [named] if named else []
    found += spoken if len(spoken) == len(SPEAKERS) else []
    return min(found, key=re.Match.start)[0] if found else ""


def settled(text: str) -> str:
    """Return the prefix of a text still being written that can no longer become markup.

    It has no open bracket, fence or link.
    """
    end = len(text)
    for opening, closing in (("<", ">"), ("{", "}"), ("[", "]"), ("◁", "▷")):
        at = text.rfind(opening)
        if at >= 0 and closing not in text[at:]:
            end = min(end, at)
    if text.count("```") % 2:
        end = min(end, text.rfind("```"))
    if (link := OPEN.search(text)) is not None:
        end = min(end, link.start())
    return text[:end]
