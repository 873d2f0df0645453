"""Repeated cross-validation of the towers against the constant predictor, on three ways to split the pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from .ratings import Matrix, Ratings
from .towers import fit

FOLDS = 10
RIDGES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 50.0)
"""From hardly any shrinkage to the constant."""
TOLERATED = 0.01
"""The fit may, at the upper end of its interval, be worse than the constant by at most this share of its error."""


@dataclass(frozen=True)
class Outcome:
    """Out-of-fold figures of one ridge on one split, means over the repetitions."""

    split: str
    ridge: float
    mse: float
    constant_mse: float
    difference: tuple[float, float, float]
    """Mean and 95 % bootstrap interval of (squared error − the constant's)."""
    spearman: float


def folds(ratings: Ratings, split: str, seed: int) -> Iterator[np.ndarray]:
    """Test rows of each fold. `random`: rows; `seeker`, `supporter`: all rows of one go together."""
    rng = np.random.default_rng(seed)
    if split == "random":
        yield from np.array_split(rng.permutation(len(ratings)), FOLDS)
        return
    ids = ratings.seeker_id if split == "seeker" else ratings.supporter_id
    for part in np.array_split(rng.permutation(np.unique(ids)), FOLDS):
        yield np.flatnonzero(np.isin(ids, part))


def out_of_fold(ratings: Ratings, split: str, ridge: float, seed: int) -> tuple[Matrix, Matrix]:
    """Predictions [n] for every row by a model that did not see its fold, and the constant's."""
    predicted, constant = np.zeros(len(ratings)), np.zeros(len(ratings))
    for test in folds(ratings, split, seed):
        train = np.setdiff1d(np.arange(len(ratings)), test)
        towers = fit(ratings, train, ridge)
        predicted[test] = towers.predict(ratings.seeker[test], ratings.supporter[test])
        constant[test] = towers.mean
    return predicted, constant


def judge(ratings: Ratings, split: str, ridge: float, repetitions: int) -> Outcome:
    """Cross-validate one ridge. Spearman is that of what the model adds to its fold's mean: the means themselves
    run against the held-out ratings by construction."""
    differences = np.zeros(len(ratings))
    errors, constants, correlations = [], [], []
    for seed in range(repetitions):
        predicted, constant = out_of_fold(ratings, split, ridge, seed)
        error, other = (predicted - ratings.rating) ** 2, (constant - ratings.rating) ** 2
        differences += (error - other) / repetitions
        errors.append(error.mean())
        constants.append(other.mean())
        correlations.append(spearman(predicted - constant, ratings.rating))
    low, high = bootstrap(differences, ratings.seeker_id if split == "seeker" else np.arange(len(ratings)))
    return Outcome(
        split=split,
        ridge=ridge,
        mse=float(np.mean(errors)),
        constant_mse=float(np.mean(constants)),
        difference=(float(differences.mean()), low, high),
        spearman=float(np.mean(correlations)),
    )


def bootstrap(values: Matrix, groups: np.ndarray, draws: int = 2_000) -> tuple[float, float]:
    """95 % interval of the mean of `values`, whole groups drawn with replacement."""
    rng = np.random.default_rng(0)
    ids = np.unique(groups)
    sums = np.array([values[groups == group].sum() for group in ids])
    counts = np.array([(groups == group).sum() for group in ids])
    drawn = rng.integers(0, len(ids), (draws, len(ids)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def choose(outcomes: list[Outcome]) -> float:
    """The weakest shrinkage that on no split can be noticeably worse than the constant; the strongest if none."""
    for ridge in RIDGES:
        found = [outcome for outcome in outcomes if outcome.ridge == ridge]
        if all(outcome.difference[2] <= TOLERATED * outcome.constant_mse for outcome in found):
            return ridge
    return RIDGES[-1]


def chance(ratings: Ratings, split: str, ridge: float, draws: int) -> float:
    """How often ratings dealt out at random give an out-of-fold Spearman as high as the real ones."""
    observed = _spearman_once(ratings, split, ridge)
    rng = np.random.default_rng(1)
    hits = sum(
        _spearman_once(replace(ratings, rating=rng.permutation(ratings.rating)), split, ridge) >= observed
        for _ in range(draws)
    )
    return (hits + 1) / (draws + 1)


def _spearman_once(ratings: Ratings, split: str, ridge: float) -> float:
    predicted, constant = out_of_fold(ratings, split, ridge, seed=0)
    return spearman(predicted - constant, ratings.rating)


def spearman(a: Matrix, b: Matrix) -> float:
    """Rank correlation, equal values sharing their mean rank."""
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def _ranks(values: Matrix) -> Matrix:
    _, inverse, counts = np.unique(np.round(values, 12), return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse]
