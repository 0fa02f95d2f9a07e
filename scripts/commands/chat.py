"""`shopdesk chat`: the running shop's desk in a terminal or a pipe."""

import asyncio
from typing import Annotated

import typer

from storage.settings import load_settings
from storage.words.languages import LanguageCode


def run(
    email: Annotated[str | None, typer.Option(help="Account to chat as, by email (default: a visitor).")] = None,
    language: Annotated[LanguageCode | None, typer.Option(help="Language of the program's own messages.")] = None,
    trace: Annotated[bool, typer.Option("--trace", help="Show each step of the team, as the page does.")] = False,
) -> None:
    """Chat with the shop that `shopdesk up` runs: streamed answers, pictures by path, confirmations.

    Answer a question before a change with y or n; Enter alone does not count. Ctrl-C stops the team. In a pipe each
    line is one message; answers go to standard output, the trace to standard error, and the exit code is 1 if the team
    could not answer.

    Examples: `shopdesk chat --email olivia.brown@example.com`, `shopdesk chat --language ko --trace`,
    `echo 'How long do refunds take?' | shopdesk chat`.
    """
    # The shop's API and the terminal UI are slow to import, and no other subcommand needs them.
    from scripts.chat.talk import talk

    raise typer.Exit(asyncio.run(talk(load_settings(), email, language, trace=trace)))
