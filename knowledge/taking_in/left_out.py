"""What was left out of a document, said in a few lines: nothing is lost silently, and nothing fills the screen."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from knowledge.reading.documents import Left
from knowledge.reading.formats.surroundings import SURROUNDS

LETTERS_SHOWN = 160
PARTS_SHOWN = 5


def lines_of(left: Sequence[Left], *, whole: bool = False) -> Iterator[str]:
    """Yield a line for each reason: the reason, and how what was left out begins.

    Args:
        left: what was left out.
        whole: show all of it.
    """
    for why, parts in groupby(sorted(left, key=lambda one: (not one.lost, one.why)), key=lambda one: one.why):
        texts = list(dict.fromkeys(one.text for one in parts))
        if why == SURROUNDS and not whole:
            yield f"{why} ({sum(map(len, texts))} letters)"
            continue
        shown = texts if whole else [_shortened(text) for text in texts[:PARTS_SHOWN]]
        more = f" and {len(texts) - len(shown)} more" if len(texts) > len(shown) else ""
        yield f"{why}: {', '.join(f'“{text}”' for text in shown)}{more}"


def _shortened(text: str) -> str:
    return text if len(text) <= LETTERS_SHOWN else f"{text[:LETTERS_SHOWN]}…"
