"""A specialist's request: the next tool call, or the answer once the tools have returned enough."""

import re

from team.standin.completion import Call, Reply
from team.standin.roles import staff
from team.standin.roles.followups import wanted_now
from team.standin.roles.task import HAND_OVER, Task
from team.standin.speaking.answers import tell
from team.standin.speaking.replies import say
from team.standin.understanding.conversation import Conversation
from team.standin.understanding.intents import TALK, Intent, intents
from team.standin.understanding.wishes import Wish, leaves_alone
from team.standin.understanding.words import said, stems
from team.standin.wire import Function

READING = ("get_", "list_", "search_", "find_", "recommend_", "inspect_", "identify_")
NOTHING_MORE = "OK"
OTHER_TOOLS = {
    "find_customer",
    "change_customer_address",
    "get_policy",
    "add_ticket_comment",
    "resolve_ticket",
    "list_tickets",
}


def reply(conversation: Conversation) -> Reply:
    """Answer each wish of the message, leaving those that change something for last."""
    if (for_staff := staff.reply(conversation)) is not None:
        return for_staff
    wanted = sorted(_wanted(conversation), key=_changes)
    if wanted[0].intent.name in TALK:
        return Reply(_told(conversation) or _talk(wanted[0], conversation))
    tasks = [Task(wish, conversation, alone=len(wanted) == 1) for wish in wanted]
    answers: list[str] = []
    for task in tasks:
        step = "" if task.owner else task.next()
        if isinstance(step, Call):
            return Reply("" if step.name.startswith(READING) else _together(answers), step)
        answers.append(step)
    told = _together(answers)
    if others := [task for task in tasks if task.owner]:
        return Reply(call=_handed_over(others, told))
    return Reply(told or _nothing(conversation))


def _handed_over(tasks: list[Task], told: str) -> Call:
    """Hand the remaining wishes to the specialist of the first one, who hands on the rest."""
    remaining = " ".join(task.wish.text for task in tasks)
    return Call(HAND_OVER, {"specialist": tasks[0].owner, "answer_so_far": told, "remaining": remaining})


def _nothing(conversation: Conversation) -> str:
    """Return what to say if the shop itself asks the customer, or nothing is left to say."""
    waits = any(done.outcome == "waiting" for done in conversation.done)
    return NOTHING_MORE if waits else say(conversation.language, "other.done")


def _changes(wish: Wish) -> bool:
    return bool(wish.intent.tool) and not wish.intent.tool.startswith(READING)


def _wanted(conversation: Conversation) -> list[Wish]:
    """Return what the customer wants; a tool unknown to the shop's data is used if its words match the customer's."""
    wanted = wanted_now(conversation)
    text = conversation.message
    ours = {
        tool for intent in intents().values() for tool in (intent.tool, intent.look_up, *intent.instead)
    } | OTHER_TOOLS
    strange = [tool for name, tool in conversation.tools.items() if name not in ours and name != HAND_OVER]
    used = stems(" ".join([text, *said(text, "glossary")]))
    shared = {tool.name: _shared(tool, used, text) for tool in strange}
    best = max(shared, key=lambda name: shared[name], default="")
    # Tools are described in English; the specialist's prompt may say what Korean customers call them.
    if best and (shared[best] or used & stems(conversation.system)):
        return [Wish(Intent(best, "", tool=best), text, 1.0)]
    return wanted


def _shared(tool: Function, used: set[str], text: str) -> int:
    """Count how many of the customer's words are in a tool's name and description; its whole subject counts as one
    more.
    """
    about = tool.name.partition("_")[2].replace("_", " ")
    said_whole = bool(about) and re.search(rf"\b{re.escape(about)}\b", text, re.IGNORECASE) is not None
    return said_whole + len(used & stems(f"{tool.name.replace('_', ' ')} {tool.description}"))


def _told(conversation: Conversation) -> str:
    """Report the outcome of a turn that code began, such as a confirmed change."""
    return tell(conversation.done[-1], conversation) if conversation.done else ""


def _talk(wish: Wish, conversation: Conversation) -> str:
    if wish.intent.name != "small_talk":
        return say(conversation.language, "clarify.what")
    kind = "dropped" if leaves_alone(wish.text) else said(wish.text, "talk")[0]
    return say(conversation.language, f"talk.{kind}")


def _together(answers: list[str]) -> str:
    return "\n\n".join(answer for answer in dict.fromkeys(answers) if answer)
