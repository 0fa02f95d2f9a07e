"""The queries of the dashboards and of the alert rules, and what each asks for."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import promql_parser
import yaml  # type: ignore[import-untyped]  # its types are not installed, and two documents are read
from promql_parser import AggregateExpr, BinaryExpr, Expr, MatrixSelector, VectorSelector

from tests.monitoring.documented import MONITORING
from tests.monitoring.lively import Told

DASHBOARDS = sorted((MONITORING / "grafana" / "dashboards").glob("*.json"))
INTERVAL = "$__rate_interval"
SIGNS = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}
IN_LEGEND = re.compile(r"{{(\w+)}}")


@dataclass(frozen=True)
class Selector:
    """One place in a query where samples are chosen."""

    name: str
    matchers: tuple[tuple[str, str, str], ...]

    def selects(self, sample: Told) -> bool:
        """Whether it is one of those chosen."""
        return sample.name == self.name and all(self._matches(sample, *matcher) for matcher in self.matchers)

    @staticmethod
    def _matches(sample: Told, label: str, op: str, value: str) -> bool:
        found = sample.labels.get(label, "")
        equal = re.fullmatch(value, found) is not None if "~" in op else found == value
        return equal is not op.startswith("!")

    @property
    def wanted(self) -> Iterator[tuple[str, str]]:
        """Each label with a value that it is compared to."""
        for label, op, value in self.matchers:
            yield from ((label, one) for one in (value.strip("()").split("|") if "~" in op else [value]))


@dataclass(frozen=True)
class Query:
    """One query, and where it stands."""

    where: str
    text: str
    legend: str = ""

    def __str__(self) -> str:
        return self.where

    @cached_property
    def parsed(self) -> Expr:
        """The query as Prometheus would read it."""
        return promql_parser.parse(self.text.replace(INTERVAL, "1m"))

    @property
    def may_be_empty(self) -> bool:
        """Whether it shows something else, a zero, where nothing has happened yet."""
        return " or " in self.text

    def selectors(self) -> list[Selector]:
        """Everywhere it chooses samples."""
        return [_selector(found) for found in _inside(self.parsed) if isinstance(found, VectorSelector)]

    def groupings(self) -> list[tuple[frozenset[str], list[Selector]]]:
        """The labels that samples are grouped or paired by, each with the selectors of these samples."""
        return [
            (frozenset(labels), [_selector(one) for one in _inside(part) if isinstance(one, VectorSelector)])
            for part, labels in self._grouped()
        ]

    def shown(self) -> frozenset[str]:
        """The labels that its results keep, where it groups them."""
        grouped = [labels for part, labels in self._grouped() if isinstance(part, AggregateExpr)]
        return frozenset().union(*grouped)

    def _grouped(self) -> Iterator[tuple[Expr, list[str]]]:
        for part in _inside(self.parsed):
            if isinstance(part, AggregateExpr) and part.modifier is not None:
                yield part, part.modifier.labels
            if isinstance(part, BinaryExpr) and part.modifier is not None and part.modifier.matching is not None:
                yield part, part.modifier.matching.labels


def panels() -> list[tuple[str, dict[str, Any]]]:
    """Every panel that shows something, with the name of its dashboard."""
    boards = [(path.stem, json.loads(path.read_text())) for path in DASHBOARDS]
    return [(name, panel) for name, board in boards for panel in board["panels"] if panel["type"] != "row"]


def of_panels() -> list[Query]:
    """The queries of the dashboards."""
    return [
        Query(f"{name}: {panel['title']} {target['refId']}", target["expr"], target["legendFormat"])
        for name, panel in panels()
        for target in panel["targets"]
    ]


def rules() -> list[dict[str, Any]]:
    """The alert rules."""
    read = yaml.safe_load((MONITORING / "alerts.yml").read_text())
    return [rule for group in read["groups"] for rule in group["rules"]]


def of_rules() -> list[Query]:
    """The queries of the alert rules."""
    return [Query(rule["alert"], rule["expr"]) for rule in rules()]


def _inside(expression: Expr) -> list[Expr]:
    found: list[Expr] = []

    def visit(part: Expr) -> None:
        found.append(part.vector_selector if isinstance(part, MatrixSelector) else part)

    promql_parser.walk(expression, visit)
    return found


def _selector(found: VectorSelector) -> Selector:
    return Selector(
        found.name or "", tuple((one.name, SIGNS[str(one.op)], one.value) for one in found.matchers.matchers)
    )
