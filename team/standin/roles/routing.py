"""The router's request: which of the offered specialists a customer's message is for."""

import math
import re
from dataclasses import dataclass

from team.standin.completion import Reply
from team.standin.understanding.conversation import by_customer
from team.standin.understanding.intents import TALK, intents
from team.standin.understanding.language import plain_width
from team.standin.understanding.order_ids import order_ids
from team.standin.understanding.wishes import Wish, by_specialist, scores, wishes
from team.standin.understanding.words import SAME_BEGINNING, said, says, stems
from team.standin.wire import ChatRequest

MESSAGE = re.compile(r"<message>(.*?)</message>|^Message:(.*)\Z", re.DOTALL | re.MULTILINE | re.IGNORECASE)
IMAGE = re.compile(r"^Image:\s*(?:yes|true|1)", re.MULTILINE | re.IGNORECASE)
RECENT = re.compile(r"^Recent:(.*?)(?=^(?:Language|Image):|<message>|\Z)", re.DOTALL | re.MULTILINE | re.IGNORECASE)
CAMEL = re.compile(r"[A-Z][a-z]+")

SHARPNESS = 8.0
SURE_ALONE = 0.5
CERTAIN = 2.0
WORDS_OF_AN_ANSWER = 4
SURE_OF_A_NEW_WISH = 0.7
SURE_TOGETHER = 0.3
SURE_TO_ACT = 0.5
SURE_WHAT_IT_IS_ABOUT = 0.9

LOOKING = {"OrderTracker", "ProductAdvisor"}
"""Specialists who only look things up; customers ask them in the same words."""

SUBJECTS = {
    "thing",
    "order",
    "parcel",
    "number",
    "ticket",
    "ticket_number",
    "policy",
    "gift_card",
    "profile",
    "payment",
}


@dataclass(frozen=True)
class Question:
    """What the router is asked."""

    message: str
    recent: str
    has_image: bool


def question(request: ChatRequest) -> Question:
    """Extract the customer's message from the router's prompt."""
    last = next((message for message in reversed(request.messages) if by_customer(message)), request.messages[-1])
    text = plain_width(last.text)
    found = MESSAGE.search(text)
    inside = (found[1] or found[2] or "") if found else text
    before = text[: found.start()] if found else ""
    recent = RECENT.search(before)
    return Question(inside.strip(), recent[1].strip() if recent else "", bool(last.images or IMAGE.search(before)))


def route(request: ChatRequest, choices: list[str]) -> Reply:
    """Choose by the intents' specialists, by a new specialist's description, and by who spoke last."""
    asked = question(request)
    fit = dict.fromkeys(choices, 0.0) | by_specialist(asked.message)
    newcomers = shared_words(request, asked.message, choices)
    for name, shared in newcomers.items():
        fit[name] += CERTAIN * shared
    preferred = certain(asked, choices)
    if not any(newcomers.values()):
        fit[preferred] = fit.get(preferred, 0.0) + CERTAIN
    total = math.log(sum(math.exp(SHARPNESS * fit[name]) for name in choices))
    weights = {name: SHARPNESS * fit[name] - total for name in choices}
    return Reply(max(choices, key=lambda name: weights[name]), weights=weights)


def certain(asked: Question, choices: list[str]) -> str:
    """Return whom the message is for under the shop's own division of work."""
    if asked.has_image and says(asked.message, "damage", "seen"):
        return "ReturnsAgent"
    wanted = wishes(asked.message)
    if (_answers(asked, wanted[0]) or _looks_on(asked, wanted)) and (asker := _who_goes_on(asked.recent)):
        return asker
    if not _vague(wanted[0]):
        intent = first_to_act(wanted).intent
        return intent.owner if intent.owner in choices else intent.specialist
    if asked.has_image:
        return "ProductAdvisor"
    return _who_goes_on(asked.recent) or likeliest(asked.message) or wanted[0].intent.specialist


def likeliest(message: str) -> str | None:
    """Return whose intents together fit a message best, for when no single one fits well."""
    fit: dict[str, float] = {}
    for intent, score in scores(message).items():
        if intent != "unknown":
            owner = intents()[intent].specialist
            fit[owner] = fit.get(owner, 0.0) + score
    best = max(fit, key=lambda name: fit[name])
    return best if fit[best] > SURE_TOGETHER else None


def first_to_act(wanted: list[Wish]) -> Wish:
    """Of several wishes, return the first that surely changes something: its specialist ends the turn with the
    question.
    """
    acting = (wish for wish in wanted if wish.intent.specialist == "ReturnsAgent")
    return next((wish for wish in acting if wish.confidence >= SURE_TO_ACT), wanted[0])


def _answers(asked: Question, wish: Wish) -> bool:
    """Whether a few words answer the last question rather than state a clear wish of their own."""
    few = len(asked.message.split()) <= WORDS_OF_AN_ANSWER and not asked.message.endswith("?")
    if not few or "?" not in asked.recent.rpartition("\n")[2]:
        return False
    only_names_one = wish.intent.name == "order_details" and bool(order_ids(asked.message))
    unsure = wish.intent.name != "small_talk" and wish.confidence < SURE_OF_A_NEW_WISH
    return asked.has_image or only_names_one or unsure


def _looks_on(asked: Question, wanted: list[Wish]) -> bool:
    """Whether a message names nothing itself, so that "tell me more about the second one" refers to what was shown."""
    sure = max(wish.confidence for wish in wanted)
    looking = {wanted[0].intent.specialist, _who_goes_on(asked.recent)} <= LOOKING
    names_nothing = not set(said(asked.message, "concepts")) & SUBJECTS
    return looking and len(wanted) == 1 and names_nothing and sure < SURE_WHAT_IT_IS_ABOUT


def _vague(wish: Wish) -> bool:
    points_back = bool(said(wish.text, "reference")) and wish.confidence < SURE_ALONE
    return wish.intent.name == "unknown" or points_back


def _who_goes_on(recent: str) -> str | None:
    """Return the specialist who spoke last, or else the one for the customer's last clear wish."""
    names = "|".join(specialists())
    if spoke := re.findall(rf"\b({names})\b", recent):
        return str(spoke[-1])
    lines = [line.split(":", 1)[-1].strip() for line in reversed(recent.splitlines())]
    clear = (wish for line in lines if line for wish in wishes(line) if wish.intent.name not in TALK)
    return next((wish.intent.owner for wish in clear), None)


def specialists() -> set[str]:
    """Return every specialist that the shop's data knows."""
    return {name for intent in intents().values() for name in (intent.specialist, intent.owner)}


def shared_words(request: ChatRequest, message: str, choices: list[str]) -> dict[str, int]:
    """Return the candidates unknown to the shop's data, with how many words of their description the customer uses."""
    prompt = "\n".join(written.text for written in request.messages if not by_customer(written))
    about = {name: stems(f"{' '.join(CAMEL.findall(name))} {_description(prompt, name)}") for name in choices}
    owners = specialists()
    common = {stem for name in choices if name in owners for stem in about[name]}
    words = " ".join([message, *said(message, "glossary")])
    used = stems(words)
    return {
        name: len((about[name] - common) & used) or int(_named(name, choices, words))
        for name in choices
        if name not in owners
    }


def _named(name: str, choices: list[str], words: str) -> bool:
    """Whether the customer says a word that is only in this candidate's name, even if other descriptions mention it."""
    others = {word for other in choices if other != name for word in CAMEL.findall(other)}
    own = [word.lower()[:SAME_BEGINNING] for word in CAMEL.findall(name) if word not in others]
    return bool(own) and all(re.search(rf"\b{re.escape(word)}", words, re.IGNORECASE) for word in own)


def _description(prompt: str, name: str) -> str:
    found = re.search(rf"^[^\w\n]*+{re.escape(name)}[^\w\n]*?[:：–—-]\s*+(.+)$", prompt, re.MULTILINE)
    return found[1] if found else ""
