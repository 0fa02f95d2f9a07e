"""The dialects: the marks of each, and where the tool's name and arguments are."""

import re
from dataclasses import dataclass

NAME = r"[\w.:/-]{1,80}"
GAP = r"\s{0,8}"


@dataclass(frozen=True)
class Named:
    """A dialect that writes the tool's name, then its arguments as JSON: `head` matches everything before the JSON.

    `marked`: it has marks that occur in no prose, so a call may follow a sentence.
    """

    title: str
    models: str
    head: re.Pattern[str]
    marked: bool = True


@dataclass(frozen=True)
class Tagged:
    """A dialect with tags around each argument: `key` matches an opening tag, `ends` a closing one."""

    title: str
    models: str
    head: re.Pattern[str]
    key: re.Pattern[str]
    ends: re.Pattern[str]


NAMED = (
    Named(
        "Llama's function tags",
        "Llama 3",
        re.compile(rf"<(?:function=|(?:function|tool|tool_call|invoke) name=\"?)(?P<name>{NAME})\"?>?{GAP}(?=[{{`])"),
    ),
    Named(
        "Mistral, by name",
        "Mistral Small 3, Magistral, Devstral",
        re.compile(rf"\[TOOL_CALLS\]{GAP}(?P<name>{NAME}){GAP}(?:\[CALL_ID\]\w{{1,40}})?(?:\[ARGS\])?{GAP}(?={{)"),
    ),
    Named(
        "DeepSeek V3 and R1",
        "DeepSeek V3, R1",
        re.compile(
            rf"(?:<[|｜]tool[▁_ ]call[▁_ ]begin[|｜]>{GAP})?function{GAP}"
            rf"<[|｜]tool[▁_ ]sep[|｜]>{GAP}(?P<name>{NAME}){GAP}"
        ),
    ),
    Named(
        "DeepSeek V3.1",
        "DeepSeek V3.1",
        re.compile(rf"(?:<[|｜]tool[▁_ ]call[▁_ ]begin[|｜]>{GAP})?(?P<name>{NAME}){GAP}<[|｜]tool[▁_ ]sep[|｜]>{GAP}"),
    ),
    Named(
        "Kimi",
        "Kimi K2",
        re.compile(rf"<\|tool_call_begin\|>{GAP}(?P<name>{NAME}){GAP}<\|tool_call_argument_begin\|>{GAP}"),
    ),
    Named(
        "Harmony, the channel first",
        "gpt-oss",
        re.compile(
            rf"(?:(?:<\|start\|>)?(?:assistant)?(?:<\|channel\|>)?(?:commentary|analysis){GAP}|(?=to=functions\.))"
            rf"to=(?P<name>{NAME}){GAP}"
            rf"(?:<\|constrain\|>)?{GAP}(?:json|code)?{GAP}(?:<\|message\|>)?{GAP}(?={{)"
        ),
    ),
    Named(
        "Harmony, the tool first",
        "gpt-oss",
        re.compile(
            rf"(?:<\|start\|>)?(?:assistant)?{GAP}to=(?P<name>{NAME}){GAP}<\|channel\|>(?:commentary|analysis){GAP}"
            rf"(?:<\|constrain\|>)?{GAP}(?:json|code)?{GAP}<\|message\|>{GAP}"
        ),
    ),
    Named(
        "Hunyuan",
        "Hunyuan",
        re.compile(rf"<tool_call>{GAP}(?P<name>{NAME}){GAP}(?:<tool_sep>)?{GAP}(?=[{{`])"),
    ),
    Named(
        "ReAct",
        "models without tool training",
        re.compile(rf"Action:{GAP}`?(?P<name>{NAME})`?{GAP}Action Input:{GAP}"),
        marked=False,
    ),
    Named(
        "Name, then JSON",
        "Functionary, and others whose marks their server removes",
        re.compile(rf"(?:>>>)?(?<![\w.:/-])(?P<name>{NAME}+){GAP}(?:\[ARGS\])?(?={{)"),
        marked=False,
    ),
)

TAGGED = (
    Tagged(
        "Qwen3-Coder",
        "Qwen3-Coder, Qwen3.5, Seed-OSS, Nemotron 3",
        re.compile(rf"<function=(?P<name>{NAME})>"),
        re.compile(rf"<parameter=(?P<key>{NAME})>"),
        re.compile(r"</parameter>|(?=<parameter=)|(?=</function>)|(?=</tool_call>)"),
    ),
    Tagged(
        "Invoke",
        "MiniMax M2, DeepSeek V3.2, Step 3, models that learned from Claude",
        re.compile(rf"<(?:antml:|steptml:|[|｜]DSML[|｜])?(?:invoke|function|tool) name=\"(?P<name>{NAME})\">"),
        re.compile(rf"<(?:antml:|steptml:|[|｜]DSML[|｜])?parameter name=\"(?P<key>{NAME})\"[^<>\n]{{0,40}}>"),
        re.compile(r"</(?:antml:|steptml:|[|｜]DSML[|｜])?parameter>"),
    ),
    Tagged(
        "GLM",
        "GLM 4.5 and later, LongCat",
        re.compile(
            rf"<(?:longcat_)?tool_call>{GAP}(?P<name>{NAME}){GAP}(?=<(?:longcat_)?arg_key>|</(?:longcat_)?tool_call>)"
        ),
        re.compile(
            rf"<(?:longcat_)?arg_key>{GAP}(?P<key>{NAME}){GAP}</(?:longcat_)?arg_key>{GAP}<(?:longcat_)?arg_value>"
        ),
        re.compile(r"</(?:longcat_)?arg_value>"),
    ),
)

BARE = Named(
    "Gemma",
    "Gemma 4, FunctionGemma",
    re.compile(rf"(?:<start_function_call>|<\|tool_call>){GAP}call:(?P<name>{NAME}){GAP}(?={{)"),
)
"""The dialect whose arguments are an object with bare keys."""

QUOTES = r"<escape>|<\|\"\|>"
"""What it writes around texts."""

PLAIN = {
    "Hermes": "Qwen 2.5, Qwen 3, Hermes, Jamba, Granite",
    "Llama's Python tag": "Llama 3.1 and later",
    "Mistral": "Mistral, Mixtral",
    "Python": "Llama 4, Gemma, LFM2, OLMo 3",
    "JSON": "Cohere Command, xLAM, Phi 4, Nemotron, and any model that was only told of its tools",
}
"""Dialects that are plain JSON or Python with only marks around it, and the models that write them."""

NAME_KEYS = ("name", "tool_name", "tool", "function", "recipient_name", "action", "function_name")
ARGUMENT_KEYS = ("arguments", "parameters", "args", "input", "action_input", "tool_input", "kwargs")
OTHER_KEYS = frozenset({"id", "type", "index", "call_id", "tool_call_id", "thought", "thoughts"})
"""What a JSON object for a call may contain besides the name and arguments."""

WRAPPING_KEYS = ("tool_calls", "tool_call", "tool_uses", "function_call", "function", "calls")

MARK = re.compile(
    r"</?(?:antml:|minimax:|seed:|steptml:|longcat_|[|｜]DSML[|｜])?"
    r"(?:tool_calls?|toolcall|TOOLCALL|tools?|tool_use|tool_code|function_calls?|functioncall|functions?|invoke)>"
    r"|<[|｜][^<>|｜\n]{1,40}[|｜]>|\[/?(?:TOOL_CALLS?|(?:END_)?TOOL_REQUEST)\]|functools(?=\[)|</s>"
    r"|<(?:start|end)_function_call>|<\|tool_call>|<(?:tool_call|turn)\|>|<end_of_turn>"
    r"|Action:(?=\s{0,8}(?:```|[\[{]))"
)
"""What may stand around and between calls; it has no meaning of its own."""

FENCE = re.compile(r"```(?:[a-z_]{2,12}\b)?")
RESULT = re.compile(
    r"</?tool_(?:response|result|output)s?>|<\|tool_response>|<start_function_response>"
    r"|<[|｜]tool[▁_ ]outputs?[▁_ ]begin[|｜]>|<[|｜]im_end[|｜]>|^Observation:",
    re.MULTILINE,
)
"""From here on the model invents what only the tool can say, or speaks for somebody else."""

CALL_SIGN = re.compile(
    r"</?(?:antml:|minimax:|seed:|steptml:|longcat_|[|｜]DSML[|｜])?"
    r"(?:tool_calls?|toolcall|TOOLCALL|tool_use|tool_code|function_calls?|functioncall|invoke|arg_key|arg_value)\b"
    r"|</?(?:function|parameter)[=>]|</function>|\[/?(?:TOOL_CALLS?|(?:END_)?TOOL_REQUEST|ARGS)\]|functools\["
    r"|<[|｜][^<>|｜\n]{0,24}(?:tool|TOOL|python|ACTION|action|plugin|call)[^<>|｜\n]{0,24}[|｜]>"
    r"|<(?:start|end)_function_call>|<\|tool_call>|<tool_call\|>"
    r"|\b(?:commentary|assistant) to=|^Action Input:",
    re.MULTILINE,
)
"""What occurs in no sentence for a customer: if no call can be parsed from it, a call went wrong."""

ANALYSIS = re.compile(r"<\|channel\|>analysis<\|message\|>|\Aanalysis(?=[A-Z])")
ANALYSIS_ENDS = re.compile(r"<\|end\|>|(?=<\|start\|>)|(?=<\|channel\|>)|(?=assistant(?:commentary|final))")
