"""`shopdesk chat`: the running shop's desk in a terminal, or at the end of a pipe."""

import asyncio
from typing import Annotated

import typer

from storage.settings import load_settings
from storage.words.languages import LanguageCode


def run(
    email: Annotated[str | None, typer.Option(help="Chat as the account with this email; else as a visitor.")] = None,
    language: Annotated[LanguageCode | None, typer.Option(help="Language of the program's own words.")] = None,
    trace: Annotated[bool, typer.Option("--trace", help="Show each step of the team, as the page does.")] = False,
) -> None:
    """Chat with the shop that `shopdesk up` runs: the answer as it is written, pictures by path, confirmations.

    A question before a change is answered with y or n; Enter alone is no answer. Ctrl-C stops the team. From a pipe
    each line is a message; answers go to the output, the trace to the error output, and the exit code is 1 where the
    team could not answer.

    Examples: `shopdesk chat --email olivia.brown@example.com`, `shopdesk chat --language ko --trace`,
    `echo 'How long do refunds take?' | shopdesk chat`.
    """
    # The shop's API and the terminal are slow to import, and no other subcommand needs them.
    from scripts.chat.talk import talk

    raise typer.Exit(asyncio.run(talk(load_settings(), email, language, trace=trace)))
