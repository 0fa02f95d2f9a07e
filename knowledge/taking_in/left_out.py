"""What was left out of a document, said in a few lines: nothing is lost silently, and nothing fills the screen."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from knowledge.reading.documents import Left
from knowledge.reading.formats.surroundings import OUTSIDE, SURROUNDS

LETTERS_SHOWN = 160
PARTS_SHOWN = 5
OF_THE_SITE = 3
"""Pages that say the same outside their main part: then it is the site's, such as the line above its head."""


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


def of_the_site(left: Mapping[str, Sequence[Left]]) -> tuple[dict[str, list[Left]], list[str]]:
    """Tell what a site says on its pages outside their main part from what one page says.

    Returns:
        What was left out of each file besides, and a line for each text of the site.
    """
    said = Counter(text for parts in left.values() for text in {one.text for one in parts if one.why == OUTSIDE})
    shared = {text: pages for text, pages in said.items() if pages >= OF_THE_SITE}
    own = {name: [one for one in parts if one.why != OUTSIDE or one.text not in shared] for name, parts in left.items()}
    return own, [f"{pages} pages, {OUTSIDE}: “{_shortened(text)}”" for text, pages in shared.items()]


def _shortened(text: str) -> str:
    return text if len(text) <= LETTERS_SHOWN else f"{text[:LETTERS_SHOWN]}…"
