"""What the shop's code does whatever the handbook says, as sentences to hold the handbook against."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from knowledge.rehearsal.figures import Sentence
from mcp_servers.orders.plans import REFUND_BUSINESS_DAYS
from storage.pictures.pictures import MAX_BYTES
from storage.words.languages import LANGUAGES
from team.desk.identity import TRIES
from team.turn.confirmations import EXPIRES
from ui.conversations import MAX_IMAGES
from ui.logins.login import HOURS

PLACE = "the shop's code"


def kept_rules() -> Iterator[Sentence]:
    """Yield each rule in each language, with the constants that the code keeps."""
    figures = {
        "first": REFUND_BUSINESS_DAYS[0],
        "last": REFUND_BUSINESS_DAYS[1],
        "megabytes": MAX_BYTES // 1_000_000,
        "photos": MAX_IMAGES,
        "minutes": int(EXPIRES.total_seconds()) // 60,
        "hours": HOURS,
        "tries": TRIES,
    }
    told = tomllib.loads((Path(__file__).parent / "rules.toml").read_text(encoding="utf-8"))
    for rule in told.values():
        for language in LANGUAGES:
            text = rule[language].format(**figures)
            yield Sentence(PLACE, PLACE, language, "", text, frozenset(rule.get("unlimited", ())))
