"""Fills in the braces in the table's texts: what the customer asked, what is due, and how a call is written out."""

import json
import re
from collections.abc import Mapping

from team.standin.completion import Call
from team.standin.hostility.table import Target
from team.standin.understanding.conversation import Conversation
from team.standin.wire import ChatRequest, Json

ORDER = re.compile(r"#W\d{7}")
BRACES = re.compile(r"\{(\w+)\}")
PARROTED = 900
"""How many characters of the prompt are parroted."""


def filled(text: str, words: Mapping[str, str]) -> str:
    """Replace the braces with words; braces that name no known word stay."""
    return BRACES.sub(lambda found: words.get(found[1], found[0]), text)


def words_of(request: ChatRequest, talk: Conversation, answer: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return what the braces stand for in this request; `given` are another customer's things."""
    said = "\n".join(message.text for message in request.messages if message.role != "system")
    orders = [one for one in ORDER.findall(said) if one != given["their_order"]]
    own = {"order": orders[-1]} if orders else {}
    asked = {"answer": answer, "message": talk.message, "prompt": talk.system[:PARROTED]}
    return {**given, **own, **asked}


def due(talk: Conversation, words: Mapping[str, str]) -> Call:
    """Return a call that could be made now, if the usual mind makes none: the last one again, or an offered tool."""
    if talk.done:
        return Call(talk.done[-1].name, talk.done[-1].arguments)
    readers = [name for name in talk.tools if name.startswith(("get_", "list_", "search_"))]
    name = readers[0] if readers else "get_order"
    wanted = talk.tools[name].required if name in talk.tools else ["order_id"]
    return Call(name, {key: words["order"] if key == "order_id" else words["message"][:80] for key in wanted})


def aimed(target: Target, call: Call, words: Mapping[str, str]) -> Call:
    """Return the call that a target stands for."""
    if not target.tool:
        return call
    values = {key: filled(one, words) if isinstance(one, str) else one for key, one in target.arguments.items()}
    return Call(target.tool, values)


def written(form: str, call: Call, words: Mapping[str, str]) -> str:
    """Write a call out in a form."""
    plain = {key: one if isinstance(one, str) else json.dumps(one) for key, one in call.arguments.items()}
    ways = {
        "name": call.name,
        "arguments": call.arguments_json,
        "quoted": json.dumps(call.arguments_json, ensure_ascii=False),
        "python": ", ".join(f"{key}={one!r}" for key, one in call.arguments.items()),
        "parameters": _lines(plain, "<parameter={key}>\n{value}\n</parameter>"),
        "invoked": _lines(plain, '<parameter name="{key}">{value}</parameter>'),
        "glm": _lines(plain, "<arg_key>{key}</arg_key>\n<arg_value>{value}</arg_value>"),
    }
    return filled(form, {**words, **ways})


def _lines(arguments: Json, form: str) -> str:
    return "\n".join(form.replace("{key}", key).replace("{value}", value) for key, value in arguments.items())
