"""Newton's equations of a slate.

The curvature of growth has a block for each match, and between two matches the product of what their bets return on
average at each node. Matches are nearly independent, so conjugate gradients with the blocks as preconditioner solve
the equations in a handful of steps, in memory that grows with the matches and not with their square. For a slate of a
few bets it takes fewer calls to write the matrix down.

Hestenes, M. R. & Stiefel, E. (1952). Methods of conjugate gradients for solving linear systems. Journal of Research of
the National Bureau of Standards 49(6), 409-436.
"""

from __future__ import annotations

import numpy as np

from matchday.markets import Array

#: Up to this many bets the matrix is written down.
FEW = 64

#: The squared residual, against the first one, at which a solution is good enough for Newton's method, which starts
#: from what it leaves.
RESIDUAL = 1e-14
MOST_STEPS = 100
TINY = np.finfo(np.float64).tiny


def solve(blocks: Array, coupling: Array, right: Array) -> Array:
    """Solve (blocks + coupling between matches) x = right, for columns right (n, K, c).

    ``blocks`` (n, K, K) is positive definite, ``coupling`` (n, q, K) acts between different matches alone.
    """
    few = blocks.shape[0] * blocks.shape[1] <= FEW
    return solve_directly(blocks, coupling, right) if few else solve_by_gradients(blocks, coupling, right)


def solve_directly(blocks: Array, coupling: Array, right: Array) -> Array:
    """Solve by writing the matrix down."""
    n, nodes, k = coupling.shape
    across = coupling.transpose(1, 0, 2).reshape(nodes, n * k)
    matrix = across.T @ across
    each = np.arange(n)
    matrix.reshape(n, k, n, k)[each, :, each, :] = blocks
    wanted = right.reshape(n * k, -1)
    try:
        found = np.linalg.solve(matrix, wanted)
    except np.linalg.LinAlgError:  # bets whose returns are in proportion: the least of the solutions
        found = np.linalg.lstsq(matrix, wanted)[0]
    return np.asarray(found.reshape(right.shape))


def solve_by_gradients(blocks: Array, coupling: Array, right: Array) -> Array:
    """Solve without writing the matrix down."""
    inverse, across = _inverse(blocks), coupling.transpose(0, 2, 1)
    solution, residual = np.zeros_like(right), right.copy()
    towards = inverse @ residual
    size = first = _dot(residual, towards)
    for _ in range(MOST_STEPS):
        returns = coupling @ towards
        image = blocks @ towards + across @ (returns.sum(axis=0) - returns)
        length = size / np.maximum(_dot(towards, image), TINY)
        solution += length * towards
        residual -= length * image
        steepest = inverse @ residual
        size, before = _dot(residual, steepest), size
        if (size <= RESIDUAL * first).all():
            break
        towards = steepest + size / np.maximum(before, TINY) * towards
    return solution


def _inverse(blocks: Array) -> Array:
    """Invert each block; of one that is singular, since bets' returns are in proportion, the pseudo-inverse."""
    try:
        return np.asarray(np.linalg.inv(blocks))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(blocks, hermitian=True))


def solve_with_total(blocks: Array, coupling: Array, right: Array, *, weight: float) -> tuple[Array, float]:
    """Solve the equations with weight · (Σx)² / 2 added, for one right-hand side (n, K); weight > 0.

    Answers x and weight · Σx. A limit on the whole slate that binds has a huge weight: taken out like this (Sherman and
    Morrison) it does no harm, and its force, a huge number times a tiny one, is found without either.
    """
    both = np.ones((*right.shape, 2))
    both[:, :, 0] = right
    solved = solve(blocks, coupling, both)
    plain, along = solved[:, :, 0], solved[:, :, 1]
    force = float(plain.sum() / (1.0 / weight + along.sum()))
    return plain - force * along, force


def _dot(one: Array, other: Array) -> Array:
    return np.asarray((one * other).sum(axis=(0, 1)))
