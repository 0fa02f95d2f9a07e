"""Learns when a question counts as answered: a logistic regression over the evidence for an answer."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.indexes.fitted import Decision

SHARES = {"answered": 0.35, "asked": 0.15, "unanswered": 0.3, "near": 0.2}
"""The weight of each kind of question: yes and no weigh the same in total, and real customers' questions weigh most."""
YES = ("answered", "asked")
REFUSED = 0.87
"""The share of off-topic questions in `unanswered.toml` that must be refused. They are harder to tell from customers'
questions than customers' own off-topic ones; whatever then remains is accepted. Questions with an answer cannot set
this
threshold, since the handbook was written with questions like them in mind.
"""
SHRINK = 0.01
FOLDS = 8

Numbers = NDArray[np.float64]
Rows = Sequence[Mapping[str, float]]


def decision(name: str, examples: Mapping[str, Rows], used: Sequence[str]) -> Decision:
    """Fit to the evidence of each kind of question, and print how well it does on unseen questions."""
    kinds = np.array([kind for kind, rows in examples.items() for _ in rows])
    table = np.array([[row[feature] for feature in used] for rows in examples.values() for row in rows])
    right = np.isin(kinds, YES).astype(float)
    share = np.array([SHARES[kind] / len(examples[kind]) for kind in kinds])
    unseen, folds = np.zeros(len(right)), np.random.default_rng(0).permutation(len(right)) % FOLDS
    for fold in range(FOLDS):
        weights, constant = fit(table[folds != fold], right[folds != fold], share[folds != fold])
        unseen[folds == fold] = table[folds == fold] @ weights + constant
    weights, constant = fit(table, right, share)
    is_korean = table[:, used.index("korean")] == 1
    shifts = [best_shift(name, unseen[spoken], kinds[spoken]) for spoken in (~is_korean, is_korean)]
    weights[used.index("korean")] -= shifts[1] - shifts[0]
    rounded = dict(zip(used, map(float, weights.round(3)), strict=True))
    return Decision(constant=round(constant - shifts[0], 3), weights=rounded)


def fit(table: Numbers, right: Numbers, share: Numbers) -> tuple[Numbers, float]:
    """Fit by Newton's method; the weights are regularized a little, the constant is not."""
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    rows = np.column_stack([(table - mean) / spread, np.ones(len(table))])
    shrink = SHRINK * share.sum() * np.append(np.ones(table.shape[1]), 0.0)
    found = np.zeros(rows.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (share * (chance - right)) + shrink * found
        bend = (rows * (share * chance * (1 - chance))[:, None]).T @ rows + np.diag(shrink + 1e-9)
        found -= np.linalg.solve(bend, slope)
    weights = found[:-1] / spread
    return weights, float(found[-1] - weights @ mean)


def best_shift(name: str, scores: Numbers, kinds: NDArray[np.str_]) -> float:
    """Return the score from which to accept, and print what share of each kind that accepts."""
    shift = float(np.quantile(scores[kinds == "unanswered"], REFUSED))
    yes = {kind: (scores[kinds == kind] >= shift).mean() for kind in SHARES}
    told = (f"{kind} {share:.3f} of {(kinds == kind).sum()}" for kind, share in yes.items())
    print(f"{name}: said yes to {', '.join(told)}")
    return shift
