"""Tells a query in plain words, so that a person sees what its figures count without reading SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from storage.words.catalogue import Catalogue, Fact
from team.services.insights.parts import Condition, Figure
from team.services.insights.plain import FINEST, Plain

WORDS = Catalogue(Path(__file__).parent)


def told(plain: Plain, language: str) -> str:
    """Return what a query computes, of what, and under which conditions."""
    return _Telling(language, knows_columns=plain.tables <= set(FINEST)).told(plain)


@dataclass(frozen=True)
class _Telling:
    """Columns of the shop's tables are called by their words in a language, those of a CSV by their own names."""

    language: str
    knows_columns: bool

    def told(self, plain: Plain) -> str:
        parts = [self._list(self._figure(one) for one in plain.figures)]
        if plain.conditions:
            parts.append(self._say("counted_where", conditions=self._conditions(plain.conditions)))
        if plain.groups:
            parts.append(self._say("counted_groups", columns=self._list(map(self._column, plain.groups))))
        if plain.by is not None:
            order = "counted_descending" if plain.is_descending else "counted_ascending"
            parts.append(self._say(order, by=self._figure(plain.by)))
        if plain.first is not None:
            parts.append(self._say("counted_first", count=plain.first))
        return "; ".join(parts)

    def _say(self, name: str, **facts: Fact) -> str:
        return WORDS.say(name, self.language, **facts)

    def _figure(self, one: Figure) -> str:
        is_table = one.kind in {"count", "share", "percent"}
        name = self._say(f"table_{one.of}") if is_table else self._column(one.of)
        figure = name if one.kind == "shown" else self._say(f"figure_{one.kind}", of=name)
        if not one.where:
            return figure
        return self._say("figure_where", figure=figure, conditions=self._conditions(one.where))

    def _conditions(self, conditions: Iterable[Condition]) -> str:
        return self._list(map(self._condition, conditions))

    def _condition(self, one: Condition) -> str:
        values = self._list(f"“{value}”" if one.is_text else value for value in one.values)
        how = "EQ" if one.how == "LIKE" else one.how
        return self._say(f"condition_{how}", column=self._column(one.column), values=values)

    def _column(self, name: str) -> str:
        known = f"column_{name}"
        return self._say(known) if self.knows_columns and known in WORDS else name

    def _list(self, words: Iterable[str]) -> str:
        return self._say("comma").join(words)
