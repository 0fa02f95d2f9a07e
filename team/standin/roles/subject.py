"""What a wish is about: which order, which of its items, which version of a product."""

import re

from team.standin.understanding.clauses import as_meant
from team.standin.understanding.conversation import Conversation
from team.standin.understanding.intents import Intent
from team.standin.understanding.order_ids import order_ids
from team.standin.understanding.words import group, said, says, without
from team.standin.wire import Json

ORDINALS = ("first", "second", "third")


def order_meant(text: str, conversation: Conversation) -> str | None:
    """Return the order this wish is about: named, pointed at, or under discussion."""
    named = order_ids(text) or order_ids(conversation.message)
    if named and not another_one(conversation):
        return named[0]
    listed = next(
        (ids for line in reversed(conversation.history) if (ids := order_ids(line.text)) and not line.by_customer), []
    )
    for place, word in enumerate(ORDINALS):
        if says(text, "reference", word) and len(listed) > place:
            return listed[place]
    mentioned = [one for line in conversation.history if line.by_customer for one in order_ids(line.text)]
    mentioned += order_ids(conversation.message)
    if says(text, "reference", "other"):
        rest = [one for one in listed_before(conversation) if one not in (mentioned or listed)[-1:]]
        return rest[0] if len(rest) == 1 else None
    if any(says(text, "reference", key) for key in ("last", "all", "by_status")):
        return None
    return _spoken_of_last(conversation)


def _spoken_of_last(conversation: Conversation) -> str | None:
    """Return the order the customer named last, or that a later answer was about."""
    for line in reversed(conversation.history):
        named = order_ids(line.text)
        if named and (line.by_customer or len(named) == 1):
            return named[-1]
    return None


def another_one(conversation: Conversation) -> bool:
    """Whether the message is about an order other than the one under discussion, without naming it."""
    meant = as_meant(conversation.message)
    return says(meant, "reference", "other") and not order_ids(meant)


def listed_before(conversation: Conversation) -> list[str]:
    """Return every order mentioned so far, each once."""
    texts = [*(line.text for line in conversation.history), conversation.message]
    return list(dict.fromkeys(one for text in texts for one in order_ids(text)))


def fitting(orders: list[Json], intent: Intent, text: str) -> list[Json]:
    """Return the orders that a wish without an order number can mean."""
    fit = [order for order in orders if not intent.statuses or order["status"] in intent.statuses]
    named = [order for order in fit if shares_words(text, order.get("items"))]
    fit = named or fit
    takes_first = intent.several == "first" or says(text, "reference", "last")
    if takes_first:
        return (sorted(fit, key=lambda order: intent.statuses.index(order["status"])) if intent.statuses else fit)[
            :1
        ] or orders[:1]
    return fit


def shares_words(text: str, thing: object) -> bool:
    """Whether the text uses a characteristic word of the thing's description."""
    plain = " ".join([text, *said(text, "things")]).lower()
    latin = [word.removesuffix("s") for word in re.findall(r"[a-z]{3,}", str(thing).lower())]
    hangul = re.findall(r"[가-힣]{2,}", str(thing))
    return any(re.search(rf"\b{word}", plain) for word in latin) or any(word in plain for word in hangul)


def lines_meant(order: Json, text: str) -> list[Json]:
    """Return the order lines a text names; empty if it is unclear which."""
    lines: list[Json] = order["lines"]
    if len(lines) == 1 or says(text, "reference", "all"):
        return lines
    by_id = [line for line in lines if line["item_id"] in text]
    return by_id or [line for line in lines if shares_words(text, line["name"])]


def product_meant(products: list[Json], text: str) -> Json:
    """Return the listed product that a text refers to by position, or else the first."""
    place = next((at for at, word in enumerate(ORDINALS) if says(text, "reference", word)), 0)
    return products[place] if place < len(products) else products[0]


def variant_meant(product: Json, line: Json, text: str) -> Json | None:
    """Return the available version that has what the text asks for and otherwise differs least from the current one."""
    free: list[Json] = [one for one in product["variants"] if one["available"] and one["item_id"] != line["item_id"]]
    named: list[Json] = [one for one in free if one["item_id"] in text]
    if named:
        return named[0]
    wanted = {one["item_id"]: _matches(one["options"], text) for one in free}
    ranked = sorted(free, key=lambda one: (-wanted[one["item_id"]], -_same(one, line)))
    return ranked[0] if ranked and wanted[ranked[0]["item_id"]] else None


def _matches(options: Json, text: str) -> int:
    return sum(_says_option(str(value), text) for value in options.values())


def _says_option(value: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(value)}(?![A-Za-z0-9])", text, re.IGNORECASE)) or (
        value.lower() in group("options") and says(text, "options", value.lower())
    )


def _same(variant: Json, line: Json) -> int:
    return sum(line["options"].get(key) == value for key, value in variant["options"].items())


def searched_for(text: str) -> str:
    """Return what a customer is looking for, without the words around it."""
    korean = without(without(text, "search", "ko"), "search", "particles")
    found = re.sub(r"[^\w\s'-]", " ", without(korean, "search", "en"))
    return " ".join([*found.split(), *said(text, "things")]) or text
