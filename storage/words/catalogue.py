"""A package's messages: a Fluent file for each language, `en.ftl` beside `ko.ftl`, and whatever lies beside them.

Another language is another file. Fluent is https://projectfluent.org: it knows the plural forms of every language.
"""

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from storage.words.languages import ENGLISH

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle
    from fluent.runtime.resolver import Pattern

Fact = str | int | float
LONGEST_FACT = 1_000
"""Characters of a text that Fluent is given. It refuses longer ones, as a guard against translations of strangers."""

PLACE = "\ue000{}\ue001"
"""Stands in a message for a longer text until that is put there."""


class CatalogueError(Exception):
    """A message cannot be said: it is none of the catalogue's, its file is broken, or a fact of it is missing."""


class Catalogue:
    """The messages in a folder's `.ftl` files, which are read when something is first said, or by `read`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> int:
        """Read the files now, so that nobody who is told something waits for it, and return how many there are."""
        return len(self._bundles)

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages there are files for."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.ftl")))

    def __contains__(self, message: object) -> bool:
        """Whether there is such a message."""
        return isinstance(message, str) and self._bundles[ENGLISH].has_message(message)

    def say(self, message: str, language: str, **facts: Fact) -> str:
        """Return a message with these facts in it; in English where the shop does not speak the language.

        Args:
            message: its id, or "id.attribute".
            language: a code, such as `ko`.
            facts: what its places name; a number is written as the language writes it, a text as it is.

        Raises:
            CatalogueError: there is no such message, or a fact is missing or does not fit.
        """
        bundle = self._bundles.get(language) or self._bundles[ENGLISH]
        long = {name: fact for name, fact in facts.items() if isinstance(fact, str) and len(fact) > LONGEST_FACT}
        given = facts | {name: PLACE.format(name) for name in long}
        said, errors = bundle.format_pattern(_pattern(bundle, message), given)
        if errors:
            raise CatalogueError(f"{message} of {self.folder.name} in {language}: {errors[0]}") from errors[0]
        text = str(said)
        for name, fact in long.items():
            text = text.replace(PLACE.format(name), str(fact))
        return text

    def text(self, message: str) -> Callable[[str], str]:
        """Return what says a message without facts in whatever language it is given."""
        return partial(self.say, message)

    @cached_property
    def _bundles(self) -> dict[str, "FluentBundle"]:
        return {language: _bundle(self.folder / f"{language}.ftl") for language in self.languages}


def _bundle(path: Path) -> "FluentBundle":
    # It reads the plural rules and numbers of every language, which a program that says nothing need not wait for.
    from fluent.runtime import FluentBundle, FluentResource
    from fluent.syntax.ast import Junk

    resource = FluentResource(path.read_text(encoding="utf-8"))
    broken = [entry for entry in resource.body if isinstance(entry, Junk)]
    if broken:
        raise CatalogueError(f"{path} cannot be read at: {(broken[0].content or '').strip()[:80]}")
    bundle = FluentBundle([path.stem], use_isolating=False)
    bundle.add_resource(resource)
    return bundle


def _pattern(bundle: "FluentBundle", message: str) -> "Pattern":
    name, _, attribute = message.partition(".")
    try:
        found = bundle.get_message(name)
        pattern = found.attributes[attribute] if attribute else found.value
    except LookupError as error:
        raise CatalogueError(f"There is no message {message}") from error
    if pattern is None:
        raise CatalogueError(f"{message} has attributes alone")
    return pattern
