"""The worst messages a customer can send: each as long as the page takes, and made for what reads it."""

from collections.abc import Callable
from itertools import cycle, islice

from ui.conversations import MAX_MESSAGE

GRAVE, BELOW = "\u0300", "\u0323"
"""Accents that pile up over and under one letter."""
MARK = "qzx "
"""Each begins with it, so that what the attacker asks of the stand-in is known from what others do."""
UNSEEN = "\u200b\u2060\ufe0f"
JAMO = "ㄱㅏㄴㅑㄷㅓ" + "\u1112\u1161\u11ab"
"""Korean letters that stand alone, in both of the ways that Unicode has for them."""


def _full(text: str) -> str:
    """Return a text repeated until the page takes no more of it."""
    return MARK + "".join(islice(cycle(text), MAX_MESSAGE - len(MARK))).strip()


def _counted(shape: Callable[[int], str]) -> str:
    """Return ever other texts of a shape until the page takes no more of them."""
    return (MARK + "".join(map(shape, range(MAX_MESSAGE))))[:MAX_MESSAGE].strip()


def _rare(at: int) -> str:
    """Return a word that no handbook has, close to one that every handbook has."""
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
