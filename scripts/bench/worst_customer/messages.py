"""The worst messages a customer can send: each as long as the page accepts, and designed to be slow to parse."""

from collections.abc import Callable
from itertools import cycle, islice

from ui.conversations import MAX_MESSAGE

GRAVE, BELOW = "\u0300", "\u0323"
"""Accents that pile up above and below a letter."""
MARK = "qzx "
"""Each starts with it, so that the stand-in can tell the attacker's requests from the others'."""
UNSEEN = "\u200b\u2060\ufe0f"
JAMO = "ㄱㅏㄴㅑㄷㅓ" + "\u1112\u1161\u11ab"
"""Single Korean letters, in both of Unicode's encodings for them."""


def _full(text: str) -> str:
    """Return a text repeated up to the page's limit."""
    return MARK + "".join(islice(cycle(text), MAX_MESSAGE - len(MARK))).strip()


def _counted(shape: Callable[[int], str]) -> str:
    """Return distinct texts of a shape, up to the page's limit."""
    return (MARK + "".join(map(shape, range(MAX_MESSAGE))))[:MAX_MESSAGE].strip()


def _rare(at: int) -> str:
    """Return a word that occurs in no handbook, close to one that occurs in every handbook."""
    return f"refnud{chr(97 + at % 26)}{chr(97 + at // 26 % 26)} "


WORST = {
    "yes, and again": _full("네 yes 예 ok응 "),
    "brackets and digits without an end": _full("[[[[((((<<<<0123456789"),
    "JSON in JSON": _full('{"a":[{"name":"get_order","arguments":'),
    "order numbers": _counted(lambda at: f"#W{1042 + at} "),
    "accents over accents": _full(f"a{GRAVE}{BELOW}" * 3 + f"가{GRAVE}{BELOW}" * 3),
    "tiny sentences": _full("Hi. No! 왜? "),
    "lookalikes and unseen letters": _full(f"ｙ{UNSEEN}ｅ{UNSEEN}ѕ {UNSEEN}сancel "),
    "rare words": _counted(_rare),
    "loose Korean letters": _full(JAMO),
    "markup and addresses": _full("<tool_call>{</b><b a='@"),
}
"""Ten, by name, each of 4,000 characters."""
