"""Another language is another file in each catalogue, and nothing else: it is said everywhere from then on."""

import json
import re
import subprocess
import sys
from pathlib import Path

from storage.settings import REPOSITORY
from tests.catalogues import catalogue_folders
from tests.checkout import check_out

LANGUAGE = """
name = "French"
own_name = "Français"
letters = "A-Za-zÀ-ÿ"
shown_by = "[A-Za-zÀ-ÿ]{2,}"
least = 0.3
"""
FRENCH = {
    "send": "Envoyer",
    "reason_late": "pas de réponse à temps",
    "stopped": "C'est arrêté.",
    "confirm": "Confirmer ?",
    "bye": "La conversation est gardée.",
    "move_ask": "Changer votre adresse : { $address }.",
}
ASKED = """
import json
from pydantic import TypeAdapter
from mcp_servers.orders.plans import CustomerMove
from mcp_servers.runtime.languages import Language
from mcp_servers.runtime.tools.confirming.answers import yes_in
from scripts.chat.words import Words, language_of_terminal
from storage.reasons import Code, Reason
from storage.shop.customers import Customer
from team.words.language import LANGUAGES, language_of, say
from ui.words.page import words_in

page, late = json.loads(words_in("fr").body), Reason(Code.LATE)
print(json.dumps({
    "switch": page["languages"],
    "page": [page["messages"]["send"], page["messages"]["reason_late"]],
    "question": CustomerMove(Customer(id="olivia"), {"address1": "1 rue A", "address2": "", "city": "", "state": "",
        "zip": "", "country": ""}).question("fr"),
    "form": yes_in("fr").model_json_schema()["properties"]["confirm"]["description"],
    "desk": say("stopped", "fr"),
    "terminal": [language_of_terminal(), Words("fr")("bye"), Words("fr").of_reason(late.as_fields("error"), "error")],
    "argument": TypeAdapter(Language).json_schema()["anyOf"][0]["enum"],
    "prompt": LANGUAGES["fr"],
    "told": [language_of("Bonjour", "fr"), language_of("Hello", "en"), language_of("안녕", "fr")],
}))
"""


def test_a_third_language_is_said_on_the_page_in_the_terminal_in_questions_and_in_reasons(tmp_path: Path) -> None:
    shop = check_out(tmp_path)
    (shop / "storage" / "words" / "fr.toml").write_text(LANGUAGE)
    for folder in catalogue_folders():
        english = (folder / "en.ftl").read_text()
        french = re.sub(r"^(\w+) = .*$", lambda line: _translated(line[1], line[0]), english, flags=re.MULTILINE)
        (shop / folder.relative_to(REPOSITORY) / "fr.ftl").write_text(french)

    ended = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=shop,
        env={"LC_ALL": "fr_FR.UTF-8", "PYTHONPATH": str(shop)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == {
        "switch": {"en": "English", "fr": "Français", "ko": "한국어"},
        "page": ["Envoyer", "pas de réponse à temps"],
        "question": "Changer votre adresse : 1 rue A.",
        "form": "Confirmer ?",
        "desk": "C'est arrêté.",
        "terminal": ["fr", "La conversation est gardée.", "pas de réponse à temps"],
        "argument": ["en", "fr", "ko"],
        "prompt": "French",
        "told": ["fr", "en", "ko"],
    }


def _translated(message: str, line: str) -> str:
    return f"{message} = {FRENCH[message]}" if message in FRENCH else line
