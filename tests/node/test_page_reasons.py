"""The debug panel words a step's reason from its code and its facts alone."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from storage.cards.building import SHARED
from storage.reasons import Code, Reason
from ui.app import STATIC
from ui.words.page import words_in

ROWS = Path(__file__).with_name("rows.mjs")
NO_NODE = shutil.which("node") is None and not os.environ.get("SHOPDESK_REQUIRE_NODE")

pytestmark = pytest.mark.skipif(NO_NODE, reason="Node is not installed, so the page's scripts cannot run")

BOTH = Reason(Code.LEAKS, {"kinds": [Reason(Code.PROMPT), Reason(Code.MARKUP)]})
NAMES = Reason(Code.TOOL_NAMES, {"names": ["get_order", "list_orders"]})
GUARD = {"name": "answer", "verdict": "passed"}
ROUTER = {"choice": "TicketDesk", "by": "fallback", "candidates": [], "model": "", "ms": 1}
MODEL = {"role": "orders", "model": "", "slice": 2, "ms": 1}


def shown(folder: Path, language: str, *steps: tuple[str, dict[str, Any]]) -> list[list[str]]:
    """The reasons in the row of each step, as the page shows them."""
    for path in (*STATIC.glob("*.js"), *SHARED.glob("*.js")):
        shutil.copy(path, folder)
    (folder / "words.json").write_bytes(words_in(language).body)
    (folder / "package.json").write_text('{"type": "module"}')
    command = ["node", str(ROWS), str(folder), language, json.dumps(steps)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    rows: list[list[str]] = json.loads(done.stdout)
    return rows


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                ["no model answered: not for the customer: prompt, model markup"],
                ["status 429, again after 1.5 s"],
                ["prompt, tool names reworded: get_order, list_orders"],
                ["no model answered"],
            ],
        ),
        (
            "ko",
            [
                ["응답한 모델이 없음: 고객에게 보일 수 없음: 지시문, 모델 표기"],
                ["상태 코드 429, 1.5초 뒤 다시"],
                ["지시문, 도구 이름을 풀어 씀: get_order, list_orders"],
                ["응답한 모델이 없음"],
            ],
        ),
    ],
)
def test_a_reason_is_worded_in_the_language_of_the_page(
    tmp_path: Path, language: str, expected: list[list[str]]
) -> None:
    again = Reason(Code.STATUS_AGAIN, {"status": 429, "seconds": 1.5})
    several = Reason(Code.SEVERAL, {"reasons": [Reason(Code.PROMPT), NAMES]})
    ticket = {"ticket_id": "T1", "opened": True}

    rows = shown(
        tmp_path,
        language,
        ("router", {**ROUTER, **Reason(Code.NO_MODEL, {"why": BOTH}).as_fields("reason"), "reason": "-"}),
        ("model", {**MODEL, **again.as_fields("error"), "error": "-"}),
        ("guard", {**GUARD, **several.as_fields("reason"), "reason": "-"}),
        ("ticket", {**ticket, **Reason(Code.MODEL_DOWN).as_fields("reason"), "reason": "-"}),
    )

    assert rows == expected


def test_a_step_without_a_code_or_with_one_of_another_release_keeps_its_sentence(tmp_path: Path) -> None:
    other = {"reason_code": "of another release", "reason_facts": {}}

    rows = shown(
        tmp_path,
        "ko",
        ("guard", {**GUARD, "reason": "raw JSON"}),
        ("guard", {**GUARD, "reason": "raw JSON", **other}),
        ("guard", GUARD),
    )

    assert rows == [["raw JSON"], ["raw JSON"], []]
