"""What staff ask of everybody: "orders of olivia@example.com", "find the customer Olivia Brown", "open tickets".

Only a message that holds nothing else is read here; every other one is answered as a customer's is.
"""

import re
from dataclasses import dataclass

from team.standin.completion import Call, Reply
from team.standin.roles.task import HAND_OVER
from team.standin.speaking.answers import order_row, tell, ticket_row
from team.standin.speaking.replies import say
from team.standin.understanding.conversation import Conversation, Done
from team.standin.wire import Json

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[a-z0-9-]++(?:\.[a-z0-9-]+)+", re.IGNORECASE | re.ASCII)
FOR_STAFF = re.compile(r"\bspeak with the shop's staff\b", re.IGNORECASE)
FIND, ORDERS, TICKETS = "find_customer", "list_orders", "list_tickets"
WHO_FINDS = "OrderTracker"
PART = r"[A-Z][^\W\d_]*+(?:['’-][A-Z][^\W\d_]*+)*+"
NAME = re.compile(rf"(?<![\w'’-])({PART})\s++({PART})")
KOREAN_NAME = re.compile(
    r"(?:고객|손님|회원)(?:님)?\s+([가-힣])([가-힣]{1,3})(?!\w)|(?<!\w)([가-힣])([가-힣]{1,3}?)\s*(?:고객|손님|회원|님)"
)
OF_SOMEBODY = re.compile(r"\bcustomers?\b|\borders (?:of|by|from|for)\b|['’]s orders\b|\bwhat did\b", re.IGNORECASE)
"""What makes two words with capitals somebody's name, and not a product's."""

ABOUT_ORDERS = re.compile(r"\border(?:s|ed)?\b|주문", re.IGNORECASE)
UNRESOLVED = re.compile(
    r"\b(?:open|unresolved) tickets\b|(?:미해결|미처리|열린|열려 ?있는|해결 ?안 ?된|처리 ?안 ?된)\s*(?:티켓|문의)",
    re.IGNORECASE,
)
ASKING = re.compile(
    r"(?<!\w)(?:please|find|show|list|get|give|look(?:ing)? up|search(?: for)?|me|us|all|the|a|of|for|by|from|what|"
    r"which|who|is|are|did|do|does|has|have|we|there|any|every|our|customers?|orders?|ordered|placed)(?!\w)|['’]s(?!\w)|"
    r"고객|손님|회원|님|주문|내역|목록|정보|모두|전체|좀|의|을|를|이|가|은|는|한|보여|찾아|알려|조회해?|검색해?|확인해?|"
    r"주세요|줘요?|봐요?|주십시오|해|뭐|무엇|있어요?|있나요",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Asked:
    """What staff ask: about whom, by arguments of find_customer (nobody: about everybody), and whether for orders."""

    customer: Json
    orders: bool = False


def reply(conversation: Conversation) -> Reply | None:
    """Answer staff who ask for a customer, a customer's orders, or what is open; None for any other message."""
    asked = _asked(conversation)
    if asked is None:
        return None
    step = _about_one(asked, conversation) if asked.customer else _unresolved(conversation)
    return Reply(call=step) if isinstance(step, Call) else Reply(step)


def _asked(conversation: Conversation) -> Asked | None:
    if FOR_STAFF.search(conversation.system) is None:
        return None
    text = conversation.message
    if UNRESOLVED.search(text) and TICKETS in conversation.tools:
        return Asked({}) if _says_no_more(UNRESOLVED.sub(" ", text)) else None
    named = NAME.fullmatch(ASKING.sub(" ", text).strip(" .?!")) if OF_SOMEBODY.search(text) else None
    found = EMAIL.search(text) or KOREAN_NAME.search(text)
    can_find = FIND in conversation.tools or HAND_OVER in conversation.tools
    if named is None and (found is None or not _says_no_more(f"{text[: found.start()]} {text[found.end() :]}")):
        return None
    orders = ABOUT_ORDERS.search(text) is not None
    return Asked(_arguments(named or found), orders) if can_find else None


def _says_no_more(rest: str) -> bool:
    return not re.search(r"\w", ASKING.sub(" ", rest))


def _arguments(found: re.Match[str] | None) -> Json:
    if found is None:
        return {}
    if found.re is EMAIL:
        return {"email": found[0].rstrip(".")}
    if found.re is NAME:
        return {"first_name": found[1], "last_name": found[2]}
    return {"first_name": found[2] or found[4], "last_name": found[1] or found[3]}


def _about_one(asked: Asked, conversation: Conversation) -> Call | str:
    if FIND not in conversation.tools:
        return _handed_over(conversation)
    found = conversation.results(FIND)
    if not found:
        return Call(FIND, asked.customer)
    if not asked.orders or found[0].data is None or ORDERS not in conversation.tools:
        return tell(found[0], conversation)
    listed = conversation.results(ORDERS)
    return (
        _orders(found[0].data, listed[0], conversation)
        if listed
        else Call(ORDERS, {"customer_id": found[0].data["customer_id"]})
    )


def _handed_over(conversation: Conversation) -> Call | str:
    if conversation.results(HAND_OVER):
        return ""
    said = {"specialist": WHO_FINDS, "answer_so_far": "", "remaining": conversation.message}
    return Call(HAND_OVER, said)


def _orders(customer: Json, listed: Done, conversation: Conversation) -> str:
    if listed.data is None:
        return tell(listed, conversation)
    who = f"{customer['first_name']} {customer['last_name']}, {customer['email']}"
    rows = [order_row(order, conversation.language) for order in listed.data["orders"]]
    if not rows:
        return say(conversation.language, "order.none_of", who=who)
    return "\n".join([f"{who}:", *rows, *_more(listed.data, conversation)])


def _unresolved(conversation: Conversation) -> Call | str:
    listed = conversation.results(TICKETS)
    if not listed:
        return Call(TICKETS, {"status": "unresolved"})
    if listed[0].data is None or not listed[0].data["tickets"]:
        return tell(listed[0], conversation)
    rows = [ticket_row(ticket, conversation.language) for ticket in listed[0].data["tickets"]]
    told = say(conversation.language, "ticket.unresolved", tickets="\n".join(rows))
    return "\n".join([told, *_more(listed[0].data, conversation)])


def _more(page: Json, conversation: Conversation) -> list[str]:
    return [say(conversation.language, "order.more")] if page.get("next_cursor") else []
