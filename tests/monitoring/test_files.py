"""The files that Prometheus and Grafana are given: whole, consistent with each other and with the shop."""

import json
import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml  # type: ignore[import-untyped]  # its types are not installed, and a few documents are read

from scripts.cli import COMMANDS
from storage.settings import REPOSITORY, Settings
from tests.monitoring.documented import MONITORING, labels_of_samples
from tests.monitoring.lively import PAGE, TOOLS
from tests.monitoring.queries import DASHBOARDS, Query, of_rules, panels, rules

OPERATIONS = (REPOSITORY / "docs" / "operations.md").read_text()
BOARDS = [json.loads(path.read_text()) for path in DASHBOARDS]
PROVISIONING = MONITORING / "grafana" / "provisioning"
WAY_OUT = re.compile(r"\b(run|start|see|make|answer|block|says why|has each)\b", re.IGNORECASE)
IN_SUMMARY = re.compile(r"\$labels\.(\w+)")


def read(path: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((MONITORING / path).read_text())
    return found


def test_prometheus_reads_both_processes_at_their_usual_ports_and_the_rules(settings: Settings) -> None:
    config = read("prometheus.yml")

    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in config["scrape_configs"]}
    assert targets == {PAGE: [f"127.0.0.1:{settings.ui_port}"], TOOLS: [f"127.0.0.1:{settings.mcp_port}"]}
    assert config["rule_files"] == ["alerts.yml"]
    assert all(f"job_name: {job}" in OPERATIONS for job in targets)


def test_grafana_finds_the_data_source_and_the_dashboards_where_the_page_puts_them() -> None:
    [source] = read("grafana/provisioning/datasources/prometheus.yaml")["datasources"]
    [provider] = read("grafana/provisioning/dashboards/shopdesk.yaml")["providers"]

    assert (source["type"], source["isDefault"], source["url"]) == ("prometheus", True, "http://127.0.0.1:9090")
    assert f"grafana/dashboards:{provider['options']['path']}" in OPERATIONS
    assert urlsplit(source["url"]).netloc in OPERATIONS


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board["uid"])
def test_a_dashboard_takes_any_prometheus_and_its_panels_stand_beside_each_other(board: dict[str, Any]) -> None:
    [variable] = board["templating"]["list"]
    shown = [panel for panel in board["panels"] if panel["type"] != "row"]
    covered = Counter(
        (x, y)
        for panel in board["panels"]
        for place in [panel["gridPos"]]
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    )

    assert (variable["type"], variable["query"]) == ("datasource", "prometheus")
    sources = [part["datasource"] for panel in shown for part in [panel, *panel["targets"]]]
    assert {json.dumps(source) for source in sources} == {'{"type": "prometheus", "uid": "${datasource}"}'}
    assert max(covered.values()) == 1
    assert max(x for x, _ in covered) < 24
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    assert [panel["title"] for panel in shown if not panel["description"].endswith(".")] == []


def test_the_three_dashboards_are_told_apart() -> None:
    assert [(board["uid"], board["title"]) for board in BOARDS] == [
        ("shopdesk-models", "Shopdesk: models"),
        ("shopdesk-shop", "Shopdesk: the shop"),
        ("shopdesk-tools", "Shopdesk: tools"),
    ]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_says_how_urgent_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    summary = rule["annotations"]["summary"]

    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert summary.endswith(".")
    assert WAY_OUT.search(summary), summary
    assert [name for name in re.findall(r"shopdesk ([a-z]+)", summary) if name not in COMMANDS] == []
    assert [
        name for name in re.findall(r"\b[A-Z]+_[A-Z_]+\b", summary) if name.lower() not in Settings.model_fields
    ] == []
    assert set(re.findall(r'panel "([^"]+)"', summary)) <= {panel["title"] for _, panel in panels()}


@pytest.mark.parametrize("query", of_rules(), ids=str)
def test_an_alert_names_only_labels_that_its_query_keeps(query: Query) -> None:
    [rule] = [rule for rule in rules() if rule["alert"] == query.where]
    kept = query.shown() or frozenset().union(*(labels_of_samples()[one.name] for one in query.selectors()))

    assert set(IN_SUMMARY.findall(rule["annotations"]["summary"])) <= kept


def test_every_alert_is_played_once() -> None:
    played = (MONITORING / "alerts_test.yml").read_text()

    assert [rule["alert"] for rule in rules() if rule["alert"] not in played] == []
    assert len({rule["alert"] for rule in rules()}) == len(rules())
