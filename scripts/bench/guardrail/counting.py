"""How many messages of a set the guardrails act on: by kind and language, and the harmless ones they should leave."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from team.desk.hearing import hear_message

HARMLESS = "harmless"


@dataclass
class Count:
    """The messages of one kind in one language."""

    language: str
    kind: str
    messages: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Figures:
    """What came of a set."""

    counts: list[Count]

    @property
    def recall(self) -> float:
        """The share of messages to act on that were acted on."""
        return _share([one for one in self.counts if one.kind != HARMLESS])

    @property
    def false_alarms(self) -> float:
        """The share of harmless messages that were acted on."""
        return 1 - _share([one for one in self.counts if one.kind == HARMLESS])


def figures_of(path: Path) -> Figures:
    """Count a set of messages.

    Args:
        path: a TOML file with a table per language: lists of messages by kind, `harmless` among them.
    """
    return Figures([_count(*one) for one in _lists(path)])


def kinds_in(text: str) -> frozenset[str]:
    """Return all that the guardrails find in a customer's message."""
    heard = hear_message(text)
    found = [*heard.guarded.hidden, *(["abuse"] if heard.conduct.abuse else [])]
    return frozenset([*found, *(["orders"] if heard.conduct.orders else [])])


def _lists(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    for language, kinds in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for kind, messages in kinds.items():
            yield language, kind, messages


def _count(language: str, kind: str, messages: list[str]) -> Count:
    count = Count(language, kind, len(messages))
    for message in messages:
        found = kinds_in(message)
        if (kind in found) if kind != HARMLESS else not found:
            count.right += 1
        else:
            count.wrong.append(f"{message}  [{', '.join(sorted(found)) or 'nothing'}]")
    return count


def _share(counts: list[Count]) -> float:
    return sum(one.right for one in counts) / max(1, sum(one.messages for one in counts))
