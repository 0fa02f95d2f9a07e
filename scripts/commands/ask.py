"""`shopdesk ask`: a question of staff to several of the shop's models."""

import asyncio
from enum import StrEnum
from typing import Annotated

import typer

from storage.settings import load_settings


class Mode(StrEnum):
    """How the models work together."""

    SELECT = "select"
    SEQUENTIAL = "sequential"
    PARALLEL = "parallel"
    VOTE = "vote"
    VOTING = "voting"
    PIPELINE = "pipeline"
    DECOMPOSE = "decompose"


def run(
    question: Annotated[str, typer.Argument(help="What to ask.")],
    mode: Annotated[Mode, typer.Option(help="How the models work together.")] = Mode.SELECT,
    models: Annotated[str, typer.Option(help="Endpoints of models.toml, with commas (default: up to three).")] = "",
    options: Annotated[str, typer.Option(help="A vote's options, with commas (default: the question's own).")] = "",
    tools: Annotated[
        str | None, typer.Option(help="Tool servers to use, with commas; '' for none (default: all).")
    ] = None,
    email: Annotated[str | None, typer.Option(help="Staff account to ask as (default: the first).")] = None,
    deadline: Annotated[float, typer.Option(min=1, max=600, help="Longest time to take, in seconds.")] = 90,
    trace: Annotated[bool, typer.Option("--trace", help="Show each step as it happens.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole task as JSON.")] = False,
) -> None:
    """Ask several models of the shop that `shopdesk up` runs, as its staff.

    select: the first one answers.
    sequential: each reads the answers before its own.
    parallel: all answer, and one merges.
    vote: code counts which option they choose.
    pipeline: facts and rules are looked up, then a draft, then a check.
    decompose: the question is taken apart first.

    Changes are asked about. Ctrl-C cancels.
    The answer goes to standard output, the steps to standard error.
    The exit code is 1 if there is no answer.

    Examples:
    `shopdesk ask "Refund or replace a broken lamp?" --mode vote --models slice1,slice2`
    `shopdesk ask "How long do refunds take?" --mode sequential --trace`
    """
    # The shop's API is slow to import, and no other subcommand needs it.
    from scripts.chat.asking import Question, ask

    asked = Question(
        query=question,
        mode="vote" if mode is Mode.VOTING else mode.value,
        models=_listed(models),
        options=_listed(options),
        tools=None if tools is None else _listed(tools),
        deadline_s=deadline,
    )
    raise typer.Exit(asyncio.run(ask(load_settings(), asked, email, trace=trace, as_json=as_json)))


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]
