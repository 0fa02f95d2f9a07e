"""User input in `shopdesk chat`: a line from a terminal or a file, and the pictures it names."""

import re
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from scripts.chat.words import WORDS

Reader = Callable[[str], Awaitable[str | None]]
"""Prompts for the next line; returns None at the end of the input."""

PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif"}
# Dropping a file on a terminal inserts its path in quotes, or with a backslash before each space.
WORD = re.compile(r"""'[^']+'|"[^"]+"|(?:\\.|\S)+""")


def reader() -> Reader:
    """Return a reader for the terminal, or for redirected input."""
    return _terminal() if sys.stdin.isatty() and sys.stdout.isatty() else _piped()


def _terminal() -> Reader:
    # Only an interactive terminal needs it, and it is slow to import.
    from prompt_toolkit import PromptSession
    from prompt_toolkit.patch_stdout import patch_stdout

    session: PromptSession[str] = PromptSession()

    async def ask(prompt: str) -> str | None:
        try:
            # Messages from staff that arrive meanwhile are shown above the line being typed.
            with patch_stdout(raw=True):
                return await session.prompt_async(f"{prompt}: ")
        except (EOFError, KeyboardInterrupt):
            return None

    return ask


def _piped() -> Reader:
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")

    async def ask(_: str) -> str | None:
        # There is nothing else to do until there is a line, and Ctrl-C has to interrupt the wait.
        before = signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            return sys.stdin.readline() or None
        finally:
            signal.signal(signal.SIGINT, before)

    return ask


def yes_or_no(line: str) -> bool | None:
    """Return what a line answers to an open question; None if it is not one of the answer keys.

    The keys are y and n, in any language's keyboard layout. Whole words are sent to the shop as a message and read
    there.
    """
    key = line.strip().lower()
    yes, no = ({WORDS.say(message, language) for language in WORDS.languages} for message in ("yes_key", "no_key"))
    return True if key in yes else False if key in no else None


def without_pictures(line: str) -> tuple[str, list[Path]]:
    """Return a message without the paths of existing pictures, and those paths."""
    found = []
    for word in WORD.findall(line):
        path = path_of(word)
        if path.suffix.lower() in PICTURES and path.is_file():
            found.append(path)
            line = line.replace(word, " ")
    return " ".join(line.split()) if found else line.strip(), found


def path_of(word: str) -> Path:
    """Return the path that a word stands for, as a shell would read it."""
    bare = word[1:-1] if word[:1] in "'\"" and word[-1:] == word[:1] else re.sub(r"\\(.)", r"\1", word)
    return Path(bare).expanduser()
