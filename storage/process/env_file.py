"""What a `.env` file says."""

from collections.abc import Mapping
from io import StringIO

from dotenv.parser import Binding, parse_stream

from storage.characters import decoded


class NotALineError(ValueError):
    """A line is not NAME=value."""

    def __init__(self, line: int) -> None:
        # Not the line itself: it may be a key or a password.
        super().__init__(f"line {line} is not NAME=value")


def pairs_in(content: bytes) -> Mapping[str, str]:
    """Return the values in a file by their names; of a name that is there twice, the first.

    Raises:
        UnicodeDecodeError: it is no text.
        NotALineError: a line of it cannot be read.
    """
    found: dict[str, str] = {}
    for line in parse_stream(StringIO(decoded(content))):
        said = line.original.string.strip()
        if line.error or (line.key is not None and line.value is None):
            raise NotALineError(_line_of(line))
        if line.key is not None and line.value is not None and said:
            found.setdefault(line.key, line.value)
    return found


def _line_of(binding: Binding) -> int:
    # What is read as one may begin with the empty lines and the comments before it.
    before = binding.original.string
    return binding.original.line + before[: len(before) - len(before.lstrip())].count("\n")
