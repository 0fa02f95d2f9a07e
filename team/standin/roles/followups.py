"""What the customer wants now: their last message, or the earlier wish it continues."""

from dataclasses import replace

from team.standin.roles.arguments import address
from team.standin.speaking.replies import openings
from team.standin.understanding.clauses import as_meant, clauses
from team.standin.understanding.conversation import Conversation
from team.standin.understanding.intents import TALK, intents
from team.standin.understanding.language import LANGUAGES
from team.standin.understanding.order_ids import order_ids
from team.standin.understanding.wishes import SURE_IN_A_CLAUSE, Wish, leaves_alone, likeliest, unquoted, wish, wishes
from team.standin.understanding.words import said, says

REMEMBERED_LINES = 12
SURE_OF_A_NEW_WISH = 0.55
ACTING, ADVISING = "ReturnsAgent", "ProductAdvisor"


def wanted_now(conversation: Conversation) -> list[Wish]:
    """Return the wishes of the customer's last message, in the light of what was said before."""
    wanted: list[Wish] = []
    before = ""
    for line in conversation.history[-REMEMBERED_LINES:]:
        if line.by_customer:
            wanted = _read(line.text, before, wanted)
        before = "" if line.by_customer else line.text
    wanted = _read(conversation.message, before, wanted)
    if conversation.done and conversation.done[-1].outcome != "waiting" and _only_answers(conversation.message):
        return [Wish(intents()["small_talk"], conversation.message, 1.0)]
    return _with_picture(conversation, wanted) if conversation.has_picture else wanted


def _only_answers(text: str) -> bool:
    """Whether a message is only a yes or a no: the turn that code began with it reports the outcome."""
    return says(text, "talk", "dropped") or says(text, "talk", "agreed")


def _with_picture(conversation: Conversation, wanted: list[Wish]) -> list[Wish]:
    if says(conversation.message, "damage", "seen"):
        return [Wish(intents()["damaged_item"], conversation.message, 1.0)]
    if wanted[0].intent.name in TALK:
        return [Wish(intents()["photo_question"], conversation.message, 1.0)]
    return wanted


def _read(text: str, before: str, wanted: list[Wish]) -> list[Wish]:
    if says(text, "talk", "dropped") or leaves_alone(text):
        return [Wish(intents()["small_talk"], text, 1.0)]
    found = _each_order(as_meant(text), wishes(text))
    if wanted and wanted[-1].intent.name not in TALK and _goes_on(text, found, before, wanted[-1]):
        return [replace(wanted[-1], text=f"{text} {wanted[-1].text}")]
    if wanted and (question := _about_the_same_product(text, found, wanted[-1])):
        return [replace(question, text=f"{text} {wanted[-1].text}")]
    if found[0].intent.name == "unknown" and order_ids(text):
        return [Wish(intents()["order_details"], text, found[0].confidence)]
    return found


def _each_order(text: str, found: list[Wish]) -> list[Wish]:
    """Return a wish for each order of a message that names several: "cancel #W1 and return #W2"."""
    if len(order_ids(text)) < 2 or not all(one.intent.several for one in found):  # noqa: PLR2004 - two orders
        return found
    each: list[Wish] = []
    for clause in clauses(unquoted(text)):
        own = wish(clause)
        clear = own.intent.several and own.confidence >= SURE_IN_A_CLAUSE
        intent = own.intent if clear else each[-1].intent if each else found[0].intent
        each += [Wish(intent, _about(clause, one), own.confidence) for one in order_ids(clause)]
    return each or found


def _about(clause: str, order_id: str) -> str:
    """Return the clause, with this order named first."""
    return clause if order_ids(clause)[0] == order_id else f"{order_id} {clause}"


def _goes_on(text: str, found: list[Wish], before: str, earlier: Wish) -> bool:
    """Whether a message has no wish of its own but adds to the earlier one."""
    sure = max((wish.confidence for wish in found if wish.intent.name not in TALK), default=0.0)
    if found[0].intent.specialist == ACTING and sure >= SURE_IN_A_CLAUSE and found[0].intent != earlier.intent:
        return False
    points_back = bool(said(text, "reference"))
    if not _asked(before):
        return points_back and sure < SURE_OF_A_NEW_WISH
    names_it = points_back or bool(order_ids(text)) or bool(address(text))
    return names_it or sure < SURE_OF_A_NEW_WISH or found[0].intent.specialist == "ProductAdvisor"


def _about_the_same_product(text: str, found: list[Wish], earlier: Wish) -> Wish | None:
    """A question that leaves out which product it is about: "what colours does it come in?" after a search."""
    if earlier.intent.specialist != ADVISING or "thing" in said(text, "concepts") or said(text, "things"):
        return None
    likely = likeliest(text) if found[0].intent.name == "unknown" else found[0]
    return likely if likely.intent.specialist == ADVISING else None


def _asked(before: str) -> bool:
    """Whether the previous line was one of the stand-in's questions for another fact."""
    return any(before.startswith(opening) for language in LANGUAGES for opening in openings("ask", language) if opening)
