"""What was asked in vain, gathered by subject: questions that mean the same are one, in whichever language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import anyio
import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.indexes.alike import comparable
from knowledge.indexes.embed import Vectors, unit
from knowledge.search import Found, Handbook
from storage.handbook.in_vain import Gap

ALIKE = 0.55
"""The cosine from which a question belongs to a subject."""


@dataclass
class Subject:
    """Questions that mean the same, the most frequent first, and the passage that comes nearest to the first one."""

    gaps: list[Gap] = field(default_factory=list)
    nearest: Found | None = None

    @property
    def times(self) -> int:
        """How often it was asked."""
        return sum(gap.times for gap in self.gaps)

    def first(self, language: str) -> Gap | None:
        """Return the most frequent question in a language."""
        return next((gap for gap in self.gaps if gap.language == language), None)


async def subjects_of(session: AsyncSession, handbook: Handbook, gaps: Sequence[Gap], *, today: date) -> list[Subject]:
    """Gather questions by subject, the most frequent first, each with the passage of the handbook that comes nearest.

    Args:
        session: an open session.
        handbook: the shop's.
        gaps: what was asked in vain, the most frequent first.
        today: only policies in force on this day come near.
    """
    vectors = await anyio.to_thread.run_sync(comparable, [gap.question for gap in gaps])
    subjects = [Subject([gaps[place] for place in places]) for places in gathered(vectors)]
    for subject in subjects:
        answer = await handbook.search(session, subject.gaps[0].question, language=None, limit=1, today=today)
        subject.nearest = answer.found[0] if answer.found else None
    return sorted(subjects, key=lambda subject: -subject.times)


def gathered(vectors: Vectors) -> list[list[int]]:
    """Return the places of rows that are alike: each row joins the group whose mean is nearest, or starts one."""
    groups = list[list[int]]()
    means = np.zeros_like(vectors)
    for place, row in enumerate(vectors):
        near = means[: len(groups)] @ row
        best = int(near.argmax()) if groups else 0
        if groups and near[best] >= ALIKE:
            groups[best].append(place)
        else:
            best = len(groups)
            groups.append([place])
        means[best] = unit(vectors[groups[best]].mean(axis=0, keepdims=True))[0]
    return groups
