"""Two sets of replies as customers write them: what is a plain yes, a plain no, and neither."""

import tomllib
from pathlib import Path

import pytest

from team.turn.confirmations import read_answer

SETS = {
    path.stem: tomllib.loads(path.read_text()) for path in sorted(Path(__file__).with_name("answers").glob("*.toml"))
}
MEANS = {"yes": True, "no": False, "neither": None}


def read(name: str, kind: str) -> dict[str, bool | None]:
    """How each reply of the set is read."""
    replies = [reply for language in SETS[name].values() for reply in language[kind]]
    return {reply: read_answer(reply, "cancel_order") for reply in replies}


@pytest.mark.parametrize("name", SETS)
def test_nothing_but_a_plain_yes_is_read_as_one(name: str) -> None:
    assert [reply for kind in ("no", "neither") for reply, means in read(name, kind).items() if means is True] == []


@pytest.mark.parametrize("name", SETS)
def test_at_least_eleven_in_twelve_replies_are_read_as_they_are_meant(name: str) -> None:
    wrong = [reply for kind, meant in MEANS.items() for reply, means in read(name, kind).items() if means is not meant]

    assert len(wrong) <= 10, wrong
