"""`shopdesk eval`: play scripted conversations with the models this shop uses, and report which ones passed."""

import asyncio
import json
import logging
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storage.characters import cleaned
from storage.settings import REPOSITORY, Settings, load_settings

if TYPE_CHECKING:
    from scripts.evaluation.script import Script

SCRIPTS = REPOSITORY / "tests" / "team" / "conversations"


@dataclass(frozen=True)
class Outcome:
    """How one conversation went."""

    conversation: str
    passed: bool
    seconds: float
    problems: list[str]


def run(
    path: Annotated[Path, typer.Argument(help="A conversation's .yaml file, or a folder of them.")] = SCRIPTS,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per line instead of a table.")] = False,
) -> None:
    """Play scripted conversations with this shop's models, each in its own demo shop; the exit code is 1 if any fails.

    A conversation states what is asked, which tools must be called, which rows must change, and what must not happen.
    The running shop is not touched; its models.toml and MODEL1_BASE_URL decide which models answer.

    Examples: `shopdesk eval`, `shopdesk eval tests/team/conversations/ko`, `shopdesk eval my_case.yaml --json`.
    """
    # A library used by the indexes enables every logger; only the result lines should be printed.
    logging.disable(logging.INFO)
    outcomes = asyncio.run(_play_all(path, as_json=as_json))
    passed = sum(outcome.passed for outcome in outcomes)
    if not as_json:
        print(f"{passed} of {len(outcomes)} conversations passed.")
    raise typer.Exit(0 if passed == len(outcomes) else 1)


async def _play_all(path: Path, *, as_json: bool) -> list[Outcome]:
    # The shop's parts are slow to import, and no other subcommand needs them.
    from scripts.evaluation.script import find_scripts, load_script
    from scripts.evaluation.temporary_shop import make_shop

    found = [(one, load_script(one)) for one in find_scripts(path)]
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="shopdesk-eval-") as folder:
        home = Path(folder) / "shop"
        home.mkdir()
        made = await make_shop(load_settings(), home)
        for number, (file, script) in enumerate(found):
            started = time.monotonic()
            problems = await _play(made, Path(folder) / str(number), file, script)
            outcome = Outcome(_name(file), not problems, round(time.monotonic() - started, 1), problems)
            outcomes.append(outcome)
            line = json.dumps(asdict(outcome), ensure_ascii=False) if as_json else _row(outcome)
            # The problems quote the model, so control characters are removed.
            print(cleaned(line), flush=True)
    return outcomes


async def _play(made: Settings, home: Path, file: Path, script: "Script") -> list[str]:
    from scripts.evaluation.play import play
    from scripts.evaluation.temporary_shop import open_copy

    async with open_copy(made, home) as (desk, sessions):
        try:
            return await play(desk, sessions, script, _pictures(file))
        except (LookupError, TimeoutError, OSError) as error:
            return [f"it could not be played to the end: {error or type(error).__name__}"]


def _pictures(file: Path) -> Path:
    """The folder with a conversation's pictures: next to it, or next to its folder."""
    beside = file.parent / "pictures"
    return beside if beside.is_dir() else file.parent.parent / "pictures"


def _name(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def _row(outcome: Outcome) -> str:
    head = f"{'passed' if outcome.passed else 'FAILED'}  {outcome.seconds:5.1f} s  {outcome.conversation}"
    return "\n".join([head, *(f"        {problem}" for problem in outcome.problems)])
