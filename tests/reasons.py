"""What the tests read in the words of a reason."""

from string import Formatter


def facts_of(words: str) -> set[str]:
    """The facts that these words name."""
    return {name for _, name, _, _ in Formatter().parse(words) if name}
