"""`shopdesk ingest`: add policies to the handbook."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from knowledge.fetching.site import Fetching, fetch_site
from knowledge.questions.writing import Writing, write_questions
from knowledge.reading.bounded import BoundedReader
from knowledge.reading.documents import HANDBOOK
from knowledge.taking_in.files import roots_of
from knowledge.taking_in.ingest import ingest
from knowledge.taking_in.report import Progress as Watch
from knowledge.taking_in.report import Report
from scripts.files.shown import show_files
from storage.characters import cleaned
from storage.db import open_sessions
from storage.migrate import require_shop
from storage.settings import CannotStartError, Settings, load_settings

NAMES_SHOWN = 10
_LIKE_A_SITE = re.compile(
    r"(?:www\.|[\w-]{1,63}\.(?:com|net|org|shop|store|co\.\w\w|kr|example)(?:/|$))", re.IGNORECASE
)
STOPPED = 130
"""The exit code shells expect from a command interrupted by Ctrl-C."""


Rehearsing = Annotated[
    bool,
    typer.Option(
        "--rehearse",
        help="Try it on a copy: print which questions would be answered otherwise, and what contradicts itself; "
        "change nothing.",
    ),
]


class NothingNamedError(CannotStartError):
    """An option that needs files was given without any."""

    def __init__(self) -> None:
        super().__init__("--site and --only need files or folders: shopdesk ingest --site faq.html")


class NotThereError(CannotStartError):
    """A file or folder to be taken in does not exist; with --only, going on would remove all the others."""

    def __init__(self, path: str) -> None:
        way_out = f"If it is a site, write https://{path}." if _LIKE_A_SITE.match(path) else "Nothing was changed."
        super().__init__(f"There is no file or folder {path}. {way_out}")


@dataclass(frozen=True)
class Done:
    """What an ingest did, and what it fetched before; of a rehearsal, what it found, and whether nothing gets worse."""

    report: Report
    fetched: Sequence[Fetching]
    written: Writing
    rehearsed: Sequence[str] = ()
    safe: bool = True

    @property
    def well(self) -> bool:
        """Whether nothing was refused or lost, no question is left to write, and nothing gets worse."""
        report, refused = self.report, any(site.refused for site in self.fetched)
        return self.safe and not (report.refused or report.lost or self.written.trouble or refused)


@dataclass(frozen=True)
class Wish:
    """What is to be taken in, and how; `rehearse`: only on a copy."""

    paths: Sequence[str]
    site: bool
    only: bool
    rehearse: bool


@dataclass
class Told:
    """The latest progress of an ingest."""

    done: str = "0 files"


def run(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files (.md, .html, .txt, .pdf), folders, and addresses of pages or sitemaps (default: the built-in "
            "handbook).",
            show_default=False,
        ),
    ] = None,
    site: Annotated[
        bool, typer.Option("--site", help="The files are saved FAQ pages (questions with answers).")
    ] = False,
    only: Annotated[
        bool, typer.Option("--only", help="Remove everything that is not in PATHS, including the built-in handbook.")
    ] = False,
    rehearse: Rehearsing = False,
    show: Annotated[
        bool, typer.Option("--show", help="Print what each file becomes, and what is left out of it; change nothing.")
    ] = False,
) -> None:
    """Add policies to the handbook. Only changes are indexed, and policies gone from a folder are removed.

    The exit code is 1 if a file, or text that its reader sees, was left out; with --rehearse also if a question loses
    its answer or two rules contradict each other.

    An address is fetched with the pages below it that it leads to, politely (robots.txt, a page a second, no other
    site), and kept in SHOPDESK_HOME; the next time only what changed is fetched.

    Examples: `shopdesk ingest`, `shopdesk ingest our-policies/ --only`, `shopdesk ingest --site faq.html faq.ko.html`,
    `shopdesk ingest our-policies/ --rehearse`, `shopdesk ingest --show returns.html`, `shopdesk ingest https://shop.example/help/`.
    """
    if (site or only) and not paths:
        raise NothingNamedError
    _require_there(paths or ())
    if show:
        raise typer.Exit(show_files([Path(path) for path in paths or [str(HANDBOOK)]], as_faq=site))
    console = Console(stderr=True)
    told = Told()
    try:
        wish = Wish(paths or [str(HANDBOOK)], site=site, only=only, rehearse=rehearse)
        done = asyncio.run(_ingest(load_settings(), wish, console, told))
    except KeyboardInterrupt as stopped:
        typer.echo(cleaned(f"Stopped after {told.done}. Nothing is visible yet; run the same command again to finish."))
        raise typer.Exit(STOPPED) from stopped
    _say(done)
    if not done.well:
        raise typer.Exit(1)


def _require_there(paths: Sequence[str]) -> None:
    for path in paths:
        if not (_is_address(path) or Path(path).expanduser().exists()):
            raise NotThereError(path)


def _say(done: Done) -> None:
    sites = [line for site in done.fetched for line in lines_of_site(site)]
    for line in [*sites, *lines_of_questions(done.written), *lines_of(done.report), *done.rehearsed]:
        typer.echo(cleaned(line))


async def _ingest(settings: Settings, wish: Wish, console: Console, told: Told) -> Done:
    await require_shop(settings.database)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task("files", total=None)

    def show(things: str, done: int, total: int | None) -> None:
        told.done = f"{done} {things}"
        # Not before: an early error stands alone.
        bar.start()
        bar.update(task, description=things, completed=done, total=total)

    try:
        fetched = [await fetch_site(path, settings.shopdesk_home, show) for path in wish.paths if _is_address(path)]
        roots = [Path(path) for path in wish.paths if not _is_address(path)] + [one.folder for one in fetched]
        async with open_sessions(settings.database) as sessions:
            if wish.rehearse:
                # The rules of the whole shop are slow to import.
                from scripts.handbook.rehearsing import is_safe, lines_of_rehearsal, rehearsal_of

                tried = await rehearsal_of(settings, sessions, roots, show, as_faq=wish.site, only=wish.only)
                return Done(tried.report, fetched, Writing(), list(lines_of_rehearsal(tried)), is_safe(tried))
            written = Writing() if roots == [HANDBOOK] else await _written(settings, roots, show, site=wish.site)
            report = await ingest(settings, sessions, roots, show, as_faq=wish.site, only=wish.only)
            return Done(report, fetched, written)
    finally:
        if bar.live.is_started:
            bar.stop()


async def _written(settings: Settings, roots: list[Path], show: Watch, *, site: bool) -> Writing:
    with BoundedReader() as reader:
        return await write_questions(settings, roots_of(roots), reader.read, show, as_faq=site)


def lines_of_questions(written: Writing) -> list[str]:
    """Return what became of the questions about the policies as lines to print."""
    lines = [f"note: {written.trouble}"] if written.trouble else []
    if written.sections:
        dropped = ", ".join(f"{count} {why}" for why, count in sorted(written.dropped.items()))
        files = ", ".join(sorted(str(file.path) for file in written.changed))
        told = f"questions: {written.kept} for {written.sections} sections by {written.model}"
        lines.append(f"{told}{f' ({dropped} dropped)' if dropped else ''}; read and change them in {files}")
    if written.in_vain:
        lines.append(f"note: replies without a question in the form asked for: {written.in_vain}")
    if written.without and written.model:
        lines.append(f"note: sections that have no questions yet: {written.without}; run the same command again")
    elif written.without:
        lines.append(
            f"note: sections without questions that customers ask: {written.without}; search finds them less often. "
            "Give a model the role handbook to have them written (docs/handbook.md)"
        )
    return lines


def _is_address(path: str) -> bool:
    return "://" in path


def lines_of_site(fetched: Fetching) -> list[str]:
    """Return what was fetched from a site as lines to print."""
    counts = f"{fetched.new} new, {fetched.changed} changed, {fetched.same} as they were, {fetched.gone} gone"
    return [*(f"not fetched: {reason}" for reason in fetched.refused), f"pages: {counts}; kept in {fetched.folder}"]


def lines_of(report: Report) -> list[str]:
    """Return the report as lines to print."""
    counts = (
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{report.unchanged} unchanged, {len(report.refused)} refused; {report.indexed} passages indexed"
    )
    named = (("added", report.added), ("changed", report.changed), ("removed", report.removed))
    lines = [f"{what}: {_listed(keys)}" for what, keys in named if keys]
    lines += [report.mended] if report.mended else []
    lines += [f"left out of {line}" for line in report.left_out]
    lines += [f"note: {line}" for line in report.notes]
    return [*lines, *(f"refused: {reason}" for reason in report.refused), counts]


def _listed(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - NAMES_SHOWN} more" if len(keys) > NAMES_SHOWN else ""
    return ", ".join(keys[:NAMES_SHOWN]) + more
