"""A vote: which option each model chose, and what the count says. A tie and any disagreement are always told."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from storage.words.languages import ENGLISH
from team.words.language import language_of, say

WORDS = Path(__file__).with_name("voting.toml")
LINES_READ = 5
"""The option stands in one of the last lines."""

LONGEST_OPTION = 80
MOST_LISTED = 10
LISTED = re.compile(r"^[^\S\n]*+(?:[-*•]|\(?[A-Za-z0-9]{1,2}[.):])[^\S\n]++(\S[^\n]{0,79})$", re.MULTILINE)
QUOTED = re.compile(r"“[^”\n]*”|‘[^’\n]*’|\"[^\"\n]*\"")
EDGES = " \t\"'`*_.:;!?()[]{}<>“”‘’"


@dataclass(frozen=True)
class Ballot:
    """What one model chose; an empty option is an answer without a vote in it."""

    model: str
    option: str
    weight: float = 1.0


@dataclass(frozen=True)
class Count:
    """What a vote came to. `winner` is empty for a tie, and where nobody voted."""

    winner: str
    totals: Mapping[str, float]
    ballots: Sequence[Ballot]

    @property
    def tied(self) -> tuple[str, ...]:
        """The options with the most votes, if they are several."""
        most = max(self.totals.values(), default=0.0)
        first = tuple(option for option, total in self.totals.items() if total == most)
        return first if len(first) > 1 else ()

    @property
    def disagree(self) -> bool:
        """Whether the models did not all choose the same; one that chose nothing does not agree either."""
        return len({ballot.option for ballot in self.ballots}) > 1

    def as_json(self) -> dict[str, Any]:
        """The count as an event tells it."""
        return {
            "winner": self.winner,
            "tied": list(self.tied),
            "disagree": self.disagree,
            "totals": dict(self.totals),
            "ballots": [{"model": one.model, "option": one.option, "weight": one.weight} for one in self.ballots],
        }

    def told(self, language: str) -> str:
        """Return the count in words: the winner or the tie, then who chose what, then whether they disagree."""
        head = self.winner or say("vote_tied" if self.tied else "vote_none", language, options=", ".join(self.tied))
        lines = [
            say("vote_line", language, option=option, votes=_plain(total), models=", ".join(self._voters(option)))
            for option, total in sorted(self.totals.items(), key=lambda item: -item[1])
        ]
        silent = self._voters("")
        lines += [say("vote_silent", language, models=", ".join(silent))] if silent else []
        if self.totals:
            lines.append(say("vote_disagree" if self.disagree else "vote_agree", language))
        return "\n".join([head, *lines])

    def _voters(self, option: str) -> list[str]:
        return [ballot.model for ballot in self.ballots if ballot.option == option]


def count(ballots: Sequence[Ballot]) -> Count:
    """Count a vote: the option with the most weight wins, and two with as much are a tie, which nobody wins."""
    totals: defaultdict[str, float] = defaultdict(float)
    for ballot in ballots:
        if ballot.option:
            totals[ballot.option] += ballot.weight
    most = max(totals.values(), default=0.0)
    first = [option for option, total in totals.items() if total == most]
    return Count(first[0] if len(first) == 1 else "", dict(totals), tuple(ballots))


def options_in(query: str) -> tuple[str, ...]:
    """Return the options that a question lists: as lines of a list, or with "or" between them; else its yes and no."""
    listed = tuple(dict.fromkeys(one.strip(EDGES) for one in LISTED.findall(query)))
    if 1 < len(listed) <= MOST_LISTED:
        return listed
    unlisted = _words()["unlisted"]
    return _between(query) or _asked(query) or tuple(unlisted.get(language_of(query, ENGLISH), unlisted[ENGLISH]))


def _between(query: str) -> tuple[str, ...]:
    """Return what stands with "or" between, after a colon, or after the comma of a question for which one it is."""
    asked = query.rstrip(" ?？").rsplit("\n", 1)[-1]
    lead, mark, listed = asked.rpartition(":") if ":" in asked else asked.partition(",")
    if mark == "," and not lead.strip(EDGES).casefold().startswith(tuple(_words()["leads"])):
        return ()
    between = "|".join(map(re.escape, _words()["between"]))
    parts = [one.strip(EDGES) for one in re.split(rf",\s(?:{between})\s|\s(?:{between})\s|,\s", listed)]
    short = 1 < len(parts) <= MOST_LISTED and all(0 < len(one) <= LONGEST_OPTION // 2 for one in parts)
    listing = short and mark and re.search(rf"\s(?:{between})\s", listed)
    return tuple(dict.fromkeys(parts)) if listing else ()


def _asked(query: str) -> tuple[str, ...]:
    """Return the options that a question asks between in its own words, such as "Should we refund or replace it?"."""
    asked = query.rstrip(" ?？").rsplit("\n", 1)[-1]
    found = (re.search(pattern, asked, re.IGNORECASE) for pattern in _words()["asked"])
    return next((tuple(dict.fromkeys(match.groups())) for match in found if match), ())


def chosen_in(text: str, options: Sequence[str]) -> str:
    """Return the option that an answer chooses; empty if it names none, or several without saying which."""
    lines = [line for line in text.strip().splitlines() if line.strip()][-LINES_READ:]
    for line in reversed(lines):
        mark, colon, rest = line.strip(EDGES).partition(":")
        if colon and mark.strip(EDGES).casefold() in _words()["marks"]:
            return _option(rest, options)
    return _same(text, options) or _told(QUOTED.sub(" ", text), options)


def _option(text: str, options: Sequence[str]) -> str:
    return _same(text, options) or _told(text, options)


def _same(text: str, options: Sequence[str]) -> str:
    """Return the option that a text is and nothing more, in other words too if it is a plain yes or no."""
    said = text.strip(EDGES).casefold()
    alike = (option for option in options if said in (option.casefold().strip(EDGES), *_same_as(option)))
    return next(alike, "")


def _told(text: str, options: Sequence[str]) -> str:
    told = [option for option in options if _tells(text, option)]
    return told[0] if len(told) == 1 else ""


def _tells(text: str, option: str) -> bool:
    """Whether a text names an option; "no" is in any sentence, so that a plain yes or no has to begin one."""
    if not _same_as(option):
        return _names(text, option)
    begins = (line.partition(" ")[0].strip(EDGES + ",").casefold() for line in text.strip().splitlines())
    return any(one in _same_as(option) for one in begins)


def _same_as(option: str) -> Sequence[str]:
    """Return what counts as the same as a plain yes or no; nothing for any other option."""
    return next((group for group in _words()["plain"].values() if option.casefold() in group), ())


def _names(text: str, option: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(option.casefold())}(?!\w)", text.casefold()) is not None


def _plain(votes: float) -> str:
    return f"{votes:g}"


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))
