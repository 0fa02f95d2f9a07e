"""The page shows what a model marks up as it means it, as elements and text: never as markup of the model's own."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from storage.cards.building import SHARED
from ui.app import STATIC

PROGRAM = Path(__file__).with_name("markdown.mjs")
NO_NODE = shutil.which("node") is None and not os.environ.get("SHOPDESK_REQUIRE_NODE")

pytestmark = pytest.mark.skipif(NO_NODE, reason="Node is not installed, so the page's scripts cannot run")


def shown(folder: Path, text: str) -> tuple[list[Any], str]:
    """The elements of a text, each a list of its tag and what it holds, and its words alone."""
    for path in (*STATIC.glob("*.js"), *SHARED.glob("*.js")):
        shutil.copy(path, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    command = ["node", str(PROGRAM), str(folder), json.dumps([text])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    [(elements, plain)] = json.loads(done.stdout)
    return elements, plain


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("Your order is pending.", [["p", "Your order is pending."]]),
        (
            "**Order** is *pending*, `#W1`.",
            [["p", ["strong", "Order"], " is ", ["em", "pending"], ", ", ["code", "#W1"], "."]],
        ),
        ("One:\n- a\n- **b**", [["p", "One:"], ["ul", ["li", "a"], ["li", ["strong", "b"]]]]),
        ("1. a\n2. b", [["ol", ["li", "a"], ["li", "b"]]]),
        (
            "| Item | Qty |\n|---|---:|\n| Umbrella | 1 |",
            [
                [
                    "table",
                    ["thead", ["tr", ["th", "Item"], ["th", "Qty"]]],
                    ["tbody", ["tr", ["td", "Umbrella"], ["td", "1"]]],
                ]
            ],
        ),
        ("Numbers:\n```\n123\n456\n```", [["p", "Numbers:"], ["pre", ["code", "123\n456"]]]),
        ("## Where\nHere.", [["p", ["strong", "Where"]], ["p", "Here."]]),
        ("See [Refunds](x).", [["p", "See ", ["a", "-> /api/policies/refunds", "Refunds"], "."]]),
        ("[Track it](https://example.com/t)", [["p", ["span", "Track it"]]]),
        ("[Track](javascript:alert(1))", [["p", "[Track](javascript:alert(1))"]]),
        ("<b>bold</b><img src=x onerror=alert(1)>", [["p", "<b>bold</b><img src=x onerror=alert(1)>"]]),
        ("2 * 3 * 4 is snake_case_name", [["p", "2 * 3 * 4 is snake_case_name"]]),
        ("a line\nand one", [["p", "a line\nand one"]]),
        ("**not closed", [["p", "**not closed"]]),
        ("| no table |", [["p", "| no table |"]]),
    ],
)
def test_a_mark_is_shown_as_what_it_means(tmp_path: Path, text: str, elements: list[Any]) -> None:
    assert shown(tmp_path, text)[0] == elements


def test_the_words_alone_are_read_out(tmp_path: Path) -> None:
    assert shown(tmp_path, "**Order**\n\n- [Track it](https://x.example)")[1] == "Order\nTrack it"
