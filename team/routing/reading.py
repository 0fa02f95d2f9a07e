"""What a message needs: its task, how much it asks for, and how many tokens it takes; by rules, without a model."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from storage.models.needs import Complexity, Task
from team.crew.context import tokens_in

FILE = Path(__file__).with_name("tasks.toml")
READ_CHARS = 600
"""Characters of a message in which signs are looked for: what it is about is said at its beginning."""
LONG_WORDS = 40
"""So many words are a point of complexity; a question of several such parts asks for much."""
MOST_POINTS_OF_LENGTH = 4
QUESTIONS = re.compile(r"[^\s?？][?？]")
REPLY_TOKENS = {Complexity.SIMPLE: 120, Complexity.MEDIUM: 300, Complexity.COMPLEX: 700}
"""The tokens of a reply that costs and times are estimated with, until an endpoint's own calls tell."""


@dataclass(frozen=True)
class Need:
    """What a message needs of a model. `asked` is the model that found the task out; empty: rules did."""

    task: Task
    complexity: Complexity
    tokens: int
    pictured: bool
    asked: str = ""

    @property
    def reply_tokens(self) -> int:
        """Return how many tokens a reply is expected to take."""
        return REPLY_TOKENS[self.complexity]


@dataclass(frozen=True)
class Signs:
    """The patterns of the data file."""

    tasks: Mapping[Task, tuple[re.Pattern[str], ...]]
    roles: Mapping[Task, frozenset[str]]
    complexity: tuple[tuple[int, re.Pattern[str]], ...]
    medium: int
    complex: int


@cache
def signs() -> Signs:
    """Return the patterns, which are read once."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    level = read["complexity"]
    return Signs(
        tasks={Task(name): tuple(_pattern([one]) for one in told["found"]) for name, told in read["task"].items()},
        roles={Task(name): frozenset(told["roles"]) for name, told in read["task"].items()},
        complexity=tuple((sign["points"], _pattern(sign["found"])) for sign in level["sign"]),
        medium=level["medium"],
        complex=level["complex"],
    )


def read_need(text: str, *, pictured: bool = False) -> Need:
    """Return what a message needs."""
    # Patterns that ignore case are several times slower.
    looked_at = text[:READ_CHARS].lower()
    task = Task.VISION if pictured else task_of(looked_at)
    return Need(task, complexity_of(looked_at, len(text.split())), tokens_in(text), pictured)


def task_of(text: str) -> Task:
    """Return the task whose signs a text in small letters has most of; reasoning where it has none."""
    found = {task: sum(1 for one in patterns if one.search(text)) for task, patterns in signs().tasks.items()}
    most = max(found, key=lambda task: found[task])
    return most if found[most] else Task.REASONING


def complexity_of(text: str, words: int) -> Complexity:
    """Return how much a text in small letters asks for: by its length, its questions and its words for thought."""
    points = sum(points for points, pattern in signs().complexity if pattern.search(text))
    points += min(MOST_POINTS_OF_LENGTH, words // LONG_WORDS)
    points += max(0, len(QUESTIONS.findall(text)) - 1)
    if points >= signs().complex:
        return Complexity.COMPLEX
    return Complexity.MEDIUM if points >= signs().medium else Complexity.SIMPLE


def _pattern(found: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(found), re.DOTALL)
