"""The files of a new server: where each goes and what it contains."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from storage.settings import REPOSITORY
from storage.words.languages import ENGLISH, LANGUAGES

TEMPLATES = Path(__file__).parent
SERVER = ("__init__.py", "__main__.py", "rules.py", "server.py")
TESTS = ("__init__.py", "matrix.py", "test_tools.py")
OWN_IMPORTS = re.compile(r"(?:^from mcp_servers\..*\n)+", re.MULTILINE)


@dataclass(frozen=True)
class Plan:
    """A new server: its name, and what customers call it in English and Korean."""

    name: str
    korean: str

    @property
    def plain(self) -> str:
        """The name as a word."""
        return self.name.replace("_", " ")

    @property
    def camel(self) -> str:
        """The name in CamelCase, for class names."""
        return "".join(word.capitalize() for word in self.name.split("_"))

    @property
    def specialist(self) -> str:
        """The name of its specialist."""
        return f"{self.camel}Desk"

    @property
    def folder(self) -> Path:
        """Where the server goes."""
        return REPOSITORY / "mcp_servers" / self.name

    @property
    def tests(self) -> Path:
        """Where its tests go."""
        return REPOSITORY / "tests" / "mcp_servers" / self.name

    @property
    def agent(self) -> Path:
        """Where its specialist goes."""
        return REPOSITORY / "team" / "agents" / f"{self.name}_desk.md"

    @property
    def places(self) -> Sequence[Path]:
        """Everything to create, in order; the server is discovered once its folder exists, so that comes last."""
        return (self.tests, self.agent, self.folder)

    @property
    def tools(self) -> Sequence[str]:
        """The names of its tools."""
        return (f"get_{self.name}", f"request_{self.name}")

    def contents(self) -> dict[Path, str]:
        """Return the content of each file."""
        return {
            **{self.folder / file: self._filled(f"server/{file}") for file in SERVER},
            self.folder / "cards" / f"{self.tools[0]}.html": self._filled("server/card.html"),
            **{self.folder / f"{language}.ftl": self._words(language) for language in LANGUAGES},
            **{self.tests / file: self._filled(f"tests/{file}") for file in TESTS},
            self.agent: self._filled("agent.md"),
        }

    def _words(self, language: str) -> str:
        """Return the messages in a language; if there is no template for it, the English ones, to be translated."""
        there = (TEMPLATES / "server" / f"{language}.ftl.txt").exists()
        return self._filled(f"server/{language if there else ENGLISH}.ftl")

    def _filled(self, template: str) -> str:
        text = (TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
        words = {"name": self.name, "plain": self.plain, "camel": self.camel, "korean": self.korean}
        filled = Template(text).substitute(words, title=self.plain.capitalize())
        # The sort order of the new server's imports depends on its name.
        return OWN_IMPORTS.sub(lambda block: "".join(sorted(block[0].splitlines(keepends=True))), filled)
