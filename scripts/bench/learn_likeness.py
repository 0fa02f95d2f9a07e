"""Learns which questions resemble those that the built-in handbook answers, by ridge regression."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.matching.likeness import traits, write_learned

RIDGE = 4.0
FOLDS = 4
NEAR_SHARE = 0.5
"""The weight of an unanswered question on one of the handbook's topics, relative to other unanswered ones."""

Numbers = NDArray[np.float64]


def learn_likeness(answered: Sequence[str], far: Sequence[str], near: Sequence[str]) -> Mapping[str, float]:
    """Learn and save the weights; return each question's score from a model that was fitted without it."""
    questions = [*answered, *far, *near]
    rows = traits(questions).astype(np.float64)
    goal = np.repeat([1.0, -1.0], [len(answered), len(far) + len(near)])
    share = np.repeat([1 / len(answered), *(1 / (len(far) + len(near)),) * 2], [len(answered), len(far), len(near)])
    share[len(answered) + len(far) :] *= NEAR_SHARE
    share *= len(questions) / 2
    folds, unseen = np.random.default_rng(0).permutation(len(questions)) % FOLDS, np.zeros(len(questions))
    for fold in range(FOLDS):
        learned = ridge(rows[folds != fold], goal[folds != fold], share[folds != fold])
        unseen[folds == fold] = rows[folds == fold] @ learned
    write_learned(ridge(rows, goal, share).astype(np.float32))
    return dict(zip(questions, map(float, unseen), strict=True))


def ridge(rows: Numbers, goal: Numbers, share: Numbers) -> Numbers:
    """Return the weights of a regression whose errors are weighted by their share."""
    square = (rows * share[:, None]).T @ rows + RIDGE * np.eye(rows.shape[1])
    return np.asarray(np.linalg.solve(square, rows.T @ (share * goal)), dtype=np.float64)
