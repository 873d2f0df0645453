"""Ridge regression on the product kernel of two text vectors: a two-tower model in closed form.

A pair's features are all products of a number of the (centred) seeker vector with one of the (centred) supporter vector,
512 × 512 of them, so that only what the two have to do with each other is learned: neither "this seeker rates high" nor
"this supporter is liked" changes a ranking of supporters by its fit. The kernel of these features is the product of the
two inner products, so fitting costs one n × n system. The dual weights make a matrix `sum_i a_i s_i t_i'`, whose singular
vectors are the towers; its rank is at most the number of seekers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .ratings import Matrix, Ratings


@dataclass(frozen=True)
class Towers:
    """`rating = mean + sum_k (seeker_k · (s - seeker_mean)) (supporter_k · (t - supporter_mean))`."""

    mean: float
    seeker_mean: Matrix
    supporter_mean: Matrix
    seeker: Matrix
    supporter: Matrix

    def predict(self, seeker: Matrix, supporter: Matrix) -> Matrix:
        """Ratings [n] of pairs."""
        left = (seeker - self.seeker_mean) @ self.seeker.T
        right = (supporter - self.supporter_mean) @ self.supporter.T
        return self.mean + (left * right).sum(axis=1)


def fit(ratings: Ratings, rows: np.ndarray, ridge: float, keep: float = 1e-6) -> Towers:
    """Fit on `rows`; singular values below `keep` of the largest are left out."""
    seeker, supporter, rating = ratings.seeker[rows], ratings.supporter[rows], ratings.rating[rows]
    seeker_mean, supporter_mean, mean = seeker.mean(axis=0), supporter.mean(axis=0), float(rating.mean())
    s, t = seeker - seeker_mean, supporter - supporter_mean
    kernel = (s @ s.T) * (t @ t.T)
    dual = np.linalg.solve(kernel + ridge * np.eye(len(rows)), rating - mean)
    left_basis, left_part = np.linalg.qr(s.T)
    right_basis, right_part = np.linalg.qr(t.T)
    left, sizes, right = np.linalg.svd((left_part * dual) @ right_part.T)
    left, right = left_basis @ left, right @ right_basis.T
    rank = max(1, int((sizes > keep * max(sizes[0], 1e-12)).sum()))
    root = np.sqrt(sizes[:rank])
    return Towers(mean, seeker_mean, supporter_mean, (left[:, :rank] * root).T, right[:rank] * root[:, None])
