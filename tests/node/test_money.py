"""The page and the tools write an amount in the same way, whatever the currency and the language."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from babel.numbers import list_currencies

from storage.cards.building import SHARED
from storage.shop.money import DIGITS, money
from team.grounding.figures import CODES

PROGRAM = Path(__file__).with_name("money.mjs")
NO_NODE = shutil.which("node") is None and not os.environ.get("SHOPDESK_REQUIRE_NODE")
IN_USE = sorted({*CODES.split("|"), *DIGITS, "XCD"})

pytestmark = pytest.mark.skipif(NO_NODE, reason="Node is not installed, so the page's scripts cannot run")


def test_the_page_shows_an_amount_as_the_tools_write_it(tmp_path: Path) -> None:
    for path in SHARED.glob("*.js"):
        shutil.copy(path, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    amounts = [
        (amount, currency, language)
        for currency in IN_USE
        for language in ("en", "ko")
        for amount in (0, 5, -7, 5420, 41_200, 1_234_567_890, 2**53 - 1)
    ]

    command = ["node", str(PROGRAM), str(tmp_path), json.dumps(amounts)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)

    assert set(IN_USE) <= list_currencies()
    assert json.loads(done.stdout) == [money(*each) for each in amounts]
