"""Messages and who should answer them, asked as the team's router asks."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from team.roster import load_roster
from team.router import INSTRUCTIONS
from team.standin.language import Language
from team.standin.mind import answer
from team.standin.wire import ChatRequest


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
    """The messages of a file beside this one, in one language, and those of its `_turns` file if it has one."""
    alone = _read(name)
    turns = _read(f"{name}_turns")["turn"] if _file(f"{name}_turns").exists() else []
    plain = [Said(text, language, specialist) for specialist, texts in alone.items() for text in texts[language]]
    return plain + [
        Said(turn[language], language, turn["specialist"], turn.get("image", False), tuple(turn.get("recent", ())))
        for turn in turns
        if language in turn
    ]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(_file(name).read_text(encoding="utf-8"))


def _file(name: str) -> Path:
    return Path(__file__).with_name(f"{name}.toml")


def routed(said: Said) -> str:
    """Ask the stand-in as the router does, and return the specialist it chooses."""
    roster = load_roster()
    about = "\n".join(f"{one.name}: {one.description}" for one in roster.values())
    asked = [{"role": "system", "content": INSTRUCTIONS + about}, {"role": "user", "content": said.prompt}]
    body = {"model": "m", "messages": asked, "structured_outputs": {"choice": list(roster)}}
    return answer(ChatRequest.model_validate(body)).text
