"""Messages and who should answer them, asked as the team's router asks."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from team.crew.router import INSTRUCTIONS
from team.roster import load_roster
from team.standin.mind import answer
from team.standin.understanding.language import Language
from team.standin.wire import ChatRequest

SETS = tomllib.loads(Path(__file__).with_name("messages.toml").read_text(encoding="utf-8"))

NOW = {"ReturnsAgent": ("ReturnsAgent", "ChangesAgent")}
"""Who has the work of a label now, where it was shared out after the messages were labelled."""


@dataclass(frozen=True)
class Said:
    """A message, what stands around it, and the specialist it is for."""

    text: str
    language: str
    specialist: str
    image: bool = False
    recent: tuple[str, ...] = ()

    @property
    def prompt(self) -> str:
        """The part of the router's prompt that differs from message to message."""
        image = ["Image: yes"] if self.image else []
        recent = ["Recent: " + "\n".join(self.recent)] if self.recent else []
        return "\n".join([f"Language: {self.language}", *image, *recent, f"<message>{self.text}</message>"])


def messages(name: str, language: Language) -> list[Said]:
    """The messages of one set, in one language."""
    turns = SETS[name].get("turns", [])
    return [Said(text, language, specialist) for text, specialist in labelled(name, language)] + [
        Said(turn[language], language, turn["specialist"], turn.get("image", False), tuple(turn.get("recent", ())))
        for turn in turns
        if language in turn
    ]


def labelled(name: str, language: Language) -> list[tuple[str, str]]:
    """The texts of one set that stand alone, each with its label."""
    tables = {label: texts for label, texts in SETS[name].items() if label not in ("least", "turns")}
    return [(text, label) for label, texts in tables.items() for text in texts[language]]


def routed(said: Said) -> str:
    """Ask the stand-in as the router does, and return the specialist it chooses."""
    roster = load_roster()
    about = "\n".join(f"{one.name}: {one.description}" for one in roster.values())
    asked = [{"role": "system", "content": INSTRUCTIONS + about}, {"role": "user", "content": said.prompt}]
    body = {"model": "m", "messages": asked, "structured_outputs": {"choice": list(roster)}}
    return answer(ChatRequest.model_validate(body)).text


def is_for(label: str, found: str) -> bool:
    """Whether a specialist has the work that a message is labelled with."""
    return found in NOW.get(label, (label,))
