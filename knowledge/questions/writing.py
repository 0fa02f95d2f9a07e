"""Having a model write the questions that a handbook lacks: only where a section's text changed, kept as it goes."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import anyio

from knowledge.indexes.batches import batched
from knowledge.questions.asking import writer_of
from knowledge.questions.checks import kept_of, letters, parsed
from knowledge.questions.kept import Questions, Section, file_for, read_questions, sections_of
from knowledge.reading.documents import DocumentRefusedError, Source, with_asked
from knowledge.reading.reader import Request
from knowledge.taking_in.files import find_files
from knowledge.taking_in.report import Progress
from storage.settings import Settings
from storage.words.languages import LANGUAGES

MOST_SECTIONS = 2_000
"""Most sections that one ingest has questions written for: a bound on what it may cost."""
AT_ONCE = 4
IN_VAIN = 8
"""A model whose first replies, as many as these, held no question in the form asked for is asked no more in a run."""
HOPELESS = (
    "Questions cannot be written: none of the first {count} replies of {model} held one in the form asked for. "
    "Give the role handbook a model that can write JSON."
)

ReadSource = Callable[[Request], Source]


@dataclass
class Writing:
    """What came of it: sections with new questions, questions kept, those dropped by reason, sections without any.

    `in_vain` counts the replies that held no question in the form asked for: their sections are asked about again.
    """

    model: str = ""
    sections: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    in_vain: int = 0
    without: int = 0
    changed: list[Questions] = field(default_factory=list)
    trouble: str = ""


async def write_questions(
    settings: Settings, roots: Sequence[Path], read: ReadSource, progress: Progress, *, as_faq: bool
) -> Writing:
    """Have the model of the role `handbook` write the questions that sections lack, and keep them beside the policies.

    Args:
        settings: the shop's.
        roots: files and folders.
        read: reads one of them.
        progress: called with the number of sections.
        as_faq: the files are saved FAQ pages.
    """
    lacking = await anyio.to_thread.run_sync(lambda: list(_lacking(roots, read, as_faq=as_faq)))
    done = Writing(without=len(lacking))
    writer = writer_of(settings)
    if writer is None or not lacking:
        return done
    done.model = writer.model.model
    known = _known(lacking)
    for some in batched(iter(lacking[:MOST_SECTIONS]), AT_ONCE):
        replies, trouble = await writer.write([section for _, section in some])
        for number, reply in sorted(replies.items()):
            _keep(reply, *some[number], known, done)
        for file in done.changed:
            file.write()
        done.trouble = str(trouble or "")
        progress("sections", done.sections + done.in_vain, min(len(lacking), MOST_SECTIONS))
        if not done.sections and done.in_vain >= IN_VAIN:
            done.trouble = HOPELESS.format(count=done.in_vain, model=done.model)
        if done.trouble:
            break
    done.without = len(lacking) - done.sections
    return done


def _keep(reply: str, file: Questions, section: Section, known: set[str], done: Writing) -> None:
    """Keep a reply's questions that may be kept. Without one in the form asked for, the section stays as it is."""
    written = parsed(reply)
    if not written:
        done.in_vain += 1
        return
    asked, dropped = kept_of(written, section, LANGUAGES, known)
    file.put(section, asked)
    if file not in done.changed:
        done.changed.append(file)
    done.dropped += dropped
    done.sections += 1
    done.kept += len(asked)


def _known(lacking: Sequence[tuple[Questions, Section]]) -> set[str]:
    """Return the letters of every question that stays: those of a section that is done again do not."""
    redone = {(section.key, section.name) for _, section in lacking}
    return {
        letters(question)
        for file in {id(file): file for file, _ in lacking}.values()
        for key, sections in file.told.items()
        for name, (_, asked) in sections.items()
        if (key, name) not in redone
        for question in asked
    }


def with_questions(read: ReadSource, roots: Sequence[Path]) -> ReadSource:
    """Return a reader whose documents have the questions that are kept beside them."""
    files = {path: read_questions(path) for path in {file_for(root) for root in roots}}

    def reading(request: Request) -> Source:
        source = read(request)
        file = next((files[path] for path in _above(request.path) if path in files), None)
        if file is None:
            return source
        asked = {section.name: file.of(section) or () for section in sections_of(source)}
        return with_asked(source, {name: questions for name, questions in asked.items() if questions})

    return reading


def _above(path: Path) -> Iterator[Path]:
    yield from (file_for(folder) for folder in path.parents)


def _lacking(roots: Sequence[Path], read: ReadSource, *, as_faq: bool) -> Iterator[tuple[Questions, Section]]:
    for root in roots:
        file = read_questions(file_for(root))
        for found in find_files([root]):
            if found.why_not:
                continue
            try:
                source = read(Request(found.path, found.place, as_faq))
            except DocumentRefusedError:
                # The ingest says so.
                continue
            for section in sections_of(source):
                if file.of(section) is None and section.name not in source.heading.asked:
                    yield file, section
