"""The polytope lens: what a neural outcome model has learned, and whether it is fed something it never saw.

``PolytopeLens(model)`` looks into any ReLU network of scikit-learn.
"""

from __future__ import annotations

from matchday_plugins.lens.lines import Lines
from matchday_plugins.lens.polytope import Boundary, PolytopeLens

__all__ = ["Boundary", "Lines", "PolytopeLens"]
