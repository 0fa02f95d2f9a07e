"""What reaches the terminal of `shopdesk chat`."""

import pytest

from scripts.chat.screen import Screen
from scripts.chat.words import Words

ATTACK = "\x1b]0;owned\x07\x1b[2Jfine\x9b31m \u202ekcab\u202c\U000e0041\rover"


@pytest.mark.parametrize("live", [True, False])
def test_nothing_that_a_terminal_obeys_reaches_it(capfd: pytest.CaptureFixture[str], live: bool) -> None:
    screen = Screen(Words("en"), live=live, trace=True)

    screen.take("token", {"agent": f"orders{ATTACK}", "text": ATTACK})
    screen.take("guard", {"name": "answer", "verdict": "passed", "reason": ATTACK})
    screen.take("message", {"role": "assistant", "text": f"{ATTACK}, again", "agent": f"orders{ATTACK}"})
    screen.remark(ATTACK)

    out, aside = capfd.readouterr()
    assert "fine kcab\nover" in out + aside
    assert not {"\x1b", "\x9b", "\x07", "\r", "\u202e", "\u202c", "\U000e0041"} & set(out + aside)
