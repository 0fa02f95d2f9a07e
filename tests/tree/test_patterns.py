"""No regular expression takes long over a text that somebody made for it."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from tests.tree.found import FOLDERS, Pattern, Probe, in_code, on_the_page, probes, strange_imports

SHORT, LENGTH, LONG = 1_000, 4_000, 16_000
"""Characters of a first look, of the longest message, and of a text four times as long."""

SUSPECT_S = 0.002
GROWS, SURE_S = 8, 0.03
"""A text four times as long takes four times as long; sixteen times as long is quadratic."""

SHORT_SUSPECT_S = SUSPECT_S / 32
"""What is quadratic and suspect takes a sixteenth of its time for a quarter of the text; half of that, to be sure."""

SHORT_GROWS = 5
"""What grows by GROWS from the longest message on, part linear and part quadratic, has grown by 5.3 up to there."""

HANGS_S = 2

SURELY = 4
"""Tries that must all say so: a machine that is busy for a moment makes one try slow, a slow pattern every one."""


class HangsError(Exception):
    """A search did not end."""


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        raise HangsError

    before = signal.signal(signal.SIGVTALRM, stop)
    # The process's own time: a busy machine makes no pattern slow, and the test's own time limit stays as it is.
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def taken(pattern: Pattern, text: str) -> float:
    started = time.thread_time()
    pattern.search(text)
    return time.thread_time() - started


def slow_on(pattern: Pattern) -> str | None:
    """The text on which it takes too long, shortened; None for none."""
    for probe in probes(pattern):
        try:
            with ended_after(HANGS_S):
                if not suspect(pattern, probe):
                    continue
            found = surely_slow(pattern, probe.of(LENGTH), probe.of(LONG))
        except HangsError:
            return f"{probe} hangs"
        if found is not None:
            return found
    return None


def suspect(pattern: Pattern, probe: Probe) -> bool:
    """Whether the longest message takes long, and longer than a linear pattern would after a shorter one."""
    short = probe.of(SHORT)
    if taken(pattern, short) < SHORT_SUSPECT_S or (long := taken(pattern, probe.of(LENGTH))) < SUSPECT_S:
        return False
    return long > SURE_S or long > SHORT_GROWS * min(taken(pattern, short) for _ in range(3))


def surely_slow(pattern: Pattern, text: str, longer: str) -> str | None:
    """What the last try says, when every one found it slow."""
    found = None
    for _ in range(SURELY):
        with ended_after(HANGS_S):
            if (found := too_slow(pattern, text, longer)) is None:
                return None
    return found


def too_slow(pattern: Pattern, text: str, longer: str) -> str | None:
    """What one try at both texts says, the fastest of three readings each."""
    least = min(taken(pattern, text) for _ in range(3))
    if least <= SUSPECT_S:
        return None
    grown = min(taken(pattern, longer) for _ in range(3)) / least
    if least <= SURE_S and grown <= GROWS:
        return None
    return f"{text[:12]!r} {least * 1000:.1f} ms, four times as long takes {grown:.1f} times that"


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.timeout(600)
def test_no_pattern_of_the_code_and_its_data_is_slow_on_a_text_made_for_it(folder: str) -> None:
    different = {(pattern.compiled, pattern.how): pattern for pattern in in_code(folder)}
    slow = {one.where: found for one in different.values() if (found := slow_on(one)) is not None}

    assert slow == {}


def test_no_pattern_of_the_page_is_slow_on_a_text_made_for_it() -> None:
    patterns = list(on_the_page())

    assert len(patterns) > 2
    assert {one.where: found for one in patterns if (found := slow_on(one)) is not None} == {}


def test_every_pattern_is_read_where_these_tests_look() -> None:
    assert strange_imports() == []


@pytest.mark.parametrize("text", [r"(?:네|네네|예)+", r"(a|b)*\s+$x", r"(?:\w+\s?)*!", r"[?？]\W*$"])
def test_a_slow_pattern_is_found(text: str) -> None:
    assert slow_on(Pattern("made up", text, "fullmatch" if text.startswith("(?:네") else "search")) is not None
